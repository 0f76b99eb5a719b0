"""One video, written packet by packet: the picture as it is, sounds and captions beside it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from io import BufferedIOBase
from itertools import chain

import av
from av.stream import Disposition
from av.subtitles.codeccontext import SubtitleCodecContext

from ytdubber.audio.source import packets_of
from ytdubber.domain.languages import iso639_2
from ytdubber.domain.video import VideoFormat
from ytdubber.video import captions, matroska, mp4
from ytdubber.video.clocks import DecodingTimes, Packet, SampleClock, Shift, finer
from ytdubber.video.containers import CONTAINERS, TEXTS
from ytdubber.video.feeds import Feeds, copied, encoded, time_of
from ytdubber.video.orders import Caption, Contents, Track
from ytdubber.video.source import COVERS, Source, codec_of, language_of


@dataclass(frozen=True, slots=True)
class _Route:
    """Where a source's packets go, and what becomes of one on the way."""

    out: av.stream.Stream
    packets: Callable[[Packet], Iterable[Packet]]


class Remux:
    """Writes one video.

    Args:
        source: Where the picture is from.
        contents: What goes beside it.
        sounds: The files in `contents.files`, open.
        out: The file, to be written and read.

    Attributes:
        notes: What of the source is not in it, each as the rest of a sentence.
    """

    def __init__(
        self,
        source: Source,
        contents: Contents,
        sounds: Sequence[BufferedIOBase],
        out: BufferedIOBase,
    ) -> None:
        self._source, self._contents, self._file = source, contents, out
        self._rules = CONTAINERS[contents.format]
        self._is_mkv = contents.format is VideoFormat.MKV
        self._sounds = dict(zip(contents.files, sounds, strict=True))
        options = {"fflags": "+bitexact", **self._rules.options}
        self._out = av.open(out, "w", format=self._rules.muxer, options=options)
        self._feeds = Feeds(self._out.mux)
        self._named: dict[int, matroska.Named] = {}
        self._delays_s: dict[int, Fraction] = {}
        self._routes: dict[int, _Route] = {}
        self._times = DecodingTimes()
        self.notes: list[str] = []

    def run(self, progress: Callable[[float], None]) -> None:
        """Write all of it.

        Args:
            progress: Told how much of the source was read, 0 to 1.
        """
        picture = self._source.picture
        assert picture is not None  # noqa: S101 -- it was asked for
        self._add_picture(picture)
        self._add_sounds()
        self._add_captions()
        packets = self._add_covers(self._packets())
        self._add_attachments()
        self._out.metadata.update(self._tags())
        self._out.set_chapters(self._source.chapters(self._contents.zero_s))
        for packet in packets:
            self._copy_packet(packet)
            progress((packet.pos or 0) / self._source.size_bytes)
        self._mux(map(self._shift, self._times.rest()), self._routes[picture.index].out)
        self._feeds.until(None)
        self._out.close()
        self._finish()

    def _add_picture(self, picture: av.VideoStream) -> None:
        out = self._out.add_stream_from_template(picture, opaque=True)
        tick = picture.time_base or Fraction(1, 90_000)
        out.time_base = finer(tick)
        out.disposition = picture.disposition | Disposition.default
        if codec_of(picture) == "hevc" and not self._is_mkv:  # players by Apple know no other
            out.codec_context.codec_tag = "hvc1"
        earliest = 0 if self._is_mkv else None  # it has no edit list that hides what was before
        self._shift = Shift(self._contents.zero_s, tick, finer(tick), earliest)
        route = _Route(out, lambda packet: map(self._shift, self._times(packet)))
        self._routes[picture.index] = route

    def _add_sounds(self) -> None:
        """The one that is the default first: some players take no other."""
        contents = self._contents
        if contents.default is not None:
            self._add_dub(contents.dubs[contents.default], default=True)
        self._add_original()
        for number, dub in enumerate(contents.dubs):
            if number != contents.default:
                self._add_dub(dub, default=False)
        for number, sound in enumerate(self._source.container.streams.audio, start=1):
            if number != contents.number:
                self._add_other(number, sound)

    def _add_original(self) -> None:
        track, contents = self._contents.original, self._contents
        kind = Disposition.original
        if contents.default is None:
            kind |= Disposition.default
        if track.sound:
            self._add_encoded(self._sound(track), track, kind)
            return
        sound = self._source.container.streams.audio[contents.number - 1]
        self._copy(sound, kind | (sound.disposition & ~Disposition.default), track)

    def _add_dub(self, track: Track, *, default: bool) -> None:
        kind = Disposition.dub | (Disposition.default if default else Disposition(0))
        sound = self._sound(track)
        if codec_of(sound) not in self._rules.dubs:
            self._add_encoded(sound, track, kind)
            return
        out = self._out.add_stream_from_template(sound, opaque=True)
        out.time_base = Fraction(1, sound.rate)
        self._name(out, track, kind)
        self._feeds.add(out, map(self._undelayed(out, sound), copied(sound)))

    def _add_encoded(self, sound: av.AudioStream, track: Track, kind: Disposition) -> None:
        rules = self._rules
        known = rules.rates_hz is None or sound.rate in rules.rates_hz
        out = self._out.add_stream(
            rules.encoder,
            rate=sound.rate if known else 48_000,
            options=dict(rules.encoder_options),
            layout="mono" if sound.channels == 1 else "stereo",
        )
        assert isinstance(out, av.AudioStream)  # noqa: S101 -- both encoders are
        if rules.bit_rates:
            out.bit_rate = rules.bit_rates[min(2, sound.channels) - 1]
        self._name(out, track, kind)
        self._feeds.add(out, encoded(sound, out))

    def _sound(self, track: Track) -> av.AudioStream:
        """The sound in a track's file, which can be opened once."""
        return av.open(self._sounds[track.sound]).streams.audio[0]

    def _add_other(self, number: int, sound: av.AudioStream) -> None:
        """Another of the source's sounds."""
        if codec_of(sound) not in self._rules.sounds:
            self.notes.append(f"its sound track {number} cannot be copied and is left out")
            return
        code = language_of(sound)
        track = self._found(sound, code, sound.metadata.get("title", f"Track {number}"))
        self._copy(sound, sound.disposition & ~Disposition.default, track)

    def _found(self, stream: av.stream.Stream, code: str | None, title: str) -> Track:
        """A track of the source's as it describes itself."""
        if code is None:
            return Track("", "", stream.metadata.get("language", "und")[:3], title)
        return Track("", code, iso639_2(code, bibliographic=self._is_mkv), title)

    def _copy(self, sound: av.AudioStream, kind: Disposition, track: Track) -> None:
        out = self._out.add_stream_from_template(sound, opaque=True)
        tick = sound.time_base or Fraction(1, sound.rate)
        out.time_base = Fraction(1, sound.rate)
        frame, is_opus = sound.codec_context.frame_size or 0, codec_of(sound) == "opus"
        clock = SampleClock(self._contents.zero_s, tick, sound.rate, frame, exact=is_opus)
        undelayed = self._undelayed(out, sound)
        self._routes[sound.index] = _Route(out, lambda packet: [undelayed(clock(packet))])
        self._name(out, track, kind)

    def _undelayed(self, out: av.AudioStream, sound: av.AudioStream) -> Callable[[Packet], Packet]:
        """Has a sound that begins before 0 with what its decoder gives first begin at 0, and that
        noted: Matroska says so by a track's delay, as FFmpeg writes it for encoders of its own.
        """
        known = sound.container.format.name.startswith("matroska") or codec_of(sound) == "opus"
        if not self._is_mkv or known:
            return lambda packet: packet

        def undelayed(packet: Packet) -> Packet:
            at_s = (packet.pts or 0) * packet.time_base
            delay_s = self._delays_s.setdefault(out.index, max(Fraction(0), -at_s))
            packet.pts = packet.dts = round((at_s + delay_s) / packet.time_base)
            return packet

        return undelayed

    def _add_captions(self) -> None:
        for track in (*self._contents.dubs, self._contents.original):
            for each in track.captions:
                named = replace(track, sound="", title=each.title, captions=())
                out = self._text_stream(named, sdh=each.sdh)
                self._feeds.add(out, captions.packets(each.captions, self._rules.text))
        for stream in self._source.container.streams.subtitles:
            self._add_found(stream)

    def _text_stream(self, track: Track, *, sdh: bool = False) -> av.stream.Stream:
        """A stream of soft captions, which are off until somebody chooses them."""
        out = self._text_out()
        out.time_base = captions.TICK
        self._name(out, track, Disposition.hearing_impaired if sdh else Disposition(0))
        return out

    def _text_out(self) -> av.stream.Stream:
        if self._is_mkv:
            return self._out.add_mux_stream(self._rules.text)
        out = self._out.add_stream(self._rules.text)
        context = out.codec_context
        assert isinstance(context, SubtitleCodecContext)  # noqa: S101 -- its codec is one of text
        context.subtitle_header, context.time_base = captions.STYLES, captions.TICK
        return out

    def _add_found(self, stream: av.stream.Stream) -> None:
        """Captions of the source's: copied, or their text alone."""
        coding, text = codec_of(stream), self._rules.text
        code = language_of(stream)
        kind = stream.disposition & ~Disposition.default
        tick = stream.time_base or captions.TICK
        title = stream.metadata.get("title", "")
        if coding in self._rules.captions:
            out = self._out.add_stream_from_template(stream, opaque=True)
            out.time_base = tick
            shift = Shift(self._contents.zero_s, tick, tick, 0)
            self._routes[stream.index] = _Route(out, lambda packet: [shift(timed(packet))])
            self._name(out, self._found(stream, code, title), kind)
        elif coding in TEXTS:
            out = self._text_stream(self._found(stream, code, title))
            move = Shift(self._contents.zero_s, tick, tick, 0)
            self._routes[stream.index] = _Route(
                out, lambda packet: _as_text(move(timed(packet)), coding, text)
            )
        else:
            self.notes.append("captions in it that are pictures are left out")

    def _name(self, out: av.stream.Stream, track: Track, kind: Disposition) -> None:
        out.disposition = kind
        self._named[out.index] = matroska.Named(track.title, track.language)
        out.metadata["language"] = track.iso639
        if self._is_mkv:
            out.metadata["title"] = matroska.placeholder(out.index, track.title)
        elif track.title:
            out.metadata.update(title=track.title, handler_name=track.title)

    def _tags(self) -> dict[str, str]:
        found, ours = self._source.tags, dict(self._contents.tags)
        had = next((value for name, value in found.items() if name.lower() == "comment"), "")
        comment = ours.get("comment", "")
        found = {name: value for name, value in found.items() if name.lower() != "comment"}
        return {**ours, **found, "comment": " ".join(filter(None, (had, comment)))}

    def _packets(self) -> Iterator[Packet]:
        """The source's packets of everything that is copied."""
        container = self._source.container
        numbers = sorted(self._routes.keys() | {each.index for each in self._source.covers})
        streams = [container.streams[number] for number in numbers]
        return (packet for packet in packets_of(container, *streams) if packet.size)

    def _add_covers(self, packets: Iterator[Packet]) -> Iterator[Packet]:
        """Covers come before everything else; Matroska has them as attachments."""
        covers = {each.index: each for each in self._source.covers}
        head: list[Packet] = []
        for packet in packets:
            if packet.stream_index not in covers:
                head.append(packet)
                break
            cover = covers[packet.stream_index]
            if self._is_mkv:
                self._out.add_attachment(*COVERS[codec_of(cover)], bytes(packet))
            else:
                out = self._out.add_stream_from_template(cover, opaque=True)
                out.disposition = Disposition.attached_pic
                self._routes[cover.index] = _Route(out, lambda packet: [timed(packet)])
                head.append(packet)
        return chain(head, packets)

    def _add_attachments(self) -> None:
        """Fonts, for captions that name them."""
        for stream in self._source.container.streams.attachments if self._is_mkv else ():
            self._out.add_stream_from_template(stream)

    def _copy_packet(self, packet: Packet) -> None:
        route = self._routes[packet.stream_index]
        self._mux(route.packets(packet), route.out)

    def _mux(self, packets: Iterable[Packet], out: av.stream.Stream) -> None:
        for packet in packets:
            self._feeds.until(time_of(packet))
            packet.stream = out
            self._out.mux(packet)

    def _finish(self) -> None:
        """What FFmpeg does not write."""
        if not self._is_mkv:
            named = self._named.items()  # a track's id is one more than its number
            mp4.finish(self._file, {number + 1: each.language for number, each in named})
            return
        for number, delay_s in self._delays_s.items():
            delayed = replace(self._named[number], delay_ns=round(delay_s * 10**9))
            self._named[number] = delayed
        matroska.finish(self._file, self._named)


def timed(packet: Packet) -> Packet:
    """A packet with both of its times."""
    if packet.pts is None:
        packet.pts = packet.dts or 0
    if packet.dts is None:
        packet.dts = packet.pts
    return packet


def _as_text(packet: Packet, coding: str, text: str) -> list[Packet]:
    """The bare text of a packet of captions, in another coding."""
    shown = captions.text_of(packet, coding)
    if not shown:
        return []
    tick_ms = packet.time_base * 1000
    start_ms = round((packet.pts or 0) * tick_ms)
    end_ms = start_ms + round((packet.duration or 0) * tick_ms)
    return list(captions.packets([Caption(start_ms, end_ms, shown)], text))

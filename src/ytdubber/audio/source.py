"""One sound in a container: which of several, and its frames."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any, TypeAlias

import av
import av.error
from av.stream import Disposition

# Containers that name no other file: playlists, concat scripts and session descriptions are out.
FORMATS = "mp3,wav,w64,flac,ogg,mov,matroska,avi,mpegts,aac,aiff,asf,au,caf,amr,ac3,eac3"
CODECS = (
    "aac ac3 adpcm_ima_qt adpcm_ima_wav adpcm_ms alac amrnb amrwb eac3 flac gsm_ms mp2 mp2float "
    "mp3 mp3float opus vorbis wmapro wmav1 wmav2 wmavoice wmalossless pcm_alaw pcm_f32be "
    "pcm_f32le pcm_f64be pcm_f64le pcm_mulaw pcm_s8 pcm_s16be pcm_s16le pcm_s24be pcm_s24le "
    "pcm_s32be pcm_s32le pcm_u8"
).split()
# Told by a bit pattern that any file may hold, and their time by counting what decodes.
RAW = ("mp3", "aac", "ac3", "eac3", "amr")
_Packet: TypeAlias = "av.Packet[av.stream.Stream]"
_COVER = Disposition.attached_pic
_AHEAD = 1_000
"""A picture's first packet is among so many, some ten seconds of sound, or taken for late."""
_TAGS = (b"ID3", b"TAG", b"APE", b"LYR")
MIN_RATE_HZ, MAX_RATE_HZ, MAX_CHANNELS = 8_000, 192_000, 8


ENCRYPTED = frozenset(("drmi", "drms", "enca", "encv"))
"""What MP4 calls tracks that only players with a key decode (ISO/IEC 23001-7; Apple's FairPlay)."""
_KEY = "enc_key_id"
"""Where FFmpeg has the key that Matroska names for a track (ContentEncKeyID)."""


def is_encrypted(stream: av.stream.Stream) -> bool:
    """Whether only players with a key decode a stream, as its container says."""
    context: Any = stream.codec_context  # None where nobody knows its coding
    return _KEY in stream.metadata or (context is not None and context.codec_tag in ENCRYPTED)


class Refused(Exception):
    """The media is none we take; `kind` says which error the parent raises."""

    def __init__(self, kind: str, reason: str = "") -> None:
        super().__init__(kind, reason)
        self.kind = kind
        self.reason = reason


def packets_of(
    container: av.container.InputContainer, *streams: av.stream.Stream
) -> Iterator[_Packet]:
    """Every packet of some of a container's streams, in the order they stand, up to where the file
    is cut off: what came before is what it holds.
    """
    packets = container.demux(*streams)
    while True:
        try:
            packet = next(packets, None)
        except av.error.MemoryError:
            raise
        except av.error.FFmpegError:
            return
        if packet is None:
            return
        yield packet


@dataclass(slots=True)
class Frame:
    """What one packet decoded to.

    Attributes:
        audio: The samples.
        lost_s: Seconds of sound before it that could not be decoded and that its timestamp does
            not count; None where all before it decoded.
    """

    audio: av.AudioFrame
    lost_s: float | None


class Source:
    """A sound in a container, frame by frame.

    Attributes:
        rate_hz, channels: As the container says; frames may differ.
        number: Which of the container's sounds, from 1.
        listed: All of them, for people.
        picture_end: Where the picture that was read so far ends, in the container's seconds.
        trimmed: Whether the container says how much of its beginning is no sound.
        from_zero: Whether its first packet, padding and all, is at the container's time 0.
    """

    def __init__(
        self,
        container: av.container.InputContainer,
        file_bytes: int,
        track: str | None = None,
        languages: Sequence[str] = (),
    ) -> None:
        """Open one.

        Args:
            container: What holds it.
            file_bytes: The container's size.
            track: Which: its number from 1, or anything for the first that speaks one of
                `languages`; None for the container's own choice.
            languages: How a container may name the language asked for.
        """
        sounds = container.streams.audio
        if not sounds:
            raise Refused("no_sound")
        self._container, self._file_bytes = container, max(1, file_bytes)
        self.listed = [_described(number, each) for number, each in enumerate(sounds, start=1)]
        self._stream = self._chosen(sounds, track, languages)
        self.number = list(sounds).index(self._stream) + 1
        self._pictures = [each for each in container.streams.video if not each.disposition & _COVER]
        self.container_name = container.format.name
        self.codec_name = self._stream.codec_context.name
        self.rate_hz, self.channels = self._stream.rate, self._stream.channels
        if self.rate_hz or self.channels:
            check_shape(self.rate_hz, self.channels)
        self._read_bytes = 0
        self._first_shown: float | None = None
        self.picture_end: float | None = None
        self.trimmed = self.from_zero = False

    def _chosen(
        self, sounds: Sequence[av.AudioStream], track: str | None, languages: Sequence[str]
    ) -> av.AudioStream:
        known = [each for each in sounds if _codec_name(each) in CODECS]
        if track is not None:
            wanted = [
                each
                for number, each in enumerate(sounds, start=1)
                if (str(number) == track if track.isdigit() else _language(each) in languages)
            ]
            if not wanted:
                raise Refused("no_track", ", ".join(self.listed))
            known = [each for each in wanted if each in known]
        if any(map(is_encrypted, known)):
            raise Refused("encrypted")
        if not known:
            coding = _codec_name(sounds[0]) or "something unknown"
            raise Refused("unsupported", f"its sound is coded as {coding}, which we do not read")
        return max(known, key=lambda each: bool(each.disposition & Disposition.default))

    @property
    def chosen_among(self) -> str:
        """What to tell of the choice; nothing where there was none."""
        if len(self.listed) == 1:
            return ""
        others = [each for each in self.listed if each != self.listed[self.number - 1]]
        return (
            f"sound track {self.listed[self.number - 1]} was taken"
            f" of {len(self.listed)}; not {', '.join(others)}"
        )

    @property
    def progress(self) -> float:
        """The share of the file that was read."""
        return min(1.0, self._read_bytes / self._file_bytes)

    @property
    def film(self) -> bool:
        """Whether it has a picture that moves."""
        return bool(self._pictures)

    @property
    def picture_start(self) -> float | None:
        """Where its picture begins, in the container's seconds; None without one."""
        starts = [
            float(each.start_time * each.time_base)
            for each in self._pictures
            if each.start_time is not None and each.time_base is not None
        ]
        if self._first_shown is not None:
            starts.append(self._first_shown)
        return min(starts, default=None)

    @property
    def container_duration_s(self) -> float | None:
        """How long all of it lasts by its header."""
        return self._container.duration / 1e6 if self._container.duration else None

    @property
    def tick_s(self) -> float:
        """The step of its timestamps."""
        return float(self._stream.time_base or 0)

    def frames(self) -> Iterator[Frame]:
        """Every frame that decodes; packets that do not are counted."""
        first, film = True, bool(self._pictures)
        losses = _Losses(self.container_name in RAW)
        for packet in self._packets():
            self._read_bytes = packet.pos or self._read_bytes
            if film and packet.stream is not self._stream:
                self._see(packet)
                continue
            if first:
                first = False
                self.from_zero = packet.pts == 0
                self.trimmed = packet.has_sidedata("skip_samples") or self._is_skipped()
            try:
                frames = packet.decode()
            except av.error.MemoryError:
                raise
            except av.error.FFmpegError:
                losses.add(packet)
                continue
            for audio in frames:
                yield Frame(audio, losses.before(packet, audio))  # type: ignore[arg-type]  # the packet is a sound's

    def _is_skipped(self) -> bool:
        """Whether the decoder leaves out the beginning by itself.

        FFmpeg's leaves out two frames of Windows Media Audio; its own encoder puts one there.
        """
        if self.codec_name not in ("wmav1", "wmav2"):
            return False
        if not self._container.metadata.get("encoder", "").startswith("Lav"):
            return True
        context = self._stream.codec_context
        context.flags2 |= av.codec.context.Flags2.skip_manual
        return False

    def _packets(self) -> Iterator[_Packet]:
        """All of them. When a picture begins is known for certain from its first packet: without
        a decoder, FFmpeg takes the first for it whose time of decoding it can tell.
        """
        packets, ahead = self._in_file(), list[_Packet]()
        for packet in islice(packets, _AHEAD) if self._pictures else ():
            ahead.append(packet)
            if packet.stream is not self._stream and packet.pts is not None:
                if not packet.is_discard:
                    self._first_shown = float(packet.pts * packet.time_base)
                break
        yield from ahead
        yield from packets

    def _in_file(self) -> Iterator[_Packet]:
        return packets_of(self._container, self._stream, *self._pictures)

    def _see(self, packet: _Packet) -> None:
        """Note where a picture ends."""
        if packet.pts is None or packet.is_discard:
            return
        end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
        self.picture_end = end if self.picture_end is None else max(end, self.picture_end)

    def nothing(self) -> str:
        """Why no frame came: these are told by a bit pattern that any file may hold."""
        return "not_audio" if self.container_name in RAW else "no_samples"

    def stated_end(self) -> Fraction | None:
        """Where its sound ends by the MP4 edit list or iTunes' gapless tag, if there is one.

        In seconds from the first sample that is not an encoder's padding.
        """
        if "mp4" not in self.container_name:
            return None
        tag = self._container.metadata.get("iTunSMPB", "").split()
        with contextlib.suppress(IndexError, ValueError):
            return Fraction(int(tag[3], 16), self.rate_hz)
        if not self._stream.duration or self._stream.time_base is None:
            return None
        return Fraction(self._stream.duration * self._stream.time_base)


class _Losses:
    """Packets that did not decode, in time."""

    def __init__(self, raw: bool) -> None:
        self._raw = raw
        self._bytes = self._packets = 0  # lost since the last frame
        self._tag = False
        self._decoded_bytes = self._decoded = 0  # the packets that did

    def add(self, packet: _Packet) -> None:
        """Count one."""
        if packet.size:
            self._tag = self._tag or bytes(packet)[:3] in _TAGS
            self._bytes += packet.size
            self._packets += 1

    def before(self, packet: _Packet, audio: av.AudioFrame) -> float | None:
        """What was lost before this frame: None for nothing, else seconds without a timestamp.

        A parser that lost its way hands over many frames as one, whose time it counts as one's.
        """
        if not self._packets:
            if self._raw:
                self._decoded_bytes += packet.size
                self._decoded += 1
            return None
        frames = 0
        if self._decoded_bytes and not self._tag:
            frames = round(self._bytes * self._decoded / self._decoded_bytes)
        unseen = frames - self._packets if self._raw else 0
        self._bytes = self._packets = 0
        self._tag = False
        return unseen * audio.samples / audio.sample_rate


def is_known_shape(rate_hz: int, channels: int) -> bool:
    """Whether rate and channel count are within bounds."""
    return MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ and 1 <= channels <= MAX_CHANNELS


def check_shape(rate_hz: int, channels: int) -> None:
    """Refuse a rate or channel count out of bounds."""
    if is_known_shape(rate_hz, channels):
        return
    if 1 <= channels <= MAX_CHANNELS:
        raise Refused("unsupported", f"its sample rate of {rate_hz} Hz is out of range")
    count = f"{channels} channels" if channels > 0 else "a channel count that cannot be"
    raise Refused("unsupported", f"it has {count}")


def _codec_name(stream: av.AudioStream) -> str:
    """The decoder's name; none for a stream that no decoder here knows."""
    context: av.AudioCodecContext | None = stream.codec_context
    return "" if context is None else context.name


def _language(stream: av.AudioStream) -> str:
    """The base of its language tag, in small letters."""
    tag = stream.metadata.get("language", "")
    return tag.lower().replace("_", "-").partition("-")[0]


def _described(number: int, stream: av.AudioStream) -> str:
    """A sound for people: its number, and what its container says of it."""
    title = "".join(filter(str.isprintable, stream.metadata.get("title", "")[:60]))
    told = [_language(stream), title, _codec_name(stream)]
    if stream.disposition & Disposition.default:
        told.append("default")
    return f"{number} ({', '.join(each for each in told if each and each != 'und')})"

"""What MP4 and Matroska hold, and how it is written into them."""

from dataclasses import dataclass

from ytdubber.domain.video import VideoFormat


@dataclass(frozen=True, slots=True)
class Container:
    """A container format.

    Attributes:
        muxer: FFmpeg's name for it.
        pictures: The codings of pictures that it is given; None for all that FFmpeg knows in it.
        sounds: The same of the original's sounds; one in another coding is encoded anew.
        dubs: The same of the dubs' sounds.
        deliverables: The formats that a dub's sound is taken from, the best first.
        encoder: FFmpeg's encoder of sounds that are encoded anew.
        bit_rates: What that is given for one channel and for two; none when it is lossless.
        encoder_options: Its options.
        rates_hz: The sample rates it takes; None for any.
        captions: The codings of soft captions that are copied into it.
        text: The coding of captions that are text.
        options: The muxer's.
    """

    muxer: str
    pictures: frozenset[str] | None
    sounds: frozenset[str]
    dubs: frozenset[str]
    deliverables: tuple[str, ...]
    encoder: str
    bit_rates: tuple[int, int] | None
    encoder_options: dict[str, str]
    rates_hz: frozenset[int] | None
    captions: frozenset[str]
    text: str
    options: dict[str, str]

    def takes_picture(self, codec: str) -> bool:
        """Whether a picture of this coding can be copied into it."""
        return bool(codec) and (self.pictures is None or codec in self.pictures)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONTAINERS = {
    # What the registration authority of MP4 lists and players read.
    VideoFormat.MP4: Container(
        muxer="mp4",
        pictures=_names("h264 hevc vvc av1 vp9 mpeg4 mpeg1video mpeg2video mjpeg"),
        sounds=_names("aac mp3 ac3 eac3 alac flac opus"),
        dubs=_names("aac"),
        deliverables=("m4a", "flac", "wav"),
        encoder="aac",
        bit_rates=(96_000, 192_000),
        encoder_options={"aac_coder": "fast"},
        rates_hz=frozenset(
            (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000)
        ),
        captions=_names("mov_text"),
        text="mov_text",
        # Edit lists count in the movie's time scale: to the sample at 48 kHz.
        options={"movie_timescale": "48000"},
    ),
    VideoFormat.MKV: Container(
        muxer="matroska",
        pictures=None,
        sounds=_names(
            "aac mp2 mp3 ac3 eac3 alac flac opus vorbis pcm_s16le pcm_s24le pcm_s32le pcm_f32le"
        ),
        dubs=_names("flac pcm_s24le aac"),
        deliverables=("flac", "wav", "m4a"),
        encoder="flac",
        bit_rates=None,
        encoder_options={"compression_level": "5"},
        rates_hz=None,
        captions=_names("subrip ass webvtt hdmv_pgs_subtitle dvd_subtitle dvb_subtitle"),
        text="subrip",
        # A cyclic check of the header would have to be made anew when tracks are named.
        options={
            "avoid_negative_ts": "disabled",
            "default_mode": "passthrough",
            "write_crc32": "0",
        },
    ),
}

TEXTS = _names("mov_text subrip webvtt ass")
"""Codings of captions that are text, and can be another."""

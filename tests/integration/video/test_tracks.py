"""What else is in a video: languages, titles, defaults, captions, covers, chapters, rotation."""

import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest
from av.stream import Disposition
from tests.integration.audio.films import Picture, Sound, media, steady, sweep
from tests.integration.video.films import CUES, WITH_B_FRAMES, dubbed, seen
from tests.unit.audio.sounds import tone

from ytdubber.domain.video import VideoFormat
from ytdubber.video.orders import Caption, CaptionTrack

if TYPE_CHECKING:
    from av.container.core import Chapter

H264 = Picture(steady(2.0), "libx264", WITH_B_FRAMES)
SOUND = sweep(2.0)
ELNG = b"elng\0\0\0\0"
LANGUAGE_BCP47 = b"\x22\xb5\x9d"


@pytest.fixture(params=list(VideoFormat))
def target(request: pytest.FixtureRequest) -> VideoFormat:
    found: VideoFormat = request.param
    return found


def film(folder: Path, container: str = "mp4", tags: dict[str, str] | None = None) -> Path:
    sounds = [Sound(SOUND, "aac", language="eng")]
    return media(folder / "in.film", container, sounds, picture=H264, tags=tags)


def test_exactly_one_sound_is_the_default_and_no_captions_are(
    tmp_path: Path, target: VideoFormat
) -> None:
    video = dubbed(film(tmp_path), target, ("pt", "de"), seconds=2.0)
    sounds, captions = video.of("audio"), video.of("subtitle")
    assert [(each.title, each.default) for each in sounds] == [
        ("English (original)", True), ("pt dub", False), ("de dub", False)
    ]  # fmt: skip
    assert [each.default for each in captions] == [False, False]


def test_captions_for_the_deaf_say_so(tmp_path: Path, target: VideoFormat) -> None:
    sdh = CaptionTrack("pt (SDH)", (Caption(500, 1_500, "[Ana] Olá."),), sdh=True)
    video = dubbed(film(tmp_path), target, ("pt",), seconds=2.0, variants=[sdh])
    assert [each.title for each in video.of("subtitle")] == ["pt", "pt (SDH)"]
    with av.open(str(video.path)) as file:
        kinds = [each.disposition for each in file.streams.subtitles]
    assert [bool(each & Disposition.hearing_impaired) for each in kinds] == [False, True]


def test_paths_may_be_relative(
    tmp_path: Path, target: VideoFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    video = dubbed(film(Path()), target, ("pt",), seconds=2.0)
    assert not video.path.is_absolute()
    assert [each.title for each in video.of("audio")] == ["English (original)", "pt dub"]


def test_a_dub_that_is_the_default_comes_first(tmp_path: Path, target: VideoFormat) -> None:
    video = dubbed(film(tmp_path), target, ("pt",), default=0, seconds=2.0)
    assert [(each.title, each.default) for each in video.of("audio")] == [
        ("pt dub", True), ("English (original)", False)
    ]  # fmt: skip
    assert video.onset(1, video.dubs["pt"]) == pytest.approx(0, abs=24)


def test_languages_are_told_as_bcp_47_too(tmp_path: Path, target: VideoFormat) -> None:
    data = dubbed(film(tmp_path), target, ("pt", "de"), seconds=2.0).path.read_bytes()
    if target is VideoFormat.MP4:
        found = re.findall(re.escape(ELNG) + rb"([\w-]+)\0", data)
        assert found == [b"en-US", b"pt-BR", b"de-DE", b"pt-BR", b"de-DE"]
        assert data.index(b"moov") < data.index(b"mdat")
    else:
        # An element's name, its size in one byte, and its text.
        found = re.findall(LANGUAGE_BCP47 + b"\x85(..-..)", data)
        assert found == [b"en-US", b"pt-BR", b"de-DE", b"pt-BR", b"de-DE"]


def test_captions_are_what_they_were(tmp_path: Path, target: VideoFormat) -> None:
    video = dubbed(film(tmp_path), target, seconds=2.0)
    with av.open(str(video.path)) as file:
        stream = file.streams.subtitles[0]
        assert stream.codec_context.name == ("srt" if target is VideoFormat.MKV else "mov_text")
        shown = []
        for packet in file.demux(stream):
            text = bytes(packet)[2 if target is VideoFormat.MP4 else 0 :].decode()
            if text:
                tick = packet.time_base * 1000
                assert packet.pts is not None
                assert packet.duration is not None
                start_ms = int(packet.pts * tick)
                shown.append((start_ms, start_ms + int(packet.duration * tick), text))
    assert shown == [(each.start_ms, each.end_ms, each.text) for each in CUES]


def test_all_sounds_of_the_recording_are_kept(tmp_path: Path, target: VideoFormat) -> None:
    sounds = [
        Sound(tone(96_000, hz=300.0), "aac", language="fra", default=True),
        Sound(SOUND, "aac", language="eng", default=False),
        Sound(tone(96_000, hz=700.0), "ac3", default=False),
    ]
    source = media(tmp_path / "in.film", "mp4", sounds, picture=H264)
    video = dubbed(source, target, number="en", seconds=2.0)
    french = "fre" if target is VideoFormat.MKV else "fra"
    found = video.of("audio")
    assert [each.language for each in found[:3]] == ["eng", "por", french]
    assert [each.default for each in found] == [True, False, False, False]
    assert found[0].hashes == seen(source)[2].hashes
    assert video.onset(1, SOUND) == pytest.approx(0, abs=25)


def test_captions_of_the_recording_are_kept_as_far_as_they_can_be(
    tmp_path: Path, target: VideoFormat
) -> None:
    first = dubbed(film(tmp_path), VideoFormat.MKV, seconds=2.0)
    again = tmp_path / "again"
    again.mkdir()
    source = first.path.rename(again / "in.film")
    video = dubbed(source, target, ("de",), seconds=2.0)
    assert [each.title for each in video.of("subtitle")] == ["de", "pt"]
    (_, kept) = video.of("subtitle")
    assert {round(each * 1000) for each in kept.shown_s} >= {200, 900}


def test_tags_and_chapters_are_kept(tmp_path: Path, target: VideoFormat) -> None:
    source = film(tmp_path, "matroska", {"title": "A talk", "artist": "Ann", "comment": "Take 2."})
    with av.open(str(source)) as file:
        assert file.metadata["title"] == "A talk"
    with av.open(str(dubbed(source, target, seconds=2.0).path)) as file:
        told = {name.lower(): value for name, value in file.metadata.items()}
    assert told["title"] == "A talk"
    assert told["artist"] == "Ann"
    assert told["comment"] == "Take 2. Dubbed by AI."


def chapter(number: int, start_ms: int, end_ms: int, title: str) -> "Chapter":
    return {
        "id": number,
        "start": start_ms,
        "end": end_ms,
        "time_base": Fraction(1, 1000),
        "metadata": {"title": title},
    }


def test_chapters_move_with_the_picture(tmp_path: Path, target: VideoFormat) -> None:
    plain = film(tmp_path)
    source = tmp_path / "chapters.mkv"
    with av.open(str(plain)) as file, av.open(str(source), "w", format="matroska") as out:
        routes = {
            each.index: out.add_stream_from_template(each, opaque=True) for each in file.streams
        }
        out.set_chapters([chapter(1, 0, 500, "One"), chapter(2, 500, 1_500, "Two")])
        for packet in file.demux():
            if packet.size:
                packet.stream = routes[packet.stream_index]
                out.mux(packet)
    video = dubbed(source, target, seconds=2.0)
    with av.open(str(video.path)) as file:
        found = [
            (each["metadata"]["title"], float(each["start"] * (each["time_base"] or 0)))
            for each in file.chapters()
        ]
    assert found == [("One", 0.0), ("Two", pytest.approx(0.5 - video.zero_s, abs=0.001))]


def test_a_cover_is_kept_and_is_no_picture(tmp_path: Path, target: VideoFormat) -> None:
    plain = film(tmp_path)
    source = tmp_path / "cover.mp4"
    jpeg = av.CodecContext.create("mjpeg", "w")
    assert isinstance(jpeg, av.VideoCodecContext)
    jpeg.width, jpeg.height, jpeg.pix_fmt, jpeg.time_base = 16, 16, "yuvj420p", Fraction(1, 25)
    (cover,) = [*jpeg.encode(av.VideoFrame(16, 16, "yuvj420p")), *jpeg.encode(None)]
    with av.open(str(plain)) as file, av.open(str(source), "w", format="mp4") as out:
        routes = {
            each.index: out.add_stream_from_template(each, opaque=True) for each in file.streams
        }
        art = out.add_mux_stream("mjpeg", width=16, height=16)
        art.disposition = av.stream.Disposition.attached_pic
        cover.stream = art
        cover.pts = cover.dts = 0
        out.mux(cover)
        for packet in file.demux():
            if packet.size:
                packet.stream = routes[packet.stream_index]
                out.mux(packet)
    video = dubbed(source, target, seconds=2.0)
    pictures = video.of("video")
    assert pictures[0].hashes == seen(plain)[0].hashes
    assert len(pictures) == 2
    assert bytes(cover) in video.path.read_bytes()


def test_a_turned_picture_stays_turned(tmp_path: Path, target: VideoFormat) -> None:
    source = film(tmp_path)
    data = bytearray(source.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40  # of the first track, which is the picture
    turned = [0, 1 << 16, 0, -(1 << 16), 0, 0, 48 << 16, 0, 1 << 30]
    data[matrix : matrix + 36] = b"".join(each.to_bytes(4, signed=True) for each in turned)
    source.write_bytes(data)
    with av.open(str(source)) as file:
        rotation = next(file.decode(video=0)).rotation
    with av.open(str(dubbed(source, target, seconds=2.0).path)) as file:
        assert next(file.decode(video=0)).rotation == rotation != 0


def test_the_same_again_is_the_same_file(tmp_path: Path, target: VideoFormat) -> None:
    source = film(tmp_path)
    first = dubbed(source, target, seconds=2.0).made
    assert dubbed(source, target, seconds=2.0).made == first

"""Whatever the timestamps of a recording: its picture is copied, and every sound is in step."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from tests.integration.audio.films import RATE_HZ, Picture, Sound, media, steady, sweep
from tests.integration.video.films import CUES, WITH_B_FRAMES, begins, dubbed, heard, seen

from ytdubber.domain.video import VideoFormat
from ytdubber.video.make import look

SOUND = sweep(3.0)
H264 = Picture(steady(3.0), "libx264", WITH_B_FRAMES)
UNEVEN = [0.0, 0.05, 0.083, 0.25, 0.9, 0.917, 1.4, 2.0, 2.7, 2.95]


def aac(delay_s: float = 0.0, holes_s: tuple[tuple[float, float], ...] = ()) -> list[Sound]:
    return [Sound(SOUND, "aac", delay_s, holes_s, "eng")]


def later(delay_s: float) -> Picture:
    return Picture(steady(3.0, delay_s), "libx264", WITH_B_FRAMES)


FILMS: dict[str, Callable[[Path], Path]] = {
    "mp4": lambda path: media(path, "mp4", aac(), picture=H264),
    "mp4, late sound": lambda path: media(path, "mp4", aac(0.7), picture=H264),
    "mp4, late picture": lambda path: media(path, "mp4", aac(), picture=later(0.52)),
    "mp4, both late": lambda path: media(path, "mp4", aac(1.3), picture=later(1.1)),
    "mp4, hole": lambda path: media(path, "mp4", aac(holes_s=((1.0, 1.5),)), picture=H264),
    "mp4, uneven": lambda path: media(
        path, "mp4", aac(), picture=Picture(UNEVEN, "libx264", WITH_B_FRAMES)
    ),
    "mp4, cut within a group": lambda path: media(
        path, "mp4", aac(), picture=Picture(steady(3.0), "libx264", WITH_B_FRAMES, hidden_s=0.2)
    ),
    "mov, pcm": lambda path: media(
        path, "mov", [Sound(SOUND, "pcm_s16le", 0.3, language="eng")], picture=H264
    ),
    "mkv": lambda path: media(path, "matroska", aac(), picture=H264),
    "mkv, late sound": lambda path: media(path, "matroska", aac(0.7), picture=H264),
    "mkv, both late": lambda path: media(path, "matroska", aac(1.3), picture=later(1.1)),
    "mkv, uneven": lambda path: media(
        path, "matroska", aac(), picture=Picture(UNEVEN, "libx264", WITH_B_FRAMES)
    ),
    "mkv, deep order": lambda path: media(
        path,
        "matroska",
        aac(),
        picture=Picture(
            steady(3.0),
            "libx264",
            {
                "preset": "veryfast",
                "bf": "6",
                "g": "50",
                "x264-params": "b-pyramid=normal:bframes=6",
            },
        ),
    ),
    "mkv, hevc": lambda path: media(
        path,
        "matroska",
        aac(),
        picture=Picture(steady(3.0), "libx265", {"x265-params": "log-level=none:bframes=4"}),
    ),
    "webm": lambda path: media(
        path,
        "webm",
        [Sound(SOUND, "libopus", language="eng")],
        picture=Picture(steady(3.0), "libvpx-vp9", {"deadline": "realtime", "cpu-used": "8"}),
    ),
    "avi, mp3": lambda path: media(
        path, "avi", [Sound(SOUND, "libmp3lame", language="eng")], picture_s=3.0
    ),
    "mpeg4, ac3": lambda path: media(
        path, "mp4", [Sound(SOUND, "ac3", language="eng")], picture_s=3.0
    ),
}


def pictures(path: Path) -> list[str]:
    """Every frame, in the order it is shown."""
    with av.open(str(path)) as file:
        frames = (frame.to_ndarray() for frame in file.decode(video=0))
        return [hashlib.sha256(frame.tobytes()).hexdigest() for frame in frames]


@pytest.mark.parametrize("target", list(VideoFormat))
def test_a_transport_stream_is_shown_as_it_was(target: VideoFormat, tmp_path: Path) -> None:
    """Its packets have another form there, and hold the same frames."""
    sounds = [Sound(SOUND, "aac", 0.7, language="eng")]
    source = media(tmp_path / "in.film", "mpegts", sounds, picture=H264)
    video = dubbed(source, target)
    assert pictures(video.path) == pictures(source)
    (before, *_), (picture, *_) = seen(source), video.streams
    for shown_s, was_s in zip(sorted(picture.shown_s), sorted(before.shown_s), strict=True):
        assert shown_s == pytest.approx(was_s - video.zero_s, abs=0.001)
    assert video.onset(1, SOUND) == pytest.approx(0.7 * RATE_HZ, abs=25)
    assert video.onset(2, video.dubs["pt"]) == pytest.approx(0, abs=25)


def test_an_order_that_avi_does_not_tell_is_refused(tmp_path: Path) -> None:
    source = media(tmp_path / "in.film", "avi", [Sound(SOUND, "libmp3lame")], picture=H264)
    looked = look(source, "talk")
    assert looked.picture == "h264 with B-frames in AVI"
    assert looked.formats == ()


@pytest.mark.parametrize("target", list(VideoFormat))
@pytest.mark.parametrize("film", FILMS)
def test_a_video_is_in_step(film: str, target: VideoFormat, tmp_path: Path) -> None:
    source = FILMS[film](tmp_path / "in.film")
    video = dubbed(source, target)
    (before, *_), (picture, *others) = seen(source), video.streams

    assert picture.kind == "video"
    assert picture.hashes == before.hashes
    tick_s = 1 / 1000 if target is VideoFormat.MKV or "mkv" in film or "webm" in film else 1e-4
    for shown_s, was_s in zip(picture.shown_s, before.shown_s, strict=True):
        due_s = was_s - video.zero_s
        hidden = target is VideoFormat.MKV and due_s < 0  # there it is shown at 0, and over at once
        assert shown_s == pytest.approx(max(0.0, due_s) if hidden else due_s, abs=tick_s)

    assert [each.kind for each in others] == ["audio", "audio", "subtitle"]
    assert [each.language for each in others] == ["eng", "por", "por"]
    assert [each.title for each in others] == ["English (original)", "pt dub", "pt"]
    assert [each.default for each in others] == [True, False, False]

    tolerance = 24 if target is VideoFormat.MKV else 1  # samples; Matroska counts milliseconds
    assert video.onset(2, video.dubs["pt"]) == pytest.approx(0, abs=tolerance)
    if "avi" in film:  # its clock counts frames of MP3
        tolerance += 48
    was = begins(source, 1, SOUND) - video.zero_s * RATE_HZ
    assert video.onset(1, SOUND) == pytest.approx(was, abs=tolerance + 1)
    assert video.onset(1, heard(source)) == pytest.approx(0, abs=tolerance + 1)
    starts = [each for each in others[-1].shown_s if round(each * 1000) in (200, 900)]
    assert len(starts) == len(CUES)

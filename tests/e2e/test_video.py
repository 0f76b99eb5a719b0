"""A video of the example, made by the command line with the real models."""

from pathlib import Path

import pytest
import soundfile as sf
import soxr
from tests.e2e.conftest import VOICE, Cli
from tests.integration.audio.films import RATE_HZ, Picture, Sound, media, steady
from tests.integration.video.films import WITH_B_FRAMES, begins, seen
from tests.unit.audio.sounds import Samples

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]

LATE_S = 0.7


def voice_at(rate_hz: int) -> Samples:
    """The example's voice at another rate."""
    voice, own_hz = sf.read(VOICE, dtype="float32")
    resampled: Samples = soxr.resample(voice, own_hz, rate_hz)
    return resampled


def test_a_talk_comes_back_as_a_video_with_its_dub(cli: Cli, tmp_path: Path) -> None:
    voice = voice_at(RATE_HZ)
    picture = Picture(steady(28.0), "libx264", WITH_B_FRAMES)
    sounds = [Sound(voice, "aac", LATE_S, language="eng")]
    talk = media(
        tmp_path / "talk.mp4", "mp4", sounds, picture=picture, options={"movie_timescale": "48000"}
    )
    out = tmp_path / "out"
    asked = ("dub", talk, "--to", "pt", "--format", "flac", "--video", "mp4", "--out", out)
    done = cli(*asked)
    assert done.code == 0, done.err
    video = out / "talk.dubbed.mp4"
    assert "Video (Portuguese)" in done.out
    assert str(video) in done.out

    found = seen(video)
    assert [each.kind for each in found] == ["video", "audio", "audio", "subtitle", "subtitle"]
    assert found[0].hashes == seen(talk)[0].hashes
    assert [(each.language, each.title, each.default) for each in found[1:]] == [
        ("eng", "English (original)", True),
        ("por", "Português (AI dub)", False),
        ("por", "Português", False),
        ("eng", "English", False),
    ]
    assert found[0].shown_s[0] == 0.0
    assert begins(video, 1, voice) == pytest.approx(LATE_S * RATE_HZ, abs=1)
    dub, _ = sf.read(out / "pt" / "voice.flac", dtype="float32")
    assert begins(video, 2, dub) == pytest.approx(0, abs=1)

    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert cli(*asked).code == 0
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    shown = cli("show", out)
    assert shown.code == 0
    assert "talk.dubbed.mp4" in shown.out


def test_what_cannot_be_a_video_is_refused_with_a_way_out(cli: Cli, tmp_path: Path) -> None:
    done = cli("dub", VOICE, "--to", "pt", "--video", "mkv", "--out", tmp_path / "out")
    assert done.code == 2
    assert "there is no moving picture" in done.err
    silent = [Sound(voice_at(RATE_HZ)[:RATE_HZ], "libopus")]
    old = Picture(steady(1.0), "libvpx", {"deadline": "realtime"})
    talk = media(tmp_path / "talk.webm", "webm", silent, picture=old)
    done = cli("dub", talk, "--to", "pt", "--video", "mp4", "--out", tmp_path / "out")
    assert done.code == 2
    assert "Ask for mkv instead. --video names it." in " ".join(done.err.split())
    assert not (tmp_path / "out").exists()

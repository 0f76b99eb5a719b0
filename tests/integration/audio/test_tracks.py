"""One of several sounds: the container's default, or the one asked for; the choice is told."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.integration.audio.films import Sound, media
from tests.unit.audio.sounds import tone

from ytdubber.audio.decode import Decoded, DecodeOutput, decode
from ytdubber.domain.errors import NoSuchTrack

FIRST, SECOND, THIRD = (tone(96_000, hz=hz) for hz in (300.0, 500.0, 700.0))


@pytest.fixture(scope="module", params=["mp4", "matroska"])
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """French first, English second and marked the default, an untagged third."""
    path = tmp_path_factory.mktemp("film") / "film"
    sounds = [
        Sound(FIRST, "aac", language="fra", default=False),
        Sound(SECOND, "aac", language="eng", default=True),
        Sound(THIRD, "ac3", default=False),
    ]
    return media(path, request.param, sounds, picture_s=2.0)


def taken(film: Path, tmp_path: Path, track: str | None) -> tuple[Decoded, int]:
    """What was decoded, and which of the three it is."""
    result = decode(film, [DecodeOutput(tmp_path / "out.wav")], track=track)
    sound, _ = soundfile.read(tmp_path / "out.wav", dtype="float32", always_2d=True)
    hz = float(np.argmax(np.abs(np.fft.rfft(sound[:48_000, 0]))))
    return result, 1 + (300.0, 500.0, 700.0).index(hz)


@pytest.mark.parametrize(
    ("track", "number"),
    [(None, 2), ("1", 1), ("2", 2), ("3", 3), ("fr", 1), ("fra", 1), ("en", 2), ("EN-us", 2)],
)
def test_the_sound_that_is_meant_is_taken(
    film: Path, tmp_path: Path, track: str | None, number: int
) -> None:
    result, which = taken(film, tmp_path, track)
    assert which == result.track == number
    (note,) = result.notes
    assert note.startswith(f"sound track {number} (")
    assert "of 3; not " in note
    assert "1 (fra" in note and "2 (eng" in note  # noqa: PT018 -- both in one list


@pytest.mark.parametrize("track", ["0", "4", "de", "klingon", "-1", "999999999999999999999"])
def test_a_sound_that_is_not_there_is_refused_with_those_that_are(
    film: Path, tmp_path: Path, track: str
) -> None:
    words = rf"no sound track '{track}'\. It has 1 \(fra, aac.*\), 2 \(eng, aac.*\), 3 \(ac3\)"
    with pytest.raises(NoSuchTrack, match=words):
        taken(film, tmp_path, track)


def test_one_sound_is_nothing_to_tell(tmp_path: Path) -> None:
    source = media(tmp_path / "in", "matroska", [Sound(FIRST, "aac", language="eng")])
    result, _ = taken(source, tmp_path, None)
    assert (result.track, result.notes) == (1, ())
    assert taken(source, tmp_path, "1")[0].track == 1
    with pytest.raises(NoSuchTrack, match=r"It has 1 \(eng"):
        taken(source, tmp_path, "2")

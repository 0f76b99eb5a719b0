"""Videos that are not finished leave nothing, and what is wrong with a recording is said."""

from pathlib import Path

import pytest
from tests.integration.audio.films import Picture, Sound, media, steady, sweep
from tests.integration.video.films import WITH_B_FRAMES, contents, dubbed, seen
from tests.unit.app.test_room import disk

from ytdubber.app.dubs.room import full_disk_told
from ytdubber.domain.errors import BadInput, Cancelled, DiskFull, FolderNotWritable, NotAudio
from ytdubber.domain.video import VideoFormat
from ytdubber.video.make import look, make

SECONDS = 4.0


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "in.film"
    picture = Picture(steady(SECONDS), "libx264", WITH_B_FRAMES)
    return media(path, "matroska", [Sound(sweep(SECONDS), "aac", language="eng")], picture=picture)


@pytest.mark.parametrize("target", list(VideoFormat))
def test_a_stop_leaves_nothing(film: Path, tmp_path: Path, target: VideoFormat) -> None:
    begun: list[float] = []

    def check() -> None:
        if begun:
            raise Cancelled

    out = tmp_path / "video"
    with pytest.raises(Cancelled):
        make(film, contents(film, target), out, display_name="talk", check=check,
             progress=begun.append)  # fmt: skip
    assert not out.exists()


@pytest.mark.parametrize("target", list(VideoFormat))
def test_a_full_disk_is_told_and_leaves_nothing(
    film: Path, tmp_path: Path, target: VideoFormat
) -> None:
    small = tmp_path / "small"
    with disk(small, 64):
        with pytest.raises(DiskFull), full_disk_told(small):
            make(film, contents(film, target), small / "video", display_name="talk")
        assert not list(small.iterdir())


def test_a_folder_that_is_not_there_is_told(film: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderNotWritable):
        make(film, contents(film, VideoFormat.MP4), tmp_path / "no" / "video", display_name="talk")


@pytest.mark.parametrize("target", list(VideoFormat))
def test_a_recording_that_was_cut_off_is_a_video_as_far_as_it_goes(
    film: Path, tmp_path: Path, target: VideoFormat
) -> None:
    cut = tmp_path / "in.film"
    cut.write_bytes(film.read_bytes()[: film.stat().st_size * 2 // 3])
    video = dubbed(cut, target, seconds=SECONDS)
    whole = seen(film)[0].hashes
    kept = video.of("video")[0].hashes
    assert kept == whole[: len(kept)]
    assert len(kept) > len(whole) // 3


def test_what_is_no_media_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.film"
    path.write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(NotAudio, match="talk"):
        look(path, "talk")


@pytest.mark.parametrize("target", list(VideoFormat))
@pytest.mark.parametrize("seed", range(6))
def test_damage_makes_a_video_or_is_refused(
    film: Path, tmp_path: Path, target: VideoFormat, seed: int
) -> None:
    data = bytearray(film.read_bytes())
    at = len(data) * (seed + 1) // 8
    data[at : at + 200] = bytes((each * 7 + seed) % 256 for each in range(200))
    broken = tmp_path / "in.film"
    broken.write_bytes(data)
    out = tmp_path / "video"
    try:
        make(broken, contents(film, target), out, display_name="talk")
    except BadInput:
        assert not out.exists()
    else:
        assert seen(out)[0].kind == "video"

"""Videos beside a dub: made once all languages have ended, kept while nothing of theirs changes."""

import hashlib
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile as sf
from tests.integration.audio import ebml
from tests.integration.audio.films import Picture, Sound, media, steady
from tests.unit.app.conftest import Studio
from tests.unit.app.test_kept_dubs import breaks, broken, files, true_manifest

from ytdubber.app.dub_request import DubRequest
from ytdubber.app.manifest import VideoEntry
from ytdubber.domain.errors import (
    Cancelled,
    NoPicture,
    NoSoundForVideo,
    PictureEncrypted,
    PictureNotHeld,
)
from ytdubber.domain.stage import Stage
from ytdubber.domain.video import VideoFormat, VideoOptions
from ytdubber.testing.engines import FakeSynthesizer


@pytest.fixture
def film(studio: Studio) -> Path:
    """The studio's voice under a picture."""
    voice, rate_hz = sf.read(studio.voice, dtype="float32")
    sounds = [Sound(np.repeat(voice, 3), "aac", language="eng")]
    path = studio.folder / "talk.mp4"
    assert rate_hz * 3 == sounds[0].rate_hz
    return media(path, "mp4", sounds, picture=Picture(steady(9.0)))


def request(studio: Studio, film: Path, *targets: str, **video: object) -> DubRequest:
    wanted = VideoOptions(**{"format": VideoFormat.MP4, **video})  # type: ignore[arg-type]  # as meant
    asked = studio.request(*targets)
    return DubRequest(film, None, None, asked.target_languages, asked.options, wanted)


def spoken(path: Path) -> list[tuple[str, bool]]:
    """The sounds of a video, and which is the default."""
    with av.open(str(path)) as file:
        return [(s.metadata["language"], bool(s.disposition & 1)) for s in file.streams.audio]


def only(studio: Studio) -> VideoEntry:
    (video,) = true_manifest(studio).videos
    return video


def test_a_video_has_the_original_and_every_dub(studio: Studio, film: Path) -> None:
    studio.dub(request(studio, film, "pt", "es"))
    video = only(studio)
    path = studio.out / "talk.dubbed.mp4"
    assert (video.path, video.kind, video.format) == ("talk.dubbed.mp4", "video", "mp4")
    assert (video.languages, video.default) == (["pt", "es"], "en")
    assert video.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert spoken(path) == [("eng", True), ("por", False), ("spa", False)]
    shared = [each.stage for each in studio.progress if each.language is None]
    assert shared[-1] is Stage.EXPORTING


def test_one_for_each_language_begins_in_that_language(studio: Studio, film: Path) -> None:
    studio.dub(request(studio, film, "pt", "es", per_language=True, format=VideoFormat.MKV))
    videos = {each.path: each for each in true_manifest(studio).videos}
    assert set(videos) == {"talk.pt.mkv", "talk.es.mkv"}
    assert spoken(studio.out / "talk.pt.mkv") == [("por", True), ("eng", False)]
    assert videos["talk.es.mkv"].default == "es"


def test_the_same_again_changes_nothing(studio: Studio, film: Path) -> None:
    studio.dub(request(studio, film, "pt"))
    before = {path: path.stat().st_mtime_ns for path in studio.out.rglob("*")}
    outcome = studio.dub(request(studio, film, "pt"))
    assert outcome.reused == ("pt",)
    assert {path: path.stat().st_mtime_ns for path in studio.out.rglob("*")} == before


def test_a_video_comes_to_a_dub_that_is_there(studio: Studio, film: Path) -> None:
    plain = request(studio, film, "pt")
    studio.dub(DubRequest(film, None, None, plain.target_languages, plain.options))
    before = files(studio.out)
    outcome = studio.dub(plain)
    assert outcome.reused == ("pt",)
    after = files(studio.out)
    assert after.keys() - before.keys() == {"talk.dubbed.mp4"}
    assert all(after[name] == data for name, data in before.items() if name.startswith("pt/"))


def test_a_language_more_is_a_track_more(studio: Studio, film: Path) -> None:
    studio.dub(request(studio, film, "pt"))
    first = only(studio)
    studio.dub(request(studio, film, "es"))
    second = only(studio)
    assert second.languages == ["es", "pt"]
    assert second.fingerprint != first.fingerprint


def test_a_damaged_video_is_made_again(studio: Studio, film: Path) -> None:
    studio.dub(request(studio, film, "pt"))
    path = studio.out / "talk.dubbed.mp4"
    path.write_bytes(path.read_bytes()[:-1])
    studio.dub(request(studio, film, "pt"))
    only(studio)


def test_another_container_takes_the_place_of_the_first(studio: Studio, film: Path) -> None:
    studio.dub(request(studio, film, "pt"))
    studio.dub(request(studio, film, "pt", format=VideoFormat.MKV))
    assert only(studio).path == "talk.dubbed.mkv"


def test_a_language_that_fails_is_missing_and_that_is_told(studio: Studio, film: Path) -> None:
    studio.synthesizer = FakeSynthesizer(broken={"es": broken()})
    outcome = studio.dub(request(studio, film, "pt", "es"))
    video = only(studio)
    assert video.languages == ["pt"]
    assert video.notes == ["talk.dubbed.mp4: Spanish could not be made and is not in it."]
    assert set(outcome.unmade) == {"es"}


def test_the_video_of_another_recording_goes(studio: Studio, film: Path) -> None:
    studio.dub(request(studio, film, "pt"))
    studio.dub(studio.request("pt"))
    assert true_manifest(studio).videos == []


def test_a_recording_beside_its_dub_is_not_written_over(studio: Studio, film: Path) -> None:
    inside = studio.out / "talk.mp4"
    inside.parent.mkdir()
    film.rename(inside)
    before = inside.read_bytes()
    studio.dub(request(studio, inside, "pt"))
    assert inside.read_bytes() == before
    assert (studio.out / "talk.dubbed.mp4").exists()


def test_what_cannot_be_a_video_is_refused_before_anything_is_heard(
    studio: Studio, film: Path
) -> None:
    with pytest.raises(NoPicture, match=r"voice\.wav: there is no moving picture"):
        studio.dub(request(studio, studio.voice, "pt"))
    old = Picture(steady(1.0), "libvpx", {"deadline": "realtime"})
    silent = [Sound(np.zeros(48_000, np.float32), "libopus")]
    vp8 = media(studio.folder / "old.webm", "webm", silent, picture=old)
    with pytest.raises(PictureNotHeld, match=r"coded as vp8, which MP4 .* Ask for mkv instead"):
        studio.dub(request(studio, vp8, "pt"))
    bought = media(studio.folder / "bought.mkv", "matroska", silent, options={"live": "1"},
                   picture=old)  # fmt: skip
    shop = studio.folder / "shop.mp4"
    data = film.read_bytes()
    at = data.index(b"mp4v", data.index(b"stsd"))
    shop.write_bytes(data[:at] + b"encv" + data[at + 4 :])
    for encrypted in (ebml.encrypted(bought, {ebml.PICTURE}), shop):
        with pytest.raises(PictureEncrypted, match=r"its picture is encrypted.*ask for no video"):
            studio.dub(request(studio, encrypted, "pt"))
    lossy = request(studio, film, "pt")
    only_mp3 = studio.request("pt", formats=("mp3",)).options
    with pytest.raises(NoSoundForVideo, match="m4a, flac, wav"):
        studio.dub(DubRequest(film, None, None, ("pt",), only_mp3, lossy.video))
    assert studio.counts() == (0, 0, 0)
    assert not studio.out.exists()


@pytest.mark.parametrize("per_language", [False, True])
@pytest.mark.parametrize("container", list(VideoFormat))
def test_room_for_videos_is_asked_for_before_anything_is_heard(
    studio: Studio, film: Path, container: VideoFormat, per_language: bool
) -> None:
    asked: list[int] = []
    studio.need_room = asked.append
    wanted = request(studio, film, "pt", "es", format=container, per_language=per_language)
    studio.dub(replace(wanted, video=None))
    studio.dub(wanted)
    plain, needed = asked
    taken = sum(each.bytes for each in true_manifest(studio).videos)
    assert needed - plain >= 0.9 * taken


def test_a_stop_leaves_no_half_video(studio: Studio, film: Path) -> None:
    def check() -> None:
        if any(each.stage is Stage.EXPORTING and not each.language for each in studio.progress):
            raise Cancelled

    with pytest.raises(Cancelled):
        studio.dub(request(studio, film, "pt"), check)
    assert not list(studio.out.rglob("*.mp4"))
    assert true_manifest(studio).languages["pt"].status == "complete"
    studio.dub(request(studio, film, "pt"))
    only(studio)


def test_a_language_made_anew_without_a_video_leaves_the_old_one(
    studio: Studio, film: Path
) -> None:
    studio.dub(request(studio, film, "pt"))
    video = only(studio)
    breaks(studio)
    loud = studio.request("pt", loudness="ebu").options
    studio.dub(DubRequest(film, None, None, ("pt",), loud))
    assert only(studio) == video


def test_a_dub_of_a_film_is_as_loud_as_its_original_unless_it_is_to_be_otherwise(
    studio: Studio, film: Path
) -> None:
    asked = request(studio, film)
    assert studio.dub(asked).manifest.languages["pt"].loudness == "source"
    louder = replace(asked, options=replace(asked.options, loudness="ebu"))
    assert studio.dub(louder).manifest.languages["pt"].loudness == "ebu"
    assert studio.dub(studio.request("pt")).manifest.languages["pt"].loudness == "youtube"

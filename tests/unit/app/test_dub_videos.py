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
from tests.unit.app.conftest import FakeDubbing
from tests.unit.app.test_kept_dubs import breaks, broken, files, true_manifest

from ytdubber.app.local.dub_request import DubRequest
from ytdubber.app.pipeline.file_entry import VideoEntry
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
def film(fakes: FakeDubbing) -> Path:
    """The fakes' voice under a picture."""
    voice, rate_hz = sf.read(fakes.voice, dtype="float32")
    sounds = [Sound(np.repeat(voice, 3), "aac", language="eng")]
    path = fakes.folder / "talk.mp4"
    assert rate_hz * 3 == sounds[0].rate_hz
    return media(path, "mp4", sounds, picture=Picture(steady(9.0)))


def request(fakes: FakeDubbing, film: Path, *targets: str, **video: object) -> DubRequest:
    wanted = VideoOptions(**{"format": VideoFormat.MP4, **video})  # type: ignore[arg-type]  # as meant
    asked = fakes.request(*targets)
    return DubRequest(film, None, None, asked.target_languages, asked.options, wanted)


def spoken(path: Path) -> list[tuple[str, bool]]:
    """The sounds of a video, and which is the default."""
    with av.open(str(path)) as file:
        return [(s.metadata["language"], bool(s.disposition & 1)) for s in file.streams.audio]


def only(fakes: FakeDubbing) -> VideoEntry:
    (video,) = true_manifest(fakes).videos
    return video


def test_a_video_has_the_original_and_every_dub(fakes: FakeDubbing, film: Path) -> None:
    fakes.dub(request(fakes, film, "pt", "es"))
    video = only(fakes)
    path = fakes.out / "talk.dubbed.mp4"
    assert (video.path, video.kind, video.format) == ("talk.dubbed.mp4", "video", "mp4")
    assert (video.languages, video.default) == (["pt", "es"], "en")
    assert video.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert spoken(path) == [("eng", True), ("por", False), ("spa", False)]
    shared = [each.stage for each in fakes.progress if each.language is None]
    assert shared[-1] is Stage.EXPORTING


def test_one_for_each_language_begins_in_that_language(fakes: FakeDubbing, film: Path) -> None:
    fakes.dub(request(fakes, film, "pt", "es", per_language=True, format=VideoFormat.MKV))
    videos = {each.path: each for each in true_manifest(fakes).videos}
    assert set(videos) == {"talk.pt.mkv", "talk.es.mkv"}
    assert spoken(fakes.out / "talk.pt.mkv") == [("por", True), ("eng", False)]
    assert videos["talk.es.mkv"].default == "es"


def test_the_same_again_changes_nothing(fakes: FakeDubbing, film: Path) -> None:
    fakes.dub(request(fakes, film, "pt"))
    before = {path: path.stat().st_mtime_ns for path in fakes.out.rglob("*")}
    outcome = fakes.dub(request(fakes, film, "pt"))
    assert outcome.reused == ("pt",)
    assert {path: path.stat().st_mtime_ns for path in fakes.out.rglob("*")} == before


def test_a_video_comes_to_a_dub_that_is_there(fakes: FakeDubbing, film: Path) -> None:
    plain = request(fakes, film, "pt")
    fakes.dub(DubRequest(film, None, None, plain.target_languages, plain.options))
    before = files(fakes.out)
    outcome = fakes.dub(plain)
    assert outcome.reused == ("pt",)
    after = files(fakes.out)
    assert after.keys() - before.keys() == {"talk.dubbed.mp4"}
    assert all(after[name] == data for name, data in before.items() if name.startswith("pt/"))


def test_a_language_more_is_a_track_more(fakes: FakeDubbing, film: Path) -> None:
    fakes.dub(request(fakes, film, "pt"))
    first = only(fakes)
    fakes.dub(request(fakes, film, "es"))
    second = only(fakes)
    assert second.languages == ["es", "pt"]
    assert second.fingerprint != first.fingerprint


def test_a_damaged_video_is_made_again(fakes: FakeDubbing, film: Path) -> None:
    fakes.dub(request(fakes, film, "pt"))
    path = fakes.out / "talk.dubbed.mp4"
    path.write_bytes(path.read_bytes()[:-1])
    fakes.dub(request(fakes, film, "pt"))
    only(fakes)


def test_another_container_takes_the_place_of_the_first(fakes: FakeDubbing, film: Path) -> None:
    fakes.dub(request(fakes, film, "pt"))
    fakes.dub(request(fakes, film, "pt", format=VideoFormat.MKV))
    assert only(fakes).path == "talk.dubbed.mkv"


def test_a_language_that_fails_is_missing_and_that_is_told(fakes: FakeDubbing, film: Path) -> None:
    fakes.synthesizer = FakeSynthesizer(broken={"es": broken()})
    outcome = fakes.dub(request(fakes, film, "pt", "es"))
    video = only(fakes)
    assert video.languages == ["pt"]
    assert video.notes == ["talk.dubbed.mp4: Spanish could not be made and is not in it."]
    assert set(outcome.unmade) == {"es"}


def test_the_video_of_another_recording_goes(fakes: FakeDubbing, film: Path) -> None:
    fakes.dub(request(fakes, film, "pt"))
    fakes.dub(fakes.request("pt"))
    assert true_manifest(fakes).videos == []


def test_a_recording_beside_its_dub_is_not_written_over(fakes: FakeDubbing, film: Path) -> None:
    inside = fakes.out / "talk.mp4"
    inside.parent.mkdir()
    film.rename(inside)
    before = inside.read_bytes()
    fakes.dub(request(fakes, inside, "pt"))
    assert inside.read_bytes() == before
    assert (fakes.out / "talk.dubbed.mp4").exists()


def test_what_cannot_be_a_video_is_refused_before_anything_is_heard(
    fakes: FakeDubbing, film: Path
) -> None:
    with pytest.raises(NoPicture, match=r"voice\.wav: there is no moving picture"):
        fakes.dub(request(fakes, fakes.voice, "pt"))
    old = Picture(steady(1.0), "libvpx", {"deadline": "realtime"})
    silent = [Sound(np.zeros(48_000, np.float32), "libopus")]
    vp8 = media(fakes.folder / "old.webm", "webm", silent, picture=old)
    with pytest.raises(PictureNotHeld, match=r"coded as vp8, which MP4 .* Ask for mkv instead"):
        fakes.dub(request(fakes, vp8, "pt"))
    bought = media(fakes.folder / "bought.mkv", "matroska", silent, options={"live": "1"},
                   picture=old)  # fmt: skip
    shop = fakes.folder / "shop.mp4"
    data = film.read_bytes()
    at = data.index(b"mp4v", data.index(b"stsd"))
    shop.write_bytes(data[:at] + b"encv" + data[at + 4 :])
    for encrypted in (ebml.encrypted(bought, {ebml.PICTURE}), shop):
        with pytest.raises(PictureEncrypted, match=r"its picture is encrypted.*ask for no video"):
            fakes.dub(request(fakes, encrypted, "pt"))
    lossy = request(fakes, film, "pt")
    only_mp3 = fakes.request("pt", formats=("mp3",)).options
    with pytest.raises(NoSoundForVideo, match="m4a, flac, wav"):
        fakes.dub(DubRequest(film, None, None, ("pt",), only_mp3, lossy.video))
    assert fakes.counts() == (0, 0, 0)
    assert not fakes.out.exists()


@pytest.mark.parametrize("per_language", [False, True])
@pytest.mark.parametrize("container", list(VideoFormat))
def test_room_for_videos_is_asked_for_before_anything_is_heard(
    fakes: FakeDubbing, film: Path, container: VideoFormat, per_language: bool
) -> None:
    asked: list[int] = []
    fakes.need_room = asked.append
    wanted = request(fakes, film, "pt", "es", format=container, per_language=per_language)
    fakes.dub(replace(wanted, video=None))
    fakes.dub(wanted)
    plain, needed = asked
    taken = sum(each.bytes for each in true_manifest(fakes).videos)
    assert needed - plain >= 0.9 * taken


def test_a_stop_leaves_no_half_video(fakes: FakeDubbing, film: Path) -> None:
    def check() -> None:
        if any(each.stage is Stage.EXPORTING and not each.language for each in fakes.progress):
            raise Cancelled

    with pytest.raises(Cancelled):
        fakes.dub(request(fakes, film, "pt"), check)
    assert not list(fakes.out.rglob("*.mp4"))
    assert true_manifest(fakes).languages["pt"].status == "complete"
    fakes.dub(request(fakes, film, "pt"))
    only(fakes)


def test_a_language_made_anew_without_a_video_leaves_the_old_one(
    fakes: FakeDubbing, film: Path
) -> None:
    fakes.dub(request(fakes, film, "pt"))
    video = only(fakes)
    breaks(fakes)
    loud = fakes.request("pt", loudness="ebu").options
    fakes.dub(DubRequest(film, None, None, ("pt",), loud))
    assert only(fakes) == video


def test_a_dub_of_a_film_is_as_loud_as_its_original_unless_it_is_to_be_otherwise(
    fakes: FakeDubbing, film: Path
) -> None:
    asked = request(fakes, film)
    assert fakes.dub(asked).manifest.languages["pt"].loudness == "source"
    louder = replace(asked, options=replace(asked.options, loudness="ebu"))
    assert fakes.dub(louder).manifest.languages["pt"].loudness == "ebu"
    assert fakes.dub(fakes.request("pt")).manifest.languages["pt"].loudness == "youtube"

"""A film that is dubbed by a worker of the service, and comes back with its dubs."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
import soundfile as sf
from tests.integration.audio.films import Picture, Sound, media, steady
from tests.integration.vendors.harness import ServiceHarness
from tests.integration.video.films import begins, seen
from tests.mixes import RATE_HZ, example_mix

from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.app.jobs.job_videos import FinishedJob, JobVideos
from ytdubber.domain.errors import NoPicture
from ytdubber.domain.job import DubOptions
from ytdubber.domain.separation import Separating
from ytdubber.domain.video import VideoFormat

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]

DELAY_S = 0.4
OPTIONS = DubOptions(formats=("flac",), separate=Separating.AUTO, video=VideoFormat.MP4)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A voice over music, all in one track that begins later than the picture."""
    sound = example_mix(5, seconds=6.5, channels=1).sound[:, 0]
    track = Sound(np.ascontiguousarray(sound), "aac", DELAY_S, language="eng")
    return media(tmp_path / "talk.mp4", "mp4", [track], picture=Picture(steady(6.9)))


def delivered(harness: ServiceHarness, job_id: UUID, path: str) -> Path:
    file = harness.folder / f"{uuid4()}{Path(path).suffix}"
    file.write_bytes(harness.delivered(job_id, path))
    return file


def test_the_picture_comes_back_with_the_dub_in_step(harness: ServiceHarness, film: Path) -> None:
    """The upload is gone then; what cannot be made is told, and is no reason to keep dubs back."""
    job_id = harness.send("pt", film=film, options=OPTIONS)
    harness.dub(job_id)
    video = delivered(harness, job_id, "dubbed.mp4")
    streams = {kind: [s for s in seen(video) if s.kind == kind] for kind in ("video", "audio")}
    (shown,) = (each for each in seen(film) if each.kind == "video")
    assert [each.hashes for each in streams["video"]] == [shown.hashes]
    assert [(each.language, each.default) for each in streams["audio"]] == [
        ("eng", True),
        ("por", False),
    ]
    mix, rate_hz = sf.read(delivered(harness, job_id, "pt/mix.flac"), dtype="float32")
    assert rate_hz == RATE_HZ
    assert abs(begins(video, 2, mix)) < 0.010 * RATE_HZ

    (entry,) = harness.manifest(job_id).videos
    assert (entry.path, entry.languages, entry.default) == ("dubbed.mp4", ["pt"], "en")
    assert entry.synthetic
    (file,) = (each for each in harness.shown(job_id).files if each.kind == "video")
    assert (file.path, file.language, file.mime) == ("dubbed.mp4", None, "video/mp4")
    assert (file.sha256, file.bytes) == (entry.sha256, video.stat().st_size)

    shared = harness.shared
    with shared.database.as_service() as work:
        job = work.jobs.get(job_id)
        uploads, files = work.uploads.of_job(job_id), work.artifacts.of_job(job_id)
    assert shared.media.stat(uploads[0].key) is None
    finished = FinishedJob(job, uploads, harness.manifest(job_id), files, 0.0)
    with closing(ScratchFolders(harness.folder / "scratch")) as scratch:
        videos = JobVideos(harness.parts.leases, shared.media, shared.clock, scratch.folder)
        made = videos(finished, lambda: None)
    assert (made.files, made.entries) == ((), ())
    assert made.notes[0].startswith("The video could not be made. ")


def test_there_may_be_one_video_for_each_language(harness: ServiceHarness, film: Path) -> None:
    """In which that is what is heard."""
    options = replace(OPTIONS, video_per_language=True)
    job_id = harness.send("pt", film=film, options=options)
    harness.dub(job_id)
    (entry,) = harness.manifest(job_id).videos
    assert (entry.path, entry.languages, entry.default) == ("dubbed.pt.mp4", ["pt"], "pt")
    streams = seen(delivered(harness, job_id, entry.path))
    assert [(s.language, s.default) for s in streams if s.kind == "audio"] == [
        ("por", True),
        ("eng", False),
    ]


def test_sound_alone_makes_no_video(harness: ServiceHarness) -> None:
    job_id = harness.send("pt", options=OPTIONS)
    with pytest.raises(NoPicture, match=r"voice\.flac: there is no moving picture"):
        harness.prepare(job_id)

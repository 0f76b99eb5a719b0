"""What was decided about a recording, as its user is told, and which sound of it they meant."""

import numpy as np
import pytest
from tests.integration.api.api_user import ApiUser
from tests.integration.api.contract import JOB
from tests.integration.api.test_review import fetched
from tests.integration.audio.films import RATE_HZ, Sound, media
from tests.unit.audio.sounds import Samples


def said() -> Samples:
    """Somebody speaks in three places, as far as the fake ears can tell."""
    sound = np.zeros(4 * RATE_HZ, np.float32)
    for start_s, end_s in ((0.3, 1.2), (1.7, 2.5), (3.0, 3.7)):
        span = slice(int(start_s * RATE_HZ), int(end_s * RATE_HZ))
        sound[span] = 0.2 * np.sin(np.arange(len(sound[span])) * 0.07)
    return sound


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """French, of 3 s, is the default; English, of 4 s, is spoken in."""
    sounds = [
        Sound(np.zeros(3 * RATE_HZ, np.float32), "aac", language="fra", default=True),
        Sound(said(), "aac", language="eng", default=False),
    ]
    return media(tmp_path_factory.mktemp("film") / "film.mp4", "mp4", sounds).read_bytes()


@pytest.mark.parametrize("track", [2, "2", "en", "English"])
def test_the_sound_that_a_job_names_is_dubbed_and_told(
    ann: ApiUser, film: bytes, track: int | str
) -> None:
    job_id = ann.dubbed("pt", voice_file=film, track=track)
    job = ann.job(job_id)
    assert job["stage"] == "complete", job["message"]
    assert job["voice_track_duration"] == pytest.approx(4.0, abs=0.03)
    source = fetched(job, "manifest.json")["source"]
    assert source["track"] == 2
    assert job["notes"] == ann.list()[0]["notes"] == source["notes"]
    assert "sound track 2 (eng" in job["notes"][0]
    assert JOB(job)


def test_a_sound_that_is_not_there_is_refused_at_submission_with_those_that_are(
    ann: ApiUser, film: bytes
) -> None:
    job = ann.uploaded("pt", voice_file=film, track="de")
    reply = ann.submit(job)
    assert reply.status_code == 400
    assert reply.json()["error"] == "no_such_track"
    assert "1 (fra" in reply.json()["message"]
    assert ann.list()[0]["status"] == "error"


@pytest.mark.parametrize("track", [0, -1, 10_000, "", "x" * 41, 1.5, [1]])
def test_what_is_no_track_is_a_wrong_field(ann: ApiUser, track: object) -> None:
    body = {"languages": ["pt"], "voice_track_name": "a.mp4", "track": track}
    reply = ann.http.post("/api/jobs/upload-urls", json=body)
    assert reply.status_code == 400, reply.text


def test_a_job_without_anything_to_note_has_no_notes(ann: ApiUser) -> None:
    assert ann.job(ann.queued("pt"))["notes"] == []
    assert ann.job(ann.dubbed("pt"))["notes"] == []


def test_lines_that_nobody_translated_are_noted_by_language(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt", "es")
    ann.harness.rows(
        "update ytdubber.language_tasks set result = jsonb_set(result, '{figures,review}',"
        " '{\"not_translated\": 2}') where job_id = :id and language = 'es'",
        id=job_id,
    )
    assert ann.job(job_id)["notes"] == [
        "Spanish: 2 lines could not be translated and are spoken as they were said."
    ]

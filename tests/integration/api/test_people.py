"""Several people in a recording: how many there are, and whose voices speak for them."""

import json
from typing import Any
from uuid import UUID

import pytest
from tests.integration.api.api_user import ApiUser

PEOPLE = [
    {"id": "A", "seconds": 2.5, "kept": False, "gender": "male", "pitch_hz": 118.4, "voices": {}},
    {"id": "B", "seconds": 1.5, "kept": False, "gender": None, "pitch_hz": None, "voices": {}},
]


def options(ann: ApiUser, **asked: Any) -> dict[str, Any]:
    job = ann.announce(background=False, **asked)
    query = "select options from ytdubber.dubbing_jobs where id = :id"
    (row,) = ann.harness.rows(query, id=UUID(job["job_id"]))
    found = row[0]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("asked", "kept"), [(2, 2), (0, None), (None, None)])
def test_how_many_people_speak_is_kept(ann: ApiUser, asked: int | None, kept: int | None) -> None:
    assert options(ann, speakers=asked)["speakers"] == kept


def test_a_voice_may_be_a_persons(ann: ApiUser) -> None:
    asked = {"pt": "female", "A": "female", "pt-BR:B": "female"}
    kept = options(ann, voices=asked)["voices"]
    assert kept == {"pt": "female", "*:A": "female", "pt:B": "female"}


def test_a_voice_of_a_person_that_nobody_has_is_refused(ann: ApiUser) -> None:
    body = {"languages": ["pt"], "voice_track_name": "a.wav", "voices": {"pt:A": "nobody"}}
    reply = ann.http.post("/api/jobs/upload-urls", json=body)
    assert (reply.status_code, reply.json()["error"]) == (400, "unknown_voice")


def test_the_people_of_a_recording_are_told_with_their_voices(ann: ApiUser) -> None:
    """A language that was not spoken person by person has one voice for all."""
    job_id = ann.queued("pt", background=False)
    ann.harness.hands.hear(job_id)
    assert ann.job(job_id)["people"] == []
    ann.harness.rows(
        "update ytdubber.dubbing_jobs set prepared = prepared || cast(:found as jsonb)"
        " where id = :id",
        id=job_id,
        found=json.dumps({"speakers": PEOPLE}),
    )
    ann.harness.hands.dub(job_id)
    job = ann.job(job_id)
    (voices,) = {json.dumps(each.pop("voices")) for each in job["people"]}
    assert list(json.loads(voices)) == ["pt"]
    known = {"id", "seconds", "gender", "pitch_hz"}
    assert job["people"] == [{name: each[name] for name in known} for each in PEOPLE]
    assert ann.list()[0]["people"] == ann.job(job_id)["people"]

"""What of a recording is taken apart, as its user asks."""

from uuid import UUID

import pytest
from tests.integration.api.api_user import ApiUser


@pytest.mark.parametrize(
    ("asked", "background", "kept"),
    [
        (None, False, "auto"),
        ("auto", False, "auto"),
        ("yes", False, "always"),
        ("no", False, "never"),
        (None, True, "never"),
        ("auto", True, "never"),
    ],
)
def test_one_file_is_taken_apart_unless_its_user_says_otherwise(
    ann: ApiUser, asked: str | None, background: bool, kept: str
) -> None:
    job = ann.announce(background=background, **({"separate": asked} if asked else {}))
    (row,) = ann.harness.rows(
        "select options ->> 'separate' from ytdubber.dubbing_jobs where id = :id",
        id=UUID(job["job_id"]),
    )
    assert row[0] == kept


def test_a_background_of_its_own_is_not_taken_apart(ann: ApiUser) -> None:
    body = {
        "languages": ["pt"],
        "voice_track_name": "talk.wav",
        "background_track_name": "music.wav",
        "separate": "yes",
    }
    reply = ann.http.post("/api/jobs/upload-urls", json=body)
    assert (reply.status_code, reply.json()["error"]) == (400, "bad_field")
    assert reply.json()["message"].startswith("separate: the background is a file of its own")

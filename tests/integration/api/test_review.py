"""What a person should listen to, as the service tells its users."""

import json
from typing import Any
from uuid import UUID

import httpx
from tests.integration.api.api_user import ApiUser
from tests.plain_http import NO_TLS

UNCOVERED = [{"start_ms": 1250, "end_ms": 1650}, {"start_ms": 2600, "end_ms": 2950}]


def heard_in_part(ann: ApiUser, *languages: str) -> UUID:
    """A dub of a recording in which somebody speaks twice and no word was made out."""
    job_id = ann.queued(*languages)
    ann.harness.hands.hear(job_id)
    ann.harness.rows(
        "update ytdubber.transcripts set uncovered = cast(:stretches as jsonb) where job_id = :id",
        id=job_id,
        stretches=json.dumps(UNCOVERED),
    )
    ann.harness.hands.dub(job_id)
    return job_id


def fetched(job: Any, path: str) -> Any:
    (url,) = (file["url"] for file in job["files"] if file["path"] == path)
    return httpx.get(url, verify=NO_TLS).json()


def test_speech_without_words_is_told_in_the_job_and_its_lists(ann: ApiUser) -> None:
    job_id = heard_in_part(ann, "pt", "es")
    job = ann.job(job_id)
    assert job["uncovered"] == ann.list()[0]["uncovered"] == UNCOVERED
    for language in job["languages"]:
        assert language["review"]["uncovered"] == 2
        assert language["needsReview"] >= 2


def test_speech_without_words_stands_in_the_files(ann: ApiUser) -> None:
    job = ann.job(heard_in_part(ann, "pt"))
    assert fetched(job, "transcript.json")["uncovered"] == UNCOVERED
    assert fetched(job, "pt/translation.json")["uncovered"] == UNCOVERED
    manifest = fetched(job, "manifest.json")
    assert manifest["source"]["uncovered"] == {"seconds": 0.75, "stretches": UNCOVERED}
    entry = manifest["languages"]["pt"]
    assert entry["figures"]["lost_speech_s"] == 0.75
    assert [place for place in entry["review"] if "uncovered" in place["reasons"]] == [
        {**stretch, "line": None, "reasons": ["uncovered"]} for stretch in UNCOVERED
    ]


def test_a_job_that_was_heard_whole_says_so(ann: ApiUser) -> None:
    job = ann.job(ann.dubbed("pt"))
    assert job["uncovered"] == []
    assert "uncovered" not in job["languages"][0]["review"]


def test_before_a_job_is_heard_nothing_is_said(ann: ApiUser) -> None:
    job = ann.job(ann.queued("pt"))
    assert job["uncovered"] == []
    assert job["languages"][0]["review"] == {}

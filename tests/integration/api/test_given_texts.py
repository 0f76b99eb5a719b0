"""Texts that a person gives with a job."""

import json

import pytest
from tests.integration.api.api_user import ApiUser

SRT = "1\n00:00:00,500 --> 00:00:02,500\nOlá a todos.\n"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"script": '{"cues": []}'}, "script_not_readable"),
        ({"script": "[applause]"}, "script_empty"),
        ({"script": "\ud800 \0"}, "script_not_readable"),
        ({"translations": {"de": SRT}}, "translation_not_asked"),
        ({"translations": {"pt": SRT, "pt-BR": SRT}}, "bad_field"),
        ({"translations": {"klingonese": SRT}}, "unknown_language"),
        ({"keep": ["5-2"]}, "bad_field"),
        ({"script": ""}, "invalid_request"),
    ],
)
def test_what_cannot_be_taken_is_refused_when_it_is_announced(
    ann: ApiUser, given: dict[str, object], code: str
) -> None:
    body = {"languages": ["pt"], "voice_track_name": "talk.wav", **given}
    headers = {"content-type": "application/json"}
    reply = ann.http.post("/api/jobs/upload-urls", content=json.dumps(body), headers=headers)
    assert (reply.json()["error"], reply.status_code) == (code, 400)


def test_a_job_knows_which_texts_it_was_given(ann: ApiUser) -> None:
    texts = {"script": "Hello, everybody.", "translations": {"pt": SRT}, "keep": ["B", "0:01-0:02"]}
    job = ann.announce(background=False, **texts)
    (row,) = ann.harness.rows(
        "select options -> 'script', options -> 'translations', options -> 'keep'"
        " from ytdubber.dubbing_jobs where id = cast(:id as uuid)",
        id=job["job_id"],
    )
    assert list(row) == [True, ["pt"], ["B", "0:01-0:02"]]

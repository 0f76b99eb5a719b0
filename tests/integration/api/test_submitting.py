"""From announced files to a queued job, or to a reason a person can act on."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.decoders import killed_decoders
from tests.integration.api.api_user import ApiUser, background, voice


def _queued(ann: ApiUser, job_id: str) -> tuple[object, ...]:
    """How many tasks and submissions on record a job has."""
    (row,) = ann.harness.rows(
        "select (select count(*) from ytdubber.language_tasks where job_id = :id),"
        " (select count(*) from ytdubber.job_events where job_id = :id and kind = 'submitted')",
        id=UUID(job_id),
    )
    return row


def test_sent_four_times_a_job_is_queued_once(ann: ApiUser) -> None:
    job = ann.uploaded("pt", "es")
    replies = [ann.submit(job, ("pt", "es")) for _ in range(4)]
    assert [reply.status_code for reply in replies] == [200] * 4
    assert all(reply.json() == replies[0].json() for reply in replies)
    assert replies[0].json()["job_id"] == job["job_id"]
    assert _queued(ann, job["job_id"]) == (2, 1)
    assert len(ann.list()) == 1


def test_sent_four_times_at_once_a_job_is_queued_once(ann: ApiUser) -> None:
    job = ann.uploaded("pt", "es")
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: ann.submit(job, ("pt", "es")), range(4)))
    assert [reply.status_code for reply in replies] == [200] * 4
    assert _queued(ann, job["job_id"]) == (2, 1)


def test_a_complete_job_is_not_begun_again(ann: ApiUser) -> None:
    job = ann.uploaded("pt", background=False)
    ann.submit(job)
    ann.harness.hands.dub(UUID(job["job_id"]))
    again = ann.submit(job)
    assert (again.status_code, again.json()["status"]) == (200, "complete")
    assert _queued(ann, job["job_id"])[1] == 1


def test_the_last_word_on_languages_is_the_submission(ann: ApiUser) -> None:
    job = ann.uploaded("pt", "es", background=False)
    ann.submit(job, ["fr-FR", "FR", "de"])
    assert ann.job(job["job_id"])["target_languages"] == ["fr", "de"]


def test_without_languages_those_announced_are_dubbed(ann: ApiUser) -> None:
    job = ann.uploaded("pt", "es", background=False)
    assert ann.http.post("/api/jobs/", json={"job_id": job["job_id"]}).status_code == 200
    assert ann.job(job["job_id"])["target_languages"] == ["pt", "es"]


def test_the_source_among_the_targets_is_no_failure(ann: ApiUser) -> None:
    job = ann.job(ann.dubbed("en", "pt", background=False))
    assert (job["status"], job["completedLanguages"]) == ("complete", 1)
    assert [each["status"] for each in job["languages"]] == ["error", "complete"]
    assert "English: The recording is spoken in this language already" in job["message"]
    assert set(job["download_urls"]) == {"pt"}


def test_stems_of_different_lengths(ann: ApiUser) -> None:
    job = ann.uploaded("pt", background_file=background(6.0))
    for _ in range(2):
        reply = ann.submit(job)
        body = reply.json()
        assert (reply.status_code, body["error"]) == (400, "duration_mismatch")
        assert (body["voice_duration"], body["background_duration"]) == (4.0, 6.0)
    kept = ann.job(job["job_id"])
    assert (kept["status"], kept["error"]) == ("error", "duration_mismatch")
    _for_people(kept["message"])
    assert "talk.wav lasts 4.000 s and music.wav lasts 6.000 s" in kept["message"]
    assert [each["id"] for each in ann.list()] == [job["job_id"]]
    assert _queued(ann, job["job_id"]) == (0, 0)


def test_stems_up_to_a_second_apart_are_taken(ann: ApiUser) -> None:
    job = ann.uploaded("pt", background_file=background(4.9))
    assert ann.submit(job).status_code == 200


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"This is no sound. " * 100, "not_audio"), (b"RIFF\x00\x00\x00\x00WAVE", "not_audio")],
)
def test_a_voice_nobody_can_read(ann: ApiUser, content: bytes, code: str) -> None:
    job = ann.uploaded("pt", voice_file=content, background=False)
    reply = ann.submit(job)
    assert (reply.status_code, reply.json()["error"]) == (400, code)
    kept = ann.job(job["job_id"])
    assert (kept["status"], kept["error"], kept["progress"]) == ("error", code, 100)
    assert kept["message"] == reply.json()["message"]
    assert kept["message"].startswith("talk.wav: ")
    _for_people(kept["message"])


def test_a_decoder_killed_by_the_system_refuses_nothing(ann: ApiUser) -> None:
    job = ann.uploaded("pt", background=False)
    with killed_decoders():
        reply = ann.submit(job)
    assert (reply.status_code, reply.json()["error"]) == (500, "internal_error")
    assert ann.submit(job).status_code == 200
    assert _queued(ann, job["job_id"]) == (1, 1)


def test_a_voice_in_which_nobody_speaks(ann: ApiUser) -> None:
    silence = bytearray(voice())
    silence[44:] = bytes(len(silence) - 44)
    job = ann.job(ann.dubbed("pt", voice_file=bytes(silence), background=False))
    assert (job["status"], job["error"]) == ("error", "no_speech")
    assert job["message"] == (
        "talk.wav: no speech was found in it. Give the voice recording, not the background."
    )
    _for_people(job["message"])


def _for_people(message: str) -> None:
    """It says what to do on a web page, too."""
    assert message.endswith(".")
    for word in ("--", "`", "ytdubber ", "Traceback"):
        assert word not in message


def test_a_stem_that_never_came(ann: ApiUser) -> None:
    job = ann.announce("pt")
    reply = ann.submit(job)
    assert (reply.status_code, reply.json()["error"]) == (400, "upload_missing")
    assert "voice" in reply.json()["message"]
    ann.put(job["upload_urls"]["voice_track"], voice())
    assert "background" in ann.submit(job).json()["message"]
    ann.put(job["upload_urls"]["background_track"], background())
    assert ann.submit(job).status_code == 200


def test_what_arrives_must_be_what_was_announced(ann: ApiUser) -> None:
    file = voice()
    digest = hashlib.sha256(file).hexdigest()
    facts = {"size": len(file), "type": "audio/wav", "sha256": digest}
    other = bytearray(file)
    other[-1] ^= 1
    url = ann.announce("pt", voice_track=facts)["upload_urls"]["voice_track"]
    reply = ann.put(url, bytes(other))
    assert (reply.status_code, reply.json()["error"]) == (422, "upload_mismatch")
    details = reply.json()["details"]
    assert details["expected"] == digest
    assert details["actual"] == hashlib.sha256(other).hexdigest()
    assert ann.put(url, file[:-2]).json()["details"]["what"] == "size in bytes"
    assert ann.put(url, file).json() == {"bytes": len(file), "sha256": digest}
    again = ann.put(url, file)
    assert (again.status_code, again.json()["error"]) == (409, "already_uploaded")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"languages": ["tlh"]}, "unknown_language"),
        ({"languages": ["ja"]}, "language_not_spoken"),
        ({"languages": []}, "invalid_request"),
        ({"languages": "pt"}, "invalid_request"),
        ({"languages": ["en", "pt"], "source_language": "xx"}, "unknown_language"),
        ({"voice_track_name": ""}, "invalid_request"),
        ({"voice_track_name": None}, "invalid_request"),
        ({"voice_track": {"size": 101 * 1024 * 1024}}, "upload_too_large"),
        ({"voice_track": {"size": 0}}, "invalid_request"),
        ({"voice_track": {"type": "application/zip"}}, "wrong_content_type"),
        ({"voice_track": {"sha256": "0"}}, "invalid_request"),
        ({"content_types": {"voice": "text/html"}}, "wrong_content_type"),
        ({"formats": ["aiff"]}, "unknown_format"),
        ({"loudness": "loud"}, "bad_field"),
        ({"voices": {"pt": "nobody"}}, "unknown_voice"),
        ({"languages": ["pt", "es", "fr"] * 40}, "invalid_request"),
    ],
)
def test_what_cannot_be_met_is_said_at_once(
    ann: ApiUser, change: dict[str, Any], code: str
) -> None:
    wanted = {"languages": ["pt"], "voice_track_name": "a.wav"} | change
    reply = ann.http.post("/api/jobs/upload-urls", json=wanted)
    assert reply.json()["error"] == code
    assert 400 <= reply.status_code < 500
    _for_people(reply.json()["message"])


def test_a_job_nobody_announced(ann: ApiUser) -> None:
    reply = ann.http.post("/api/jobs/", json={"job_id": str(uuid4()), "languages": ["pt"]})
    assert (reply.status_code, reply.json()["error"]) == (404, "job_not_found")


def test_wishes_are_kept(ann: ApiUser) -> None:
    wishes: Any = {"formats": ["wav"], "title": "A talk", "voices": {"pt": "male"}}
    job = ann.job(ann.dubbed("pt", background=False, **wishes))
    assert job["title"] == "A talk"
    assert {file["format"] for file in job["files"] if file["kind"] == "voice"} == {"wav"}

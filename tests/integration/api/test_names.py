"""What users call their files: whatever it holds is written out, the same everywhere."""

import json
import unicodedata
from typing import Any

import pytest
from tests.integration.api.api_user import ApiUser
from tests.integration.api.test_review import fetched

NAMES = {
    "two\nlines.wav": r"two\nlines.wav",
    "\x1b[31mred.wav": r"\x1b[31mred.wav",
    "\u202egnp.wav": r"\u202egnp.wav",
    "nul\0.wav": r"nul\x00.wav",
    "half\ud800.wav": r"half\ud800.wav",
    "byte\udce9.wav": r"byte\xe9.wav",
    "x" * 400 + ".wav": "x" * 250 + "….wav",
    "naïve 日本 👩‍🚀 <b>.wav": "naïve 日本 👩‍🚀 <b>.wav",
}


def announced(ann: ApiUser, **body: object) -> Any:
    """As a browser sends it: halves of characters come as escapes."""
    sent = json.dumps({"languages": ["pt"]} | body)
    reply = ann.http.post("/api/jobs/upload-urls", content=sent)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize(("given", "kept"), NAMES.items(), ids=[ascii(n)[:20] for n in NAMES])
def test_a_title_is_told_as_it_can_be_shown(ann: ApiUser, given: str, kept: str) -> None:
    by_file = announced(ann, voice_track_name=given)["job_id"]
    by_title = announced(ann, voice_track_name="a.wav", title=given)["job_id"]
    assert ann.job(by_file)["title"] == ann.job(by_title)["title"] == kept


def test_a_finished_job_has_the_names_in_its_manifest_and_its_notes(ann: ApiUser) -> None:
    names = {"voice_track_name": "vo\x1bz\u202e.wav", "background_track_name": "mu\nsic.wav"}
    job = ann.job(ann.dubbed("pt", **names))
    source = fetched(job, "manifest.json")["source"]
    assert source["voice"]["name"] == job["title"] == r"vo\x1bz\u202e.wav"
    assert source["background"]["name"] == r"mu\nsic.wav"


def test_errors_name_files_in_one_line(ann: ApiUser) -> None:
    job = ann.uploaded("pt", voice_file=b"no sound", voice_track_name="a\n\x1b\u202e.wav")
    message = ann.submit(job).json()["message"]
    assert message.startswith(r"a\n\x1b\u202e.wav")
    assert not any(unicodedata.category(letter) in ("Cc", "Cf") for letter in message)


@pytest.mark.parametrize("name", ["", "  ", "x" * 5_000])
def test_no_name_and_no_file_has_such_a_name(ann: ApiUser, name: str) -> None:
    body = {"languages": ["pt"], "voice_track_name": name}
    assert ann.http.post("/api/jobs/upload-urls", json=body).status_code == 400

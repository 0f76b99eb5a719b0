"""How a term is spoken in lines of a finished dub, changed by its user."""

from uuid import UUID

import pytest
from tests.integration.api.api_user import ApiUser
from tests.integration.api.test_line_edits import change, fetched, lines, render

from ytdubber.testing.engines import CHAR_MS


@pytest.fixture
def job_id(ann: ApiUser) -> UUID:
    return ann.dubbed("pt", editable=True)


def test_a_term_is_spoken_otherwise_in_one_line_and_in_no_other(ann: ApiUser, job_id: UUID) -> None:
    told = lines(ann, job_id)["lines"]
    captions = fetched(ann.job(job_id), "pt/captions.srt")
    refused = change(ann, job_id, {"2": {"spoken_as": {"LUFS": " "}}})
    assert refused.status_code == 400
    assert refused.json()["message"].startswith("line 2, spoken_as: name a term")
    term = told[1]["text"].split()[-1].strip(".")
    spoken_as = {term: f"{term} and more"}
    after = change(ann, job_id, {"2": {"spoken_as": spoken_as}}).json()
    assert [line["state"] for line in after["lines"]] == ["fresh", "edited", "fresh"]
    assert after["lines"][1]["text"] == told[1]["text"]
    place = f"/api/jobs/{job_id}/languages/pt/render/quote"
    assert ann.http.get(place).json()["spoken"] == 1
    job = render(ann, job_id)
    made = lines(ann, job_id)["lines"]
    assert made[1]["edit"]["spoken_as"] == spoken_as
    took_ms, takes_ms = ([line["natural_ms"] for line in each] for each in (told, made))
    assert takes_ms[1] == took_ms[1] + len(" and more") * CHAR_MS, "another take"
    assert (takes_ms[0], takes_ms[2]) == (took_ms[0], took_ms[2])
    assert fetched(job, "pt/captions.srt").count(term.encode()) == captions.count(term.encode())
    assert b"and more" not in fetched(job, "pt/captions.srt")
    assert change(ann, job_id, {"2": {"spoken_as": None}}).json()["edited"] == 1
    render(ann, job_id)
    assert lines(ann, job_id)["lines"] == told

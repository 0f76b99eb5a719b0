"""The original of a line heard as it is, and what a render will cost, in the service."""

from uuid import UUID

import pytest
from tests.integration.api.api_user import ApiUser
from tests.integration.api.test_line_edits import change, fetched, lines, render


@pytest.fixture
def job_id(ann: ApiUser) -> UUID:
    return ann.dubbed("pt", editable=True)


def test_a_line_is_kept_as_it_is_in_the_original(ann: ApiUser, job_id: UUID) -> None:
    before, voice = lines(ann, job_id)["lines"], fetched(ann.job(job_id), "pt/voice.flac")
    assert change(ann, job_id, {"2": {"keep_original": True}}).status_code == 200
    place = f"/api/jobs/{job_id}/languages/pt"
    heard = ann.http.post(f"{place}/lines/2/preview", json={})
    assert heard.status_code == 400
    assert "the original is kept there" in heard.json()["message"]
    assert ann.http.get(f"{place}/render/quote").json()["spoken"] == 0
    job = render(ann, job_id)
    after = lines(ann, job_id)["lines"]
    assert [line["text"] for line in after] == [line["text"] for line in before]
    assert [line["spoken"] for line in after] == [before[0]["spoken"], "", before[2]["spoken"]]
    assert [line["state"] for line in after] == ["fresh"] * 3
    assert after[1]["edit"]["keep_original"]
    assert fetched(job, "pt/voice.flac") != voice
    captions = fetched(job, "pt/captions.srt").decode()
    assert before[1]["source"].split()[0] in captions
    assert before[1]["spoken"] not in captions
    assert change(ann, job_id, {"2": {"keep_original": None}}).json()["edited"] == 1
    render(ann, job_id)
    assert lines(ann, job_id)["lines"] == before


def test_a_render_is_quoted(ann: ApiUser, job_id: UUID) -> None:
    place = f"/api/jobs/{job_id}/languages/pt/render/quote"
    told = ann.http.get(place).json()
    assert (told["spoken"], told["characters"]) == (0, 0)
    assert told["total"] == {"low_usd": 0.0, "high_usd": 0.0}
    change(ann, job_id, {"1": {"text": "Outra coisa."}, "3": {"gain_db": -3.0}})
    told = ann.http.get(place).json()
    assert (told["spoken"], told["translated"], told["characters"]) == (1, 0, 12)
    assert ann.http.get(place.replace("/pt/", "/fr/")).status_code in (404, 409)


def test_hearing_a_line_is_quoted_and_changes_nothing(ann: ApiUser, job_id: UUID) -> None:
    place, before = f"/api/jobs/{job_id}/languages/pt/lines/2/preview/quote", lines(ann, job_id)

    def quoted(**change: object) -> tuple[int, int]:
        told = ann.http.post(place, json={"change": change}).json()
        return told["spoken"], told["characters"]

    assert quoted() == (0, 0), "it is as the dub has it"
    assert quoted(gain_db=-3.0) == (0, 0)
    assert quoted(text="Outra coisa.") == (1, 12)
    assert quoted(text="Outra LUFS.", spoken_as={"LUFS": "lufis"}) == (1, 12)
    assert lines(ann, job_id) == before
    refused = ann.http.post(place.replace("lines/2/", "lines/9/"), json={})
    assert (refused.status_code, refused.json()["error"]) == (404, "line_not_there")

"""Lines of a finished dub split, joined, added, removed and put right."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.integration.api.api_user import ApiUser
from tests.integration.api.test_line_edits import change, fetched, heard, lines, render


def cut(ann: ApiUser, job_id: UUID, path: str, body: Any = None, method: str = "POST") -> Any:
    reply = asked(ann, job_id, path, body, method)
    assert reply.status_code in (200, 201), reply.text
    return reply.json()


def asked(
    ann: ApiUser, job_id: UUID, path: str, body: Any = None, method: str = "POST"
) -> httpx.Response:
    path = f"/api/jobs/{job_id}/languages/pt/lines{path}"
    return ann.http.request(method, path, json=body, headers={"If-Match": "*"})


def made(job: Any) -> list[Any]:
    found: list[Any] = json.loads(fetched(job, "pt/translation.json"))["utterances"]
    return found


@pytest.fixture
def job_id(ann: ApiUser) -> UUID:
    return ann.dubbed("pt", editable=True)


def test_a_line_is_split_where_the_original_pauses(ann: ApiUser, job_id: UUID) -> None:
    before = lines(ann, job_id)["lines"]
    first = before[0]
    at = first["text"].index("to all")
    after = cut(ann, job_id, "/1/split", {"at": at})["lines"]
    assert len(after) == len(before) + 1
    left, right = after[:2]
    assert (left["id"], left["number"], right["number"]) == (first["id"], 1, 2)
    assert f"{left['text']} {right['text']}" == first["text"]
    assert f"{left['source']} {right['source']}" == first["source"]
    assert left["source_start_ms"] == first["source_start_ms"]
    assert left["source_end_ms"] <= right["source_start_ms"]
    assert right["source_end_ms"] == first["source_end_ms"]
    assert (right["spoken"], right["natural_ms"], right["state"]) == ("", 0, "edited")
    job = render(ann, job_id)
    texts = [line["target"] for line in made(job)]
    assert texts[:2] == [left["text"], right["text"]]
    assert texts[2:] == [line["spoken"] for line in before[1:]]
    now = lines(ann, job_id)
    assert (now["edited"], [line["spoken"] for line in now["lines"]]) == (0, texts)
    again = cut(ann, job_id, "/1/merge")["lines"]
    assert [line["edit"]["removed"] for line in again][:2] == [False, True]
    assert again[0]["text"] == first["text"]
    assert [line["target"] for line in made(render(ann, job_id))] == [
        line["spoken"] for line in before
    ]


def test_two_lines_become_one(ann: ApiUser, job_id: UUID) -> None:
    before = lines(ann, job_id)["lines"]
    one = cut(ann, job_id, "/2/merge")["lines"][1]
    assert one["text"] == f"{before[1]['text']} {before[2]['text']}"
    assert (one["source_start_ms"], one["source_end_ms"]) == (
        before[1]["source_start_ms"],
        before[2]["source_end_ms"],
    )
    rendered = made(render(ann, job_id))
    assert [line["target"] for line in rendered] == [before[0]["spoken"], one["text"]]
    refused = asked(ann, job_id, "/2/merge")
    assert (refused.status_code, refused.json()["error"]) == (400, "bad_field")
    # What was made first can be had back, and a line can be another stretch by itself.
    ids = [line["id"] for line in before]
    nothing = dict.fromkeys(("text", "source", "removed", "start_ms", "end_ms"))
    assert change(ann, job_id, {each: nothing for each in ids[1:]}).status_code == 200
    early = before[1]["source_start_ms"]
    refused = change(ann, job_id, {ids[1]: {"end_ms": early + 50}})
    assert (refused.status_code, refused.json()["error"]) == (400, "bad_field")
    render(ann, job_id)
    assert [line["spoken"] for line in lines(ann, job_id)["lines"]] == [
        line["spoken"] for line in before
    ]


def test_a_line_is_not_said_and_comes_back(ann: ApiUser, job_id: UUID) -> None:
    before = lines(ann, job_id)["lines"]
    removed = cut(ann, job_id, "/2", method="DELETE")["lines"][1]
    assert (removed["edit"]["removed"], removed["edited"]) == (True, True)
    job = render(ann, job_id)
    assert [line["id"] for line in made(job)] == [before[0]["id"], before[2]["id"]]
    assert before[1]["spoken"] not in fetched(job, "pt/captions.srt").decode()
    shown = lines(ann, job_id)
    assert [line["spoken"] for line in shown["lines"]] == [
        before[0]["spoken"],
        "",
        before[2]["spoken"],
    ]
    assert heard(ann, job_id, "2", {}).status_code == 400
    assert change(ann, job_id, {"2": {"removed": None}}).json()["edited"] == 1
    render(ann, job_id)
    assert lines(ann, job_id)["lines"] == before


def test_something_is_said_where_nobody_spoke(ann: ApiUser, job_id: UUID) -> None:
    before = lines(ann, job_id)["lines"]
    end_ms = before[-1]["source_end_ms"]
    new = {"text": "  So it  is. ", "start_ms": end_ms + 200, "end_ms": end_ms + 900}
    after = cut(ann, job_id, "", new)["lines"]
    assert (after[-1]["text"], after[-1]["source"]) == ("So it is.", "")
    assert heard(ann, job_id, "4", {}).json()["text"] == "So it is."
    rendered = made(render(ann, job_id))
    assert rendered[-1]["target"] == "So it is."
    assert rendered[-1]["source_start_ms"] == end_ms + 200
    for refused in (
        asked(ann, job_id, "", new | {"end_ms": end_ms + 210}),
        change(ann, job_id, {"4": {"text": None}}),
    ):
        assert (refused.status_code, refused.json()["error"]) == (400, "bad_field")
    assert asked(ann, job_id, "", new | {"text": " "}).status_code == 400


def test_what_was_misheard_is_translated_anew(ann: ApiUser, job_id: UUID) -> None:
    before = lines(ann, job_id)["lines"]
    reply = change(ann, job_id, {"2": {"source": "This is a long talk."}}).json()
    second = reply["lines"][1]
    assert (second["state"], second["source"]) == ("stale", "This is a long talk.")
    assert second["text"] == before[1]["text"]
    assert heard(ann, job_id, "2", {}).json()["text"] == "pt:This is a long talk."
    rendered = made(render(ann, job_id))
    assert [line["target"] for line in rendered] == [
        before[0]["spoken"],
        "pt:This is a long talk.",
        before[2]["spoken"],
    ]
    assert rendered[1]["source"] == "This is a long talk."
    now = lines(ann, job_id)["lines"][1]
    assert (now["state"], now["text"]) == ("fresh", "pt:This is a long talk.")
    assert (
        change(ann, job_id, {"2": {"source": None}}).json()["lines"][1]["text"]
        == (before[1]["spoken"])
    )


def test_whoever_watches_the_job_is_told_of_changed_lines(ann: ApiUser, job_id: UUID) -> None:
    change(ann, job_id, {"1": {"text": "Something else."}})
    ((data,),) = ann.harness.rows(
        "select data from ytdubber.job_events where job_id = :id and kind = 'lines'", id=job_id
    )
    assert data == {"language": "pt", "version": 1}

"""Lines of a finished dub changed by its user, as the service makes them anew."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx
import pytest
import soundfile as sf
from tests.integration.api.api_user import ApiUser, api_user
from tests.plain_http import NO_TLS


def lines(ann: ApiUser, job_id: UUID, language: str = "pt") -> Any:
    reply = ann.http.get(f"/api/jobs/{job_id}/languages/{language}/lines")
    assert reply.status_code == 200, reply.text
    assert reply.headers["ETag"] == f'"{reply.json()["version"]}"'
    return reply.json()


def change(
    ann: ApiUser, job_id: UUID, edits: dict[str, Any], version: int | None = None
) -> httpx.Response:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return ann.http.patch(
        f"/api/jobs/{job_id}/languages/pt/lines", json={"lines": edits}, headers=headers
    )


def render(ann: ApiUser, job_id: UUID) -> Any:
    reply = ann.http.post(f"/api/jobs/{job_id}/languages/pt/render")
    assert reply.status_code == 202, reply.text
    ann.harness.hands.dub(job_id)
    return ann.job(job_id)


def revisions(ann: ApiUser, job_id: UUID) -> Any:
    reply = ann.http.get(f"/api/jobs/{job_id}/languages/pt/revisions")
    assert reply.status_code == 200, reply.text
    return reply.json()


def hashes(job: Any) -> dict[str, str]:
    return {file["path"]: file["sha256"] for file in job["files"]}


def fetched(job: Any, path: str) -> bytes:
    (url,) = (file["url"] for file in job["files"] if file["path"] == path)
    return httpx.get(url, verify=NO_TLS).content


@pytest.fixture
def job_id(ann: ApiUser) -> UUID:
    return ann.dubbed("pt", "es", editable=True)


def test_a_line_is_changed_and_only_that_language_is_made_anew(ann: ApiUser, job_id: UUID) -> None:
    before, job = lines(ann, job_id), ann.job(job_id)
    assert (before["version"], before["revision"], before["editable"]) == (0, 1, True)
    assert [line["number"] for line in before["lines"]] == [1, 2, 3]
    second = before["lines"][1]["id"]
    reply = change(ann, job_id, {second: {"text": "  Something  else. "}})
    assert reply.status_code == 200, reply.text
    after = reply.json()
    assert (after["version"], after["edited"]) == (1, 1)
    assert after["lines"][1]["text"] == "Something else."
    assert after["lines"][1]["spoken"] == before["lines"][1]["spoken"]
    assert hashes(ann.job(job_id)) == hashes(job)

    made = render(ann, job_id)
    assert made["stage"] == "complete"
    pt, es = made["languages"]
    assert (pt["revision"], pt["rendering"], es["revision"]) == (2, None, 1)
    texts = [
        each["target"] for each in json.loads(fetched(made, "pt/translation.json"))["utterances"]
    ]
    expected = [line["spoken"] for line in before["lines"]]
    expected[1] = "Something else."
    assert texts == expected
    assert "Something else." in fetched(made, "pt/captions.srt").decode()
    manifest = json.loads(fetched(made, "manifest.json"))
    told = {file["path"]: file["sha256"] for file in manifest["languages"]["pt"]["files"]}
    assert told.items() <= hashes(made).items()
    same = {path for path, sha256 in hashes(job).items() if hashes(made)[path] == sha256}
    assert {path for path in hashes(job) if path.startswith("es/")} <= same
    now = lines(ann, job_id)
    assert (now["revision"], now["edited"], now["version"]) == (2, 0, 1)


def test_an_earlier_version_comes_back_bit_for_bit(ann: ApiUser, job_id: UUID) -> None:
    first = hashes(ann.job(job_id))
    change(ann, job_id, {"1": {"text": "Something else."}})
    second = hashes(render(ann, job_id))
    told = revisions(ann, job_id)
    assert [(each["revision"], each["shown"], each["edited_lines"]) for each in told] == [
        (1, False, 0),
        (2, True, 1),
    ]
    for each, known in zip(told, (first, second), strict=True):
        for file in each["files"]:
            assert file["sha256"] == known[file["path"]]
            assert httpx.get(file["url"], verify=NO_TLS).status_code == 200
    reply = ann.http.post(f"/api/jobs/{job_id}/languages/pt/revisions/1/restore")
    assert reply.status_code == 202
    ann.harness.hands.dub(job_id)
    job = ann.job(job_id)
    pt = {path: sha256 for path, sha256 in first.items() if path.startswith("pt/")}
    assert pt.items() <= hashes(job).items()
    assert lines(ann, job_id)["lines"][0]["edit"]["text"] is None
    assert [each["shown"] for each in revisions(ann, job_id)] == [True, False]
    change(ann, job_id, {"2": {"text": "A third way."}})
    assert render(ann, job_id)["languages"][0]["revision"] == 3


def test_a_line_is_moved_made_louder_and_hurried(ann: ApiUser, job_id: UUID) -> None:
    before = lines(ann, job_id)["lines"]
    edit = {"shift_ms": 150, "gain_db": -6.0, "speed": 1.25}
    assert change(ann, job_id, {"3": edit}).status_code == 200
    render(ann, job_id)
    after = lines(ann, job_id)["lines"]
    assert after[2]["dub_start_ms"] == before[2]["source_start_ms"] + 150
    assert after[2]["rate"] >= 1.24
    assert after[2]["edit"].items() >= edit.items()
    assert [each["spoken"] for each in after] == [each["spoken"] for each in before]
    reply = change(ann, job_id, {"3": dict.fromkeys(edit)})
    assert reply.json()["edited"] == 1
    assert render(ann, job_id)["languages"][0]["revision"] == 3
    assert lines(ann, job_id)["lines"] == before


def test_a_line_has_another_voice(ann: ApiUser, job_id: UUID) -> None:
    reply = change(ann, job_id, {"2": {"voice": "nobody"}})
    assert (reply.status_code, reply.json()["error"]) == (400, "unknown_voice")
    languages = ann.http.get("/api/languages").json()
    (voices,) = (each["voices"] for each in languages if each["code"] == "pt")
    other = voices[-1]["id"]
    assert change(ann, job_id, {"2": {"voice": other}}).status_code == 200
    render(ann, job_id)
    assert lines(ann, job_id)["lines"][1]["edit"]["voice"] == other


def test_two_who_change_the_same_lines_are_told(ann: ApiUser, job_id: UUID) -> None:
    assert change(ann, job_id, {"1": {"text": "Mine."}}, 0).status_code == 200
    reply = change(ann, job_id, {"2": {"text": "Theirs."}}, 0)
    assert (reply.status_code, reply.json()["error"]) == (409, "lines_changed")
    assert reply.json()["details"] == {"expected": "0", "actual": "1"}
    stale = ann.http.post(f"/api/jobs/{job_id}/languages/pt/render", headers={"If-Match": '"0"'})
    assert stale.status_code == 409
    assert [line["edited"] for line in lines(ann, job_id)["lines"]] == [True, False, False]


def test_nothing_is_changed_while_a_version_is_made(ann: ApiUser, job_id: UUID) -> None:
    path = f"/api/jobs/{job_id}/languages/pt"
    reply = ann.http.post(f"{path}/render")
    assert (reply.status_code, reply.json()["error"]) == (409, "nothing_to_render")
    change(ann, job_id, {"1": {"text": "Something else."}})
    files = hashes(ann.job(job_id))
    assert ann.http.post(f"{path}/render").status_code == 202
    assert lines(ann, job_id)["rendering"] == 2
    for refused in (
        change(ann, job_id, {"1": {"text": "Other."}}),
        ann.http.post(f"{path}/render"),
    ):
        assert (refused.status_code, refused.json()["error"]) == (409, "render_under_way")
    assert hashes(ann.job(job_id)) == files
    ann.http.post(f"/api/jobs/{job_id}/cancel")
    ann.harness.hands.dub(job_id)
    job = ann.job(job_id)
    assert (job["stage"], hashes(job).keys()) == ("complete", files.keys())
    assert job["languages"][0]["revision"] == 1
    assert revisions(ann, job_id)[1]["error"] == "It was cancelled."
    assert render(ann, job_id)["languages"][0]["revision"] == 3


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"9": {"text": "x"}}, "9: there is no such line in pt"),
        ({"1": {"text": " "}}, "text"),
        ({"1": {"speed": 3.0}}, "speed"),
        ({"1": {"shift_ms": 99_999}}, "shift"),
        ({}, "lines"),
    ],
)
def test_what_no_line_can_be_is_refused(
    ann: ApiUser, dubbed_once: UUID, edits: Any, said: str
) -> None:
    reply = change(ann, dubbed_once, edits)
    assert reply.status_code == (404 if "9" in edits else 400)
    assert said in reply.json()["message"].lower()


@pytest.fixture
def dubbed_once(ann: ApiUser) -> UUID:
    return ann.dubbed("pt", editable=True)


def test_lines_of_a_dub_that_was_not_kept_are_only_shown(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt")
    assert ann.job(job_id)["editable"] is False
    assert lines(ann, job_id)["editable"] is False
    reply = change(ann, job_id, {"1": {"text": "Something else."}})
    assert (reply.status_code, reply.json()["error"]) == (409, "lines_not_kept")


def test_lines_are_their_users_alone(ann: ApiUser, dubbed_once: UUID) -> None:
    with api_user(ann.harness, email="eve@example.org") as eve:
        path = f"/api/jobs/{dubbed_once}/languages/pt"
        assert eve.http.get(f"{path}/lines").status_code == 404
        assert eve.http.get(f"{path}/revisions").status_code == 404
        assert change(eve, dubbed_once, {"1": {"text": "x"}}).status_code == 404
        assert eve.http.post(f"{path}/render").status_code == 404
        assert eve.http.post(f"{path}/revisions/1/restore").status_code == 404


def test_a_language_that_is_not_complete_has_no_lines(ann: ApiUser) -> None:
    job_id = ann.queued("pt", editable=True)
    for language in ("pt", "es"):
        reply = ann.http.get(f"/api/jobs/{job_id}/languages/{language}/lines")
        assert (reply.status_code, reply.json()["error"]) == (409, "language_not_complete")


def test_the_recording_goes_with_the_files(ann: ApiUser, dubbed_once: UUID) -> None:
    media = ann.harness.backend.media
    harness = ann.harness
    change(ann, dubbed_once, {"1": {"text": "Something secret."}})
    render(ann, dubbed_once)
    harness.rows(
        "update ytdubber.dubbing_jobs set expires_at = now() where id = :id", id=dubbed_once
    )
    harness.hands.purge()
    assert list(media.keys(f"{dubbed_once}/")) == []
    left = harness.rows(
        "select (select count(*) from ytdubber.edited_lines as e join ytdubber.language_tasks as t"
        " on t.id = e.task_id where t.job_id = :id), (select count(*) from ytdubber.revisions as r"
        " join ytdubber.language_tasks as t on t.id = r.task_id where t.job_id = :id)",
        id=dubbed_once,
    )
    assert left == [(0, 0)]


def heard(ann: ApiUser, job_id: UUID, line: str, change: dict[str, Any]) -> httpx.Response:
    """The answer to whoever wants to hear a line, once a worker has spoken it."""
    path = f"/api/jobs/{job_id}/languages/pt/lines/{line}/preview"
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ann.http.post, path, json={"change": change})
        while not asked.done():
            ann.harness.hands.speak_lines()
        return asked.result()


def test_a_line_is_heard_before_the_dub_is_made_anew(ann: ApiUser, job_id: UUID) -> None:
    before = lines(ann, job_id)
    second = before["lines"][1]
    reply = heard(ann, job_id, "2", {"text": "Something else."})
    assert reply.status_code == 200, reply.text
    made = reply.json()
    assert (made["line"], made["text"]) == (second["id"], "Something else.")
    sound = httpx.get(made["url"], verify=NO_TLS)
    assert sound.headers["content-type"] == "audio/wav"
    with sf.SoundFile(io.BytesIO(sound.content)) as file:
        assert abs(file.frames * 1000 / file.samplerate - made["spoken_ms"]) <= 1
    assert lines(ann, job_id) == before
    change(ann, job_id, {"2": {"text": "Something else."}})
    render(ann, job_id)
    after = lines(ann, job_id)["lines"][1]
    for name, there in (("natural_ms",) * 2, ("start_ms", "dub_start_ms"), ("rate",) * 2):
        assert made[name] == after[there], name
    hurried = heard(ann, job_id, second["id"], {"speed": 1.4, "text": None}).json()
    assert hurried["text"] == second["spoken"]
    assert hurried["rate"] >= 1.39
    assert hurried["spoken_ms"] < hurried["natural_ms"]


def test_a_line_that_is_kept_is_heard_as_it_is_to_be(ann: ApiUser, job_id: UUID) -> None:
    change(ann, job_id, {"1": {"text": "Kept."}})
    assert heard(ann, job_id, "1", {}).json()["text"] == "Kept."
    made = heard(ann, job_id, "1", {"text": None}).json()
    assert made["text"] == lines(ann, job_id)["lines"][0]["translated"]


def test_a_line_that_nobody_can_hear_is_told_why(ann: ApiUser, job_id: UUID) -> None:
    path = f"/api/jobs/{job_id}/languages/pt/lines"
    assert ann.http.post(f"{path}/9/preview", json={}).status_code == 404
    reply = ann.http.post(f"{path}/1/preview", json={"change": {"voice": "nobody"}})
    assert (reply.status_code, reply.json()["error"]) == (400, "unknown_voice")
    reply = ann.http.post(f"{path}/1/preview", json={"change": {"speed": 9.0}})
    assert reply.status_code == 400
    with api_user(ann.harness, email="eve@example.org") as eve:
        assert eve.http.post(f"{path}/1/preview", json={}).status_code == 404
    again = ann.dubbed("pt")
    refused = ann.http.post(f"/api/jobs/{again}/languages/pt/lines/1/preview", json={})
    assert (refused.status_code, refused.json()["error"]) == (409, "lines_not_kept")

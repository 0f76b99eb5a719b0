"""What administrators see of the service, and how they have dead letters done again."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.hole import hole
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness, api, as_login
from tests.plain_http import NO_TLS
from tests.waiting import until

from ytdubber.bootstrap.backend import API_LOGIN, Urls

STATUS, REPLAY = "/api/admin/status", "/api/admin/dead-letters/replay"
TITLE = "Grandma's secret recipe"


@pytest.fixture
def admin(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness, email="root@example.org", admin=True) as admin:
        yield admin


def letter(harness: ApiHarness, job_id: UUID, ago: str = "1 minute") -> UUID:
    """A language of a job that was given up."""
    ids = {"id": uuid4(), "job": job_id, "ago": ago}
    harness.rows(
        "update ytdubber.language_tasks set stage = 'failed', error_code = 'vendor_error',"
        " error_message = 'no' where job_id = :job",
        **ids,
    )
    harness.rows("update ytdubber.dubbing_jobs set stage = 'failed' where id = :job", **ids)
    harness.rows(
        "insert into ytdubber.dead_letters (id, actor, row_id, job_id, attempts, traceback,"
        " failed_at) select :id, 'dub', t.id, t.job_id, 3,"
        " E'Traceback (most recent call last):\\nRuntimeError: ' || j.title,"
        " now() - cast(:ago as interval) from ytdubber.language_tasks as t"
        " join ytdubber.dubbing_jobs as j on j.id = t.job_id where t.job_id = :job",
        **ids,
    )
    return UUID(str(ids["id"]))


def stage(harness: ApiHarness, job_id: UUID) -> object:
    """Of its one language."""
    ((found,),) = harness.rows(
        "select stage from ytdubber.language_tasks where job_id = :id", id=job_id
    )
    return found


@pytest.mark.parametrize(("method", "path"), [("GET", STATUS), ("POST", REPLAY)])
def test_it_is_for_administrators_alone(ann: ApiUser, method: str, path: str) -> None:
    given: dict[str, Any] = {} if method == "GET" else {"json": {"all": True}}
    refused = ann.http.request(method, path, **given)
    assert (refused.status_code, refused.json()["error"]) == (403, "forbidden")
    assert set(refused.json()) == {"error", "message", "request_id"}
    assert ann.anonymous.request(method, path, **given).status_code == 401


def test_an_administrator_sees_what_waits_without_what_users_wrote(
    harness: ApiHarness, ann: ApiUser, admin: ApiUser
) -> None:
    waiting, dead = ann.queued("pt"), ann.queued("es")
    harness.rows(
        "update ytdubber.dubbing_jobs set title = :title where user_id = :ann",
        title=TITLE,
        ann=ann.id,
    )
    given_up = letter(harness, dead)

    def seen() -> bool:  # also when somebody else looked just now
        return str(given_up) in admin.http.get(STATUS).text

    until(seen)
    reply = admin.http.get(STATUS)
    assert reply.status_code == 200
    status = reply.json()
    pieces = {piece["job_id"]: piece for piece in status["service"]["waiting"]}
    assert pieces[str(waiting)]["user_id"] == str(ann.id)
    letters = {each["id"]: each for each in status["service"]["dead_letters"]["newest"]}
    found = letters[str(given_up)]
    assert (found["job_id"], found["error"]) == (str(dead), "RuntimeError")
    assert {part["name"] for part in status["parts"]} == {
        "database",
        "migrations",
        "storage",
        "queue",
    }
    for text in (TITLE, "recipe", "talk.wav", "someone@example.org"):
        assert text not in reply.text


def test_dead_letters_are_replayed_by_id_and_refused_with_a_reason(
    harness: ApiHarness, ann: ApiUser, admin: ApiUser
) -> None:
    good, gone = ann.queued("pt"), ann.queued("pt")
    letters = [letter(harness, good), letter(harness, gone), uuid4()]
    assert ann.http.delete(f"/api/jobs/{gone}").status_code == 204
    asked = {"ids": [str(each) for each in letters]}
    done = admin.http.post(REPLAY, json=asked).json()
    assert done["replayed"] == [str(letters[0])]
    assert [(each["id"], each["error"]) for each in done["refused"]] == [
        (str(letters[1]), "not_replayable"),
        (str(letters[2]), "dead_letter_not_found"),
    ]
    assert "its user deleted the job" in done["refused"][0]["message"]
    assert done["following"] is None
    assert stage(harness, good) == "queued"
    again = admin.http.post(REPLAY, json=asked).json()
    assert again["replayed"] == []


def test_dead_letters_are_replayed_since_a_time_and_all(
    harness: ApiHarness, ann: ApiUser, admin: ApiUser
) -> None:
    harness.rows("delete from ytdubber.dead_letters")
    old, new = ann.queued("pt"), ann.queued("pt")
    letter(harness, old, "3 hours")
    fresh = letter(harness, new)
    ((since,),) = harness.rows("select now() - interval '1 hour'")
    done = admin.http.post(REPLAY, json={"since": since.isoformat()})  # type: ignore[attr-defined]  # a datetime
    assert done.json()["replayed"] == [str(fresh)]
    assert (stage(harness, old), stage(harness, new)) == ("failed", "queued")
    assert len(admin.http.post(REPLAY, json={"all": True}).json()["replayed"]) == 1
    assert stage(harness, old) == "queued"
    assert admin.http.post(REPLAY, json={"all": True}).json() == {
        "replayed": [],
        "refused": [],
        "following": None,
    }


def test_more_than_two_hundred_are_replayed_in_turns(
    harness: ApiHarness, ann: ApiUser, admin: ApiUser
) -> None:
    harness.rows("delete from ytdubber.dead_letters")
    job_id = ann.queued("pt")
    letter(harness, job_id)
    harness.rows(
        "insert into ytdubber.dead_letters (id, actor, row_id, job_id, attempts, traceback,"
        " failed_at) select gen_random_uuid(), actor, row_id, job_id, attempts, traceback,"
        " failed_at - n * interval '1 minute' from ytdubber.dead_letters,"
        " generate_series(1, 204) as n"
    )
    first = admin.http.post(REPLAY, json={"all": True}).json()
    assert (len(first["replayed"]), len(first["refused"])) == (1, 199)  # the same row each time
    rest = admin.http.post(REPLAY, json={"since": first["following"]}).json()
    assert (len(rest["refused"]), rest["following"]) == (5, None)
    assert len(admin.http.get(STATUS).json()["service"]["dead_letters"]["newest"]) == 50
    harness.rows("delete from ytdubber.dead_letters")


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"ids": [], "all": True},
        {"all": True, "since": "2026-11-29T12:00:00Z"},
        {"since": "2026-11-29T12:00:00"},  # of no zone
        {"since": 5},
        {"ids": ["x"]},
        {"all": "yes"},
    ],
)
def test_what_is_not_one_choice_is_refused(admin: ApiUser, wanted: dict[str, object]) -> None:
    refused = admin.http.post(REPLAY, json=wanted)
    assert refused.status_code == 400, refused.text
    assert refused.json()["error"] in ("bad_field", "invalid_request")


@pytest.mark.timeout(120)
def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    with ExitStack() as stack:
        ways = []

        def by_way_of(urls: Urls) -> Urls:
            ways.append(stack.enter_context(hole(urls.owner)))
            return Urls(ways[0].url, as_login(ways[0].url, API_LOGIN))

        with api(tmp_path, by_way_of=by_way_of) as harness:
            headers = {"Authorization": f"Bearer {harness.token(uuid4(), 'a@b.c', admin=True)}"}
            with httpx.Client(
                base_url=harness.url, headers=headers, verify=NO_TLS, timeout=60
            ) as client:
                ways[0].swallow()
                status = client.get(STATUS).json()
                ways[0].close()
    assert status["service"] is None
    assert [each["name"] for each in status["conditions"]] == ["DatabaseAway"]
    (database,) = [part for part in status["parts"] if part["name"] == "database"]
    assert database["fault"].startswith("The database does not answer")
    assert database["since"] == status["at"]

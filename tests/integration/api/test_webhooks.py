"""Users' programs are told what happens to their jobs: signed, in order, until they take it."""

import hashlib
import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.integration.alerts.receiving import Hook, hook
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness, api

from ytdubber.adapters.db.users.users import jobs_of
from ytdubber.adapters.db.users.webhooks import SqlDeliveries
from ytdubber.adapters.webhooks.sender import HttpWebhookSender
from ytdubber.app.jobs.end_job import EndJob
from ytdubber.app.operations.send_webhooks import KEPT, SendWebhooks
from ytdubber.app.users.forget_user import ForgetUser
from ytdubber.app.users.webhooks import MOST
from ytdubber.bootstrap.worker import worker_process

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"
HOUR_S = 3600


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    """A service that only its owner uses: webhooks may lead to this machine."""
    with api(tmp_path_factory.mktemp("hooks"), webhook_private_addresses=True) as harness:
        yield harness


@pytest.fixture
def ann(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as ann:
        yield ann
        harness.rows("delete from ytdubber.webhooks")


@pytest.fixture
def received() -> Iterator[Hook]:
    with hook() as received:
        yield received


@pytest.fixture
def send(harness: ApiHarness) -> SendWebhooks:
    sender = HttpWebhookSender(private=True, answer_s=2.0)
    return SendWebhooks(SqlDeliveries(harness.backend.engine), sender, harness.clock)


def add(ann: ApiUser, received: Hook) -> Any:
    reply = ann.http.post("/api/webhooks", json={"url": received.url})
    assert reply.status_code == 201, reply.text
    return reply.json()


def shown(ann: ApiUser) -> Any:
    (webhook,) = ann.http.get("/api/webhooks").json()
    return webhook


def told(received: Hook) -> list[Any]:
    return [json.loads(body) for _, body in received.requests]


def signed_by(secret: str, headers: dict[str, str], body: bytes) -> bool:
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(b64decode(secret.removeprefix("whsec_")), text, hashlib.sha256).digest()
    return headers["webhook-signature"] == "v1," + b64encode(digest).decode()


def failed(ann: ApiUser) -> UUID:
    """A job whose language failed."""
    job_id = ann.queued("pt", background=False)
    ann.harness.rows(
        "update ytdubber.language_tasks set stage = 'failed' where job_id = :id", id=job_id
    )
    ann.harness.hands.dub(job_id)
    return job_id


def cancelled(ann: ApiUser) -> UUID:
    job_id = ann.queued("pt", background=False)
    assert ann.http.post(f"/api/jobs/{job_id}/cancel").status_code == 200
    ann.harness.hands.dub(job_id)
    return job_id


@contextmanager
def hours_later(harness: ApiHarness, hours: float) -> Iterator[None]:
    with harness.clock.later(hours=hours):
        yield


def test_a_job_names_the_endpoints_that_are_told_of_it(
    ann: ApiUser, bob: ApiUser, received: Hook, send: SendWebhooks
) -> None:
    with hook() as other:
        first, second = add(ann, received), add(ann, other)
        job_id = ann.dubbed("pt", background=False, webhooks=[second["id"]])
        assert send() == 2
        assert received.requests == []
        assert [each["data"]["job_id"] for each in told(other)] == [str(job_id)] * 2
        ann.dubbed("pt", background=False, webhooks=[])
        assert send() == 0
        ann.dubbed("pt", background=False)
        assert send() == 4
        assert len(received.requests) == 2
    assert ann.http.delete(f"/api/webhooks/{second['id']}").status_code == 204
    theirs = {"webhooks": [first["id"]], "languages": ["pt"], "voice_track_name": "talk.wav"}
    for who, ids in ((bob, [first["id"]]), (ann, [first["id"], second["id"]])):
        reply = who.http.post("/api/jobs/upload-urls", json=theirs | {"webhooks": ids})
        assert (reply.status_code, reply.json()["error"]) == (404, "webhook_not_found")
    wrong = ann.http.post("/api/jobs/upload-urls", json=theirs | {"webhooks": ["mine"]})
    assert wrong.status_code == 400
    assert wrong.json()["details"][0]["field"] == "webhooks, item 1"


def test_a_jobs_way_is_told_in_order_and_signed(
    ann: ApiUser, received: Hook, send: SendWebhooks
) -> None:
    made = add(ann, received)
    assert made["secret"].startswith("whsec_")
    assert (made["enabled"], made["waiting"], made["last"]) == (True, 0, None)
    job_id = ann.dubbed("pt", "es", background=False)
    assert shown(ann)["waiting"] == 3
    assert "secret" not in shown(ann)
    assert send() == 3
    assert [(each["type"], each["data"]) for each in told(received)] == [
        ("language.complete", {"job_id": str(job_id), "language": "pt", "stage": "complete"}),
        ("language.complete", {"job_id": str(job_id), "language": "es", "stage": "complete"}),
        (
            "job.complete",
            {
                "job_id": str(job_id),
                "stage": "complete",
                "languages": {"pt": "complete", "es": "complete"},
            },
        ),
    ]
    assert all(signed_by(made["secret"], *each) for each in received.requests)
    assert len({headers["webhook-id"] for headers, _ in received.requests}) == 3
    after = shown(ann)
    assert (after["waiting"], after["last"]["status"]) == (0, 200)
    assert send() == 0
    other, third = failed(ann), cancelled(ann)
    assert send() == 2
    assert [(each["type"], each["data"]["job_id"]) for each in told(received)[3:]] == [
        ("job.failed", str(other)),
        ("job.cancelled", str(third)),
    ]
    assert ann.http.delete(f"/api/webhooks/{made['id']}").status_code == 204
    assert ann.http.delete(f"/api/webhooks/{made['id']}").status_code == 404
    failed(ann)
    assert send() == 0


def test_an_outage_of_an_hour_costs_nothing_and_changes_no_order(
    ann: ApiUser, received: Hook, send: SendWebhooks
) -> None:
    made = add(ann, received)
    job_id = ann.dubbed("pt", background=False)
    received.status = 503
    for second in range(0, HOUR_S, 5):
        with ann.harness.clock.later(seconds=second):
            send()
    tries = [headers["webhook-id"] for headers, _ in received.requests]
    assert 8 <= len(tries) <= 12  # at 0, 5, 15, 35, 75 s and so on
    assert len({*tries}) == 1
    assert {each["type"] for each in told(received)} == {"language.complete"}
    assert all(signed_by(made["secret"], *each) for each in received.requests)
    stamps = [int(headers["webhook-timestamp"]) for headers, _ in received.requests]
    assert stamps == sorted({*stamps})
    during = shown(ann)
    assert during["failing_since"]
    assert (during["waiting"], during["last"]["message"]) == (2, "It answered 503.")
    other = failed(ann)
    received.status = 204
    with hours_later(ann.harness, 2):
        assert send() == 3
    came = told(received)[-3:]
    assert [(each["type"], each["data"]["job_id"]) for each in came] == [
        ("language.complete", str(job_id)),
        ("job.complete", str(job_id)),
        ("job.failed", str(other)),
    ]
    assert received.requests[-3][0]["webhook-id"] == tries[0]
    assert (shown(ann)["failing_since"], shown(ann)["waiting"]) == (None, 0)


def test_after_three_days_it_is_switched_off_and_a_test_switches_it_on(
    ann: ApiUser, received: Hook, send: SendWebhooks
) -> None:
    made = add(ann, received)
    failed(ann)
    received.status = 500
    send()
    with hours_later(ann.harness, 47):
        assert send() == 0
        failed(ann)
    assert (shown(ann)["enabled"], shown(ann)["waiting"]) == (True, 2)
    with hours_later(ann.harness, 73):
        assert send() == 0
    off = shown(ann)
    assert (off["enabled"], off["waiting"]) == (False, 0)
    assert off["switched_off_at"] > off["failing_since"]
    failed(ann)
    received.status = 200
    with hours_later(ann.harness, 80):
        assert send() == 0
    assert shown(ann)["waiting"] == 0
    test = ann.http.post(f"/api/webhooks/{made['id']}/test").json()
    assert test == {"taken": True, "status": 200, "message": "It was taken (200)."}
    assert told(received)[-1]["type"] == "webhook.test"
    assert signed_by(made["secret"], *received.requests[-1])
    assert (shown(ann)["enabled"], shown(ann)["failing_since"]) == (True, None)
    failed(ann)
    assert send() == 1
    with hours_later(ann.harness, KEPT.days * 24 + 1):
        assert send.remove_old() == 3


def _hang(received: Hook) -> None:
    received.hangs = True


def _redirect(received: Hook) -> None:
    received.status = 307


def _gone(received: Hook) -> None:
    received.status = 410


@pytest.mark.parametrize(
    ("wrong", "says", "enabled"),
    [
        (_hang, "It did not answer in time.", True),
        (_redirect, "It answered 307: redirects are not followed.", True),
        (_gone, "It wants nothing any more (410).", False),
    ],
)
def test_what_is_no_answer_is_told(
    ann: ApiUser,
    received: Hook,
    send: SendWebhooks,
    wrong: Callable[[Hook], None],
    says: str,
    enabled: bool,
) -> None:
    wrong(received)
    add(ann, received)
    failed(ann)
    assert send() == 0
    received.goes_on.set()
    assert (shown(ann)["last"]["message"], shown(ann)["enabled"]) == (says, enabled)
    assert len(received.requests) <= 1


def test_an_answer_without_end_is_not_read_and_a_broken_endpoint_holds_up_no_other(
    ann: ApiUser, received: Hook, send: SendWebhooks
) -> None:
    received.drips = True
    add(ann, received)
    with hook() as other:
        other.status = 500
        add(ann, other)
        failed(ann)
        assert send() == 1
    received.goes_on.set()
    working, broken = ann.http.get("/api/webhooks").json()
    assert (working["waiting"], broken["waiting"]) == (0, 1)


def test_several_workers_send_each_message_once_and_one_that_died_is_stood_in_for(
    harness: ApiHarness, ann: ApiUser, received: Hook, send: SendWebhooks
) -> None:
    add(ann, received)
    for _ in range(3):
        failed(ann)
    deliveries = SqlDeliveries(harness.backend.engine)
    with ThreadPoolExecutor(4) as pool:
        first = list(pool.map(lambda _: deliveries.due(harness.clock.now(), 8), range(4)))
    assert sorted(map(len, first)) == [0, 0, 0, 1]  # and whoever took it dies
    assert send() == 0
    with harness.clock.later(seconds=61), ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: send(), range(4))) == 3
    assert len({headers["webhook-id"] for headers, _ in received.requests}) == 3
    assert len(received.requests) == 3


def test_webhooks_are_their_users_own(harness: ApiHarness, ann: ApiUser, received: Hook) -> None:
    made = add(ann, received)
    with api_user(harness) as bob:
        assert bob.http.get("/api/webhooks").json() == []
        assert bob.http.delete(f"/api/webhooks/{made['id']}").status_code == 404
        assert bob.http.post(f"/api/webhooks/{made['id']}/test").status_code == 404
        failed(bob)
    assert received.requests == []
    assert shown(ann)["waiting"] == 0
    for _ in range(MOST - 1):
        add(ann, received)
    reply = ann.http.post("/api/webhooks", json={"url": received.url})
    assert (reply.status_code, reply.json()["error"]) == (400, "too_many_webhooks")


def test_a_user_who_is_forgotten_has_none(
    harness: ApiHarness, ann: ApiUser, received: Hook
) -> None:
    add(ann, received)
    failed(ann)
    as_user = harness.backend.database.as_user
    end_job = EndJob(as_user, harness.backend.media, harness.clock)
    ForgetUser(as_user, partial(jobs_of, harness.backend.engine), end_job)(ann.id)
    assert ann.http.get("/api/webhooks").json() == []
    assert (
        harness.rows("select id from ytdubber.webhook_deliveries where user_id = :id", id=ann.id)
        == []
    )


def test_whoever_runs_the_periodic_tasks_sends(
    harness: ApiHarness, ann: ApiUser, received: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ann, received)
    failed(ann)
    settings = harness.backend.settings
    monkeypatch.setenv("YTDUBBER_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", str(settings.database_url))
    monkeypatch.setenv("YTDUBBER_WEBHOOK_PRIVATE_ADDRESSES", "true")
    with worker_process(works=False) as parts:
        assert parts.send_webhooks() == 1
        parts.purge()
    assert [each["type"] for each in told(received)] == ["job.failed"]


def test_what_the_page_verifies_by_takes_ours_and_nothing_else(
    ann: ApiUser, received: Hook
) -> None:
    made = add(ann, received)
    ann.http.post(f"/api/webhooks/{made['id']}/test")
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    known: dict[str, Any] = {}
    exec(block, known)  # noqa: S102 -- the page's own example
    verified = known["verified"]
    ((headers, body),) = received.requests
    assert verified(made["secret"], headers, body)
    assert not verified(made["secret"], headers, body + b" ")
    assert not verified("whsec_" + b64encode(b"x" * 32).decode(), headers, body)
    later = headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}
    assert not verified(made["secret"], later, body)
    known["time"] = type("Later", (), {"time": lambda: int(headers["webhook-timestamp"]) + 301})
    assert not verified(made["secret"], headers, body)

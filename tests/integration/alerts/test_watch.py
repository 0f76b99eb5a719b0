"""An operator is told of what is really so, once when it begins and once when it is over."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest
from tests.hole import hole
from tests.integration.alerts.receiving import Hook, hook, post
from tests.integration.worker.rows import Made, Rows
from tests.log_lines import written
from tests.waiting import eventually

from ytdubber.adapters.db.connection.connections import TimeLimits
from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.app.alerts.watch import WatchAlerts
from ytdubber.bootstrap.alerts import FactsHere, watch_alerts
from ytdubber.bootstrap.backend import backend, database_urls
from ytdubber.domain.alerts import HOLDS, REMIND_AFTER, RULES, Severity
from ytdubber.domain.errors import DatabaseAway
from ytdubber.settings import load_settings, variables
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.testing.vendor_double import KEY, VendorDouble, running

LOOK_S = 60.0
HASTE = TimeLimits(statement_s=1.0, connect_s=2, pool_s=0.5)
SOON = datetime.now(UTC) + timedelta(days=3)
SERVICE_KEY = jwt.encode({"role": "service_role", "exp": SOON.timestamp()}, "x" * 32)


class Watching:
    """Processes that watch, on one clock and one database, and who is told.

    Attributes:
        rows: The database.
        chat: Who is told.
        clock: Tells the time of alerts.
    """

    def __init__(
        self, url: str, folder: Path, patch: pytest.MonkeyPatch, chat: Hook, stack: ExitStack
    ) -> None:
        self.rows = Rows(url)
        self.chat = chat
        self.clock = ManualClock(datetime.now(UTC))
        self._stack, self._patch = stack, patch
        self.set(
            DATABASE_URL=url,
            YTDUBBER_HOME=str(folder / "home"),
            YTDUBBER_MODELS=str(folder),
            YTDUBBER_ALERT_WEBHOOK_URL=chat.url,
        )

    def set(self, **values: str) -> None:
        for name, value in values.items():
            self._patch.setenv(name, value)

    def process(self, **changed: Any) -> WatchAlerts:
        """One more process that watches, by the settings in force."""
        settings = load_settings()
        urls = self._stack.enter_context(database_urls(settings))
        shared = self._stack.enter_context(backend(settings, urls, pool_size=2, limits=HASTE))
        watch = watch_alerts(shared, SqlLine(shared.engine), self.clock)
        assert isinstance(watch, WatchAlerts)
        assert isinstance(watch.facts, FactsHere)
        # This machine's own disks may be full.
        facts = replace(watch.facts, free=changed.get("free") or (lambda: {"data": 0.5}))
        return replace(watch, facts=facts)

    def look(self, *processes: WatchAlerts, for_s: float = 0.0) -> None:
        """Look each minute, for so long after now."""
        for process in processes:
            process()
        for _ in range(round(for_s / LOOK_S)):
            self.clock.sleep(LOOK_S)
            for process in processes:
                process()


@pytest.fixture
def chat() -> Iterator[Hook]:
    with hook() as received:
        yield received


@pytest.fixture
def watching(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Hook
) -> Iterator[Watching]:
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as stack:
        yield Watching(database_url, tmp_path, monkeypatch, chat, stack)


def aged(rows: Rows, job: Made, minutes: int) -> None:
    rows.ask(
        "update ytdubber.dubbing_jobs set submitted_at = now() - make_interval(mins => %s)"
        " where id = %s",
        minutes,
        job.id,
    )


def old_work(rows: Rows) -> None:
    aged(rows, rows.job("pt"), 20)


def worker(rows: Rows) -> None:
    rows.ask(
        "insert into ytdubber.workers (id, lane, threads, beat_at)"
        " values (%s, 'io', 4, now() + interval '30 seconds')",
        uuid4(),
    )


def stuck_work(rows: Rows) -> None:
    old_work(rows)
    worker(rows)


def failed(rows: Rows, code: str = "vendor_error", count: int = 5) -> None:
    for _ in range(count):
        job = rows.job("pt")
        rows.ask(
            "update ytdubber.language_tasks set stage = 'failed', error_code = %s"
            " where job_id = %s",
            code,
            job.id,
        )
        rows.ask("update ytdubber.dubbing_jobs set finished_at = now() where id = %s", job.id)


def given_up(rows: Rows) -> None:
    rows.ask(
        "insert into ytdubber.dead_letters (id, actor, row_id, job_id, attempts, traceback)"
        " values (%s, 'dub', %s, %s, 1, '')",
        uuid4(),
        uuid4(),
        uuid4(),
    )


def kept_too_long(rows: Rows) -> None:
    job = rows.job("pt")
    rows.ask("update ytdubber.language_tasks set stage = 'complete' where job_id = %s", job.id)
    rows.ask(
        "update ytdubber.dubbing_jobs set stage = 'complete', purged_at = now(),"
        " finished_at = now() - interval '50 hours', expires_at = now() - interval '2 hours'"
        " where id = %s",
        job.id,
    )


def waits_for(vendor: str) -> Callable[[Rows], None]:
    def make(rows: Rows) -> None:
        since = datetime.now(UTC) - timedelta(minutes=7)
        waiting = {"vendor": vendor, "since": since.isoformat(), "tries": 3, "unknown": 0}
        job = rows.job("pt", "es")
        rows.ask(
            "update ytdubber.language_tasks set waiting = %s where job_id = %s",
            json.dumps(waiting | {"again_at": since.isoformat()}),
            job.id,
        )

    return make


def calls(*outcomes: tuple[str, str | None, int]) -> Callable[[Rows], None]:
    def make(rows: Rows) -> None:
        job = rows.job("pt")
        for outcome, fault, count in outcomes:
            rows.ask(
                "insert into ytdubber.usage_receipts (id, job_id, user_id, provider, model,"
                " version, operation, outcome, fault, quantities)"
                " select gen_random_uuid(), %s, %s, 'deepgram', 'nova-3', '1', 'transcribe', %s,"
                " %s, '[]' from generate_series(1, %s)",
                job.id,
                job.user_id,
                outcome,
                fault,
                count,
            )

    return make


def spent(rows: Rows) -> None:
    job, receipt_id = rows.job("pt"), uuid4()
    rows.ask(
        "insert into ytdubber.usage_receipts (id, job_id, user_id, provider, model, version,"
        " operation, outcome, quantities, estimate_usd)"
        " values (%s, %s, %s, 'deepgram', 'nova-3', '1', 'transcribe', 'started', '[]', 9)",
        receipt_id,
        job.id,
        job.user_id,
    )


MAKE: dict[str, Callable[[Rows], None]] = {
    "QueueTooOld": old_work,
    "QueueStuck": stuck_work,
    "NoWorker": old_work,
    "LanguagesFail": failed,
    "DeadLetters": given_up,
    "RetentionLate": kept_too_long,
    "VendorAway": waits_for("deepgram"),
    "StorageAway": waits_for("storage"),
    "VendorFails": calls(("succeeded", None, 7), ("failed", "timeout", 3), ("unknown", None, 2)),
    "VendorRefusesTheKey": calls(("failed", "auth", 1)),
    "VendorHasNoCredit": calls(("failed", "quota", 1)),
    "BudgetNearlySpent": spent,
    "BudgetSpent": lambda rows: failed(rows, "budget_exceeded", 1),
    "CredentialExpires": lambda rows: None,
    "ModelGoes": lambda rows: None,
    "DiskFilling": lambda rows: None,
    "DiskFull": lambda rows: None,
}
ELSEWHERE = {"DatabaseAway", "ConnectionsNearlyUsed"}
"""The first is made below; the second would take a hundred connections of every test's server."""
SETTINGS: dict[str, dict[str, str]] = {
    "BudgetNearlySpent": {"YTDUBBER_DAY_BUDGET_USD": "10"},
    "CredentialExpires": {
        "SUPABASE_URL": "https://x.supabase.co",
        "SUPABASE_SERVICE_KEY": SERVICE_KEY,
    },
    "ModelGoes": {"YTDUBBER_OPENAI_MODEL": "gpt-4o-mini", "OPENAI_API_KEY": KEY},
}


def test_every_rule_is_made() -> None:
    assert MAKE.keys() | ELSEWHERE == RULES.keys()


@contextmanager
def made(name: str, watching: Watching) -> Iterator[WatchAlerts]:
    """What a rule is about, and a process that watches; it is over after this."""
    share = {"DiskFilling": 0.05, "DiskFull": 0.01}.get(name, 0.5)
    with ExitStack() as stack:
        if name == "ModelGoes":
            watching.set(YTDUBBER_OPENAI_URL=stack.enter_context(running(VendorDouble())) + "/v1")
            watching.clock = ManualClock(datetime(2027, 1, 1, tzinfo=UTC))
        watching.set(**SETTINGS.get(name, {}))
        process = watching.process(free=lambda: {"data": share})
        MAKE[name](watching.rows)
        if name == "ModelGoes":
            assert isinstance(process.facts, FactsHere)
            ends = process.facts.model_ends
            assert eventually(lambda: bool(ends()))
        yield process
    watching.rows.clear()


@pytest.mark.parametrize("name", MAKE)
def test_it_is_told_after_its_time_and_when_it_is_over(name: str, watching: Watching) -> None:
    rule, chat = RULES[name], watching.chat

    def news() -> list[str]:
        return [news for told, news in chat.news if told == name]

    with made(name, watching) as process:
        if rule.for_s:
            watching.look(process, for_s=rule.for_s - LOOK_S)
            assert news() == []
            watching.clock.sleep(LOOK_S)
        watching.look(process, for_s=3 * LOOK_S)
        assert news() == ["began"]
        kept = watching.rows.ask("select * from ytdubber.outbox where kind = 'alerts'")
    for row in kept:  # `clear` removes all rows, and what was told is no news
        watching.rows.ask(
            "insert into ytdubber.outbox (id, kind, payload, idempotency_key, next_at)"
            " values (%s, %s, %s, %s, null)",
            row["id"],
            row["kind"],
            json.dumps(row["payload"]),
            row["idempotency_key"],
        )
    if name in SETTINGS:
        watching.set(YTDUBBER_OPENAI_URL="", **dict.fromkeys(SETTINGS[name], ""))
    watching.look(watching.process(), for_s=HOLDS.total_seconds() + LOOK_S)
    assert news() == ["began", "over"]
    (began, over) = (each for each in chat.told if each["name"] == name)
    assert began["runbook"] == f"docs/runbooks/{rule.runbook}.md"
    assert began["until"] is None
    assert over["until"] is not None
    assert over["since"] == began["since"]


def test_several_processes_tell_once_and_restarts_tell_nothing_again(watching: Watching) -> None:
    given_up(watching.rows)
    first, second = watching.process(), watching.process()
    watching.look(first, second, for_s=5 * LOOK_S)
    watching.look(watching.process(), for_s=5 * LOOK_S)
    assert watching.chat.news == [("DeadLetters", "began")]


def test_what_goes_on_is_told_again_after_its_time(watching: Watching) -> None:
    waits_for("storage")(watching.rows)
    process = watching.process()
    process()
    for _ in range(2):
        watching.clock.sleep(REMIND_AFTER[Severity.CRITICAL].total_seconds() - LOOK_S)
        process()
        watching.clock.sleep(LOOK_S)
        process()
    news = [news for name, news in watching.chat.news if name == "StorageAway"]
    assert news == ["began", "goes_on", "goes_on"]
    assert len({each["id"] for each in watching.chat.told}) == len(watching.chat.told)


def test_a_dead_receiver_has_one_line_keeps_no_other_and_is_told_all_when_it_is_back(
    watching: Watching,
) -> None:
    with post(None) as mail:
        watching.set(
            YTDUBBER_ALERT_EMAIL="ann@example.org",
            YTDUBBER_ALERT_SMTP_URL=f"smtp+plain://localhost:{mail.port}",
        )
        given_up(watching.rows)
        watching.chat.status = 503
        process = watching.process()
        with written() as lines:
            watching.look(process, for_s=10 * LOOK_S)
            asked = len(watching.chat.requests)
            watching.rows.ask("delete from ytdubber.dead_letters")
            watching.look(process, for_s=5 * LOOK_S)
            watching.chat.status = 200
            watching.chat.requests.clear()
            watching.look(process, for_s=LOOK_S)
        assert asked == 11  # once a look
        assert watching.chat.news == [("DeadLetters", "over")]
        (over,) = watching.chat.told
        assert (over["since"], over["until"]) != (None, None)
        assert [letter["subject"].split(":")[1].strip() for _, _, letter in mail.letters] == [
            "Warning",
            "Over",
        ]
        (away,), (back,) = lines.of("alerts.away"), lines.of("alerts.back")
        assert (away["receiver"], away["level"]) == ("webhook", "warning")
        assert away["reason"] == "reason=it answered 503"
        assert back["receiver"] == "webhook"
        assert "SECRET-OF-THE-HOOK" not in lines.text
        assert "example.org" not in lines.text


def answers(process: WatchAlerts) -> bool:
    """Whether it has the database again."""
    try:
        process.facts()
    except DatabaseAway:
        return False
    return True


def test_a_database_that_is_away_is_told_once_a_machine_and_when_it_is_back(
    watching: Watching, database_url: str
) -> None:
    with hole(database_url) as way:
        watching.set(DATABASE_URL=way.url)
        first, second = watching.process(), watching.process()
        given_up(watching.rows)
        watching.look(first, second)
        assert watching.chat.news == [("DeadLetters", "began")]
        way.swallow()
        way.close()
        watching.look(first, second)
        assert len(watching.chat.news) == 1
        watching.clock.sleep(LOOK_S)
        watching.look(first, second)
        assert watching.chat.news[1:] == [("DatabaseAway", "began")]
        way.forward()
        for each in (first, second):
            assert eventually(partial(answers, each))
        watching.look(first, second, for_s=HOLDS.total_seconds() + LOOK_S)
    assert watching.chat.news[1:] == [("DatabaseAway", "began"), ("DatabaseAway", "over")]
    home = Path(load_settings().data)
    assert not (home / "alerts.json").exists()


def test_nobody_is_told_and_nothing_looked_at_without_a_receiver(watching: Watching) -> None:
    watching.set(YTDUBBER_ALERT_WEBHOOK_URL="")
    given_up(watching.rows)
    watching.look(watching.process(), for_s=5 * LOOK_S)
    assert watching.rows.ask("select from ytdubber.outbox") == []
    assert watching.chat.requests == []

"""The service's state as the database has it, and what becomes of a scrape without one."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine
from tests.hole import hole
from tests.integration.worker.rows import Made, Rows
from tests.waiting import eventually

from ytdubber.adapters.db.connection.connections import TimeLimits
from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.db.status.service_state import STORED_EVERY_S, SqlServiceState
from ytdubber.adapters.prometheus.state import KEPT_S, StateCollector
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.retention import Reason
from ytdubber.ports.service_state import ServiceState

HASTE = TimeLimits(statement_s=1.0, connect_s=2, pool_s=0.5)


@pytest.fixture
def rows(database_url: str) -> Rows:
    return Rows(database_url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url, pool_size=2, name="state")
    yield engine
    engine.dispose()


def look(engine: Engine) -> ServiceState:
    return SqlServiceState(engine, SqlLine(engine))()


def ended(rows: Rows, job: Made, stage: str = "complete", ago: str = "1 hour") -> None:
    rows.ask("update ytdubber.language_tasks set stage = %s where job_id = %s", stage, job.id)
    rows.ask(
        "update ytdubber.dubbing_jobs set stage = %s, finished_at = now() - %s::interval,"
        " expires_at = now() - %s::interval + interval '48 hours' where id = %s",
        stage,
        ago,
        ago,
        job.id,
    )


def test_nothing_is_all_noughts(engine: Engine) -> None:
    state = look(engine)
    assert set(state.lanes) == set(state.crowds) == set(Lane)
    assert state.retention_lag_s == dict.fromkeys(Reason, 0.0)
    assert (state.dead_letters, state.outbox_waiting) == (0, 0)
    assert state.stored_bytes == {"uploads": 0, "results": 0}
    assert state.languages == {} == state.spent_today_usd
    assert 1 <= state.connections <= state.most_connections


def test_who_waits_is_told_by_number_and_share(rows: Rows, engine: Engine) -> None:
    rows.job("pt", "es", "fr")
    rows.job("pt")
    begun = rows.job("de")
    rows.ask(
        "update ytdubber.language_tasks set lease_until = now() + interval '1 minute',"
        " stage = 'dubbing' where job_id = %s",
        begun.id,
    )
    state = look(engine)
    crowd = state.crowds[Lane.IO]
    assert (crowd.users, crowd.largest_share) == (2, 0.75)
    assert state.crowds[Lane.CPU].users == 0
    assert state.lanes[Lane.IO].waiting == 4
    assert state.languages == {"queued": 4, "dubbing": 1}


def test_what_should_be_gone_is_told_by_its_age(rows: Rows, engine: Engine) -> None:
    job = rows.job("pt")
    ended(rows, job, ago="49 hours")
    rows.ask("update ytdubber.dubbing_jobs set purged_at = now() where id = %s", job.id)
    failed = rows.job("pt")
    ended(rows, failed, "failed", ago="25 hours")
    announced = rows.job("pt")
    rows.ask(
        "update ytdubber.dubbing_jobs set stage = 'awaiting_upload', submitted_at = null,"
        " created_at = now() - interval '27 hours' where id = %s",
        announced.id,
    )
    lag_s = look(engine).retention_lag_s
    assert lag_s[Reason.EXPIRED] == pytest.approx(3600, abs=60)
    assert lag_s[Reason.ENDED] == pytest.approx(3600, abs=60)  # its stems may be wanted for a day
    assert lag_s[Reason.NEVER_SUBMITTED] == pytest.approx(3 * 3600, abs=60)
    assert lag_s[Reason.DELETED] == 0


def test_money_of_today_is_told_by_vendor(rows: Rows, engine: Engine) -> None:
    job = rows.job("pt")

    def receipt(outcome: str, estimate_usd: str) -> object:
        receipt_id = uuid4()
        rows.ask(
            "insert into ytdubber.usage_receipts (id, job_id, user_id, provider, model, version,"
            " operation, outcome, quantities, estimate_usd)"
            " values (%s, %s, %s, 'deepgram', 'nova-3', '1', 'transcribe', %s, '[]', %s)",
            receipt_id,
            job.id,
            job.user_id,
            outcome,
            estimate_usd,
        )
        return receipt_id

    for unit, amount_usd, at in (
        ("a", "0.5", "0 hours"),
        ("b", None, "0 hours"),
        ("c", "9", "2 days"),
    ):
        rows.ask(
            "insert into ytdubber.cost_entries (id, receipt_id, job_id, user_id, provider, unit,"
            " quantity, amount_usd, at)"
            " values (%s, %s, %s, %s, 'deepgram', %s, 1, %s, now() - %s::interval)",
            uuid4(),
            receipt("succeeded", "7"),
            job.id,
            job.user_id,
            unit,
            amount_usd,
            at,
        )
    receipt("started", "0.25")
    assert look(engine).spent_today_usd == {"deepgram": Decimal("0.75")}


def test_what_is_kept_is_told_and_added_up_seldom(rows: Rows, engine: Engine) -> None:
    now_s = 0.0
    state = SqlServiceState(engine, SqlLine(engine), clock_s=lambda: now_s)
    job = rows.job("pt")
    put(rows, job, 1_000)
    assert state().stored_bytes == {"uploads": 500, "results": 1_000}
    put(rows, rows.job("pt"), 1_000)
    assert state().stored_bytes == {"uploads": 500, "results": 1_000}
    now_s += STORED_EVERY_S
    assert state().stored_bytes == {"uploads": 1_000, "results": 2_000}
    rows.ask("update ytdubber.artifacts set deleted_at = now() where job_id = %s", job.id)
    rows.ask("update ytdubber.uploads set deleted_at = now() where job_id = %s", job.id)
    now_s += STORED_EVERY_S
    assert state().stored_bytes == {"uploads": 500, "results": 1_000}


def put(rows: Rows, job: Made, count: int) -> None:
    """A file that was made of so many bytes, and one half as large that was brought."""
    rows.ask(
        "insert into ytdubber.artifacts (id, job_id, user_id, path, kind, format, key, bytes,"
        " sha256, mime)"
        " values (%s, %s, %s, 'pt/voice.mp3', 'voice', 'mp3', %s, %s, %s, 'audio/mpeg')",
        uuid4(),
        job.id,
        job.user_id,
        f"{job.id}/out",
        count,
        "0" * 64,
    )
    rows.ask(
        "insert into ytdubber.uploads (id, job_id, user_id, track, key, file_name, bytes)"
        " values (%s, %s, %s, 'voice', %s, 'a.wav', %s)",
        uuid4(),
        job.id,
        job.user_id,
        f"{job.id}/in",
        count // 2,
    )


def test_a_database_that_goes_away_is_told_and_comes_back(database_url: str) -> None:
    now_s = 0.0
    registry = CollectorRegistry()

    def told() -> list[str]:
        nonlocal now_s
        now_s += KEPT_S
        return [family.name for family in registry.collect()]

    with hole(database_url) as way:
        engine = make_engine(way.url, pool_size=1, name="state", limits=HASTE)
        look = SqlServiceState(engine, SqlLine(engine))
        registry.register(StateCollector(look, clock_s=lambda: now_s))
        assert "ytdubber_queue_waiting" in told()
        assert registry.get_sample_value("ytdubber_database_up") == 1
        way.swallow()
        assert told() == ["ytdubber_database_up"]
        assert registry.get_sample_value("ytdubber_database_up") == 0
        way.forward()
        assert eventually(lambda: "ytdubber_queue_waiting" in told())
        engine.dispose()

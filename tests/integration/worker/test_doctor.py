"""What `ytdubber doctor` says of a service."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.integration.vendors.harness import environment
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Rows
from tests.waiting import PATIENCE_S
from typer.testing import CliRunner

from ytdubber.adapters.db.schema import migrate
from ytdubber.cli.main import app
from ytdubber.domain.fair_share import Lane
from ytdubber.testing.serving import in_a_thread
from ytdubber.testing.storage_double import SECRET_KEY, Bucket, StorageDouble
from ytdubber.testing.storage_double.application import application
from ytdubber.testing.vendor_double import KEY, VendorDouble
from ytdubber.testing.vendor_double import running as vendors_running

Examine = Callable[..., dict[str, Any]]


@pytest.fixture
def examine(database_url: str, tmp_path: Path) -> Examine:
    """What `ytdubber doctor --json` finds, by name, of a service whose settings are changed so."""

    def examine(**changes: str) -> dict[str, Any]:
        settings = {
            "DATABASE_URL": database_url,
            "YTDUBBER_HOME": str(tmp_path),
            "YTDUBBER_OFFLINE": "true",
        }
        shown = CliRunner(env=settings | changes).invoke(app, ["doctor", "--json"])
        found = json.loads(shown.stdout)
        bad = any(each["needed"] and not each["ok"] for each in found)
        assert shown.exit_code == bad
        assert all(each["ok"] or each["remedy"] for each in found)
        return {each["what"]: each for each in found}

    return examine


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Callable[..., StorageDouble]]:
    """Nothing is left of what went into a double."""
    made: list[StorageDouble] = []

    def make(**how: Any) -> StorageDouble:
        made.append(StorageDouble(Bucket("media", size_limit=100_000), **how))
        return made[-1]

    yield make
    assert all(not double.bucket.names() for double in made)


class OtherDate:
    """A server whose clock is wrong."""

    def __init__(self, app: ASGIApp, ahead: timedelta) -> None:
        self._app = app
        self._ahead = ahead

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(datetime.now(UTC) + self._ahead, usegmt=True)
                headers = [each for each in message.get("headers", ()) if each[0] != b"date"]
                message["headers"] = [*headers, (b"date", date.encode())]
            await send(message)

        await self._app(scope, receive, told)


def test_a_sound_deployment_is_told_part_by_part(examine: Examine) -> None:
    found = examine()
    parts = ("tables", "files")
    names = [f"service's {part}" for part in ("database", *parts)]
    names += ["row-level security", "database's connections", "database's clock", "queue"]
    assert {name: found[name]["ok"] for name in names} == dict.fromkeys(names, True)
    assert found["service's tables"]["detail"] == f"at revision {migrate.head()}, this version's"
    assert found["queue"]["detail"] == "workers are woken by the database"
    assert "a worker of 8 threads" in found["database's connections"]["detail"]
    assert found["data folder"]["ok"]


def test_what_no_worker_takes_is_told_with_what_to_start(
    examine: Examine, rows: Rows, harness: WorkerHarness, url: str
) -> None:
    def said() -> tuple[bool, str, str]:
        found = examine(DATABASE_URL=url)["service's workers"]
        return found["ok"], found["detail"], found["remedy"]

    harness.workers.beat(uuid4(), {Lane.IO: 2})
    good, detail, _ = said()
    assert (good, detail) == (True, "io: 1 worker, 0 waiting; cpu: no workers, 0 waiting")
    rows.job("pt", "es")
    rows.ask("update ytdubber.language_tasks set lane = 'cpu'")
    good, detail, remedy = said()
    assert (good, detail) == (False, "io: 1 worker, 0 waiting; cpu: no workers, 2 waiting")
    assert "ytdubber worker --queues" in remedy
    harness.workers.beat(uuid4(), {Lane.CPU: 1})
    assert said()[0]


def test_a_database_that_is_not_there_is_told(examine: Examine) -> None:
    found = examine(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    database = found["service's database"]
    assert (database["ok"], database["needed"]) == (False, True)
    assert "refused" in database["detail"]
    assert "service's tables" not in found


@pytest.mark.parametrize(
    ("revision", "needed", "detail", "remedy"),
    [
        ("0012", False, "and this version's is", "ytdubber migrate"),
        ("9999", True, "which only a newer version knows", "Start that version"),
        (None, False, "there are none yet", "ytdubber migrate"),
    ],
)
def test_tables_of_another_version_are_told(
    examine: Examine,
    database_url: str,
    revision: str | None,
    needed: bool,
    detail: str,
    remedy: str,
) -> None:
    rows = Rows(database_url)
    if revision:
        rows.ask("update ytdubber.alembic_version set version_num = %s", revision)
    else:
        rows.ask("drop table ytdubber.alembic_version")
    tables = examine()["service's tables"]
    assert (tables["ok"], tables["needed"]) == (False, needed)
    assert detail in tables["detail"]
    assert remedy in tables["remedy"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            "alter table ytdubber.uploads disable row level security",
            "uploads has no row-level security",
        ),
        (
            "drop policy service on ytdubber.workers",
            "workers has no policy for service_role",
        ),
        (
            "create policy handy on ytdubber.dubbing_jobs for select to authenticated using (true)",
            "the policy handy on dubbing_jobs is not bound to whoever asks",
        ),
    ],
)
def test_a_policy_that_is_missing_or_too_wide_is_told(
    examine: Examine, database_url: str, change: Any, fault: str
) -> None:
    Rows(database_url).ask(change)
    found = examine()["row-level security"]
    assert (found["ok"], found["needed"], found["detail"]) == (False, True, fault)
    assert "docs/security.md" in found["remedy"]


def test_a_broker_that_does_not_answer_is_told(examine: Examine) -> None:
    pytest.importorskip("redis", reason="the broker's client is an extra")
    queue = examine(REDIS_URL="redis://127.0.0.1:1")["queue"]
    assert (queue["ok"], queue["needed"]) == (False, True)
    assert queue["detail"].startswith("REDIS_URL")


def test_a_file_goes_into_the_storage_and_out_by_its_link(
    examine: Examine, stored: Callable[..., StorageDouble]
) -> None:
    with in_a_thread(application(stored()), "storage") as url:
        found = examine(SUPABASE_URL=url, SUPABASE_SERVICE_KEY=SECRET_KEY)
    files = found["service's files"]
    assert files["ok"], files
    assert files["detail"].endswith("a file goes there and back, and a signed link gives it out")
    assert found["storage's clock"]["ok"]


def test_a_storage_that_refuses_the_key_is_told(
    examine: Examine, stored: Callable[..., StorageDouble]
) -> None:
    with in_a_thread(application(stored()), "storage") as url:
        files = examine(SUPABASE_URL=url, SUPABASE_SERVICE_KEY="sb_secret_other")["service's files"]
    assert (files["ok"], files["needed"]) == (False, True)
    assert "SUPABASE_SERVICE_KEY" in files["remedy"]


def test_a_storage_whose_clock_is_wrong_is_told(
    examine: Examine, stored: Callable[..., StorageDouble]
) -> None:
    wrong = OtherDate(application(stored()), timedelta(minutes=3))
    with in_a_thread(wrong, "storage") as url:
        clock = examine(SUPABASE_URL=url, SUPABASE_SERVICE_KEY=SECRET_KEY)["storage's clock"]
    assert (clock["ok"], clock["needed"]) == (False, True)
    assert clock["detail"].endswith("s ahead of this machine's")
    assert "NTP" in clock["remedy"]


@pytest.mark.timeout(PATIENCE_S)
def test_vendors_are_asked_for_what_costs_nothing(examine: Examine, tmp_path: Path) -> None:
    double = VendorDouble()
    with vendors_running(double) as url:
        settings = environment(url, tmp_path)
        found = examine(**settings)
        for vendor in ("deepgram", "elevenlabs", "openai"):
            assert found[vendor]["detail"] == "answers, and knows the key", found[vendor]
        assert sorted(call.route for call in double.calls) == ["models", "projects", "voices"]
        assert not any(call.billed for call in double.calls)
        own = {"YTDUBBER_SPEECH_URL": url, "YTDUBBER_SPEECH_VOICES": "pt=pt-alice"}
        own |= settings | {"YTDUBBER_SPEECH_KEY": KEY}
        assert examine(**own)["openai-compatible"]["ok"]
        other = examine(**own | {"YTDUBBER_SPEECH_KEY": "other"})["openai-compatible"]
        assert "YTDUBBER_SPEECH_KEY" in other["remedy"]
        wrong = examine(**settings | {"OPENAI_API_KEY": "sk-other"})["openai"]
        assert (wrong["ok"], wrong["needed"]) == (False, True)
        assert "OPENAI_API_KEY" in wrong["remedy"]
    away = examine(**settings)["deepgram"]
    assert (away["ok"], away["needed"]) == (False, False)
    assert "try again" in away["remedy"]

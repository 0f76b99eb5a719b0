"""Settings that only what they lead to can tell are wrong: said at the start, by name."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from tests.integration.api.harness import as_login

from ytdubber.adapters.db.coordination.budget import api_connections, worker_connections
from ytdubber.bootstrap.serve import serving
from ytdubber.bootstrap.worker import worker_process, worker_processes
from ytdubber.domain.errors import BadSetting, BadSettings, TooFewConnections

NOBODY = "postgresql://u:sesame@127.0.0.1:9/d"
Started = Callable[[], AbstractContextManager[object]]


@contextmanager
def api() -> Iterator[None]:
    with serving("127.0.0.1", 1, workers=0):
        yield


def refused(monkeypatch: pytest.MonkeyPatch, started: Started, **given: str) -> str:
    """What a person is told who starts it with these settings."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises((BadSetting, BadSettings)) as raised, started():
        pass
    return str(raised.value)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YTDUBBER_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("started", [api, worker_process])
def test_a_database_nobody_answers_at(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    told = refused(monkeypatch, started, DATABASE_URL=NOBODY)
    assert told.startswith("DATABASE_URL: the database cannot be used (")
    assert "refused" in told
    assert "sesame" not in told
    assert "\n" not in told


def test_a_login_the_database_does_not_know(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = as_login(database_url, "nobody_of_that_name")
    told = refused(monkeypatch, api, DATABASE_URL=database_url, YTDUBBER_API_DATABASE_URL=login)
    assert told.startswith("YTDUBBER_API_DATABASE_URL: the database cannot be used (")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104  # it is refused
@pytest.mark.parametrize("supabase", ["", "https://x.supabase.co"])
def test_the_network_is_not_answered_without_an_address(
    host: str, supabase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = refused(monkeypatch, lambda: serving(host, 1, workers=0), SUPABASE_URL=supabase)
    assert told.startswith(f"YTDUBBER_PUBLIC_URL: --host {host} answers the network")


@pytest.mark.parametrize("started", [api, worker_process])
@pytest.mark.parametrize(
    ("book", "why"),
    [
        (b"{", "the price book cannot be read"),
        (b"\xff", "the price book cannot be read"),
        (b'{"version":"1","currency":"EUR","prices":[]}', "in the price book, at its top, field"),
    ],
)
def test_a_price_book_that_cannot_be_read(
    started: Started,
    book: bytes,
    why: str,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "prices.json"
    file.write_bytes(book)
    told = refused(monkeypatch, started, DATABASE_URL=database_url, YTDUBBER_PRICE_BOOK=str(file))
    assert told.startswith("YTDUBBER_PRICE_BOOK: ")
    assert why in told


@pytest.mark.parametrize("workers", [64, 24])
def test_more_workers_than_the_database_has_connections_for(
    workers: int, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    with pytest.raises(TooFewConnections) as raised, serving("127.0.0.1", 1, workers=workers):
        pass
    told = str(raised.value)
    assert told.startswith(f"This with --workers {workers} would need {15 + 8 * workers} ")
    assert "max_connections is 200, 3 are reserved" in told
    assert "--workers" in told


def test_more_processes_than_the_database_has_connections_for(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    with pytest.raises(TooFewConnections) as raised, worker_processes(12, [], 32):
        pass
    assert str(raised.value).startswith("This with 12 processes would need 240 connections")


def test_forty_workers_fit_into_four_hundred_connections() -> None:
    assert 40 * worker_connections(8) + api_connections() + 3 <= 400

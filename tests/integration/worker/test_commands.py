"""`ytdubber dlq` and `ytdubber purge` on a real database and real files."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
import typer
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows
from tests.waiting import eventually
from typer.testing import CliRunner, Result

from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.cli import dlq, purge
from ytdubber.domain.errors import BadInput, NotReplayable


class Commands:
    """The command line against a database."""

    def __init__(self, url: str, home: Path) -> None:
        self._environment = {"DATABASE_URL": url, "YTDUBBER_HOME": str(home)}
        self._app = typer.Typer()
        self._app.add_typer(dlq.app, name="dlq")
        self._app.command("purge")(purge.purge)

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(self._app, words, env=self._environment)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def command(url: str, home: Path) -> Commands:
    return Commands(url, home)


@pytest.fixture
def dead(rows: Rows, worker: WorkerHarness) -> Made:
    """A job that became two dead letters."""
    job = rows.job("unpaid", "unpaid:2")
    rows.wake_tasks(job)
    assert eventually(lambda: rows.letters() == 2 and "queued" not in rows.stages(job).values())
    return job


def test_dead_letters_are_listed_and_shown(dead: Made, command: Commands) -> None:
    letters = json.loads(command("dlq", "list", "--json").stdout)
    assert {letter["row_id"] for letter in letters} == {str(each) for each in dead.tasks.values()}
    listed = command("dlq", "list")
    assert listed.exit_code == 0
    shown = command("dlq", "show", letters[0]["message_id"]).stdout
    assert letters[0]["row_id"] in shown
    assert "Traceback (most recent call last)" in shown


def test_dead_letters_are_replayed_and_discarded(dead: Made, command: Commands, rows: Rows) -> None:
    assert isinstance(command("dlq", "replay").exception, BadInput)
    letters = json.loads(command("dlq", "list", "--json").stdout)
    assert command("dlq", "discard", letters[0]["message_id"]).exit_code == 0
    rows.ask(
        "update ytdubber.language_tasks set language = 'quick' where id = %s", letters[1]["row_id"]
    )
    assert command("dlq", "replay", "--all").exit_code == 0
    assert eventually(lambda: sorted(rows.stages(dead).values()) == ["complete", "failed"])
    assert "no dead letters" in command("dlq", "list").stdout


def test_dead_letters_are_chosen_by_time_and_come_whole_through_a_pipe(
    dead: Made, command: Commands, rows: Rows
) -> None:
    lines = [line.split("\t") for line in command("dlq", "list").stdout.splitlines()]
    assert {line[2] for line in lines} == {str(each) for each in dead.tasks.values()}
    assert all(line[5].endswith("nothing left") for line in lines)
    older, newer = lines[1][0], lines[0][0]
    rows.ask(
        "update ytdubber.dead_letters set failed_at = now() - interval '3 hours' where id = %s",
        older,
    )
    for wrong in (("--since", "soon"), ("--since", "2h", "--all"), ("--since", "2h", newer)):
        assert isinstance(command("dlq", "replay", *wrong).exception, BadInput)
    assert command("dlq", "discard", "--since", "2h").stdout == f"{newer}: discarded\n"
    assert command("dlq", "replay", "--since", "2999-01-01").stdout == ""
    assert (
        command("dlq", "discard", "--since", "2000-01-01T00:00").stdout == f"{older}: discarded\n"
    )


def test_what_cannot_be_replayed_is_said(dead: Made, command: Commands, rows: Rows) -> None:
    rows.ask("update ytdubber.dubbing_jobs set sources_deleted_at = now()")
    every = command("dlq", "replay", "--all")
    assert every.exit_code == 1
    assert every.stdout.count("its recording was removed") == 2
    (first, *_) = json.loads(command("dlq", "list", "--json").stdout)
    one = command("dlq", "replay", first["message_id"])
    assert isinstance(one.exception, NotReplayable)


def test_purge_lists_and_then_removes(rows: Rows, command: Commands, home: Path) -> None:
    job = rows.job("pt")
    rows.ask(
        "update ytdubber.dubbing_jobs set finished_at = now() - interval '3 hours',"
        " forgotten_at = now()"
    )
    rows.ask("update ytdubber.language_tasks set stage = 'failed'")
    store = FolderMediaStore(home / "media", b"s" * 32, "http://localhost", SystemClock())
    key, file = f"{job.id}/{uuid4()}", home / "file"
    file.write_bytes(b"x")
    store.put(key, file, "audio/wav")
    assert command("purge", "--dry-run").stdout == ""
    listed = command("purge", "--dry-run", "--older-than", "2h").stdout
    assert listed == f"job {job.id}: stems and intermediate results, 1 files\n"
    assert store.stat(key)
    assert command("purge", "--older-than", "2h").stdout == "Removed 1 files of 1 jobs.\n"
    assert store.stat(key) is None
    assert isinstance(command("purge", "--older-than", "soon").exception, BadInput)
    file.write_bytes(b"x")
    store.put(key, file, "audio/wav")  # as a link once let it
    assert command("purge").stdout.splitlines()[1:] == ["Removed 1 files that belonged to no job."]
    assert store.stat(key) is None


def test_a_user_is_forgotten_at_once(rows: Rows, command: Commands, home: Path) -> None:
    job = rows.job("pt", "es")
    user = job.user_id
    rows.ask(
        "update ytdubber.users set full_name = 'Ann Other', email = 'ann@example.org',"
        " avatar_url = 'https://x/ann.png', timezone = 'UTC', language_preference = 'pt'"
    )
    store = FolderMediaStore(home / "media", b"s" * 32, "http://localhost", SystemClock())
    key, file = f"{job.id}/{uuid4()}", home / "file"
    file.write_bytes(b"x")
    store.put(key, file, "audio/wav")
    assert command("purge", "--user", str(user), "--dry-run").stdout == (
        f"job {job.id}: everything, 1 files\n"
    )
    assert store.stat(key)
    assert command("purge", "--user", str(user)).stdout == (
        "Removed 1 jobs of the user, and what their profile said.\n"
    )
    assert store.stat(key) is None
    gone = "deleted_at is not null and forgotten_at is not null"
    assert rows.ask("select title from ytdubber.dubbing_jobs where " + gone)[0]["title"] != "A"
    assert set(rows.stages(job).values()) == {"cancelled"}
    (profile,) = rows.ask(
        "select email, full_name, avatar_url, timezone, language_preference from ytdubber.users"
    )
    assert set(profile.values()) == {None}
    again = command("purge", "--user", str(user)).stdout
    assert again == "Removed 0 jobs of the user, and what their profile said.\n"
    unknown = command("purge", "--user", str(uuid4()))
    assert isinstance(unknown.exception, BadInput)
    assert "there is no user" in str(unknown.exception)
    both = command("purge", "--user", str(user), "--older-than", "2h")
    assert isinstance(both.exception, BadInput)

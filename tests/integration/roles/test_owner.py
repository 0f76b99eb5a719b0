"""One owner of a home's database, which everybody joins and which outlives any of them."""

import os
import signal
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest
from tests.integration.roles.home import Home, home
from tests.waiting import PATIENCE_S, eventually

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the owner is found in /proc"),
    pytest.mark.xdist_group("roles"),
]


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with home(tmp_path_factory.mktemp("r")) as made:
        yield made


LEASES = "select lease_owner::text, lease_until from ytdubber.dubbing_jobs"


def hold(made: Home, owner: str) -> None:
    """A job that a worker has in hand."""
    made.ask("insert into ytdubber.users (id) values (gen_random_uuid())")
    made.ask(
        "insert into ytdubber.dubbing_jobs (id, user_id, title, target_languages, stage,"
        " has_background, submitted_at, deadline_at, lease_owner, lease_until, attempts)"
        " select gen_random_uuid(), id, 'A', '{pt}', 'stt', false, now(), now() + interval '1 day',"
        " %s, now() + interval '1 hour', 1 from ytdubber.users",
        owner,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_that_came_first_takes_nothing_along(made: Home, number: int) -> None:
    worker = made.worker()
    serve = made.serve()
    assert eventually(lambda: serve.status() == 200)
    worker.end(number)
    assert eventually(lambda: serve.status() == 200)
    assert not eventually(lambda: serve.status() != 200, within_s=1.5, every_s=0.2)


def test_a_second_service_on_a_home_is_refused_and_frees_nothing(made: Home) -> None:
    serve = made.serve()
    assert eventually(lambda: serve.status() == 200)
    made.worker()
    hold(made, str(uuid4()))
    before = made.ask(LEASES)
    second = made.serve()
    assert second.process.wait(PATIENCE_S) == 2
    told = made.log.read_text()
    assert f"{made.folder}: a service runs here already (process {serve.process.pid} of " in told
    assert serve.url in told
    assert "YTDUBBER_HOME" in told
    assert made.ask(LEASES) == before
    assert serve.status() == 200
    assert serve.end(signal.SIGTERM) == 0
    again = made.serve()
    assert eventually(lambda: again.status() == 200)
    assert made.ask(LEASES) == before


def test_a_killed_owner_is_followed_by_another(made: Home) -> None:
    serve = made.serve()
    worker = made.worker()
    assert eventually(lambda: serve.status() == 200)
    owner = made.owner_pid()
    os.kill(owner, signal.SIGTERM)  # what a service manager sends to everybody
    assert not eventually(lambda: serve.status() != 200, within_s=1, every_s=0.2)
    os.kill(owner, signal.SIGKILL)
    assert eventually(lambda: made.answers() and made.owner_pid() != owner)
    assert eventually(lambda: serve.status() == 200)
    assert (serve.process.poll(), worker.process.poll()) == (None, None)


def test_it_ends_with_its_last_user(made: Home) -> None:
    serve = made.serve()
    worker = made.worker()
    assert eventually(lambda: serve.status() == 200)
    assert serve.end(signal.SIGTERM) == 0
    assert made.answers()
    assert worker.end(signal.SIGTERM) == 0
    assert made.quiet()


def test_what_a_killed_worker_had_is_free_at_once(made: Home) -> None:
    victim = made.worker()
    (name,) = [each.name for each in (made.folder / "running" / "workers").iterdir()]
    hold(made, name)
    victim.end(signal.SIGKILL)
    made.worker()
    assert eventually(lambda: made.ask(LEASES)[0][0] != name)

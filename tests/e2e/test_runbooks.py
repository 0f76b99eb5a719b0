"""Runbooks are followed on a service to which happened what they are about; so is the API guide."""

import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from tests.e2e.operated import Operated, operated
from tests.e2e.runbook import ROOT, follow, steps
from tests.postgres_server import drop_database, fresh_database
from tests.waiting import until

from ytdubber.testing.vendor_double import KEY
from ytdubber.testing.vendor_double.faults import Fault

pytestmark = pytest.mark.xdist_group("operated")
RUNBOOKS = ROOT / "docs" / "runbooks"
AT_WORK = """
select (select count(*) from ytdubber.dubbing_jobs where lease_until > now())
  + (select count(*) from ytdubber.language_tasks where lease_until > now())
"""
"""What is in somebody's hands, who may still write."""
API_GUIDE = ROOT / "docs" / "api.md"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Operated]:
    with operated(tmp_path, {"speak": 0.5}) as service:
        yield service


def followed(service: Operated, name: str, **before: object) -> None:
    follow(RUNBOOKS / f"{name}.md", service.shell, **before)  # type: ignore[arg-type]


def dubbed(service: Operated, *languages: str) -> UUID:
    """A job that Ann sent, complete."""
    with service.user() as ann:
        job_id = service.send(ann, *languages)
        assert service.ended(ann, job_id) == "complete"
    return job_id


def given_up(service: Operated, *languages: str) -> UUID:
    """A job that Ann sent, of which every language failed."""
    with service.user() as ann:
        job_id = service.send(ann, *languages)
        assert service.ended(ann, job_id) == "failed"
    return job_id


def restarted(service: Operated, name: str, **variables: str) -> None:
    service.variables |= variables
    service.end(name)
    if name == "api":
        service.serve()
    else:
        service.work(name)


def test_incident_response(service: Operated) -> None:
    service.serve()
    service.work()
    dubbed(service, "es")
    followed(service, "incident-response")


def test_vendor_outage(service: Operated) -> None:
    service.serve()
    service.work()
    service.start("maintenance", "maintenance")
    service.weather.faults["speak"] = Fault.retry_after(150)
    with service.user() as ann:
        job_id = service.send(ann, "es", "fr")
        until(lambda: _waiting(service) == 2, service.log)

        def back() -> None:
            service.weather.faults.clear()
            # The time at which it is asked again, as if it were now.
            service.rows("update ytdubber.language_tasks set not_before = now()")
            assert service.ended(ann, job_id) == "complete"

        followed(service, "vendor-outage", back=back)


def _waiting(service: Operated) -> int:
    query = "select count(*) from ytdubber.language_tasks where waiting is not null"
    ((count,),) = service.rows(query)
    return int(count)


def test_stuck_queue(service: Operated) -> None:
    service.serve()
    with service.user() as ann:
        service.send(ann, "es")
    followed(service, "stuck-queue")


def test_dead_letters(service: Operated) -> None:
    service.serve()
    service.work()
    service.weather.faults["speak"] = Fault.status(401)
    given_up(service, "es")
    followed(service, "dead-letters", mended=service.weather.faults.clear)


def test_budget_stop(service: Operated) -> None:
    service.variables["YTDUBBER_JOB_BUDGET_USD"] = "0.002"
    service.serve()
    service.work()
    given_up(service, "es")
    raised = partial(restarted, service, "worker", YTDUBBER_JOB_BUDGET_USD="5")
    followed(service, "budget-stop", raised=raised)


def test_lost_worker(tmp_path: Path) -> None:
    with operated(tmp_path, {"speak": 8.0}) as service:  # it speaks while the page is read
        service.serve()
        service.work()
        service.start("maintenance", "maintenance")
        with service.user() as ann:
            service.send(ann, "es")
            until(lambda: _held(service) == 1, service.log)
        followed(service, "lost-worker")


def _held(service: Operated) -> int:
    query = (
        "select count(*) from ytdubber.language_tasks where lease_until > now()"
        " and stage = 'dubbing'"
    )
    ((count,),) = service.rows(query)
    return int(count)


def test_disk_full(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(home)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a disk of its own wants root")
    try:
        with operated(tmp_path) as service:
            service.serve()
            service.work()
            dubbed(service, "es")
            filling = home / "core"

            def full() -> None:
                filling.write_bytes(bytes(110 * 2**20))

            followed(service, "disk-full", full=full, room=filling.unlink)
    finally:
        subprocess.run(["umount", "--lazy", str(home)], check=True)


def test_retention(service: Operated) -> None:
    service.serve()
    service.work()
    dubbed(service, "es")
    dubbed(service, "fr")
    service.command("purge")  # as maintenance does
    service.rows(
        "update ytdubber.dubbing_jobs set finished_at = now() - interval '49 hours',"
        " expires_at = now() - interval '1 minute' where 'es' = any(target_languages)"
    )
    followed(service, "retention")


def test_data_deletion(service: Operated) -> None:
    service.serve()
    service.work()
    service.start("maintenance", "maintenance")  # removes what is written after a deletion
    jobs = [str(dubbed(service, "es"))]
    media = service.home / "media"

    def stopped() -> None:
        """What was under way has ended, and with it what it still wrote."""
        until(lambda: service.rows(AT_WORK) == [(0,)])
        until(lambda: not [f for f in media.rglob("*") if f.name.startswith(tuple(jobs))])

    with service.user() as ann:
        jobs.append(str(service.send(ann, "fr")))
        followed(service, "data-deletion", gone=stopped)


def test_leaked_key(service: Operated) -> None:
    service.serve()
    service.work()
    dubbed(service, "es")
    secret = "0123456789abcdef" * 4

    def replaced() -> None:
        restarted(service, "api", YTDUBBER_SECRET=secret)

    path = RUNBOOKS / "leaked-key.md"
    shell = service.shell | {"NEW_SECRET": secret}
    follow(path, shell, replaced=replaced)


def test_restore(service: Operated) -> None:
    service.serve()
    service.work()
    dubbed(service, "es")
    spare_url = fresh_database()
    try:

        def restored() -> None:
            service.end("worker")
            restarted(service, "api", DATABASE_URL=spare_url)

        shell = service.shell | {"SPARE_URL": spare_url}
        follow(RUNBOOKS / "restore.md", shell, restored=restored)
    finally:
        for name in [*service.roles]:
            service.end(name)
        drop_database(spare_url)


def test_the_api_guide(service: Operated) -> None:
    service.variables |= {
        "ELEVENLABS_API_KEY": KEY,  # who speaks Portuguese
        "YTDUBBER_ELEVENLABS_URL": service.variables["YTDUBBER_DEEPGRAM_URL"],
        "YTDUBBER_SPEAK": "elevenlabs",
    }
    service.serve()
    service.work()
    follow(API_GUIDE, service.shell, folder=ROOT)


def test_every_runbook_is_followed() -> None:
    pages = {path.stem for path in RUNBOOKS.glob("*.md")} - {"index"}
    tests = {name.removeprefix("test_").replace("_", "-") for name in globals()}
    assert pages <= tests


@pytest.mark.parametrize("path", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_every_command_is_shown_in_a_block_that_is_run(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "```sh" not in text
    assert "```bash" not in text
    assert path.stem == "index" or list(steps(text))

"""Two attempts at one language, where the first goes on although it lost its lease."""

import hashlib
from uuid import UUID

import pytest
from tests.integration.vendors.conftest import Open, Serve
from tests.integration.vendors.harness import ServiceHarness, brief

from ytdubber.domain.errors import LeaseLost
from ytdubber.ports.leases import Kind


def _taken_over(opened: ServiceHarness, task_id: UUID) -> None:
    """Another worker makes it anew, and for some reason it comes out different."""
    with opened.shared.engine.begin() as connection:
        connection.exec_driver_sql(
            "update ytdubber.language_tasks set lease_until = now() - interval '1 second'"
        )
        connection.exec_driver_sql(
            'update ytdubber.dubbing_jobs set options = options || \'{"loudness": "ebu"}\''
        )
    opened.work(Kind.TASK, task_id)


def test_what_an_attempt_delivered_is_not_replaced_by_one_that_lost_its_lease(
    serve: Serve, harness: Open
) -> None:
    serve()
    opened = harness()
    job_id = opened.send("es", recording=brief())
    opened.prepare(job_id)
    (task_id,) = opened.tasks(job_id).values()
    taken = False

    def late() -> None:
        nonlocal taken
        if not taken and opened.stage(task_id) == "exporting":
            taken = True
            _taken_over(opened, task_id)

    with pytest.raises(LeaseLost):
        opened.work(Kind.TASK, task_id, late)
    with opened.shared.database.as_service() as work:
        files = {each.path: each for each in work.artifacts.of_job(job_id)}
    assert len(files) > 4
    for path, file in files.items():
        assert hashlib.sha256(opened.delivered(job_id, path)).hexdigest() == file.sha256, path
    for entry in opened.manifest(job_id).languages["es"].files:
        assert files[entry.path].sha256 == entry.sha256

"""What a worker says of its work, and under which ids."""

import logging

from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Rows
from tests.log_lines import written
from tests.waiting import eventually


def test_what_becomes_of_work_is_told_under_its_ids(rows: Rows, worker: WorkerHarness) -> None:
    del worker
    with written() as lines:
        job = rows.job("flaky:1", "unpaid", "put-off:0.1")
        assert eventually(
            lambda: sorted(rows.stages(job).values()) == ["complete", "complete", "failed"]
        )
        assert eventually(lambda: bool(lines.of("work.given_up")))
    for language, event in (("flaky:1", "work.retried"), ("unpaid", "work.given_up")):
        (line,) = lines.of(event)
        assert line["task_id"] == str(job.tasks[language])
        assert line["level"] == "info"
    assert lines.of("work.retried")[0]["error"] == "ConnectionError"
    assert lines.of("work.retried")[0]["after_s"] == 0.01
    assert lines.of("work.given_up")[0]["reason"] == "acme quota: nothing left"
    started = {line["task_id"]: line["attempt"] for line in lines.of("work.started")}
    assert started[str(job.tasks["flaky:1"])] == 2
    (fault,) = lines.of("work.unexpected_error")
    assert fault["task_id"] == str(job.tasks["flaky:1"])
    assert "_flaky" in fault["exception"]


def test_every_line_of_a_job_has_the_request_it_came_from(
    rows: Rows, worker: WorkerHarness
) -> None:
    del worker
    with written() as lines:
        job = rows.job("flaky:1", "unpaid", prepared=False)
        other = rows.job("quick")
        assert eventually(lambda: rows.finished(job) and rows.finished(other))
    for made in (job, other):
        of = {str(made.id), *map(str, made.tasks.values())}
        told = [line for line in lines.all if of & {str(value) for value in line.values()}]
        assert "work.started" in {line["event"] for line in told}
        assert {line["request_id"] for line in told} == {made.request_id}
        assert {line["job_id"] for line in told} == {str(made.id)}


def test_own_lines_of_the_library_carry_the_id_of_what_they_are_about(
    rows: Rows, worker: WorkerHarness
) -> None:
    del worker

    def of_library() -> list[dict[str, str]]:
        return [line for line in lines.all if line["event"].startswith("Completed after")]

    with written(logging.DEBUG) as lines:
        job = rows.job("quick")
        assert eventually(lambda: bool(of_library()))
        assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    assert {line["task_id"] for line in of_library()} == {str(job.tasks["quick"])}
    assert {line["request_id"] for line in of_library()} == {job.request_id}

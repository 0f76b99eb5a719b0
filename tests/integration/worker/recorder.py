"""Use cases that only record that they ran. The language of a task says how its dub goes; see
`_DUBS`.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from tests.integration.worker.rows import Rows

from ytdubber.adapters.db.database import Database, Fence
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.domain.errors import DiskFull, ErrorKind, ModelMissing, NoSpeech, PutOff, VendorError
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import Stage
from ytdubber.log import ContextPool
from ytdubber.ports.leases import Kind, Lease

TABLES = {Kind.JOB: "dubbing_jobs", Kind.TASK: "language_tasks"}


class Recorder:
    """Use cases that record their runs in `public.runs`."""

    def __init__(self, url: str, database: Database) -> None:
        self._rows = Rows(url)
        self._database = database
        self._clock = SystemClock()

    def prepare(self, lease: Lease, check: Callable[[], None]) -> None:
        check()
        self._begin(lease)
        with self.fenced(lease) as work:
            work.job_repository.save_prepared(lease.id, {})
            work.wake()
            work.commit()

    def dub(self, lease: Lease, check: Callable[[], None]) -> None:
        self._begin(lease)
        ended = "failed"
        try:
            with self._database.as_service() as work:
                language = work.tasks.get(lease.id).language
            kind, _, argument = language.partition(":")
            _DUBS[kind](argument, lease.attempt, check)
            with self.fenced(lease) as work:
                task = work.tasks.get(lease.id)
                work.tasks.save(task.enter(Stage.COMPLETE, self._clock.now()))
                work.commit()
            self.finish(task.job_id)
            ended = "complete"
        except Exception as error:
            ended = type(error).__name__
            raise
        finally:
            self._rows.ask(
                "update public.runs set ended = %s where row_id = %s and attempt = %s and pid = %s",
                ended,
                lease.id,
                lease.attempt,
                os.getpid(),
            )

    def failed(self, lease: Lease, code: str, message: str) -> None:
        self._end(lease, lambda task: task.fail(code, message, self._clock.now()))

    def cancelled(self, lease: Lease) -> None:
        self._end(lease, lambda task: task.cancel(self._clock.now()))

    def finish(self, job_id: UUID) -> None:
        with self._database.as_service() as work:
            now = self._clock.now()
            if all(task.stage.final for task in work.tasks.of_job(job_id)):
                work.job_repository.finish(job_id, now, now)
            work.commit()

    def fenced(self, lease: Lease, *, released: bool = False) -> AbstractContextManager[Any]:
        return self._database.as_service(
            Fence(TABLES[lease.kind], lease.id, lease.owner, lease.attempt, released)
        )

    def _begin(self, lease: Lease) -> None:
        self._rows.ask(
            "insert into public.runs values (%s, %s, %s)", lease.id, lease.attempt, os.getpid()
        )

    def _end(self, lease: Lease, change: Callable[[LanguageTask], LanguageTask]) -> None:
        with self.fenced(lease, released=True) as work:
            one = lease.kind is Kind.TASK
            tasks = [work.tasks.get(lease.id)] if one else work.tasks.of_job(lease.id)
            for task in tasks:
                if not task.stage.final:
                    work.tasks.save(change(task))
            work.commit()
        for task in tasks:
            self.finish(task.job_id)


def _quick(argument: str, attempt: int, check: Callable[[], None]) -> None:
    check()


def _slow(argument: str, attempt: int, check: Callable[[], None]) -> None:
    """Takes so many seconds, and asks all the time whether it is wanted."""
    end = time.monotonic() + float(argument)
    while time.monotonic() < end:
        check()
        time.sleep(0.05)


def _slow_once(argument: str, attempt: int, check: Callable[[], None]) -> None:
    if attempt == 1:
        _slow(argument, attempt, check)


def _deaf(argument: str, attempt: int, check: Callable[[], None]) -> None:
    time.sleep(float(argument))


def _stuck(argument: str, attempt: int, check: Callable[[], None]) -> None:
    """Waits for a piece that never comes back, in a thread that Python waits for at its end."""
    pool = ContextPool(1)
    piece = pool.submit(threading.Event().wait)
    while not piece.done():
        check()
        time.sleep(0.05)


def _flaky(argument: str, attempt: int, check: Callable[[], None]) -> None:
    if attempt <= int(argument):
        raise ConnectionError("the network was away")


def _broken(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise ConnectionError("the network was away")


def _telling(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise ConnectionError("the network was away for what Zanzibar said")


def _unpaid(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise VendorError("acme", ErrorKind.QUOTA, "nothing left")


def _without_model(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise ModelMissing(model="m", reason="no network", command="pull m", folder="/home/operator/m")


def _full(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise DiskFull(where="/scratch")


def _put_off(argument: str, attempt: int, check: Callable[[], None]) -> None:
    """Waits so many seconds for a vendor, once."""
    if attempt == 1:
        raise PutOff(delay_s=float(argument))


def _silent(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise NoSpeech(file="voice.wav")


_DUBS = {
    "quick": _quick,
    "slow": _slow,
    "slow-once": _slow_once,
    "deaf": _deaf,
    "stuck": _stuck,
    "flaky": _flaky,
    "broken": _broken,
    "telling": _telling,
    "unpaid": _unpaid,
    "silent": _silent,
    "put-off": _put_off,
    "full": _full,
    "without-model": _without_model,
}

"""A process that calls for another, and outlives it."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from multiprocessing import Pipe
from pathlib import Path
from uuid import UUID

import pytest
from tests.integration.vendors.doing import Do
from tests.integration.vendors.harness import ROOT
from tests.log_lines import fields
from tests.waiting import FOR_EVER_S, PATIENCE_S, until

from ytdubber.api.error_samples import sample
from ytdubber.domain import errors
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import (
    Cancelled,
    ErrorKind,
    HandedBack,
    StorageNotWorking,
    VendorError,
    YtDubberError,
)
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.engines.remote.client import VendorProcess
from ytdubber.engines.remote.protocol import Request, Target
from ytdubber.engines.remote.server import RequestServer
from ytdubber.ports.call_context import CallContext

CALL = CallContext(UUID(int=1), UUID(int=2), deadline_ms=123)
SPEAK = Target("synthesize", "deepgram")
RECEIPT = Receipt(
    EngineId("deepgram", "aura-2", "1"), "speak", (Quantity("characters", Decimal(7)),), 5
)
USED = VendorError(
    "deepgram", ErrorKind.BAD_OUTPUT, "no", receipt=RECEIPT, retry_after_s=1.5, outcome_unknown=True
)


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VendorProcess]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    words = [sys.executable, "-m", "tests.integration.vendors.answering", str(tmp_path)]
    made = VendorProcess(words)
    yield made
    made.close()


def exists(path: Path) -> None:
    until(path.exists)


def test_what_is_made_there_comes_back(process: VendorProcess) -> None:
    def ask(number: int) -> tuple[object, ...]:
        made = process.ask(SPEAK, Do(16, number), CALL)  # until all have begun
        assert isinstance(made, tuple)
        return made

    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(ask, range(16)))
    ((pid, *rest),) = made
    assert pid != os.getpid()
    assert rest == [16, CALL.job_id, CALL.task_id, 123]


def test_errors_come_as_they_are(process: VendorProcess) -> None:
    with pytest.raises(VendorError) as raised:
        process.ask(SPEAK, Do(USED), CALL)
    assert str(raised.value) == str(USED)
    assert vars(raised.value) == vars(USED)
    with pytest.raises(RuntimeError, match="ZeroDivisionError: by nothing"):
        process.ask(SPEAK, Do(ZeroDivisionError("by nothing")), CALL)


def test_every_error_of_ours_can_travel() -> None:
    named = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    kinds = [kind for kind in named if issubclass(kind, YtDubberError)]
    kinds.remove(YtDubberError)
    assert len(kinds) > 80
    ours, theirs = Pipe()
    for kind in kinds:
        error = sample(kind)
        ours.send(error)
        again = theirs.recv()
        assert (type(again), str(again), vars(again)) == (kind, str(error), vars(error))


def test_what_is_cancelled_is_cancelled_there(process: VendorProcess, tmp_path: Path) -> None:
    cancelled = threading.Event()

    def check() -> None:
        if cancelled.is_set():
            raise Cancelled

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(
            process.ask, SPEAK, Do(FOR_EVER_S), replace(CALL, raise_if_cancelled=check)
        )
        exists(tmp_path / "call.begun")
        cancelled.set()
        with pytest.raises(Cancelled):
            asked.result(PATIENCE_S)
    exists(tmp_path / "call.cancelled")
    process.ask(SPEAK, Do(0.0), CALL)  # others are not


def test_what_is_handed_back_goes_on_there(process: VendorProcess, tmp_path: Path) -> None:
    def check() -> None:
        if (tmp_path / "call.begun").exists():
            raise HandedBack

    with pytest.raises(HandedBack):
        process.ask(SPEAK, Do("until told"), replace(CALL, raise_if_cancelled=check))
    process.close()
    assert not (tmp_path / "call.ended").exists()  # nobody has to wait for it
    (tmp_path / "told").touch()
    exists(tmp_path / "call.ended")
    assert not (tmp_path / "call.cancelled").exists()


def test_what_is_there_later_is_not_waited_for(process: VendorProcess, tmp_path: Path) -> None:
    with pytest.raises(StorageNotWorking, match="does not answer") as raised:
        process.ask(SPEAK, Do("later"), CALL)
    assert raised.value.away
    assert not (tmp_path / "call.ended").exists()
    (tmp_path / "told").touch()
    exists(tmp_path / "call.ended")
    process.ask(SPEAK, Do(0.0), CALL)  # its own answer came too late for anybody


def test_without_calls_it_ends_with_its_worker(process: VendorProcess) -> None:
    pid, *_ = process.ask(SPEAK, Do(0.0), CALL)
    process.close()
    until(lambda: not Path(f"/proc/{pid}").exists())


def test_a_call_outlives_the_worker_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys; from uuid import UUID; from ytdubber.ports.call_context import CallContext\n"
        "from tests.integration.vendors.test_calling import SPEAK, Do, VendorProcess\n"
        "words = [sys.executable, '-m', 'tests.integration.vendors.answering', sys.argv[1]]\n"
        "VendorProcess(words).ask(SPEAK, Do('until told'), CallContext(UUID(int=1)))\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, start_new_session=True
    )
    exists(tmp_path / "call.begun")
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    (tmp_path / "told").touch()
    exists(tmp_path / "call.ended")
    assert not (tmp_path / "call.cancelled").exists()
    pid = (tmp_path / "call.begun").read_text()
    until(lambda: not Path(f"/proc/{pid}").exists())


def test_one_that_dies_is_asked_again_in_another(process: VendorProcess, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(process.ask, SPEAK, Do("until told"), CALL)
        exists(tmp_path / "call.begun")
        killed = int((tmp_path / "call.begun").read_text())
        os.kill(killed, signal.SIGKILL)
        (tmp_path / "told").touch()
        pid, *_ = asked.result(PATIENCE_S)
    assert pid != killed


def test_one_that_dies_again_and_again_is_an_error(process: VendorProcess) -> None:
    with pytest.raises(RuntimeError, match="died twice"):
        process.ask(SPEAK, Do("die"), CALL)
    process.ask(SPEAK, Do(0.0), CALL)  # the next one may be better off


@pytest.mark.parametrize("gone", [True, False])
def test_what_goes_wrong_with_a_call_of_a_worker_that_is_gone_is_no_error(
    gone: bool, caplog: pytest.LogCaptureFixture
) -> None:
    ours, theirs = Pipe()
    server = RequestServer(theirs)
    ours.send(Request(1, SPEAK, Do(0.0), CALL.job_id, None, None))
    if gone:
        ours.close()

    def do(_: Request, __: CallContext) -> None:
        if not gone:
            ours.send(None)  # nothing more comes
        raise FileNotFoundError("voice.wav")  # its folder was removed

    with caplog.at_level(logging.INFO):
        server.run(do)
    (record,) = (
        each for each in caplog.records if fields(each).get("error") == "FileNotFoundError"
    )
    assert (record.levelno, bool(record.exc_info)) == (
        (logging.INFO, False) if gone else (logging.ERROR, True)
    )
    ours.close()
    theirs.close()

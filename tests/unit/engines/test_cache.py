import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from tests.unit.engines.scripted import CALL, Scripted
from tests.waiting import PATIENCE_S

from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.memory.ledger import MemoryAttempt, MemoryLedger
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import (
    CallUnderWay,
    Cancelled,
    ErrorKind,
    StorageNotWorking,
    VendorError,
)
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.engines.direct import Direct, Port
from ytdubber.engines.keyed_lock import ThreadKeyedLock
from ytdubber.engines.middleware.base import Middleware
from ytdubber.engines.middleware.batch import Batched
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.middleware.metered import Metered
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result
from ytdubber.ports.ledger import Ledger
from ytdubber.ports.operations import Synthesize, Translate
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.ports.translator import Line, Translation
from ytdubber.testing.engines import FakeSynthesizer, FakeTranslator

REQUEST = SynthesisRequest("Yes.", "pt", "pt-female")
HELLO = Translate([Line("u0", "hello")], "en", "pt")


def cached(port: Port, results: ResultStore, ledger: Ledger | None = None) -> Cache:
    engine = Direct(port)
    return Cache(Metered(engine, ledger) if ledger else engine, results)


def test_the_same_line_wanted_by_many_at_once_is_paid_for_once(tmp_path: Path) -> None:
    inner, ledger = FakeSynthesizer(delay_s=0.05), MemoryLedger()
    voice = cached(inner, FolderResultStore(tmp_path / "r"), ledger)

    def speak(number: int) -> bytes:
        into = tmp_path / f"{number}.wav"
        voice.run(Synthesize(REQUEST, into), CALL)
        return into.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        spoken = list(pool.map(speak, range(8)))
    assert len(set(spoken)) == 1
    assert inner.calls.count == len(ledger.attempts) == 1


def test_what_is_remembered_costs_nothing_now(tmp_path: Path) -> None:
    inner, ledger = FakeTranslator(), MemoryLedger()
    translator = cached(inner, FolderResultStore(tmp_path), ledger)
    first = translator.run(HELLO, CALL)
    again = translator.run(replace(HELLO, lines=[Line("u0", "hello", max_chars=3)]), CALL)
    assert (first.lines, inner.calls.count, len(ledger.attempts)) == (again.lines, 1, 1)
    assert first.receipt.amount("characters") == 5
    assert again.receipt.quantities == ()
    assert again.receipt.engine == first.receipt.engine
    (attempt,) = ledger.attempts
    assert (attempt.operation, attempt.estimate) == ("translate", first.receipt.quantities)


class _Open(MemoryAttempt):
    def settle(self, receipt: Receipt) -> None:
        raise SystemExit


class _Dying(MemoryLedger):
    """Of a process that ends before it can close the book."""

    def attempt(
        self,
        call: CallContext,
        engine: EngineId,
        operation: str,
        estimate: Sequence[Quantity],
        key: str | None = None,
    ) -> MemoryAttempt:
        return _Open(call, engine, operation, tuple(estimate))


def test_what_the_book_calls_over_is_there(tmp_path: Path) -> None:
    inner, results = FakeSynthesizer(), FolderResultStore(tmp_path / "r")
    dying = cached(inner, results, _Dying())
    with pytest.raises(SystemExit):
        dying.run(Synthesize(REQUEST, tmp_path / "a.wav"), CALL)
    spoken = cached(inner, results, MemoryLedger())
    made = spoken.run(Synthesize(REQUEST, tmp_path / "b.wav"), CALL)
    assert (made.receipt.quantities, made.audio.path) == ((), tmp_path / "b.wav")
    assert (tmp_path / "b.wav").stat().st_size > 0
    assert inner.calls.count == 1


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_a_long_sound_is_kept_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    """Also one that fills its last part."""
    plain = cached(FakeSynthesizer(), FolderResultStore(tmp_path / "plain"))
    size = plain.run(Synthesize(REQUEST, tmp_path / "a.wav"), CALL).audio.path.stat().st_size
    monkeypatch.setattr("ytdubber.engines.middleware.cache.PART_BYTES", size // parts)
    inner = FakeSynthesizer()
    voice = cached(inner, FolderResultStore(tmp_path / "parts"))
    for name in ("b.wav", "c.wav"):
        voice.run(Synthesize(REQUEST, tmp_path / name), CALL)
        assert (tmp_path / name).read_bytes() == (tmp_path / "a.wav").read_bytes()
    assert inner.calls.count == 1


def test_what_cannot_be_kept_is_in_the_book(tmp_path: Path) -> None:
    class Full(FolderResultStore):
        def save(self, key: str, data: bytes) -> None:
            raise StorageNotWorking("it is away", away=True)

    ledger = MemoryLedger()
    voice = cached(FakeSynthesizer(), Full(tmp_path / "r"), ledger)
    with pytest.raises(StorageNotWorking):
        voice.run(Synthesize(REQUEST, tmp_path / "a.wav"), CALL)
    (attempt,) = ledger.attempts
    assert attempt.receipt
    assert attempt.receipt.amount("characters") == len(REQUEST.text)


def test_other_words_around_a_line_make_another_line(tmp_path: Path) -> None:
    inner = FakeTranslator()
    translator = cached(inner, FolderResultStore(tmp_path))
    for before in ("", "Once.", "Once."):
        translator.run(replace(HELLO, lines=[Line("u0", "hello", before=before)]), CALL)
    assert inner.calls.count == 2


def test_what_another_process_is_having_made_is_waited_for(tmp_path: Path) -> None:
    results, inner = FolderResultStore(tmp_path / "r"), FakeTranslator()
    asked = []
    elsewhere = cached(inner, results)

    class Elsewhere(Middleware):
        def run(self, operation: Operation[Result], call: CallContext) -> Result:
            asked.append(call.cache_key)
            if len(asked) == 2:  # meanwhile it is made there
                elsewhere.run(operation, CALL)
            raise CallUnderWay

    made = Cache(Elsewhere(Direct(inner)), results).run(HELLO, CALL)
    assert made.lines == elsewhere.run(HELLO, CALL).lines
    assert (made.receipt.quantities, inner.calls.count) == ((), 1)
    assert len(asked) == 2
    assert asked[0] == asked[1] != ""


def test_waiting_for_another_process_can_be_given_up(tmp_path: Path) -> None:
    def unwanted() -> None:
        raise Cancelled

    translator = Cache(Scripted([CallUnderWay()] * 9), FolderResultStore(tmp_path))
    with pytest.raises(Cancelled):
        translator.run(HELLO, replace(CALL, raise_if_cancelled=unwanted))


class _Muddled(FakeTranslator):
    """Makes no sense of several lines at once."""

    asked: ClassVar[list[list[str]]] = []

    def translate(
        self,
        lines: Sequence[Line],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        self.asked.append([line.id for line in lines])
        if len(lines) > 1:
            raise VendorError("openai", ErrorKind.BAD_OUTPUT, "these are other lines")
        return super().translate(lines, source, target, glossary, call)


def test_an_answer_that_made_no_sense_is_not_asked_for_again(tmp_path: Path) -> None:
    lines = [Line("u0", "One."), Line("u1", "Two.")]
    results, asked = FolderResultStore(tmp_path / "r"), _Muddled.asked

    def translate() -> Translation:
        return Batched(cached(_Muddled(), results)).run(replace(HELLO, lines=lines), CALL)

    first = translate()
    assert asked == [["u0", "u1"], ["u0"], ["u1"]]
    assert translate().lines == first.lines
    assert len(asked) == 3


def test_a_line_that_made_no_sense_alone_is_asked_for_again(tmp_path: Path) -> None:
    muddled = VendorError("openai", ErrorKind.BAD_OUTPUT, "this is another line")
    failing, results = FakeTranslator(faults={0: muddled}), FolderResultStore(tmp_path / "r")
    with pytest.raises(VendorError):
        cached(failing, results).run(HELLO, CALL)
    cached(failing, results).run(HELLO, CALL)
    assert failing.calls.count == 2


def test_locks_leave_nothing_behind() -> None:
    locks, inside = ThreadKeyedLock(), threading.Event()

    def wait() -> None:
        with locks.hold("a"):
            inside.set()

    with locks.hold("a"), locks.hold("b"):
        other = threading.Thread(target=wait)
        other.start()
        assert not inside.wait(0.05)
    other.join(PATIENCE_S)
    assert inside.is_set()
    assert vars(locks)["_held"] == vars(locks)["_wanted"] == {}

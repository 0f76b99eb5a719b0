import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from tests.unit.app.guarding import CALL
from tests.waiting import PATIENCE_S

from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.memory.ledger import MemoryAttempt, MemoryLedger
from ytdubber.app.batched import BatchedTranslator
from ytdubber.app.guard import Made, Work
from ytdubber.app.metered import Metered
from ytdubber.app.remembered import RememberedSynthesizer, RememberedTranslator
from ytdubber.app.turns import Turns
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import CallUnderWay, Cancelled, Fault, StorageNotWorking, VendorError
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call import Call
from ytdubber.ports.speech_synthesizer import SpeakRequest
from ytdubber.ports.translator import Line, Translation
from ytdubber.testing.engines import FakeSynthesizer, FakeTranslator

REQUEST = SpeakRequest("Yes.", "pt", "pt-female")


def test_the_same_line_wanted_by_many_at_once_is_paid_for_once(tmp_path: Path) -> None:
    inner, ledger = FakeSynthesizer(delay_s=0.05), MemoryLedger()
    voice = RememberedSynthesizer(inner, FolderResultStore(tmp_path / "r"), Metered(ledger))

    def speak(number: int) -> bytes:
        into = tmp_path / f"{number}.wav"
        voice.speak(REQUEST, into, CALL)
        return into.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        spoken = list(pool.map(speak, range(8)))
    assert len(set(spoken)) == 1
    assert inner.calls.count == len(ledger.attempts) == 1


def test_what_is_remembered_costs_nothing_now(tmp_path: Path) -> None:
    inner, ledger = FakeTranslator(), MemoryLedger()
    translator = RememberedTranslator(inner, FolderResultStore(tmp_path), Metered(ledger))
    first = translator.translate([Line("u0", "hello")], "en", "pt", (), CALL)
    again = translator.translate([Line("u0", "hello", max_chars=3)], "en", "pt", (), CALL)
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
        call: Call,
        engine: EngineId,
        operation: str,
        estimate: Sequence[Quantity],
        key: str | None = None,
    ) -> MemoryAttempt:
        return _Open(call, engine, operation, tuple(estimate))


def test_what_the_book_calls_over_is_there(tmp_path: Path) -> None:
    inner, results = FakeSynthesizer(), FolderResultStore(tmp_path / "r")
    dying = RememberedSynthesizer(inner, results, Metered(_Dying()))
    with pytest.raises(SystemExit):
        dying.speak(REQUEST, tmp_path / "a.wav", CALL)
    spoken = RememberedSynthesizer(inner, results, Metered(MemoryLedger()))
    assert spoken.speak(REQUEST, tmp_path / "b.wav", CALL).receipt.quantities == ()
    assert (tmp_path / "b.wav").stat().st_size > 0
    assert inner.calls.count == 1


def test_what_cannot_be_kept_is_in_the_book(tmp_path: Path) -> None:
    class Full(FolderResultStore):
        def save(self, key: str, data: bytes) -> None:
            raise StorageNotWorking("it is away", away=True)

    ledger = MemoryLedger()
    voice = RememberedSynthesizer(FakeSynthesizer(), Full(tmp_path / "r"), Metered(ledger))
    with pytest.raises(StorageNotWorking):
        voice.speak(REQUEST, tmp_path / "a.wav", CALL)
    (attempt,) = ledger.attempts
    assert attempt.receipt
    assert attempt.receipt.amount("characters") == len(REQUEST.text)


def test_other_words_around_a_line_make_another_line(tmp_path: Path) -> None:
    inner = FakeTranslator()
    translator = RememberedTranslator(inner, FolderResultStore(tmp_path))
    for before in ("", "Once.", "Once."):
        translator.translate([Line("u0", "hello", before=before)], "en", "pt", (), CALL)
    assert inner.calls.count == 2


def test_what_another_process_is_having_made_is_waited_for(tmp_path: Path) -> None:
    results, inner = FolderResultStore(tmp_path / "r"), FakeTranslator()
    asked, lines = [], [Line("u0", "hello")]
    elsewhere = RememberedTranslator(inner, results)

    def guard(work: Work, make: Callable[[], Made]) -> Made:
        asked.append(work.key)
        if len(asked) == 2:  # meanwhile it is made there
            elsewhere.translate(lines, "en", "pt", (), CALL)
        raise CallUnderWay

    made = RememberedTranslator(inner, results, guard).translate(lines, "en", "pt", (), CALL)
    assert made.lines == elsewhere.translate(lines, "en", "pt", (), CALL).lines
    assert (made.receipt.quantities, inner.calls.count) == ((), 1)
    assert len(asked) == 2
    assert asked[0] == asked[1] != ""


def test_waiting_for_another_process_can_be_given_up(tmp_path: Path) -> None:
    def guard(work: Work, make: Callable[[], Made]) -> Made:
        raise CallUnderWay

    def unwanted() -> None:
        raise Cancelled

    translator = RememberedTranslator(FakeTranslator(), FolderResultStore(tmp_path), guard)
    with pytest.raises(Cancelled):
        translator.translate([Line("u0", "hello")], "en", "pt", (), replace(CALL, check=unwanted))


class _Muddled(FakeTranslator):
    """Makes no sense of several lines at once."""

    asked: ClassVar[list[list[str]]] = []

    def translate(
        self, lines: Sequence[Line], source: str, target: str, glossary: Sequence[str], call: Call
    ) -> Translation:
        self.asked.append([line.id for line in lines])
        if len(lines) > 1:
            raise VendorError("openai", Fault.BAD_OUTPUT, "these are other lines")
        return super().translate(lines, source, target, glossary, call)


def test_an_answer_that_made_no_sense_is_not_asked_for_again(tmp_path: Path) -> None:
    lines = [Line("u0", "One."), Line("u1", "Two.")]
    results, asked = FolderResultStore(tmp_path / "r"), _Muddled.asked

    def translate() -> Translation:
        translator = BatchedTranslator(RememberedTranslator(_Muddled(), results))
        return translator.translate(lines, "en", "pt", (), CALL)

    first = translate()
    assert asked == [["u0", "u1"], ["u0"], ["u1"]]
    assert translate().lines == first.lines
    assert len(asked) == 3


def test_a_line_that_made_no_sense_alone_is_asked_for_again(tmp_path: Path) -> None:
    failing, results = FakeTranslator(), FolderResultStore(tmp_path / "r")

    def guard(work: Work, make: Callable[[], Made]) -> Made:
        raise VendorError("openai", Fault.BAD_OUTPUT, "this is another line")

    with pytest.raises(VendorError):
        RememberedTranslator(failing, results, guard).translate(
            [Line("u0", "One.")], "en", "pt", (), CALL
        )
    RememberedTranslator(failing, results).translate([Line("u0", "One.")], "en", "pt", (), CALL)
    assert failing.calls.count == 1


def test_turns_leave_nothing_behind() -> None:
    turns, inside = Turns(), threading.Event()

    def wait() -> None:
        with turns.take("a"):
            inside.set()

    with turns.take("a"), turns.take("b"):
        other = threading.Thread(target=wait)
        other.start()
        assert not inside.wait(0.05)
    other.join(PATIENCE_S)
    assert inside.is_set()
    assert vars(turns)["_held"] == vars(turns)["_wanted"] == {}

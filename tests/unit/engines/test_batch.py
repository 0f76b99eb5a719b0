import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.engines.scripted import CALL

from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.batch import Batched, BatchRules, batches
from ytdubber.engines.middleware.cache import Cache
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Engine
from ytdubber.ports.operations import Shorten, Translate
from ytdubber.ports.shortener import Overrun
from ytdubber.ports.translator import Line, Translation
from ytdubber.testing.engines import FakeTranslator
from ytdubber.testing.shortening import FakeShortener

RULES = BatchRules(fewest=3, most=5, context=2, at_once=2)


class Picky(FakeTranslator):
    """Makes no sense of batches with more lines than it likes; keeps what it was asked."""

    def __init__(self, likes: int = 99, faults: dict[int, VendorError] | None = None) -> None:
        super().__init__(faults=faults)
        self._likes = likes
        self.asked: list[list[Line]] = []

    def translate(
        self,
        lines: Sequence[Line],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        self.asked.append(list(lines))
        made = super().translate(lines, source, target, glossary, call)
        if len(lines) > self._likes:
            raise VendorError("fake", ErrorKind.BAD_OUTPUT, "other lines", receipt=made.receipt)
        return made


def script(count: int, ends: str = ".") -> list[Line]:
    return [Line(f"u{n}", f"line {n}{ends}") for n in range(count)]


def translate(
    inner: FakeTranslator | Engine, lines: Sequence[Line], call: CallContext = CALL
) -> Translation:
    engine = Direct(inner) if isinstance(inner, FakeTranslator) else inner
    return Batched(engine, RULES).run(Translate(lines, "en", "pt"), call)


def test_every_batch_knows_what_is_said_around_it() -> None:
    inner = Picky()
    made = translate(inner, script(7))
    assert [line.text for line in made.lines] == [f"pt:line {n}." for n in range(7)]
    batched = sorted(inner.asked, key=lambda batch: batch[0].id)
    assert [len(batch) for batch in batched] == [3, 3, 1]
    assert [(batch[0].before, batch[-1].after) for batch in batched] == [
        ("", "line 3. line 4."),
        ("line 1. line 2.", "line 6."),
        ("line 4. line 5.", ""),
    ]
    assert made.receipt.amount("characters") == sum(len(line.text) for line in script(7))


def test_an_answer_without_sense_is_asked_for_in_halves_and_paid_for() -> None:
    inner = Picky(likes=1)
    made = translate(inner, script(3))
    assert [len(batch) for batch in inner.asked] == [3, 1, 2, 1, 1]
    assert [line.id for line in made.lines] == ["u0", "u1", "u2"]
    assert inner.asked[-1][0].before == "line 0. line 1."
    assert made.receipt.amount("characters") == 7 * (3 + 1 + 2 + 1 + 1)


def test_one_line_without_sense_fails() -> None:
    with pytest.raises(VendorError) as raised:
        translate(Picky(likes=0), script(3))
    assert raised.value.fault is ErrorKind.BAD_OUTPUT


def test_a_batch_that_was_paid_is_not_paid_again(tmp_path: Path) -> None:
    inner = Picky(faults={1: VendorError("fake", ErrorKind.QUOTA, "no")})
    cached = Cache(Direct(inner), FolderResultStore(tmp_path))
    with pytest.raises(VendorError):
        translate(cached, script(6))
    translate(cached, script(6))
    assert inner.calls.count == 3


def test_empty_lines_are_not_sent_and_stay_empty() -> None:
    inner = Picky()
    lines = [Line("a", "  "), *script(2), Line("z", "")]
    assert [line.text for line in translate(inner, lines).lines] == [
        "", "pt:line 0.", "pt:line 1.", "",
    ]  # fmt: skip
    assert [len(batch) for batch in inner.asked] == [2]
    assert translate(inner, []).lines == ()


def test_progress_only_grows() -> None:
    seen: list[float] = []
    translate(Picky(), script(20), dataclasses.replace(CALL, progress=seen.append))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


@given(st.lists(st.sampled_from(["End.", "B", "Mr."]), max_size=40))
def test_batches_hold_every_line_once_and_end_with_sentences_where_they_can(
    texts: list[str],
) -> None:
    found = list(batches([Line(str(n), text) for n, text in enumerate(texts)], RULES, "en"))
    assert [text for where in found for text in texts[where]] == texts
    for where in found[:-1]:
        size = where.stop - where.start
        assert RULES.fewest <= size <= RULES.most
        reachable = texts[where.start + RULES.fewest - 1 : where.start + RULES.most - 1]
        assert texts[where.stop - 1] == "End." or "End." not in reachable


def test_shortening_goes_in_batches_too() -> None:
    inner = FakeShortener()
    texts = [f"one two three four five {'word' * n}" for n in range(12)]
    overruns = [Overrun(f"u{n}", "s", text, 2_000, 1_500) for n, text in enumerate(texts)]
    made = Batched(Direct(inner), RULES).run(Shorten(overruns, "en", "pt"), CALL)
    assert inner.calls.count == 3
    assert [line.id for line in made.lines] == [each.id for each in overruns]
    assert all(len(line.text) < len(text) for line, text in zip(made.lines, texts, strict=True))


def test_a_batch_ends_where_somebody_pauses() -> None:
    lines = [Line(str(n), "and then", pause_before_ms=900 if n == 3 else 100) for n in range(6)]
    assert next(iter(batches(lines, RULES, "en"))) == slice(0, 3)

"""Many lines, a few a call: every call is remembered, counted and repeated by itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ytdubber.app.side_by_side import side_by_side
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Fault, VendorError
from ytdubber.domain.spacing import joined
from ytdubber.domain.usage import Receipt, total
from ytdubber.ports.call import Call
from ytdubber.ports.shortener import Overrun, Shortener
from ytdubber.ports.translator import Line, TranslatedLine, Translation, Translator

Item = TypeVar("Item", Line, Overrun)


@dataclass(frozen=True, slots=True)
class BatchRules:
    """How lines are grouped.

    Attributes:
        fewest: A batch ends with the first line from here on whose sentence does not go on.
        most: It never has more lines than this.
        context: How many lines before and after a batch go with it, for meaning alone.
        at_once: How many calls are under way at once.
    """

    fewest: int = 6
    most: int = 10
    context: int = 3
    at_once: int = 8


def batches(lines: Sequence[Line], rules: BatchRules, language: str) -> Iterator[slice]:
    """Where each batch begins and ends, by the sentences of the language the lines are in."""
    begin = 0
    while begin < len(lines):
        end = min(begin + rules.most, len(lines))
        for place in range(begin + rules.fewest, end):
            if not lines[place - 1].goes_on(lines[place], language):
                end = place
                break
        yield slice(begin, end)
        begin = end


def in_context(lines: Sequence[Line], where: slice, context: int, language: str) -> list[Line]:
    """The lines of a batch; its first and last know what is said around it."""
    batch = list(lines[where])
    first, last = max(0, where.start - context), min(len(lines), where.stop + context)
    before = [line.text for line in lines[first : where.start]]
    after = [line.text for line in lines[where.stop : last]]
    before = [lines[0].before, *before] if first == 0 else before
    after = [*after, lines[-1].after] if last == len(lines) else after
    batch[0] = replace(batch[0], before=joined(before, language, phrases=True))
    batch[-1] = replace(batch[-1], after=joined(after, language, phrases=True))
    return batch


class BatchedTranslator:
    """A `Translator` for engines that take a few lines a call, with what is said around them.

    A batch whose answer makes no sense is asked for again in halves, down to single lines. Empty
    lines are not sent.

    Args:
        inner: Translates a batch; one that remembers, so that a finished batch is not paid for
            again because another failed.
        rules: How lines are grouped.
    """

    def __init__(self, inner: Translator, rules: BatchRules | None = None) -> None:
        self._inner = inner
        self._rules = rules or BatchRules()

    def engine(self, source: str, target: str) -> EngineId:
        """The inner engine's."""
        return self._inner.engine(source, target)

    def translates(self, source: str, target: str) -> bool:
        """As the inner engine says."""
        return self._inner.translates(source, target)

    def translate(
        self, lines: Sequence[Line], source: str, target: str, glossary: Sequence[str], call: Call
    ) -> Translation:
        """Every line, from as many calls as it takes; one receipt over all of them."""
        spoken = [line for line in lines if line.text.strip()]
        if not spoken:
            return self._inner.translate(lines, source, target, glossary, call)
        groups = [
            in_context(spoken, where, self._rules.context, source)
            for where in batches(spoken, self._rules, source)
        ]

        quiet = replace(call, progress=_unheard)

        def ask(batch: Sequence[Line]) -> Translation:
            return self._inner.translate(batch, source, target, glossary, quiet)

        def halves(batch: list[Line]) -> tuple[list[Line], list[Line]]:
            return _halves_in_context(batch, source)

        parts = _all(groups, lambda group: _ask(group, ask, halves), self._rules, call)
        made = {line.id: line for part in parts for line in part.lines}
        return Translation(
            tuple(made.get(line.id, TranslatedLine(line.id, "")) for line in lines),
            total([part.receipt for part in parts]),
        )

    def close(self) -> None:
        """Close the inner engine."""
        self._inner.close()


class BatchedShortener:
    """A `Shortener` for engines that take a few lines a call, in the same manner."""

    def __init__(self, inner: Shortener, rules: BatchRules | None = None) -> None:
        self._inner = inner
        self._rules = rules or BatchRules()

    def engine(self, source: str, target: str) -> EngineId:
        """The inner engine's."""
        return self._inner.engine(source, target)

    def shorten(
        self,
        overruns: Sequence[Overrun],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: Call,
    ) -> Translation:
        """A shorter text for each, from as many calls as it takes."""
        if not overruns:
            return self._inner.shorten(overruns, source, target, glossary, call)
        most = self._rules.most
        groups = [list(overruns[place : place + most]) for place in range(0, len(overruns), most)]

        quiet = replace(call, progress=_unheard)

        def ask(batch: Sequence[Overrun]) -> Translation:
            return self._inner.shorten(batch, source, target, glossary, quiet)

        parts = _all(groups, lambda group: _ask(group, ask, _halves), self._rules, quiet)
        return Translation(
            tuple(line for part in parts for line in part.lines),
            total([part.receipt for part in parts]),
        )


def _unheard(fraction: float) -> None:
    del fraction


def _all(
    groups: Sequence[list[Item]],
    ask: Callable[[list[Item]], Translation],
    rules: BatchRules,
    call: Call,
) -> list[Translation]:
    """Every group's answer, in order."""
    answered = 0

    def made(group: list[Item]) -> None:
        nonlocal answered
        answered += 1
        call.progress(answered / len(groups))

    return side_by_side(groups, ask, rules.at_once, call.check, made)


def _ask(
    batch: list[Item],
    ask: Callable[[Sequence[Item]], Translation],
    halves: Callable[[list[Item]], tuple[list[Item], list[Item]]],
) -> Translation:
    """The answer to a batch, in halves where the answer to the whole makes no sense."""
    try:
        return ask(batch)
    except VendorError as error:
        if error.fault is not Fault.BAD_OUTPUT or len(batch) == 1:
            raise
        wasted: list[Receipt] = [error.receipt] if error.receipt else []
    parts: list[Translation] = [_ask(half, ask, halves) for half in halves(batch)]
    return Translation(
        tuple(line for part in parts for line in part.lines),
        total([*(part.receipt for part in parts), *wasted]),
    )


def _halves(batch: list[Item]) -> tuple[list[Item], list[Item]]:
    middle = len(batch) // 2
    return batch[:middle], batch[middle:]


def _halves_in_context(batch: list[Line], language: str) -> tuple[list[Line], list[Line]]:
    """Each half knows the other."""
    middle = len(batch) // 2
    return (
        in_context(batch, slice(0, middle), len(batch), language),
        in_context(batch, slice(middle, len(batch)), len(batch), language),
    )

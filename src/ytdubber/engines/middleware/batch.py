"""Many lines, a few a request: each is stored, counted and repeated by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.spacing import joined
from ytdubber.domain.usage import Receipt, total
from ytdubber.engines.map_concurrently import map_concurrently
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result
from ytdubber.ports.operations import Shorten, Translate
from ytdubber.ports.translator import Line, TranslatedLine, Translation

from .base import Middleware

OverLines = Translate | Shorten
"""What can be asked for a few lines at a time."""


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


@dataclass(frozen=True, slots=True)
class Batched(Middleware):
    """For engines that take a few lines at a time, with what is said around them.

    A batch whose answer makes no sense is asked for again in halves, down to single lines. Lines
    without text are not sent. Put it around a cache, so that a finished batch is not paid for again
    because another failed.

    Attributes:
        rules: How lines are grouped.
    """

    rules: BatchRules = field(default_factory=BatchRules)

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the inner engine, asked as often as it takes; one receipt over all of it."""
        if isinstance(operation, OverLines) and (parts := [*_parts(operation, self.rules)]):
            return cast("Result", self._merged(operation, parts, call))
        return self.inner.run(operation, call)

    def _merged(
        self, operation: OverLines, parts: list[OverLines], call: CallContext
    ) -> Translation:
        quiet = replace(call, progress=_ignored)
        answered = 0

        def made(part: OverLines) -> None:
            nonlocal answered
            answered += 1
            if isinstance(part, Translate):  # shortening is a part of speaking, which tells its own
                call.progress(answered / len(parts))

        def ask(batch: OverLines) -> Translation:
            return self._asked(batch, quiet)

        answers = map_concurrently(parts, ask, self.rules.at_once, call.raise_if_cancelled, made)
        receipt = total([each.receipt for each in answers])
        found = {line.id: line for each in answers for line in each.lines}
        return Translation(
            tuple(found.get(line.id, TranslatedLine(line.id, "")) for line in operation.asked),
            receipt,
        )

    def _asked(self, batch: OverLines, call: CallContext) -> Translation:
        """The answer to a batch, in halves where the answer to the whole makes no sense."""
        try:
            return self.inner.run(batch, call)
        except VendorError as error:
            if error.fault is not ErrorKind.BAD_OUTPUT or batch.items == 1:
                raise
            wasted: list[Receipt] = [error.receipt] if error.receipt else []
        parts = [self._asked(half, call) for half in _halves(batch)]
        return Translation(
            tuple(line for part in parts for line in part.lines),
            total([*(part.receipt for part in parts), *wasted]),
        )


def _ignored(fraction: float) -> None:
    del fraction


def _parts(operation: OverLines, rules: BatchRules) -> Iterator[OverLines]:
    """The operation in parts; none where there is nothing to ask for."""
    if isinstance(operation, Shorten):
        overruns = operation.overruns
        for place in range(0, len(overruns), rules.most):
            yield replace(operation, overruns=overruns[place : place + rules.most])
        return
    spoken = [line for line in operation.lines if line.text.strip()]
    for where in batches(spoken, rules, operation.source):
        group = in_context(spoken, where, rules.context, operation.source)
        yield replace(operation, lines=group)


def _halves(batch: OverLines) -> tuple[OverLines, OverLines]:
    """Each half of a translation knows the other."""
    middle = batch.items // 2
    if isinstance(batch, Shorten):
        first, second = batch.overruns[:middle], batch.overruns[middle:]
        return replace(batch, overruns=first), replace(batch, overruns=second)
    halves = (slice(0, middle), slice(middle, batch.items))
    first_lines, second_lines = (
        in_context(batch.lines, half, batch.items, batch.source) for half in halves
    )
    return replace(batch, lines=first_lines), replace(batch, lines=second_lines)

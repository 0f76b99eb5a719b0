"""Who translates what a recording is spoken in, and what is fetched for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ytdubber.app.casting.engines import Engines
from ytdubber.domain.errors import (
    BadInput,
    MachineError,
    Name,
    NothingToDub,
    PairNotFetched,
    YtDubberError,
)
from ytdubber.domain.transcript import Transcript

FetchPair = Callable[[str, str], None]
"""Brings what translates a pair to this machine, or says why it cannot."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Makes sure that somebody translates, with what can be fetched.

    Attributes:
        engines: Who translates.
        fetch: Brings what is not here.
        file: What errors call the recording.
        whole: Whether what translates a pair that is translated here is here with all its files.
    """

    engines: Engines
    fetch: FetchPair
    file: Name
    whole: Callable[[str, str], bool] = lambda *_: True

    def need(self, source: str, target: str) -> None:
        """Make sure that somebody translates this pair.

        Raises:
            BadInput: nobody does.
            PairNotFetched: what translates it could not be fetched.
        """
        if not (self.engines.translates(source, target) and self.whole(source, target)):
            self.fetch(source, target)
        self.engines.need_pair(source, target)

    def need_one(self, targets: Sequence[str], spoken: str) -> None:
        """Make sure that at least one target can be made of what is spoken.

        Raises:
            BadInput, PairNotFetched: none can; it says why the first cannot.
        """
        wanted = [language for language in targets if language != spoken]
        if not wanted:
            raise NothingToDub(file=self.file, language=spoken)
        self._need_any([[(spoken, language)] for language in wanted])

    def need_heard(self, targets: Sequence[str], transcript: Transcript) -> None:
        """The same for a recording as it was heard; what translates its other languages is fetched
        where it can be.

        Raises:
            BadInput, PairNotFetched: no target can be made of it.
        """
        dubbed = [target for target in targets if transcript.source_for(target) is not None]
        if not dubbed:
            raise NothingToDub(
                file=self.file, language=transcript.language, foreign_ms=transcript.foreign_ms
            )
        self._need_any([self._pairs(target, transcript) for target in dubbed])

    def need_language(self, target: str, transcript: Transcript) -> None:
        """The same for one target that there is something to dub into.

        Raises:
            BadInput, PairNotFetched: it cannot be made.
        """
        self._need_any([self._pairs(target, transcript)])

    def _pairs(self, target: str, transcript: Transcript) -> list[tuple[str, str]]:
        """What is translated into a target, from what most of it is in first."""
        main = transcript.source_for(target) or transcript.language
        others = (code for code in transcript.languages if code not in (main, target))
        return [(source, target) for source in (main, *others)]

    def _need_any(self, rows: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Make sure of the first pair of at least one row, and of as many others as can be."""
        errors: list[YtDubberError] = []
        for row in rows:
            for number, pair in enumerate(row):
                try:
                    self.need(*pair)
                except (BadInput, MachineError, PairNotFetched) as error:
                    errors += [] if number else [error]
        if len(errors) == len(rows):
            raise errors[0]

"""Dead letters done again, some at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ytdubber.domain.errors import BadInput
from ytdubber.ports.dead_letters import DeadLetters

MOST = 200
"""How many are done in one go: each is a transaction, and somebody waits."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of dead letters.

    Attributes:
        replayed: Those that wait for a worker again.
        refused: The others, and why.
        following: When the next failed, where more are left of those that were asked for.
    """

    replayed: Sequence[UUID]
    refused: Sequence[tuple[UUID, BadInput]]
    following: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReplayDeadLetters:
    """Has dead letters done again."""

    letters: DeadLetters

    def these(self, ids: Sequence[UUID]) -> Replayed:
        """Those with these ids."""
        refused: dict[UUID, BadInput] = {}
        for each in dict.fromkeys(ids):
            try:
                self.letters.replay(each)
            except BadInput as error:
                refused[each] = error
        done = [each for each in dict.fromkeys(ids) if each not in refused]
        return Replayed(done, list(refused.items()))

    def since(self, begin: datetime | None) -> Replayed:
        """The oldest of those that failed then or later, or of all."""
        found = self.letters.since(begin, MOST + 1)
        done = self.these([each for each, _ in found[:MOST]])
        following = found[MOST][1] if len(found) > MOST else None
        return Replayed(done.replayed, done.refused, following)

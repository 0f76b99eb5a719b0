"""No more calls at once than an account allows."""

from collections.abc import Callable
from dataclasses import dataclass

from ytdubber.app.guard import Made, Work
from ytdubber.ports.slots import Slots


@dataclass(frozen=True, slots=True)
class Limited:
    """A guard that waits for one of `limit` places under a name, such as `deepgram-speak`."""

    slots: Slots
    name: str
    limit: int

    def __call__(self, work: Work, make: Callable[[], Made]) -> Made:
        """The answer of `make`, when there was a place."""
        with self.slots.acquire(self.name, self.limit, work.call):
            return make()

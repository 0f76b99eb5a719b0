"""What stands between an engine and whoever asks it, written once for every kind of engine.

A guard is given a piece of work and the function that does it. It may count it, make it wait, call
it again or refuse it. Guards are composed outermost first:

    Guards((Retrying(...), Limited(...), Breaker(...), Metered(...), interruptible))
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from ytdubber.domain.engine import EngineId
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call import Call


class Answer(Protocol):
    """What every engine gives back."""

    @property
    def receipt(self) -> Receipt:
        """What it used."""
        ...


Made = TypeVar("Made", bound=Answer)


@dataclass(frozen=True, slots=True)
class Work:
    """One thing asked of one engine.

    Attributes:
        call: What it belongs to.
        engine: Who is asked.
        operation: `transcribe`, `translate`, `shorten` or `speak`.
        size: How much is asked: `audio_seconds` (and as many `keyterm_seconds` where there is a
            glossary) or `characters`. Providers may count in other units.
        key: What the result is remembered under, where it is: the same is then not asked for by
            two processes.
        keep: Remembers the result. Whoever keeps the book calls it before the book is closed: what
            the book says is paid for and over is then there for whoever looks for it.
    """

    call: Call
    engine: EngineId
    operation: str
    size: tuple[Quantity, ...]
    key: str = ""
    keep: Callable[[Any], None] = lambda _: None


class Guard(Protocol):
    """Does a piece of work its own way."""

    def __call__(self, work: Work, make: Callable[[], Made]) -> Made:
        """What `make` gives; raises what `make` raises."""
        ...


def unguarded(work: Work, make: Callable[[], Made]) -> Made:
    """The guard that stands aside."""
    del work
    return make()


@dataclass(frozen=True, slots=True)
class Guards:
    """Several guards as one, the outermost first."""

    layers: tuple[Guard, ...]

    def __call__(self, work: Work, make: Callable[[], Made]) -> Made:
        """Through all of them."""
        for layer in reversed(self.layers):
            make = partial(layer, work, make)
        return make()

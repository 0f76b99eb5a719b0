"""What every error is."""

import inspect
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from ytdubber.domain.printable import printable, printable_message


class YtDubberError(Exception):
    """Something went wrong: {detail}"""

    code = "error"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        message = inspect.cleandoc(type(self).__doc__ or "").replace("\n", " ")
        shown = {name: _shown(fact) for name, fact in facts.items()}
        super().__init__(message.format(**shown).rstrip())

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as it is: what it was made of may be gone."""
        return _restored, (type(self), self.args, self.__dict__)


def _shown(fact: object) -> object:
    """Text and paths of others as a terminal can be shown them; everything else as it is."""
    if isinstance(fact, PurePath):
        return printable(str(fact))
    return printable_message(fact) if type(fact) is str else fact


def _restored(
    kind: type[YtDubberError], args: tuple[object, ...], state: Mapping[str, object]
) -> YtDubberError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


def recalled(code: str, message: str, facts: Mapping[str, object]) -> YtDubberError:
    """An error as it was, from what was kept of it; a plain `BadInput` with that code where no
    class has it any more.
    """
    kind = next((each for each in _below(YtDubberError) if each.code == code), BadInput)
    return _restored(kind, (message,), {"facts": dict(facts), "code": code})


def _below(kind: type[YtDubberError]) -> Iterator[type[YtDubberError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


class BadInput(YtDubberError):
    """The request cannot be carried out: {detail}"""

    code = "bad_input"


class NotFound(BadInput):
    """There is nothing at this address."""

    code = "not_found"


class MachineError(BadInput):
    """This machine is not set up for that: {detail}"""

    # Whoever runs the machine can put it right; users of its service can do nothing about it.
    code = "machine_error"


class BadField(BadInput):
    """{field}: {reason}."""

    code = "bad_field"


class Cancelled(YtDubberError):
    """Stopped on request."""

    code = "cancelled"


class InternalError(YtDubberError):
    """Something went wrong on our side, also when it was tried again. Submit the recording again
    later."""

    code = "internal_error"

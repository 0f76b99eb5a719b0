"""What every error is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import PurePath
from typing import Any, ClassVar, dataclass_transform

from ytdubber.domain.printable import printable, printable_message

Name = str | PurePath
"""What a file or a folder is called."""
Reason = str | Exception
"""Why, in the words of whoever refused."""


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(field,))
@dataclass(kw_only=True, eq=False, repr=False)
class YtDubberError(Exception):
    """What goes wrong with us: typed facts, and a sentence made of them.

    A subclass names its `code`, the `template` of its sentence, and its facts as the fields of a
    dataclass, given by keyword. The template names them, or any other attribute.

    Attributes:
        code: What programs tell errors apart by; it never changes.
    """

    code: ClassVar[str] = "error"
    template: ClassVar[str] = "Something went wrong."

    def __init_subclass__(cls) -> None:
        dataclass(kw_only=True, eq=False, repr=False)(cls)

    def __post_init__(self) -> None:
        super().__init__(self.template.format_map(_Shown(self)).rstrip())

    @property
    def facts(self) -> dict[str, Any]:
        """What it is made of, by name."""
        own = vars(self)
        return {each.name: own[each.name] for each in fields(self) if each.name in own}

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as it is: what it was made of may be gone."""
        return _restored, (type(self), self.args, self.__dict__)


class _Shown(dict[str, object]):
    """An error's attributes: text, paths and errors of others as a terminal can be shown them,
    everything else as it is.
    """

    def __init__(self, error: YtDubberError) -> None:
        self._error = error

    def __missing__(self, name: str) -> object:
        fact = getattr(self._error, name)
        if isinstance(fact, PurePath):
            return printable(str(fact))
        if isinstance(fact, Exception):
            return printable_message(str(fact))
        return printable_message(fact) if type(fact) is str else fact


def _restored(
    kind: type[YtDubberError], args: tuple[object, ...], state: Mapping[str, object]
) -> YtDubberError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


def recalled(code: str, message: str, facts: Mapping[str, object]) -> YtDubberError:
    """An error as it was, from what was kept of it; a `BadInput` with that code where no class has
    it any more.
    """
    kind = next((each for each in _below(YtDubberError) if each.code == code), None)
    if kind is None:
        return _restored(BadInput, (message,), {"code": code})
    names = {each.name for each in fields(kind)}
    return _restored(kind, (message,), {name: facts[name] for name in names & facts.keys()})


def _below(kind: type[YtDubberError]) -> Iterator[type[YtDubberError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


class BadInput(YtDubberError):
    """The request cannot be carried out: whoever asked can put it right."""

    code = "bad_input"


class BadRequest(BadInput):
    code = "bad_request"
    template = "The request cannot be carried out: {detail}"
    detail: str


class NotFound(BadInput):
    code = "not_found"
    template = "There is nothing at this address."


class MachineError(YtDubberError):
    """This machine is not set up for that: whoever runs it can put it right, and users of its
    service can do nothing about it.
    """

    code = "machine_error"


class BadField(BadInput):
    code = "bad_field"
    template = "{field}: {reason}."
    field: str
    reason: str


class Cancelled(YtDubberError):
    code = "cancelled"
    template = "Stopped on request."


class InternalError(YtDubberError):
    code = "internal_error"
    template = (
        "Something went wrong on our side, also when it was tried again. Submit the recording "
        "again later."
    )

"""Says events."""

import logging
from collections.abc import Mapping

from .errors import described

Field = object
"""A text, a number, a truth, an id, a time, or an error; lists of these."""


class Logger:
    """Says events with fields under one name. Whoever wants them in another form has them as
    `fields` of the standard library's record.
    """

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, event: str, **fields: Field) -> None:
        """For whoever looks for a fault."""
        self._say(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Field) -> None:
        """What happens as it should, or to one job."""
        self._say(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Field) -> None:
        """What an operator should know, and passes or is got round."""
        self._say(logging.WARNING, event, fields)

    def error(self, event: str, **fields: Field) -> None:
        """What an operator has to put right."""
        self._say(logging.ERROR, event, fields)

    def exception(self, event: str, *, error: BaseException, **fields: Field) -> None:
        """A fault of ours, with where it came from."""
        self._say(logging.ERROR, event, {"error": error, **fields}, error)

    def _say(
        self,
        level: int,
        event: str,
        fields: Mapping[str, Field],
        trace_of: BaseException | None = None,
    ) -> None:
        if not self._logger.isEnabledFor(level):
            return
        came = (type(trace_of), trace_of, trace_of.__traceback__) if trace_of else None
        told = {"fields": _told(fields)}
        # Not by its `log`, which looks for the line that called: a tenth of the cost, and unused.
        self._logger.handle(
            self._logger.makeRecord(self._logger.name, level, "", 0, event, (), came, extra=told)
        )


def get_logger(name: str) -> Logger:
    """The logger of a module, by `__name__`."""
    return Logger(name)


def _told(fields: Mapping[str, Field]) -> dict[str, Field]:
    """The fields; an error as its code and, where there is one, its reason."""
    told: dict[str, Field] = {}
    for name, value in fields.items():
        if isinstance(value, BaseException):
            told[name], reason = described(value)
            if reason:
                told["reason" if name == "error" else f"{name}_reason"] = reason
        elif value is not None:
            told[name] = value
    return told

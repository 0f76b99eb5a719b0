"""How the log of a process that runs for long looks: one line an event, ours and the libraries'."""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TextIO

from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import JSONRenderer
from structlog.typing import EventDict

from ytdubber.domain.printable import printable, printable_message
from ytdubber.log import get_logger, ids
from ytdubber.log.errors import described, trace
from ytdubber.log.scrub import scrubbed
from ytdubber.settings import LogFormat, LogLevels, load_settings
from ytdubber.tracing import line_ids

OURS = "ytdubber"
_TRACE = "exception"
_SAFE = frozenset({int, float, bool})
_ENCODER = json.JSONEncoder(default=str)
_TALKATIVE = frozenset({"asyncio"})
"""Libraries whose lines after the first are what objects look like, of our errors, too."""
log = get_logger(__name__)


def start_log(level: int | None = None, *, stream: TextIO | None = None) -> None:
    """Log to standard error, by the settings in force.

    Args:
        level: From where on we log, in place of what is set.
        stream: Where to, instead.

    Raises:
        BadSetting: the settings are not right.
    """
    settings = load_settings()
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(settings.log_format, terminal=stream.isatty()))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    if handler in logging.getLogger().handlers:
        set_levels(settings.log_level, level)
        threading.excepthook = _unhandled
        # What no line shows is not found out.
        logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def our_level() -> int:
    """From where on this process logs."""
    return logging.getLogger(OURS).getEffectiveLevel()


def set_levels(levels: LogLevels, ours: int | None = None) -> None:
    """From where on each logger says something: libraries from warnings on, where nothing is set.

    Args:
        levels: What is set.
        ours: Our own, in place of what is set for all of them.
    """
    usual = levels.usual if ours is None else ours
    logging.getLogger(OURS).setLevel(usual)
    logging.getLogger().setLevel(max(usual, logging.WARNING))
    for name, level in levels.special.items():
        logging.getLogger(name).setLevel(level)


def formatter(form: LogFormat, *, terminal: bool) -> logging.Formatter:
    """Lines of this form.

    Args:
        form: JSON, the form for people, or whichever fits where they go.
        terminal: Whether somebody reads them as they come.
    """
    for_people = form == "console" or (form == "auto" and terminal)
    return _Formatter(_Console(colors=terminal) if for_people else JSONRenderer(_json))


class _Formatter(logging.Formatter):
    """Has structlog write every record, ours and the libraries'. structlog's own formatter copies
    each record first, which costs as much as all the rest.
    """

    def __init__(self, render: Callable[[Any, str, EventDict], str | bytes]) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        """The line; of a fault also where it came from."""
        return str(self._render(None, "", _told(record)))


def _told(record: logging.LogRecord) -> EventDict:
    """What a line says of a record, in this order."""
    fields: Mapping[str, object] | None = getattr(record, "fields", None)
    event = record.getMessage()
    told: EventDict = {
        "timestamp": _timestamp(record.created),
        "level": record.levelname.lower(),
        "event": event if fields is not None else scrubbed(_said(record.name, event)),
        "logger": record.name,
        **ids(),
        **line_ids(),
    }
    for name, value in (fields or {}).items():
        told[name] = value if type(value) in _SAFE else _plain(value)
    if record.exc_info and (error := record.exc_info[1]) is not None:
        if fields is None:
            told["error"], reason = described(error)
            if reason:
                told["reason"] = scrubbed(reason)
        told[_TRACE] = scrubbed(trace(error))
    return told


def _timestamp(seconds: float) -> str:
    """In UTC, with milliseconds (RFC 3339)."""
    return f"{_second(int(seconds))}.{int(seconds % 1 * 1000):03d}Z"


@lru_cache(4)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _said(name: str, message: str) -> str:
    return message.partition("\n")[0] if name in _TALKATIVE else message


def _plain(value: object) -> object:
    """A field as JSON has it."""
    if type(value) is str:
        return scrubbed(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return scrubbed(str(value))


def _json(told: EventDict, **_: object) -> str:
    return _ENCODER.encode(told)


class _Console:
    """Lines for people. Nothing in them acts on a terminal; only a trace has lines of its own."""

    def __init__(self, *, colors: bool) -> None:
        self._render = ConsoleRenderer(
            colors=colors, pad_event_to=0, exception_formatter=plain_traceback
        )

    def __call__(self, logger: Any, method: str, told: EventDict) -> str:
        came_from = told.pop(_TRACE, None)
        shown = {k: printable(v) if isinstance(v, str) else v for k, v in told.items()}
        line = str(self._render(logger, method, shown))
        if came_from is None:
            return line
        return f"{line}\n{printable_message(came_from)}"


def _unhandled(args: threading.ExceptHookArgs) -> None:
    """A thread that ended by an error nobody caught."""
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        name = getattr(args.thread, "name", None)
        log.exception("thread.crashed", error=args.exc_value, thread=name)

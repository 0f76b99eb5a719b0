"""What may be said of an error. The messages of most hold what somebody sent: a file's name, a line
of a transcript, a row's values. Their class and where they came from say enough.
"""

import traceback
from collections.abc import Iterator

from ytdubber.domain.errors import VendorError, YtDubberError

_ABOUT_US = frozenset(
    "address again_s cause command count detail fault folder home kind limit made_by most needed_mb"
    " free_mb offset parts problems provider purpose reason retry_after_s scope signal variable"
    " vendor version wanted what_for where".split()
)
"""Facts of our errors that are about the service and the machine it runs on."""
_SAFE = (
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
)
"""Their messages are about code."""
_CONNECTIONS = frozenset({"dramatiq", "httpcore", "httpx", "redis"})
"""Libraries whose errors are about connections."""
_LONGEST = 300
_HEAD = "Traceback (most recent call last):\n"
_DATA_EXCEPTION = "22"
"""The class of SQL states whose messages repeat the value."""


def described(error: BaseException) -> tuple[str, str | None]:
    """An error's code or class, and what else can be told of it."""
    if isinstance(error, YtDubberError):
        return error.code, _ours(error)
    inner = getattr(error, "orig", None)  # SQLAlchemy's, around the driver's
    if isinstance(inner, BaseException):
        error = inner
    return type(error).__name__, _first_line(_theirs(error))


def trace(error: BaseException) -> str:
    """Where it came from: every frame, and of each error in the chain what may be said."""
    return "".join((_HEAD, *_chain(error, set()))).rstrip()


def _ours(error: YtDubberError) -> str | None:
    if isinstance(error, VendorError):
        return _first_line(f"{error.provider} {error.fault}: {error.detail}")
    told = [f"{name}={fact}" for name, fact in error.facts.items() if name in _ABOUT_US]
    return " ".join(" ".join(told).split()) or None


def _theirs(error: BaseException) -> str | None:
    if isinstance(error, OSError):
        return error.strerror
    if isinstance(error, _SAFE):
        return str(error)
    module = type(error).__module__.partition(".")[0]
    if module == "psycopg":
        return _of_database(error)
    return str(error) if module in _CONNECTIONS else None


def _of_database(error: BaseException) -> str | None:
    state = getattr(error, "sqlstate", None)
    if state is None:
        operational = any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)
        return str(error) if operational else None
    if state.startswith(_DATA_EXCEPTION):
        return f"SQLSTATE {state}"
    return f"{error.diag.message_primary} (SQLSTATE {state})"  # type: ignore[attr-defined]  # psycopg's


def _first_line(text: str | None) -> str | None:
    lines = (text or "").strip().splitlines()
    return lines[0][:_LONGEST] if lines else None


def _chain(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _chain(before, seen)
        yield "which led to:\n"
    yield from traceback.format_tb(error.__traceback__)
    name, more = described(error)
    yield f"{name}: {more}\n" if more else f"{name}\n"

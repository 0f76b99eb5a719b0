"""The ids that every line carries: of a request, a job, a task and a user."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_NOTHING: Mapping[str, str] = {}
_IDS: ContextVar[Mapping[str, str]] = ContextVar("ytdubber_log_ids", default=_NOTHING)


def ids() -> Mapping[str, str]:
    """Those in force."""
    return _IDS.get()


def bind(**more: object) -> None:
    """Have lines carry these, too, until what surrounds them ends; None is left out."""
    _IDS.set({**_IDS.get(), **_named(more)})


def replace_ids(new: Mapping[str, str]) -> None:
    """Have lines carry these and no others."""
    _IDS.set(new)


@contextmanager
def bound(**more: object) -> Iterator[None]:
    """Inside the `with` lines carry these, too, and afterwards what they did before."""
    token = _IDS.set({**_IDS.get(), **_named(more)})
    try:
        yield
    finally:
        _IDS.reset(token)


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """The same work for another thread, where its lines carry the ids in force here."""
    return partial(copy_context().run, work)


class ContextPool(ThreadPoolExecutor):
    """Threads in which lines carry the ids of whoever handed the work in."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As the base."""
        run: Callable[..., T] = copy_context().run
        return super().submit(run, fn, *args, **kwargs)


def _named(more: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in more.items() if value is not None}

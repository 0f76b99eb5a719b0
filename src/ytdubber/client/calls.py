"""Functions of a client that are written once, for threads and for coroutines."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from ytdubber.client.asking import Retries
from ytdubber.client.effects import Flow
from ytdubber.client.transports import AsyncTransport, SyncTransport

P = ParamSpec("P")
S = TypeVar("S", bound="Caller")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Caller:
    """Whoever has such functions.

    Attributes:
        retries: How often the same is asked.
    """

    retries: Retries


class _Begins(Protocol[P, T_co]):
    """Begins a flow, of whoever is first given."""

    def __call__(self, caller: Any, /, *args: P.args, **kwargs: P.kwargs) -> Flow[T_co]: ...


class SyncOrAsync(Generic[P, T]):
    """A function that begins a flow: of a client for threads it gives what the flow leads to, of
    one for coroutines it is awaited.

    Args:
        begin: Begins it.
    """

    def __init__(self, begin: _Begins[P, T]) -> None:
        self._begin = begin
        self.__doc__ = begin.__doc__

    @overload
    def __get__(self, caller: None, owner: type) -> Callable[..., Any]: ...

    @overload
    def __get__(self, caller: SyncTransport, owner: type | None = None) -> Callable[P, T]: ...

    @overload
    def __get__(
        self, caller: AsyncTransport, owner: type | None = None
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...

    def __get__(self, caller: Any, owner: type | None = None) -> Callable[..., Any]:
        begin = self._begin
        if caller is None:
            return begin

        @wraps(begin)
        def called(*args: P.args, **kwargs: P.kwargs) -> Any:
            return caller.carry_out(begin(caller, *args, **kwargs))

        return called


def sync_or_async(begin: Callable[Concatenate[S, P], Flow[T]]) -> SyncOrAsync[P, T]:
    """Have a client do what a flow decides."""
    return SyncOrAsync(begin)

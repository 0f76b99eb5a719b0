"""Requests that are made again while the service, or the way to it, does not work."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ytdubber.client.effects import Answer, Effect, Flow, Sleep, Unreached
from ytdubber.client.errors import AGAIN, ServiceError, Unavailable, refusal

T = TypeVar("T")

INITIAL_BACKOFF_S, MAX_BACKOFF_S = 0.5, 20.0
"""The bound of the pause after the first failure, which doubles with each; pauses are drawn below
it."""
MAX_RETRY_AFTER_S = 60.0
"""A service that wants more time than this is not waited for."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often the same is asked.

    Attributes:
        attempts: Requests in all, the first among them.
        now: Seconds that only grow.
        draw: A number from 0 to 1.
    """

    attempts: int = 6
    now: Callable[[], float] = time.monotonic
    draw: Callable[[], float] = random.random

    @property
    def longer(self) -> "Retries":
        """Without an end but the caller's."""
        return replace(self, attempts=1_000_000)

    @property
    def once(self) -> "Retries":
        """For what cannot be asked for again."""
        return replace(self, attempts=1)

    def pause_s(self, failed: int, error: ServiceError) -> float | None:
        """How long to wait after so many failures; None where it should be given up."""
        if failed >= self.attempts:
            return None
        if error.retry_after_s is not None:
            return error.retry_after_s if error.retry_after_s <= MAX_RETRY_AFTER_S else None
        return self.draw() * float(min(MAX_BACKOFF_S, INITIAL_BACKOFF_S * 2 ** (failed - 1)))


def asked(effect: Effect, retries: Retries) -> Flow[Answer]:
    """The good answer to a request that may be made any number of times.

    Raises:
        ServiceError: it was refused, or not answered.
    """
    failed = 0
    while True:
        try:
            answer: Answer = yield effect
        except Unreached as unreached:
            error: ServiceError = unavailable(unreached)
        else:
            if answer.good:
                return answer
            error = refusal(answer.status, answer.headers, answer.body)
            error.repeated = failed > 0
            if answer.status not in AGAIN:
                raise error
        failed += 1
        pause_s = retries.pause_s(failed, error)
        if pause_s is None:
            raise error
        yield Sleep(pause_s)


def unavailable(unreached: Unreached) -> Unavailable:
    """What a caller is told of a request without an answer."""
    return Unavailable(f"The service cannot be reached: {unreached}.", code="unreachable")


def told(answer: Answer, shape: Callable[[Any], T]) -> T:
    """What an answer's JSON is, in the shape that is expected.

    Raises:
        Unavailable: it is something else: another program answers at this address, or one of
            another time.
    """
    try:
        return shape(json.loads(answer.body))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _not_understood(answer) from None


def header(answer: Answer, name: str) -> str:
    """What an answer's header says.

    Raises:
        Unavailable: it has none of this name: another program answers there.
    """
    try:
        return answer.headers[name]
    except KeyError:
        raise _not_understood(answer) from None


def _not_understood(answer: Answer) -> Unavailable:
    return Unavailable(
        "What answers at this address is not the service, or one of another version: its answer is "
        "not understood.",
        code="not_understood",
        status=answer.status,
    )

"""Pieces of one work, several at once."""

import threading

import pytest
from tests.waiting import PATIENCE_S

from ytdubber.domain.errors import BudgetExceeded, Cancelled
from ytdubber.engines.map_concurrently import map_concurrently


def ignore(*_: object) -> None:
    """Nobody asks."""


def test_everything_comes_back_in_order_and_is_told_of() -> None:
    told: list[int] = []
    doubled = map_concurrently(range(9), lambda piece: 2 * piece, 3, ignore, told.append)
    assert doubled == [2 * piece for piece in range(9)]
    assert sorted(told) == list(range(9))
    assert map_concurrently([], ignore, 3, ignore, ignore) == []


def test_never_more_at_once_than_allowed() -> None:
    now, most, lock = 0, 0, threading.Lock()
    meeting = threading.Barrier(3)

    def make(_: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        meeting.wait(PATIENCE_S)
        with lock:
            now -= 1

    map_concurrently(range(6), make, 3, ignore, ignore)
    assert most == 3


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        BudgetExceeded(budget="It", limit_usd="1", spent_usd="1", next_usd="1", remedy=""),
    ],
    ids=["any", "budget"],
)
def test_after_a_failure_what_is_under_way_ends_and_nothing_begins(error: Exception) -> None:
    failed, ended, begun = threading.Event(), set[int](), set[int]()

    def make(piece: int) -> None:
        begun.add(piece)
        if piece == 0:
            failed.set()
            raise error
        failed.wait(PATIENCE_S)
        threading.Event().wait(0.3)
        ended.add(piece)

    with pytest.raises(type(error)):
        map_concurrently(range(50), make, 2, ignore, ignore)
    assert ended == begun - {0}
    assert len(begun) < 50


def test_what_is_not_wanted_any_more_is_not_waited_for() -> None:
    let_go = threading.Event()

    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        map_concurrently(range(4), lambda _: let_go.wait(PATIENCE_S), 2, check, ignore)
    assert not let_go.is_set()
    let_go.set()


def test_a_failure_is_told_before_the_cancellations_that_follow_it() -> None:
    meeting = threading.Barrier(2)

    def make(piece: int) -> None:
        meeting.wait(PATIENCE_S)
        raise Cancelled if piece == 0 else ValueError("no")

    for _ in range(20):
        with pytest.raises(ValueError, match="no"):
            map_concurrently(range(2), make, 2, ignore, ignore)

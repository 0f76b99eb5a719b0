"""What is under way together: never more than there is room for, and nobody waits for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytdubber.adapters.local.memory import Room
from ytdubber.domain.errors import Cancelled
from ytdubber.ports.call_context import CallContext

CALL = CallContext(UUID(int=0))
MOST = 10


@settings(deadline=None)
@given(st.lists(st.integers(1, 15), max_size=30))
def test_together_they_keep_to_it_and_each_has_its_turn(amounts: list[int]) -> None:
    room, lock = Room(MOST), threading.Lock()
    held: list[int] = []
    seen: list[tuple[int, ...]] = []

    def work(amount: int) -> int:
        with room.hold(amount, CALL):
            with lock:
                held.append(amount)
                seen.append(tuple(held))
            with lock:
                held.remove(amount)
        return amount

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, amounts)) == amounts
    assert all(sum(together) <= MOST or len(together) == 1 for together in seen)


def test_a_failure_gives_its_room_back() -> None:
    room = Room(MOST)
    with pytest.raises(RuntimeError), room.hold(MOST, CALL):
        raise RuntimeError
    with room.hold(MOST, CALL):
        pass


def test_a_cancelled_call_stops_waiting() -> None:
    room = Room(MOST)

    def stop() -> None:
        raise Cancelled

    stopped = CallContext(UUID(int=0), raise_if_cancelled=stop)
    with room.hold(MOST, CALL), pytest.raises(Cancelled), room.hold(1, stopped):
        pass

"""How many calls are under way at once, per route."""

import threading
from collections import Counter
from collections.abc import Mapping


class Flights:
    """Counts calls from their first byte to their answer's last, from any thread."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self._limits = limits
        self._now: Counter[str] = Counter()
        self._most: Counter[str] = Counter()
        self._lock = threading.Lock()

    def begin(self, route: str) -> "Flight":
        """One more; it says whether it is one too many."""
        with self._lock:
            self._now[route] += 1
            self._most[route] = max(self._most[route], self._now[route])
            limit = self._limits.get(route)
            return Flight(self, route, limit is not None and self._now[route] > limit)

    def end(self, route: str) -> None:
        """One less."""
        with self._lock:
            self._now[route] -= 1

    def most(self, route: str) -> int:
        """The most there were at once, those refused for it too."""
        with self._lock:
            return self._most[route]

    def now(self, route: str) -> tuple[int, int]:
        """How many there are, and how many there may be."""
        with self._lock:
            return self._now[route], self._limits.get(route, 100)


class Flight:
    """One call under way; ending it again does nothing."""

    def __init__(self, flights: Flights, route: str, one_too_many: bool) -> None:
        self._flights = flights
        self._route = route
        self._ended = False
        self.one_too_many = one_too_many

    def end(self) -> None:
        """It is over."""
        if not self._ended:
            self._ended = True
            self._flights.end(self._route)

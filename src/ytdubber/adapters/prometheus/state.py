"""The service's state as metrics: looked at when it is asked for, and shown again for a while."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ytdubber.domain.errors import DatabaseAway
from ytdubber.domain.fair_share import Lane
from ytdubber.domain.stage import WORKING, Stage
from ytdubber.log import get_logger
from ytdubber.ports.service_state import Crowd, ServiceState

log = get_logger(__name__)

KEPT_S = 5.0
"""For how long what was seen is shown again."""
EMPTY = ServiceState({}, {}, {}, {}, {}, 0, 0, {}, 0, 0)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was seen, None where the database did not say; and when."""

    state: ServiceState | None
    seen_s: float


@dataclass(slots=True, eq=False)
class StateCollector(Collector):
    """Gauges of what the database knows. While it is away there is only a 0 that says so: what was
    true before it went is nothing to judge by.

    Attributes:
        look: The state now; raises where the database does not say.
        budgets_usd: The most that may be spent, by what it is for.
        clock_s: Goes on evenly.
    """

    look: Callable[[], ServiceState]
    budgets_usd: tuple[tuple[str, Decimal], ...] = ()
    clock_s: Callable[[], float] = time.monotonic
    _kept: _Kept | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def describe(self) -> Iterator[Metric]:
        """Names only: nothing is asked when it is registered."""
        yield _up(None)
        yield from self._families(EMPTY)

    def collect(self) -> Iterator[Metric]:
        state = self._seen()
        yield _up(state)
        if state is not None:
            yield from self._families(state)

    def _seen(self) -> ServiceState | None:
        with self._lock:
            if self._kept is None or self.clock_s() - self._kept.seen_s >= KEPT_S:
                try:
                    state = self.look()
                except DatabaseAway:  # which is told elsewhere
                    state = None
                except Exception as error:  # the scrape still tells what else there is
                    log.exception("metrics.state_unknown", error=error)
                    state = None
                self._kept = _Kept(state, self.clock_s())
            return self._kept.state

    def _families(self, state: ServiceState) -> Iterator[Metric]:
        yield from _queues(state)
        languages = {
            stage.value: state.languages.get(stage.value, 0)
            for stage in WORKING
            if stage is not Stage.COMPLETE
        }
        yield _many("languages_under_way", "Languages under way", "stage", languages)
        waiting = state.waiting
        yield _many(
            "languages_waiting",
            "Languages that wait for who is away",
            "waits_for",
            {who: each.languages for who, each in waiting.items()},
        )
        yield _many(
            "languages_waiting_seconds",
            "For how long the first of them has waited",
            "waits_for",
            {who: each.oldest_s for who, each in waiting.items()},
        )
        yield from self._money(state)
        yield _many(
            "retention_lag_seconds",
            "For how long the oldest thing that has to go has had to",
            "reason",
            {reason.value: lag_s for reason, lag_s in state.retention_lag_s.items()},
        )
        yield _one("dead_letters", "Work that was given up", state.dead_letters)
        yield _one("outbox_waiting", "Messages to others that wait", state.outbox_waiting)
        yield _many("storage_bytes", "Files that are kept", "kind", state.stored_bytes)
        yield _one("database_connections", "Connections the database server has", state.connections)
        yield _one("database_connections_limit", "Connections it takes", state.most_connections)

    def _money(self, state: ServiceState) -> Iterator[Metric]:
        spent = state.spent_today_usd
        yield _many(
            "spent_today_usd",
            "Charged since midnight UTC, with what calls under way are expected to",
            "vendor",
            spent,
        )
        budgets = dict(self.budgets_usd)
        yield _many("budget_usd", "What a budget allows", "scope", budgets)
        left = {"day": budgets["day"] - sum(spent.values())} if "day" in budgets else {}
        yield _many("budget_left_usd", "What is left of a budget", "scope", left)


def _queues(state: ServiceState) -> Iterator[Metric]:
    lanes = {lane: state.lanes[lane] for lane in Lane if lane in state.lanes}
    figures: tuple[tuple[str, str, Callable[[Lane], float]], ...] = (
        ("queue_waiting", "Pieces of work that wait", lambda lane: lanes[lane].waiting),
        (
            "queue_age_seconds",
            "For how long the oldest of them has waited",
            lambda lane: lanes[lane].oldest_s or 0.0,
        ),
        ("queue_in_hand", "Pieces of work in hand", lambda lane: lanes[lane].in_hand),
        ("queue_done_per_minute", "Pieces done lately", lambda lane: lanes[lane].done_a_minute),
        ("workers", "Workers that live", lambda lane: lanes[lane].workers),
        ("worker_threads", "What they work on at once", lambda lane: lanes[lane].threads),
        (
            "queue_users",
            "Users of whom something waits",
            lambda lane: state.crowds.get(lane, Crowd()).users,
        ),
        (
            "queue_largest_user_share_ratio",
            "The part of what waits that is one user's, the largest",
            lambda lane: state.crowds.get(lane, Crowd()).largest_share,
        ),
    )
    for name, words, figure in figures:
        yield _many(name, words, "queue", {lane.value: figure(lane) for lane in lanes})


def _up(state: ServiceState | None) -> Metric:
    return _one("database_up", "Whether the database answers", 0 if state is None else 1)


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"ytdubber_{name}", f"{words}.", value=value)


def _many(name: str, words: str, label: str, values: Mapping[str, Decimal | float]) -> Metric:
    family = GaugeMetricFamily(f"ytdubber_{name}", f"{words}.", labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family

"""What is told to Prometheus, by the settings in force (ADR 46)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.adapters.db.status.service_state import SqlServiceState
from ytdubber.adapters.prometheus.folder import joined
from ytdubber.adapters.prometheus.start import metrics_page, new_recorder
from ytdubber.audio.confined import KILLED
from ytdubber.bootstrap.backend import Backend
from ytdubber.domain.spending import Budgets
from ytdubber.settings import Settings

if TYPE_CHECKING:
    from ytdubber.adapters.prometheus.exposition import Exposition
    from ytdubber.adapters.prometheus.recorder import Recorder

Figure = Callable[[], float]
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a process counts, and the page that tells it.

    Attributes:
        recorder: Counts.
        page: Tells; None where another process does, or nobody.
    """

    recorder: "Recorder"
    page: "Exposition | None" = None

    def show(self, name: str, words: str, value: Figure) -> None:
        """Tell a figure of this process, where it tells."""
        if self.page is not None:
            self.page.show(name, words, value)

    def tell_state(self, shared: Backend) -> None:
        """Tell what the database knows, where this process tells: those do that run the periodic
        tasks, and rules take the largest of what several say.
        """
        if self.page is None:
            return
        from ytdubber.adapters.prometheus.state import StateCollector  # noqa: PLC0415  # see start

        money = shared.settings.money
        budgets = Budgets(money.job_budget_usd, money.user_month_budget_usd, money.day_budget_usd)
        limits = tuple((scope.value, limit_usd) for scope, limit_usd in budgets.limits())
        look = SqlServiceState(shared.engine, SqlLine(shared.engine))
        self.page.add(StateCollector(look, limits))


@contextmanager
def metrics(settings: Settings, role: str, *, tells: bool = True) -> Iterator[Metrics]:
    """What this process counts; entered before it starts others, which count with it.

    Args:
        settings: The settings in force.
        role: What it is.
        tells: Whether it tells, where the settings say so and nobody does who started it.

    Raises:
        BadSetting: nothing can listen where metrics are to be told.
    """
    if settings.metrics_port is None or not tells or joined():
        with _counting() as counting:
            yield counting
        return
    folders = {"data": settings.data, "models": settings.models}
    where = settings.metrics_host or _LOOPBACK, settings.metrics_port
    with metrics_page(role, *where, folders) as page, _counting(page) as counting:
        page.here.expires.update(settings.expiries)
        yield counting


@contextmanager
def _counting(page: "Exposition | None" = None) -> Iterator[Metrics]:
    made = Metrics(new_recorder(), page)
    KILLED.append(made.recorder.decoder_killed)
    try:
        yield made
    finally:
        KILLED.remove(made.recorder.decoder_killed)

"""How long stages take."""

from collections.abc import Iterator
from contextlib import contextmanager

from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.tracing import span

log = get_logger(__name__)


@contextmanager
def timed(clock: Clock, name: str, timings_ms: dict[str, int]) -> Iterator[None]:
    """Log and trace a stage, and note what it took once it has ended well.

    Args:
        clock: Tells the time.
        name: The stage.
        timings_ms: Where it is noted.
    """
    begin_ms = clock.monotonic_ms()
    with span(f"stage.{name}"):
        log.info("stage.started", stage=name)
        try:
            yield
        except BaseException as error:
            elapsed_ms = clock.monotonic_ms() - begin_ms
            log.info("stage.ended_early", stage=name, elapsed_ms=elapsed_ms, error=error)
            raise
        timings_ms[name] = clock.monotonic_ms() - begin_ms
        log.info("stage.completed", stage=name, elapsed_ms=timings_ms[name])

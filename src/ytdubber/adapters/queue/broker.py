"""The broker of a worker process."""

from .pooled import Pool, PooledBroker
from .postgres import SCHEMA

_LISTENING_POLL_S, _POLL_S = 1.0, 0.2
"""How often it is looked for messages where news of them come, and where none do."""


def make_broker(
    pool: Pool,
    listen_on: Pool | None,
    *,
    heartbeat_s: float = 5.0,
    ttl_s: float = 60.0,
    maintenance_s: float = 10.0,
) -> PooledBroker:
    """A broker without actors; it connects when it is first used. One per process.

    Args:
        pool: The process's connections.
        listen_on: A connection over which LISTEN works, for the broker alone; None where none does.
        heartbeat_s: How often the process says that it lives.
        ttl_s: After how long without a sign of life its messages go to others.
        maintenance_s: How often processes look for such messages.
    """
    return PooledBroker(
        pool,
        listen_on,
        schema=SCHEMA,
        results=False,
        middleware=[],
        poll_interval=_POLL_S if listen_on is None else _LISTENING_POLL_S,
        heartbeat_interval=heartbeat_s,
        heartbeat_ttl=ttl_s,
        maintenance_interval=maintenance_s,
        purge_maxage="30 days",
    )

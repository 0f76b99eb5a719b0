"""The broker of a worker process."""

from dramatiq_postgres import PostgresBroker
from psycopg.conninfo import conninfo_to_dict

from .messages import SCHEMA

RECONNECT_S = 10.0
"""How long one attempt to reach the database lasts before the next one begins anew, and soon."""


def make_broker(
    url: str,
    *,
    heartbeat_s: float = 5.0,
    ttl_s: float = 60.0,
    maintenance_s: float = 10.0,
) -> PostgresBroker:
    """A broker without actors; it connects when it is first used. One per process.

    Args:
        url: The database, as PostgreSQL's own tools take it: a direct connection or a pooler's
            session mode, as the queue listens.
        heartbeat_s: How often the process says that it lives.
        ttl_s: After how long without a sign of life its messages go to others.
        maintenance_s: How often processes look for such messages.
    """
    broker = PostgresBroker(
        url=conninfo_to_dict(url) | {"prepare_threshold": None, "connect_timeout": 10},
        schema=SCHEMA,
        results=False,
        middleware=[],
        poll_interval=1.0,
        heartbeat_interval=heartbeat_s,
        heartbeat_ttl=ttl_s,
        maintenance_interval=maintenance_s,
        purge_maxage="30 days",
    )
    broker.pool.reconnect_timeout = RECONNECT_S
    return broker

"""Whether LISTEN works where a URL leads. Behind a pooler in transaction mode it does not: the
session that listens is the pooler's, which gives it to somebody else.
"""

from uuid import uuid4

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from ytdubber.adapters.db.connection.connections import KEEPALIVE, BoundedConnection, limits_of
from ytdubber.adapters.db.connection.service_role import login_role
from ytdubber.domain.errors import DatabaseAway

_PROBE_S = 2.0
"""How long what one says may take to be heard."""


def why_deaf(url: str, engine: Engine) -> str | None:
    """Why what is notified over the engine is not heard over the URL, or None when it is.

    It is tried: a channel of its own is listened to on one connection and notified on another.
    """
    limits = limits_of(engine)
    channel = f"ytdubber_probe_{uuid4().hex}"
    try:
        with BoundedConnection.connect(
            url,
            autocommit=True,
            application_name="ytdubber-probe",
            connect_timeout=limits.connect_s,
            prepare_threshold=None,
            **KEEPALIVE,
        ) as connection:
            connection.answer_s = _PROBE_S
            connection.execute(f"listen {channel}".encode())
            with login_role(engine) as other:
                other.execute(text("select pg_notify(:channel, '')"), {"channel": channel})
            heard = list(connection.notifies(timeout=_PROBE_S, stop_after=1))
            connection.execute(f"unlisten {channel}".encode())
    except (psycopg.Error, SQLAlchemyError, DatabaseAway) as error:
        return str(error).partition("\n")[0]
    return None if heard else "what is notified is not heard there, as behind a pooler"

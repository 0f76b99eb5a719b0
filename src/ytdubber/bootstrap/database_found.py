"""What `doctor` says of a database that was set."""

from sqlalchemy.exc import SQLAlchemyError

from ytdubber.adapters.db.connection.connections import REQUESTS, connected, make_engine
from ytdubber.adapters.db.connection.listening import why_deaf
from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.domain.errors import DatabaseAway


def way_found(url: str, listen_url: str | None) -> tuple[bool, str]:
    """Whether it answers, and by which way news come from it."""
    engine = make_engine(url, pool_size=1, name="ytdubber-doctor", limits=REQUESTS)
    try:
        with connected(engine):
            pass
        deaf = why_deaf(listen_url or url, engine)
    except DatabaseAway as error:
        return False, f"DATABASE_URL: {str(error.__cause__).partition(chr(10))[0]}"
    finally:
        engine.dispose()
    if deaf is None:
        return True, "answers; news come by LISTEN"
    half = "YTDUBBER_LISTEN_DATABASE_URL" if listen_url else "DATABASE_URL"
    return True, f"answers; news are looked for, since LISTEN does not work over {half}: {deaf}"


def work_found(url: str) -> tuple[bool, str] | None:
    """Whether workers are there for all that waits, and how much that is; None where the database
    has no service's tables, or does not answer.
    """
    engine = make_engine(url, pool_size=1, name="ytdubber-doctor", limits=REQUESTS)
    try:
        lanes = SqlLine(engine).lanes()
    except (DatabaseAway, SQLAlchemyError):
        return None
    finally:
        engine.dispose()
    said = [
        f"{name}: {lane.workers or 'no'} worker{'' if lane.workers == 1 else 's'},"
        f" {lane.waiting} waiting"
        for name, lane in lanes.items()
    ]
    return not any(lane.unserved for lane in lanes.values()), "; ".join(said)

"""`ytdubber migrate`."""

from ytdubber.bootstrap.worker import migrated
from ytdubber.cli.console import out


def migrate() -> None:
    """Bring the database to this version's tables, and end; the other roles do so as they start.

    Several may do so at once: they follow one another.
    """
    with migrated() as revision:
        out.print(f"The database is at {revision}.")

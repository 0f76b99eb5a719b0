"""`ytdubber migrate`."""

from ytdubber.bootstrap.worker import migrated
from ytdubber.cli.console import out

MORE = "Several may do so at once: they follow one another."
"""What its help says besides."""


def migrate() -> None:
    with migrated() as revision:
        out.print(f"The database is at {revision}.")

"""`ytdubber database`."""

from ytdubber.bootstrap.logs import start_log
from ytdubber.bootstrap.worker import embedded_database
from ytdubber.cli.console import err, out
from ytdubber.cli.stopping import until_stopped


def database() -> None:
    """Keep the embedded database up until stopped, also while nothing else uses it.

    The other commands start it as well, and share it. It ends with the last that uses it.
    """
    start_log()
    with until_stopped() as stopped, embedded_database() as (folder, url):
        out.print(f"The database of {folder} is up.")
        out.print(f"Its address, for psql and pg_dump on this machine: {url}")
        err.print("Ctrl-C stops it, as soon as nothing else uses it.")
        stopped.wait()

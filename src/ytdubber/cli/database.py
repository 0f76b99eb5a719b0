"""`ytdubber database`."""

from ytdubber.bootstrap.logs import start_log
from ytdubber.bootstrap.worker import embedded_database
from ytdubber.cli.console import err, out
from ytdubber.worker.stop_request import StopRequest

MORE = "The other commands start it as well, and share it. It ends with the last that uses it."
"""What its help says besides."""


def database() -> None:
    start_log()
    stop = StopRequest()
    with embedded_database() as (folder, url):
        out.print(f"The database of {folder} is up.")
        out.print(f"Its address, for psql and pg_dump on this machine: {url}")
        err.print("Ctrl-C stops it, as soon as nothing else uses it.")
        stop.wait()

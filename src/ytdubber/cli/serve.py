"""`ytdubber serve`: the whole service in one command."""

import contextlib
import gc
import logging
import signal
import socket
from typing import Annotated

import typer

from ytdubber.api.app import create_app
from ytdubber.api.launch import LaunchCodes
from ytdubber.api.server import http_server
from ytdubber.bootstrap.backend import DEFAULT_HOST, DEFAULT_PORT
from ytdubber.bootstrap.logs import start_log
from ytdubber.bootstrap.serve import serving
from ytdubber.cli.console import err, out
from ytdubber.domain.errors import AddressInUse
from ytdubber.web.page import add_page
from ytdubber.worker.stop_request import end_process_in

MORE = "Without DATABASE_URL a PostgreSQL of its own is started, and only this machine can sign in."
"""What its help says besides."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = DEFAULT_HOST,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any.")] = DEFAULT_PORT,
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help="Worker processes.")] = 1,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="None: workers run by `ytdubber worker`.")
    ] = False,
    no_database: Annotated[
        bool, typer.Option("--no-database", help="Start no database: DATABASE_URL names it.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more.")] = False,
) -> None:
    start_log(logging.DEBUG if verbose else None)
    listener = _listen(host, port)
    started = 0 if no_worker else workers
    port = listener.getsockname()[1]
    with serving(host, port, started, database=not no_database) as parts:
        codes = LaunchCodes(parts.service.clock) if parts.service.sign_in else None
        hosts = _names(host, port) if parts.loopback else None
        told = parts.metrics.recorder.request if parts.metrics.page else None
        app = create_app(
            parts.service, origins=parts.origins, hosts=hosts, codes=codes, on_answer=told
        )
        feed = app.state.feed
        parts.metrics.show("event_streams", "Event streams that are open", lambda: feed.watchers)
        # Elsewhere, users sign in by the product's own client.
        add_page(app, parts.storage, users=codes is not None)
        _announce(parts.url, codes.new() if codes else None)

        async def end_streams() -> None:
            end_process_in()
            await feed.end()

        server = http_server(app, parts.connections, end_streams)
        keep_what_stays()
        # The server raises the signal that ended it once more: here it only ends this block.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def keep_what_stays() -> None:
    """Have the garbage collector look no more at what start-up made: every full collection would
    go through all of it, and hold all requests up for a tenth of a second.
    """
    gc.collect()
    gc.freeze()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, so that its connections are told not to hold small answers back (TCP_NODELAY).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)  # who comes before the server is up waits
    except OSError as error:
        listener.close()
        raise AddressInUse(address=f"{host}:{port}", reason=error.strerror or error) from None
    return listener


def _names(host: str, port: int) -> set[str]:
    """The Host headers of this machine's own browsers."""
    names = {"127.0.0.1", "localhost", "[::1]", host}
    return {f"{name}:{port}" for name in names} | (names if port == 80 else set())


def _announce(url: str, code: str | None) -> None:
    out.print(f"YT Dubber serves at {url}")
    if code:
        out.print(f"Open in your browser: {url}/?code={code}")
    err.print("Ctrl-C stops it.")

"""The servers of the service's benchmark: the service, and a bare route."""

import socket
import sys
from dataclasses import replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy import text

from ytdubber.adapters.db.database import make_engine
from ytdubber.api.app import create_app
from ytdubber.api.server import http_server
from ytdubber.bootstrap.backend import Urls, backend
from ytdubber.bootstrap.serve import connection_limits
from ytdubber.bootstrap.service import service
from ytdubber.bootstrap.tracing import tracing
from ytdubber.cli.serve import keep_what_stays
from ytdubber.settings import Settings

POOL_SIZE = 20


def serve_ours(home: str, owner_url: str, api_url: str, secret: str) -> None:
    """The service as `ytdubber serve` runs it, without limits."""
    listener, url = _listener()
    settings = Settings(
        home=Path(home), database_url=owner_url, supabase_url=None, secret=secret,
        requests_a_minute=10**6, upload_gb_a_day=10**4,
        jobs_at_once=10**3, upload_mb=100, queued_languages=10**4,
    )  # fmt: skip
    urls = Urls(owner_url, api_url)
    shared_backend = backend(settings, urls, public_url=url)
    with shared_backend as shared, service(shared) as made, tracing("api"):
        roomy = replace(made, limits=replace(made.limits, streams_at_once=10**3))
        app = create_app(roomy, origins=["http://localhost:3000"])
        keep_what_stays()
        print(listener.getsockname()[1], flush=True)
        server = http_server(app, connection_limits(settings), app.state.feed.end)
        server.run(sockets=[listener])


def serve_bare(api_url: str) -> None:
    """FastAPI and one `select 1` from the same kind of pool."""
    engine = make_engine(api_url, pool_size=POOL_SIZE, name="bare")
    app, statement = FastAPI(), text("select 1")

    @app.get("/bare")
    def bare() -> dict[str, int]:
        with engine.connect() as connection:
            return {"one": connection.execute(statement).scalar_one()}

    listener, _ = _listener()
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


def _listener() -> tuple[socket.socket, str]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


if __name__ == "__main__":
    role, *facts = sys.argv[1:]
    if role == "ours":
        serve_ours(*facts)
    else:
        serve_bare(*facts)

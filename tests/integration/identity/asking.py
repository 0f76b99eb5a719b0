"""Asking an app as a web page does."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from fastapi import FastAPI
from tests.integration.storage.serving import ORIGIN, free_port, running
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

FROM_PAGE = {"Origin": ORIGIN}


@contextmanager
def serving(app: FastAPI) -> Iterator[httpx.Client]:
    listener, url = free_port()
    with (
        running(app, listener),
        httpx.Client(verify=NO_TLS, base_url=url, timeout=PATIENCE_S) as client,
    ):
        yield client


def shape(reply: httpx.Response) -> tuple[int, str]:
    """Status and code of an error answer, once its form is right and a browser may read it."""
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    body = reply.json()
    more = {"details", "voice_duration", "background_duration"}
    assert set(body) - more == {"error", "message", "request_id"}
    assert body["request_id"] == reply.headers["x-request-id"]
    assert isinstance(body["message"], str)
    assert body["message"].endswith(".")
    return reply.status_code, body["error"]

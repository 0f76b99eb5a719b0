"""What is told of answers."""

import asyncio

import httpx
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse

from ytdubber.api.answers import Heads, OneSlash
from ytdubber.api.measured import Measured

Told = list[tuple[str, str, int, bool]]


def answered(*requests: tuple[str, str]) -> Told:
    """What is told of these methods and paths, with whether there is a time."""
    told: Told = []
    app = FastAPI(redirect_slashes=False)

    @app.get("/api/jobs/{job_id}")
    def job(job_id: str) -> str:
        return job_id

    @app.post("/api/jobs/{job_id}/cancel")
    def cancel(job_id: str) -> None:
        raise HTTPException(409)

    @app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError

    @app.get("/events")
    def events() -> StreamingResponse:
        return StreamingResponse(iter([b"data: 1\n\n"]), media_type="text/event-stream")

    app.add_middleware(Heads)
    app.add_middleware(OneSlash)
    app.add_middleware(
        Measured,
        on_answer=lambda route, method, status, elapsed_s: told.append(
            (route, method, status, elapsed_s is not None)
        ),
    )

    async def ask() -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            for method, path in requests:
                await client.request(method, path)

    asyncio.run(ask())
    return told


def test_a_route_is_told_by_its_template() -> None:
    assert answered(("GET", "/api/jobs/1"), ("POST", "/api/jobs/2/cancel")) == [
        ("/api/jobs/{job_id}", "GET", 200, True),
        ("/api/jobs/{job_id}/cancel", "POST", 409, True),
    ]


def test_a_changed_request_is_told_as_it_was_asked() -> None:
    assert answered(("HEAD", "/api/jobs/1"), ("GET", "/api/jobs/1/")) == [
        ("/api/jobs/{job_id}", "HEAD", 200, True),
        ("/api/jobs/{job_id}", "GET", 200, True),
    ]


def test_what_is_none_of_ours_is_one_route() -> None:
    paths = ("/wp-login.php", "/api/jobs/1/x/y", "/../etc", "/%00", "/api")
    assert {each[:3] for each in answered(*(("GET", path) for path in paths))} == {
        ("unmatched", "GET", 404)
    }
    assert answered(("BREW", "/api/jobs/1")) == [("/api/jobs/{job_id}", "BREW", 405, True)]


def test_what_breaks_is_500_and_a_stream_has_no_time() -> None:
    assert answered(("GET", "/broken"), ("GET", "/events")) == [
        ("/broken", "GET", 500, True),
        ("/events", "GET", 200, False),
    ]

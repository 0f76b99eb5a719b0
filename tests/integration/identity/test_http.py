"""Tokens and errors over real HTTP."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse
from tests.integration.identity.asking import FROM_PAGE, serving, shape
from tests.integration.identity.issuer import (
    EC_KEY,
    ISSUER,
    SECRET,
    USER,
    Jwks,
    NowClock,
    published,
    shared,
    signed,
)
from tests.integration.storage.serving import web_app
from tests.log_lines import written
from tests.waiting import PATIENCE_S

from ytdubber.adapters.identity.tokens import TokenIdentity
from ytdubber.api import auth, errors
from ytdubber.domain import errors as domain_errors
from ytdubber.domain.errors import (
    DurationMismatch,
    JobNotFound,
    QueueFull,
    StorageNotWorking,
    UnknownLanguage,
    VendorError,
    YtDubberError,
)


class Order(BaseModel):
    languages: Annotated[list[str], Field(min_length=1)]
    count: int = 0


def failures() -> FastAPI:
    """An app whose routes fail in every way there is."""
    app = web_app()
    _guarded(app)
    _failing(app)

    @app.get("/half")
    async def half() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"x"
            raise RuntimeError("in the middle")

        return StreamingResponse(parts())

    @app.post("/orders", responses=errors.responses(domain_errors.InvalidRequest))
    async def order(order: Order, limit: Annotated[int, Query(le=5)] = 1) -> None:
        """Takes an order."""

    return app


def _guarded(app: FastAPI) -> None:
    @app.get("/me")
    async def me(user: auth.CurrentUser) -> str:
        return str(user.user_id)

    @app.put("/me")
    async def change(user: auth.CurrentUser) -> str:
        return str(user.user_id)

    @app.get("/admin")
    async def administration(user: auth.CurrentAdmin) -> str:
        return str(user.user_id)


def _failing(app: FastAPI) -> None:
    @app.get("/mismatch", responses=errors.responses(DurationMismatch, UnknownLanguage))
    async def mismatch() -> None:
        raise DurationMismatch(
            voice="a", voice_s=61.9, background="b", background_s=64.2, tolerance_ms=1000
        )

    @app.get("/full", responses=errors.responses(QueueFull))
    def full() -> None:
        raise QueueFull(retry_after_s=12)

    @app.get("/storage-down", responses=errors.responses(StorageNotWorking))
    async def storage_down() -> None:
        raise StorageNotWorking(reason="no space left on device")

    @app.get("/model")
    async def model() -> None:
        raise domain_errors.ModelMissing(model="x", reason="y", command="z", folder="/srv/secret")

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError("the password is hunter2")

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, {"short": "and stout"})

    @app.get("/busy")
    async def busy() -> None:
        raise HTTPException(429, "Slow down.")


@pytest.fixture(scope="module")
def jwks() -> Jwks:
    return Jwks(published(EC_KEY, "ec"))


@pytest.fixture(scope="module")
def http(jwks: Jwks) -> Iterator[httpx.Client]:
    app = failures()
    auth.install(app, TokenIdentity(SECRET, "https://x", ISSUER, NowClock(), fetch=jwks.fetch))
    with serving(app) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **FROM_PAGE}


def test_a_valid_token_opens_and_a_published_key_is_waited_for(http: httpx.Client) -> None:
    assert http.get("/me", headers=bearer(shared())).json() == USER
    assert http.get("/me", headers=bearer(signed(EC_KEY, "ec"))).json() == USER


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {shared()}"},
        {"Authorization": f"Bearer {shared()}x"},
        {"Authorization": f"Bearer {shared(role='service_role')}"},
        {"Authorization": "Bearer \xff.\xff.\xff"},
    ],
)
def test_without_a_valid_token_it_is_401(http: httpx.Client, headers: dict[str, str]) -> None:
    raw = [
        (name.encode(), value.encode("latin-1")) for name, value in (headers | FROM_PAGE).items()
    ]
    reply = http.get("/me", headers=raw)
    assert shape(reply) == (401, "unauthorized")
    assert reply.headers["www-authenticate"] == "Bearer"


def test_only_an_administrator_administers(http: httpx.Client) -> None:
    assert shape(http.get("/admin", headers=bearer(shared()))) == (403, "forbidden")
    token = shared(app_metadata={"role": "admin"})
    assert http.get("/admin", headers=bearer(token)).status_code == 200
    assert shape(http.get("/admin", headers=FROM_PAGE)) == (401, "unauthorized")


def test_waiting_for_keys_holds_up_nobody_else() -> None:
    jwks = Jwks(published(EC_KEY, "ec"))
    jwks.gate = threading.Event()
    app = failures()
    auth.install(app, TokenIdentity(SECRET, "https://x", ISSUER, NowClock(), fetch=jwks.fetch))
    replies: list[httpx.Response] = []
    with serving(app) as http:
        waiting = [
            threading.Thread(
                target=lambda n=n: replies.append(
                    http.get("/me", headers=bearer(signed(EC_KEY, "ec", n=n)))
                )
            )
            for n in range(6)
        ]
        for thread in waiting:
            thread.start()
        assert jwks.asked.wait(PATIENCE_S)
        assert http.get("/me", headers=bearer(shared())).status_code == 200
        assert shape(http.get("/full", headers=FROM_PAGE))[0] == 429  # a route in a thread
        jwks.gate.set()
        for thread in waiting:
            thread.join()
    assert [reply.status_code for reply in replies] == [200] * 6
    assert jwks.fetched == 1


def test_when_keys_cannot_be_had_it_is_503() -> None:
    jwks = Jwks()
    jwks.down = True
    app = failures()
    auth.install(app, TokenIdentity(SECRET, "https://x", ISSUER, NowClock(), fetch=jwks.fetch))
    with serving(app) as http:
        for _ in range(2):
            reply = http.get("/me", headers=bearer(signed(EC_KEY, "ec")))
            assert shape(reply) == (503, "sign_in_unavailable")
            assert int(reply.headers["retry-after"]) > 0
    assert jwks.fetched == 1


def test_a_mismatch_tells_both_lengths(http: httpx.Client) -> None:
    reply = http.get("/mismatch", headers=FROM_PAGE)
    assert shape(reply) == (400, "duration_mismatch")
    assert (reply.json()["voice_duration"], reply.json()["background_duration"]) == (61.9, 64.2)


def test_what_may_work_later_says_when(http: httpx.Client) -> None:
    full, down = http.get("/full", headers=FROM_PAGE), http.get("/storage-down", headers=FROM_PAGE)
    assert (*shape(full), full.headers["retry-after"]) == (429, "queue_full", "12")
    assert (*shape(down), down.headers["retry-after"]) == (503, "storage_not_working", "30")
    busy = http.get("/busy", headers=FROM_PAGE)
    assert (*shape(busy), busy.headers["retry-after"]) == (429, "too_many_requests", "30")
    assert busy.json()["message"] == "Slow down."


def test_the_frameworks_own_errors_have_our_shape(http: httpx.Client) -> None:
    assert shape(http.get("/nowhere", headers=FROM_PAGE)) == (404, "not_found")
    wrong = http.delete("/me", headers=FROM_PAGE)
    assert shape(wrong) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET, HEAD, PUT"
    teapot = http.get("/teapot", headers=FROM_PAGE)
    assert shape(teapot) == (418, "im_a_teapot")
    assert teapot.json()["details"] == {"short": "and stout"}


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/orders", b"{}", "Languages is missing."),
        ("/orders", b'{"languages": []}', "Languages must have 1 or more."),
        ("/orders", b'{"languages": ["a", 2]}', "Languages, item 2 must be text."),
        ("/orders", b'{"languages": ["a"], "count": "x"}', "Count must be a whole number."),
        ("/orders?limit=9", b'{"languages": ["a"]}', "Limit must be 5 or less."),
        ("/orders?limit=9", b"{}", "(and 1 more)."),
        ("/orders", b"{", "The body is not valid JSON."),
        ("/orders", b"", "The body is missing."),
        ("/orders", b"[]", "The body must be an object with fields."),
        ("/orders", b"7", "The body must be an object with fields."),
    ],
)
def test_a_wrong_request_is_told_by_its_field(
    http: httpx.Client, path: str, body: bytes, told: str
) -> None:
    reply = http.post(path, content=body, headers={"Content-Type": "application/json", **FROM_PAGE})
    assert shape(reply) == (400, "invalid_request")
    assert told in reply.json()["message"]
    assert all(set(each) == {"field", "problem"} for each in reply.json()["details"])


def test_bytes_that_are_no_text_are_a_wrong_request_too(http: httpx.Client) -> None:
    headers = {"Content-Type": "application/json", **FROM_PAGE}
    assert shape(http.post("/orders", content=b'{"\xff', headers=headers))[0] == 400


@pytest.mark.parametrize("path", ["/boom", "/model"])
def test_what_nobody_expected_tells_a_reference_and_nothing_else(
    http: httpx.Client, path: str
) -> None:
    with written() as lines:
        reply = http.get(path, headers=FROM_PAGE)
    assert shape(reply) == (500, "internal_error")
    reference = reply.json()["details"]["reference"]
    assert reference in reply.json()["message"]
    for secret in ("hunter2", "RuntimeError", "/srv", "Traceback"):
        assert secret not in reply.text
    assert reference == reply.headers["x-request-id"]
    (line,) = lines.of("http.unexpected_error")
    assert line["request_id"] == reference
    assert "test_http.py" in line["exception"]


def test_an_answer_that_breaks_in_the_middle_is_cut_off(http: httpx.Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        http.get("/half")


def test_openapi_lists_errors_with_examples_and_no_422(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    assert "422" not in json.dumps(
        {p: list(o["post"]["responses"]) for p, o in document["paths"].items() if "post" in o}
    )
    assert "HTTPValidationError" not in json.dumps(document)
    answers = document["paths"]["/mismatch"]["get"]["responses"]
    examples = answers["400"]["content"]["application/json"]["examples"]
    assert set(examples) == {"duration_mismatch", "unknown_language"}
    assert examples["duration_mismatch"]["value"]["voice_duration"] == 61.9
    assert "500" in answers
    full = document["paths"]["/full"]["get"]["responses"]["429"]
    assert "Retry-After" in full["headers"]
    assert full["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/ErrorBody"
    }
    schemes = document["components"]["securitySchemes"]
    assert [each["scheme"] for each in schemes.values()] == ["bearer"]


def test_every_error_has_a_status_and_an_example() -> None:
    classes = [YtDubberError]
    for cls in classes:
        classes.extend(cls.__subclasses__())
    for cls in (each for each in classes if not issubclass(each, VendorError)):
        status = errors.status_of(cls)
        assert 400 <= status < 600
        described = errors.responses(cls)
        example = described[status]["content"]["application/json"]["examples"][cls.code]["value"]
        assert "{" not in example["message"]
        json.dumps(example)
    assert JobNotFound.code in json.dumps(errors.responses(JobNotFound)[404]["content"])

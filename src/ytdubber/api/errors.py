"""How errors look on the wire: one shape, one table of statuses."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ytdubber.api.answers import allowed
from ytdubber.api.error_samples import sample
from ytdubber.domain import errors
from ytdubber.domain.wording import reason
from ytdubber.log import get_logger

from .request_ids import current_request_id

log = get_logger(__name__)

STATUSES: Mapping[type[errors.YtDubberError], int] = {
    errors.YtDubberError: 500,
    errors.BadInput: 400,
    errors.Unauthorized: 401,
    errors.InsufficientCredit: 402,
    errors.Forbidden: 403,
    errors.WrongHost: 403,
    errors.BadSignature: 403,
    errors.NotFound: 404,
    errors.MediaMissing: 404,
    errors.UploadStalled: 408,
    errors.AlreadyUploaded: 409,
    errors.JobCancelled: 409,
    errors.LanguageNotComplete: 409,
    errors.LaunchCodeSpent: 403,
    errors.LinesChanged: 409,
    errors.LinesNotKept: 409,
    errors.LineNotSpoken: 409,
    errors.NothingToRender: 409,
    errors.RenderUnderWay: 409,
    errors.UploadOffsetWrong: 409,
    errors.LinkExpired: 410,
    errors.LinkUsed: 410,
    errors.ShareOver: 410,
    errors.UploadClosed: 410,
    errors.TusVersionUnknown: 412,
    errors.UploadTooLarge: 413,
    errors.WrongContentType: 415,
    errors.RangeNotSatisfiable: 416,
    errors.MediaChanged: 422,
    errors.UploadMismatch: 422,
    errors.UploadInUse: 423,
    errors.TooManyRequests: 429,
    errors.TooManyUploads: 429,
    errors.QueueFull: 429,
    errors.DatabaseAway: 503,
    errors.NobodySpeaks: 503,
    errors.ServiceStopping: 503,
    errors.SignInUnavailable: 503,
    errors.StorageNotWorking: 503,
    errors.PaymentsNotConfigured: 503,
    errors.PaymentsUnavailable: 503,
    errors.MachineError: 500,
}
"""The status of an error class and of those below it that have none of their own."""

_DETAILS: Mapping[type[errors.YtDubberError], Sequence[str]] = {
    errors.UploadMismatch: ("what", "expected", "actual"),
    errors.UploadOffsetWrong: ("offset",),
    errors.LinesChanged: ("expected", "actual"),
    errors.UploadTooLarge: ("limit_bytes",),
}
"""Facts that are told beside the message."""

SENTENCES = {
    401: "Sign in to go on.",
    403: "You may not do this.",
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    408: "The request did not come in time. Send it again.",
    413: "The request is too large.",
    415: "This type of content is not taken here.",
    429: "Too many requests. Try again in a moment.",
    503: "This is not available just now. Try again in a moment.",
}

_NAMES = {
    400: "Bad request",
    401: "Unauthorized",
    402: "Payment required",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timeout",
    409: "Conflict",
    410: "Gone",
    412: "Precondition failed",
    413: "Too large",
    415: "Unsupported media type",
    416: "Range not satisfiable",
    422: "Unprocessable",
    423: "Locked",
    429: "Too many requests",
    500: "Internal error",
    503: "Unavailable",
}
"""What statuses are called. Python's own names for some changed between its versions."""

_FILES = {"voice_track": "the voice file", "background_track": "the background file"}
"""What fields of a request are about."""

_TOLD: Mapping[type[errors.YtDubberError], str] = {
    errors.StorageNotWorking: errors.StorageNotWorking.to_user,
}
"""What is told of errors whose own words are for whoever runs the service, who reads the log."""

_TOLD_ONCE = errors.DatabaseAway, errors.ServiceStopping, errors.StorageNotWorking
"""What the log says once, and not for each request."""
_RETRY_AFTER_S = 30
"""When to try again where the error does not say."""
SAMPLE_ID = "3f9c1d2ab0474b7f8e5d6c7a8b9c0d1e"
"""A request's, in examples."""


_HEADERS = {
    401: "WWW-Authenticate",
    412: "Tus-Version",
    416: "Content-Range",
    423: "Retry-After",
    429: "Retry-After",
    503: "Retry-After",
}
"""What answers carry beside their body."""


class ErrorBody(BaseModel):
    """What every failed request is answered with."""

    model_config = ConfigDict(title="Error")

    error: str
    message: str
    details: Any = None
    request_id: str | None = None


class DurationMismatchBody(ErrorBody):
    """The two stems differ in length; both are given in seconds."""

    model_config = ConfigDict(title="DurationMismatch")

    voice_duration: float
    background_duration: float


class UnexpectedErrors:
    """Answers what nobody caught with a 500 that tells a reference and nothing else.

    It belongs inside the CORS middleware, or browsers would not let a page read the answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer in its place when that fails before it answers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:  # the last place where anything can still be answered
            if started:
                raise
            await respond(error)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Have the app answer every error in our shape.

    Call it after what reads requests is added, and before what marks answers and the CORS
    middleware, which then wrap all answers.
    """
    app.add_exception_handler(errors.YtDubberError, _answer)
    app.add_exception_handler(RequestValidationError, _answer)
    app.add_exception_handler(HTTPException, _answer)
    app.add_middleware(UnexpectedErrors)


async def _answer(request: Request, error: Exception) -> Response:
    answer = respond(error)
    if answer.status_code == 405:
        answer.headers["Allow"] = ", ".join(allowed(request.scope))
    return answer


def respond(error: Exception) -> Response:
    """The answer to an error. One that nobody expected is logged under the reference it tells."""
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, errors.YtDubberError) and status_of(type(error)) != 500:
        return _of_domain(error)
    reference = current_request_id()
    log.exception("http.unexpected_error", error=error)
    return _response(500, _unexpected(reference), {})


def status_of(cls: type[errors.YtDubberError]) -> int:
    """The HTTP status of an error class."""
    return next(STATUSES[each] for each in cls.__mro__ if each in STATUSES)


def responses(*classes: type[errors.YtDubberError]) -> dict[int | str, dict[str, Any]]:
    """What a route's `responses=` says of the errors it may answer with, and of the 500."""
    described: dict[int | str, dict[str, Any]] = {}
    for cls in classes:
        error = sample(cls)
        describe(described, status_of(cls), error.code, domain_body(error))
        if issubclass(cls, errors.DurationMismatch):
            described[status_of(cls)]["model"] = ErrorBody | DurationMismatchBody
    describe(described, 500, "internal_error", _unexpected(SAMPLE_ID))
    return described


def _of_domain(error: errors.YtDubberError) -> Response:
    status = status_of(type(error))
    if status >= 500 and not isinstance(error, _TOLD_ONCE):
        log.error("http.failed", error=error, cause=error.__cause__)
    headers = {}
    if status in (423, 429, 503):
        headers["Retry-After"] = _seconds(getattr(error, "retry_after_s", None))
    if isinstance(error, errors.RangeNotSatisfiable):
        headers["Content-Range"] = f"bytes */{error.bytes}"
    return _response(status, domain_body(error), headers)


def domain_body(error: errors.YtDubberError) -> dict[str, object]:
    """What an error looks like."""
    body: dict[str, object] = {"error": error.code, "message": _TOLD.get(type(error), str(error))}
    if type(error) in _DETAILS:
        body["details"] = {name: error.facts[name] for name in _DETAILS[type(error)]}
    if isinstance(error, errors.DurationMismatch):
        body["voice_duration"] = error.facts["voice_s"]
        body["background_duration"] = error.facts["background_s"]
    return body


def _of_http(error: HTTPException) -> Response:
    status, name = error.status_code, _name(error.status_code)
    if status == 400:  # FastAPI's, for a body that is no text at all or nested without end
        return _of_domain(errors.InvalidRequest(problem="The body cannot be read"))
    detail: object = error.detail  # FastAPI's own may be any value
    said = isinstance(detail, str) and detail != HTTPStatus(status).phrase
    body: dict[str, object] = {
        "error": "_".join(re.findall("[a-z]+", name.lower().replace("'", ""))),
        "message": f"{detail}".rstrip(".") + "." if said else SENTENCES.get(status, f"{name}."),
    }
    if not isinstance(detail, str):
        body["details"] = detail
    headers = dict(error.headers or {})
    if status in (429, 503):
        headers.setdefault("Retry-After", _seconds(None))
    return _response(status, body, headers)


def _name(status: int) -> str:
    return _NAMES.get(status) or HTTPStatus(status).phrase


def _of_validation(error: RequestValidationError) -> Response:
    if any(each["loc"][0] == "path" for each in error.errors()):
        return _of_domain(errors.NotFound())
    problems = [(_field(each), _problem(each)) for each in error.errors()]
    problem, more = problems[0][1], len(problems) - 1
    said = _said(problems[0][0], error.errors()[0]["loc"])
    sentence = f"{said} {problem[3:]}" if problem.startswith("it ") else f"{said}: {problem}"
    sentence += f" (and {more} more)" if more else ""
    body = {
        "error": errors.InvalidRequest.code,
        "message": str(errors.InvalidRequest(problem=sentence[:1].upper() + sentence[1:])),
        "details": [{"field": field, "problem": problem} for field, problem in problems],
    }
    return _response(status_of(errors.InvalidRequest), body, {})


def _field(error: Mapping[str, Any]) -> str:
    """Which part of the request, in words: `languages, item 2`."""
    places = error["loc"][1:]
    if not places or error["type"] == "json_invalid":
        return "the body"
    words = [f"item {place + 1}" if isinstance(place, int) else str(place) for place in places]
    return ", ".join(words)


def _said(field: str, places: Sequence[object]) -> str:
    """The same for whoever sent the file, who knows no names of fields."""
    for name, words in _FILES.items():
        if field == name or field.startswith(f"{name}, "):
            inner = " and ".join(str(place) for place in places[2:])
            return f"{words}'s {inner}" if inner else words
    return field.replace("_", " ")


def _problem(error: Mapping[str, Any]) -> str:
    return reason(error["type"], error.get("ctx", {}), str(error["msg"]))


def _unexpected(reference: str) -> dict[str, object]:
    return {
        "error": "internal_error",
        "message": "Something went wrong on our side. Try again; if it happens again, tell us the "
        f"reference {reference}.",
        "details": {"reference": reference},
    }


def _seconds(after: object) -> str:
    if isinstance(after, int | float) and math.isfinite(after):
        return str(max(1, math.ceil(after)))
    return str(_RETRY_AFTER_S)


def _response(status: int, body: Mapping[str, object], headers: dict[str, str]) -> Response:
    if status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    if status < 200 or status in (204, 304):
        return Response(status_code=status, headers=headers)
    text = json.dumps({**body, "request_id": current_request_id()}, default=str)
    return Response(text, status, {**headers, "Content-Type": "application/json"})


def describe(
    described: dict[int | str, dict[str, Any]], status: int, code: str, body: Mapping[str, object]
) -> None:
    """Add an error, with an example, to what OpenAPI says of a route's answers."""
    told = {**body, "request_id": SAMPLE_ID}
    place = described.setdefault(
        status,
        {
            "model": ErrorBody,
            "description": _name(status),
            "content": {"application/json": {"examples": {}}},
        },
    )
    place["content"]["application/json"]["examples"][code] = {"value": told}
    header = _HEADERS.get(status)
    if header:
        place["headers"] = {header: {"schema": {"type": "string"}}}

"""A request as a vendor reads it, and its reply."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from .faults import Kind
from .usage_log import Billed

Model = TypeVar("Model", bound=BaseModel)

Several = Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]
"""A query parameter that may be repeated."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back, and what it costs."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    billed: tuple[Billed, ...] = ()
    tag: str | None = None

    @property
    def payload(self) -> Any:
        """The body as JSON; None where it is something else."""
        return json.loads(self.body) if self.media_type == "application/json" else None


def json_reply(
    payload: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    billed: tuple[Billed, ...] = (),
    tag: str | None = None,
) -> Reply:
    """A reply in JSON."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    return Reply(status, body, headers=headers or {}, billed=billed, tag=tag)


class Refused(Exception):
    """The vendor says no, in its own words and with its own status."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class ReplyBroken(Exception):
    """A reply of the double is not what the vendor's would be: a defect of the double."""


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """A request, read whole.

    Attributes:
        route: Which one.
        path: What was in the path's places.
        query: The query, repeated parameters apart.
        headers: The headers, their names in small letters.
        body: The body.
        request_id: What the reply will be called.
    """

    route: str
    path: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    request_id: str

    def query_as(self, model: type[Model]) -> Model:
        """The query, checked.

        Raises:
            Refused: with 400 for a parameter unknown, repeated or wrong.
        """
        return validated(model, grouped(self.query), 400)

    def json_as(self, model: type[Model], status: int = 400) -> Model:
        """The body, checked.

        Raises:
            Refused: with this status for what is not JSON, and for a field unknown or wrong.
        """
        return validated(model, self.json(status), status)

    def json(self, status: int = 400) -> Any:
        """The body as JSON.

        Raises:
            Refused: with this status for what is not JSON.
        """
        if "json" not in self.headers.get("content-type", ""):
            raise Refused(status, "the content type must be application/json")
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Refused(status, f"the body is not JSON: {error}") from error


def grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, str | list[str]]:
    """One entry a name; a list where there are several."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def validated(model: type[Model], value: object, status: int) -> Model:
    """The value as the model.

    Raises:
        Refused: it does not fit; the message names the first place and what is wrong.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "body"
        reason = "unknown" if first["type"] == "extra_forbidden" else first["msg"]
        raise Refused(status, f"{place}: {reason}") from error


def checked(model: type[BaseModel], payload: dict[str, Any]) -> dict[str, Any]:
    """The payload of a reply, once it is found to be what the vendor's would be.

    Raises:
        ReplyBroken: it is not.
    """
    try:
        model.model_validate(payload)
    except ValidationError as error:
        raise ReplyBroken(str(error)) from error
    return payload


class Vendor(Protocol):
    """How one vendor knows its callers and says no."""

    @property
    def endpoints(self) -> "tuple[Endpoint, ...]":
        """Its routes."""
        ...

    def variables(self, base_url: str, key: str) -> Mapping[str, str]:
        """What points our settings at it, where the double is and by a key it knows."""
        ...

    def knows(self, headers: Mapping[str, str], key: str) -> bool:
        """Whether the request carries this key."""
        ...

    def no(self, request_id: str, status: int, message: str = "", code: str | None = None) -> Reply:
        """The vendor's own error of a status."""
        ...

    def quota(self, request_id: str) -> Reply:
        """The account is out of money."""
        ...

    def busy(self, request_id: str) -> Reply:
        """More calls at once than are allowed."""
        ...


Load = Callable[[str], tuple[int, int]]
"""How many calls of a route are under way, and how many may be."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route: who answers it, and how. `answer` may block; it is told a fault it must act out.

    It raises `Refused` for what the vendor refuses.
    """

    route: str
    method: str
    path: str
    vendor: Vendor
    answer: Callable[[VendorRequest, Kind | None], Reply]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One half of a call, for a check from outside: a vendor's published contract.

    Attributes:
        route: Which one.
        side: Which half.
        status: The reply's; 0 for a request.
        query: The request's query; empty for a reply.
        body: JSON, or None where it is something else.
    """

    route: str
    side: Literal["request", "reply"]
    status: int
    query: tuple[tuple[str, str], ...]
    body: Any


Contracts = Callable[[Exchange], Sequence[str]]
"""What is wrong with one half of a call, sentence by sentence."""

DEFAULT_MESSAGES = {
    400: "Bad request.",
    401: "Invalid credentials.",
    402: "Payment required.",
    403: "Insufficient permissions.",
    404: "Not found.",
    408: "Request timeout.",
    413: "Payload too large.",
    422: "Unprocessable entity.",
    429: "Too many requests. Please try again later.",
    500: "Internal server error.",
    502: "Bad gateway.",
    503: "Service unavailable.",
    504: "Gateway timeout.",
}


def message_for(status: int, message: str) -> str:
    """The message given, or the usual one of a status."""
    return message or DEFAULT_MESSAGES.get(status, f"Error {status}.")

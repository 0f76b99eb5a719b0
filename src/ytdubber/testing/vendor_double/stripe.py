"""Stripe's routes: meter events, payment intents and customers. Nothing here costs anything."""

import hashlib
import hmac
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field

from .exchange import (
    Endpoint,
    Model,
    Refused,
    Reply,
    VendorRequest,
    checked,
    grouped,
    json_reply,
    message_for,
    validated,
)
from .faults import Kind

_CLOSED = ConfigDict(extra="forbid")
_KINDS = {401: "authentication_error", 402: "card_error", 429: "rate_limit_error"}
_OLDEST_S, _NEWEST_S = 35 * 86_400, 300


class MeterEventBody(BaseModel):
    """The form of `POST /v1/billing/meter_events`."""

    model_config = _CLOSED

    event_name: str = Field(min_length=1, max_length=100)
    payload: dict[str, str]
    identifier: str | None = Field(default=None, min_length=1, max_length=100)
    timestamp: int | None = None


class MeterEvent(BaseModel):
    """A meter event as it is given back."""

    model_config = _CLOSED

    object: str
    created: int
    event_name: str
    identifier: str
    livemode: bool
    payload: dict[str, str]
    timestamp: int


class PaymentIntentBody(BaseModel):
    """The form of `POST /v1/payment_intents`."""

    model_config = _CLOSED

    amount: int = Field(ge=50)
    currency: str = Field(pattern="^[a-z]{3}$")
    customer: str | None = None
    description: str | None = None
    metadata: dict[str, str] = {}
    receipt_email: str | None = None
    automatic_payment_methods: dict[str, str] = {}


class PaymentIntent(BaseModel):
    """A payment intent as it is given back."""

    model_config = _CLOSED

    id: str
    object: str
    amount: int
    amount_received: int
    client_secret: str
    created: int
    currency: str
    customer: str | None
    description: str | None
    livemode: bool
    metadata: dict[str, str]
    receipt_email: str | None
    status: str


class CustomerBody(BaseModel):
    """The form of `POST /v1/customers`."""

    model_config = _CLOSED

    email: str | None = None
    name: str | None = None
    description: str | None = None
    metadata: dict[str, str] = {}


class CustomersQuery(BaseModel):
    """The query of `GET /v1/customers`."""

    model_config = _CLOSED

    email: str | None = None
    limit: int = Field(default=10, ge=1, le=100)


class Nothing(BaseModel):
    """No query at all."""

    model_config = _CLOSED


class Stripe:
    """Keeps meter events, payment intents and customers in memory; keys make calls idempotent."""

    def __init__(self) -> None:
        self.meter_events: list[dict[str, Any]] = []
        self.payment_intents: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self._given: dict[str, tuple[bytes, Reply]] = {}
        self._lock = threading.Lock()

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Its routes."""
        one, many = "/v1/payment_intents", "/v1/customers"
        return (
            Endpoint(
                "stripe.meter_events",
                "POST",
                "/v1/billing/meter_events",
                self,
                self._once(self.add_meter_event),
            ),
            Endpoint("stripe.payment_intents", "POST", one, self, self._once(self.add_intent)),
            Endpoint("stripe.payment_intents", "GET", one + "/{id}", self, self.intent),
            Endpoint("stripe.customers", "POST", many, self, self._once(self.add_customer)),
            Endpoint("stripe.customers", "GET", many, self, self.list_customers),
            Endpoint("stripe.customers", "GET", many + "/{id}", self, self.customer),
        )

    def variables(self, base_url: str, key: str) -> Mapping[str, str]:
        """What points our settings at it."""
        return {
            "STRIPE_SECRET_KEY": key,
            "STRIPE_WEBHOOK_SECRET": key,
            "YTDUBBER_STRIPE_URL": base_url,
        }

    def knows(self, headers: Mapping[str, str], key: str) -> bool:
        """`Authorization: Bearer <key>`."""
        return headers.get("authorization", "") == f"Bearer {key}"

    def no(self, request_id: str, status: int, message: str = "", code: str | None = None) -> Reply:
        """`{error: {type, message, code}}`."""
        usual = "api_error" if status >= 500 else "invalid_request_error"
        error = {"type": _KINDS.get(status, usual), "message": message_for(status, message)}
        if code:
            error["code"] = code
        return json_reply({"error": error}, status, {"request-id": request_id})

    def quota(self, request_id: str) -> Reply:
        """Stripe has no quota that can be used up."""
        return self.no(request_id, 402, "Your account cannot make this request.", "account_invalid")

    def busy(self, request_id: str) -> Reply:
        """429."""
        return self.no(request_id, 429, "", "rate_limit")

    def add_meter_event(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/billing/meter_events`: an identifier counts once."""
        body = form(asked, MeterEventBody)
        now = int(time.time())
        at = now if body.timestamp is None else body.timestamp
        if not now - _OLDEST_S <= at <= now + _NEWEST_S:
            raise Refused(400, "The timestamp must be within 35 days past and 5 minutes ahead.")
        if missing := {"stripe_customer_id", "value"} - body.payload.keys():
            raise Refused(400, f"Missing in the payload: {', '.join(sorted(missing))}.")
        identifier = body.identifier or str(uuid.uuid4())
        if any(event["identifier"] == identifier for event in self.meter_events):
            message = f"An event already exists with identifier {identifier}."
            raise Refused(400, message, "duplicate_meter_event")
        event = {
            "object": "billing.meter_event",
            "created": now,
            "event_name": body.event_name,
            "identifier": identifier,
            "livemode": False,
            "payload": body.payload,
            "timestamp": at,
        }
        self.meter_events.append(checked(MeterEvent, event))
        return _given(asked, event)

    def add_intent(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/payment_intents`."""
        body = form(asked, PaymentIntentBody)
        if body.customer is not None and body.customer not in self.customers:
            raise Refused(400, f"No such customer: '{body.customer}'", "resource_missing")
        made_id = f"pi_{uuid.uuid4().hex[:24]}"
        intent = {
            "id": made_id,
            "object": "payment_intent",
            "amount": body.amount,
            "amount_received": 0,
            "client_secret": f"{made_id}_secret_{uuid.uuid4().hex[:16]}",
            "created": int(time.time()),
            "currency": body.currency,
            "customer": body.customer,
            "description": body.description,
            "livemode": False,
            "metadata": body.metadata,
            "receipt_email": body.receipt_email,
            "status": "requires_payment_method",
        }
        self.payment_intents[made_id] = checked(PaymentIntent, intent)
        return _given(asked, intent)

    def intent(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`GET /v1/payment_intents/{id}`."""
        asked.query_as(Nothing)
        return _given(asked, _found(self.payment_intents, asked.path["id"], "payment_intent"))

    def add_customer(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/customers`."""
        body = form(asked, CustomerBody)
        made_id = f"cus_{uuid.uuid4().hex[:14]}"
        customer = {
            "id": made_id,
            "object": "customer",
            "created": int(time.time()),
            "livemode": False,
            **body.model_dump(),
        }
        self.customers[made_id] = customer
        return _given(asked, customer)

    def customer(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`GET /v1/customers/{id}`."""
        asked.query_as(Nothing)
        return _given(asked, _found(self.customers, asked.path["id"], "customer"))

    def list_customers(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`GET /v1/customers`, by email or all."""
        query = asked.query_as(CustomersQuery)
        found = [c for c in self.customers.values() if query.email in (None, c["email"])]
        page = {
            "object": "list",
            "url": "/v1/customers",
            "has_more": len(found) > query.limit,
            "data": found[: query.limit],
        }
        return _given(asked, page)

    def _once(
        self, answer: Callable[[VendorRequest, Kind | None], Reply]
    ) -> Callable[[VendorRequest, Kind | None], Reply]:
        """The same answer for the same `Idempotency-Key`, however often it is asked."""

        def answered(asked: VendorRequest, fault: Kind | None) -> Reply:
            key = asked.headers.get("idempotency-key")
            with self._lock:
                before = self._given.get(key) if key else None
                if before is None:
                    reply = answer(asked, fault)
                    if key:
                        self._given[key] = (asked.body, reply)
                    return reply
            if before[0] != asked.body:
                message = "Keys for idempotent requests can only be used with the same parameters."
                raise Refused(400, message, "idempotency_key_in_use")
            reply = before[1]
            headers = {**reply.headers, "idempotent-replayed": "true"}
            return Reply(reply.status, reply.body, headers=headers)

        return answered


def form(asked: VendorRequest, model: type[Model]) -> Model:
    """The form in the body, `a[b]=c` as `{"a": {"b": "c"}}`.

    Raises:
        Refused: a field is unknown or wrong.
    """
    pairs = parse_qsl(asked.body.decode(), keep_blank_values=True)
    made: dict[str, Any] = {}
    for name, value in grouped(pairs).items():
        outer, bracket, inner = name.partition("[")
        if bracket:
            made.setdefault(outer, {})[inner.removesuffix("]")] = value
        else:
            made[outer] = value
    return validated(model, made, 400)


def signed_event(
    kind: str, thing: Mapping[str, Any], secret: str, at: int | None = None
) -> tuple[bytes, str]:
    """The body of a webhook call about a thing, and its `Stripe-Signature` header."""
    at = int(time.time()) if at is None else at
    event = {
        "id": f"evt_{uuid.uuid4().hex[:24]}",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": at,
        "data": {"object": dict(thing)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": None,
        "type": kind,
    }
    body = json_reply(event).body
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return body, f"t={at},v1={signed}"


def _given(asked: VendorRequest, payload: Mapping[str, Any]) -> Reply:
    return json_reply(payload, headers={"request-id": asked.request_id})


def _found(kept: Mapping[str, dict[str, Any]], wanted: str, what: str) -> dict[str, Any]:
    if wanted not in kept:
        raise Refused(404, f"No such {what}: '{wanted}'", "resource_missing")
    return kept[wanted]

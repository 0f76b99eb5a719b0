"""The double: all vendors' routes in one server, with faults, limits, latencies and books."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import entry_points
from typing import Any
from urllib.parse import parse_qsl

from ytdubber.ports.price_book import PriceBook

from .canned import CannedContent
from .content import Content
from .exchange import (
    Contracts,
    Endpoint,
    Exchange,
    Load,
    Refused,
    Reply,
    ReplyBroken,
    Vendor,
    VendorRequest,
    json_reply,
)
from .faults import Fault, Kind, Script
from .flights import Flight, Flights
from .stripe import Stripe
from .usage_log import RecordedCall, UsageLog, fingerprint

GROUP = "ytdubber.vendor_doubles"
"""The group of entry points that name the class of each vendor's part: it is made with what the
double hears and says, and with how much it has to do (`exchange.Load`).
"""
KEY = "double-key"
"""The key every vendor of a double knows, unless it is given another."""

_SECRET = frozenset({"authorization", "xi-api-key"})
_PAGE = b"<!doctype html><title>Welcome</title><p>Please sign in to this network."


class VendorDouble:
    """All vendors whose part is declared, and Stripe; `running` and `serve` put them on a port.

    Args:
        content: What it hears, translates and says; canned when None.
        contracts: Looks at every half of a call: what it complains about in a request is refused
            with 400, in a reply it is a defect of the double, kept in `broken`.
        limits: How many calls at once a route allows; more are answered 429.
        latency_s: How long a route takes at least; one figure for all of them, or by route.
        key: The key that is right for every vendor; `more_keys`, empty at first, are as good.
        price_book: Prices what `GET /_double/books` shows.
        weather: What goes wrong with a call of a route for which nothing is scripted, if anything:
            by a clock of the test's own, say.
    """

    def __init__(
        self,
        content: Content | None = None,
        contracts: Contracts | None = None,
        limits: Mapping[str, int] | None = None,
        latency_s: Mapping[str, float] | float = 0.0,
        key: str = KEY,
        price_book: PriceBook | None = None,
        weather: Callable[[str], Fault | None] = lambda _: None,
    ) -> None:
        self.content = content or CannedContent()
        self.key = key
        self.more_keys: tuple[str, ...] = ()
        self.price_book = price_book
        self.broken: list[str] = []
        self._weather = weather
        self._contracts = contracts
        self._latency_s = latency_s
        self._usage = UsageLog()
        self._flights = Flights(limits or {})
        self._scripts: dict[str, deque[Fault]] = {}
        self._lock = threading.Lock()
        self.stripe = Stripe()
        self.vendors: tuple[Vendor, ...] = (
            *(part(self.content, self._flights.now) for part in _parts()),
            self.stripe,
        )
        self.endpoints = tuple(each for vendor in self.vendors for each in vendor.endpoints)

    @property
    def routes(self) -> frozenset[str]:
        """The routes' names."""
        return frozenset(endpoint.route for endpoint in self.endpoints)

    def variables(self, base_url: str) -> dict[str, str]:
        """What points our settings at it, where it is served."""
        return {
            name: value
            for vendor in self.vendors
            for name, value in vendor.variables(base_url, self.key).items()
        }

    def script(self, route: str, *faults: Fault) -> None:
        """Make the next calls of a route go wrong, one fault each; then it is as before.

        Raises:
            ValueError: there is no such route.
        """
        if route not in self.routes:
            raise ValueError(f"no route {route!r}; there are {', '.join(sorted(self.routes))}")
        with self._lock:
            self._scripts.setdefault(route, deque()).extend(faults)

    def play(self, script: Script) -> None:
        """Take a script that came over HTTP.

        Raises:
            ValueError: there is no such route.
        """
        self.script(script.route, *(each.fault() for each in script.faults))

    @property
    def calls(self) -> list[RecordedCall]:
        """Every call so far, in the order they were answered."""
        return self._usage.calls

    @property
    def repeated(self) -> list[RecordedCall]:
        """Billed calls that ask for what a billed call before them asked for."""
        billed = [call for call in self.calls if call.billed]
        seen: set[str] = set()
        again = []
        for call in billed:
            if call.fingerprint in seen:
                again.append(call)
            seen.add(call.fingerprint)
        return again

    @property
    def books(self) -> dict[str, Decimal]:
        """Units billed, per article: `acme/model-1/audio_seconds` and its like."""
        return self._usage.units()

    def invoice(self, price_book: PriceBook) -> list[tuple[str, Decimal, Decimal]]:
        """(sku, quantity, amount in US dollars) of all that was billed, sorted by sku.

        Raises:
            ValueError: something was billed that the book has no price for.
        """
        return self._usage.invoice(price_book)

    def max_concurrency(self, route: str) -> int:
        """The most calls of a route there were at once, those refused for it too."""
        return self._flights.most(route)

    def close(self) -> None:
        """Give back what the content holds."""
        self.content.close()

    def answer(self, endpoint: Endpoint, asked: VendorRequest, flight: Flight) -> "VendorAnswer":
        """The reply to a request, and the fault it is delivered with."""
        vendor = endpoint.vendor
        try:
            answered = self._answered(endpoint, asked, flight)
            if not (answered.fault and answered.fault.foreign):
                for complaint in self._complaints(_reply(asked, answered.reply)):
                    raise ReplyBroken(complaint)
        except ReplyBroken as broken:
            self.broken.append(f"{asked.route}: {broken}")
            message = f"the double is broken: {broken}"
            return VendorAnswer(vendor.no(asked.request_id, 500, message), None)
        return answered

    def _answered(self, endpoint: Endpoint, asked: VendorRequest, flight: Flight) -> "VendorAnswer":
        vendor, request_id = endpoint.vendor, asked.request_id
        try:
            keys = (self.key, *self.more_keys)
            if not any(vendor.knows(asked.headers, key) for key in keys):
                raise Refused(401, "")
            if flight.one_too_many:
                return VendorAnswer(vendor.busy(request_id), None)
            for complaint in self._complaints(_request(asked)):
                raise Refused(400, complaint)
            fault = self._next(asked.route)
            if fault and fault.free:
                return VendorAnswer(_instead(endpoint, request_id, fault), fault)
            return VendorAnswer(endpoint.answer(asked, fault.kind if fault else None), fault)
        except Refused as refused:
            no = vendor.no(request_id, refused.status, str(refused), refused.code)
            return VendorAnswer(no, None)

    def record(self, asked: VendorRequest, at: datetime, answered: "VendorAnswer") -> int:
        """Write a call down, before its answer goes out; gives its number."""
        reply = answered.reply
        path = repr(sorted(asked.path.items()))
        return self._usage.add(
            RecordedCall(
                number=0,
                route=asked.route,
                at=at,
                status=reply.status,
                billed=reply.billed,
                request_id=asked.request_id,
                query=asked.query,
                headers={k: v for k, v in asked.headers.items() if k not in _SECRET},
                body=_summary(asked),
                tag=reply.tag,
                fault=answered.fault.kind if answered.fault else None,
                fingerprint=fingerprint(asked.route, path, asked.query, asked.body),
            )
        )

    def delivered(self, number: int) -> None:
        """Note that a call's answer goes out whole."""
        self._usage.deliver(number)

    def begin(self, route: str) -> Flight:
        """One more call under way."""
        return self._flights.begin(route)

    def latency_s(self, route: str) -> float:
        """How long the route takes at least."""
        if isinstance(self._latency_s, Mapping):
            return self._latency_s.get(route, 0.0)
        return self._latency_s

    def _next(self, route: str) -> Fault | None:
        with self._lock:
            script = self._scripts.get(route)
            return script.popleft() if script else self._weather(route)

    def _complaints(self, exchange: Exchange) -> list[str]:
        return list(self._contracts(exchange)) if self._contracts else []


@cache
def _parts() -> tuple[Callable[[Content, Load], Vendor], ...]:
    points = sorted(entry_points(group=GROUP), key=lambda each: each.name)
    return tuple(each.load() for each in points)


@dataclass(frozen=True, slots=True)
class VendorAnswer:
    """A reply, and what goes wrong on its way."""

    reply: Reply
    fault: Fault | None


def _request(asked: VendorRequest) -> Exchange:
    is_json = "json" in asked.headers.get("content-type", "")
    body = asked.json() if is_json and asked.body else None
    return Exchange(asked.route, "request", 0, asked.query, body)


def _reply(asked: VendorRequest, reply: Reply) -> Exchange:
    return Exchange(asked.route, "reply", reply.status, (), reply.payload)


def _instead(endpoint: Endpoint, request_id: str, fault: Fault) -> Reply:
    """What a vendor says instead of doing the work."""
    vendor = endpoint.vendor
    if fault.kind is Kind.QUOTA:
        return vendor.quota(request_id)
    if fault.kind is Kind.CONTENT_TYPE:
        return Reply(200, _PAGE, fault.media_type)
    if fault.kind is Kind.RETRY_AFTER:
        no = vendor.no(request_id, 429)
        return replace(no, headers={**no.headers, "retry-after": f"{fault.seconds:g}"})
    no = vendor.no(request_id, fault.code)
    if isinstance(fault.body, str | bytes):
        raw = fault.body.encode() if isinstance(fault.body, str) else fault.body
        no = replace(no, body=raw, media_type="text/plain")
    elif fault.body is not None:
        no = json_reply(fault.body, fault.code, no.headers)
    return replace(no, headers={**no.headers, **(fault.headers or {})})


def _summary(asked: VendorRequest) -> Any:
    """What a person looking at the calls wants to see of a body."""
    kind = asked.headers.get("content-type", "")
    if not asked.body:
        return None
    if "json" in kind:
        try:
            return asked.json()
        except Refused:
            return {"content_type": kind, "bytes": len(asked.body)}
    if "urlencoded" in kind:
        return dict(parse_qsl(asked.body.decode(errors="replace")))
    return {"content_type": kind, "bytes": len(asked.body)}

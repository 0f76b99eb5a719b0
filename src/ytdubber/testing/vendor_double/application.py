"""The double as an ASGI application."""

import asyncio
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from .control import control_routes
from .delivery import deliver, still_there
from .double import VendorDouble
from .exchange import Endpoint, VendorRequest
from .faults import Kind


def application(double: VendorDouble) -> Starlette:
    """The vendors' routes and the double's own."""
    routes: list[BaseRoute] = [
        Route(each.path, _Served(double, each), methods=[each.method]) for each in double.endpoints
    ]
    return Starlette(routes=[*routes, *control_routes(double)])


@dataclass(frozen=True, slots=True)
class _Served:
    """One route as an ASGI application."""

    double: VendorDouble
    endpoint: Endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        at, started = datetime.now(UTC), time.monotonic()
        request = Request(scope, receive)
        route = self.endpoint.route
        flight = self.double.begin(route)
        try:
            asked = VendorRequest(
                route=route,
                path=request.path_params,
                query=tuple(request.query_params.multi_items()),
                headers=dict(request.headers),
                body=await request.body(),
                request_id=str(uuid.uuid4()),
            )
            answered = await asyncio.to_thread(self.double.answer, self.endpoint, asked, flight)
            number = self.double.record(asked, at, answered)
            fault = answered.fault
            wait_s = self.double.latency_s(route) - (time.monotonic() - started)
            if flight.one_too_many:
                wait_s = 0.0
            if fault and fault.kind is Kind.HANG:
                wait_s = max(wait_s, fault.seconds)

            def last() -> None:
                flight.end()
                self.double.delivered(number)

            if await still_there(wait_s, receive):
                await deliver(answered.reply, fault, receive, send, last)
        except ClientDisconnect:
            return  # it broke off its own upload: there is nobody to answer
        finally:
            flight.end()

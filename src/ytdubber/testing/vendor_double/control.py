"""Routes of the double's own, for whoever has it in another process."""

from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from .double import VendorDouble
from .faults import Script
from .usage_log import RecordedCall

_CALLS = TypeAdapter(list[RecordedCall])


def control_routes(double: VendorDouble) -> list[Route]:
    """`GET /_double/books`, `GET /_double/calls` and `POST /_double/script`."""

    async def books(request: Request) -> JSONResponse:
        units = {sku: str(amount) for sku, amount in sorted(double.books.items())}
        most = {route: double.max_concurrency(route) for route in sorted(double.routes)}
        shown = {"units": units, "max_concurrency": most, "broken": list(double.broken)}
        return JSONResponse(shown | _invoice(double))

    async def calls(request: Request) -> JSONResponse:
        return JSONResponse({"calls": _CALLS.dump_python(double.calls, mode="json")})

    async def script(request: Request) -> JSONResponse:
        try:
            wanted = Script.model_validate_json(await request.body())
            double.play(wanted)
        except ValidationError as error:
            return JSONResponse({"error": str(error)}, 422)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 404)
        return JSONResponse({"route": wanted.route, "faults": len(wanted.faults)})

    return [
        Route("/_double/books", books),
        Route("/_double/calls", calls),
        Route("/_double/script", script, methods=["POST"]),
    ]


def _invoice(double: VendorDouble) -> dict[str, Any]:
    """What the units cost, where there is a book that has a price for each."""
    if double.price_book is None:
        return {}
    try:
        rows = double.invoice(double.price_book)
    except ValueError as error:
        return {"no_invoice": str(error)}
    lines = [
        {"sku": sku, "quantity": str(quantity), "amount_usd": f"{amount_usd:f}"}
        for sku, quantity, amount_usd in rows
    ]
    total_usd = sum((amount_usd for _, _, amount_usd in rows), Decimal(0))
    return {"invoice": lines, "total_usd": f"{total_usd:f}"}

"""For whoever runs the service."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from ytdubber.api.auth import CurrentAdmin
from ytdubber.api.errors import responses
from ytdubber.api.refusals import ASKED
from ytdubber.app.costs import CostReport, Costs
from ytdubber.domain import errors
from ytdubber.ports.costs import By


class CostRowBody(BaseModel):
    """One row of a report; amounts are exact decimal numbers of US dollars, as text."""

    key: str
    calls: int
    amount_usd: Decimal
    unknown_usd: Decimal
    unpriced: int


class CostsBody(BaseModel):
    """What was spent on vendors."""

    by: By
    first: date | None
    last: date | None
    total_usd: Decimal
    rows: list[CostRowBody]


def admin_router(costs: Costs) -> APIRouter:
    """The routes under /api/admin."""
    router = APIRouter(prefix="/api/admin", tags=["admin"])

    @router.get("/costs", responses=responses(*ASKED, errors.Forbidden, errors.BadField))
    def report(
        admin: CurrentAdmin,
        by: By = By.DAY,
        first: Annotated[date | None, Query(alias="from")] = None,
        last: Annotated[date | None, Query(alias="to")] = None,
    ) -> CostsBody:
        """What was spent on these days (UTC, both included), or ever.

        `unknown_usd` is the part of it that is estimated, since nobody knows what became of these
        calls; `unpriced` counts what the price book has no price for.
        """
        del admin
        return _report(costs(by, first, last))

    return router


def _report(report: CostReport) -> CostsBody:
    return CostsBody(
        by=report.by,
        first=report.first,
        last=report.last,
        total_usd=report.total_usd,
        rows=[
            CostRowBody(
                key=report.name(row),
                calls=row.calls,
                amount_usd=row.amount_usd,
                unknown_usd=row.unknown_usd,
                unpriced=row.unpriced,
            )
            for row in report.rows
        ],
    )

"""For whoever runs the service."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StrictBool

from ytdubber.api.auth import CurrentAdmin
from ytdubber.api.errors import responses
from ytdubber.api.paging import COUNT, LINKED, Cursor, cursor_of, link_to, no_cursor, place_of
from ytdubber.api.refusals import ASKED
from ytdubber.api.requests import Day, Moment, Request
from ytdubber.api.status import StatusBody, status_body
from ytdubber.app.money.costs import CostReport, Costs
from ytdubber.app.operations.replay_dead_letters import MOST as MOST_LETTERS
from ytdubber.app.operations.replay_dead_letters import ReplayDeadLetters
from ytdubber.app.operations.service_status import LookAtService
from ytdubber.domain import errors
from ytdubber.ports.costs import By, Place

MOST_ROWS = 1_000
"""Of a report in one answer."""
_PLACE = re.compile(r"(\d{1,30}(?:\.\d{1,30})?) ([\x21-\x7e]{0,80})")


class CostRowBody(BaseModel):
    """One row of a report; amounts are exact decimal numbers of US dollars, as text."""

    key: str
    calls: int
    amount_usd: Decimal
    unknown_usd: Decimal
    unpriced: int


class CostsBody(BaseModel):
    """What was spent on vendors; `count` and `total_usd` are of all pages."""

    by: By
    first: date | None
    last: date | None
    total_usd: Decimal
    count: int
    rows: list[CostRowBody]


class ReplayRequest(Request):
    """Which dead letters: those with these ids, those that failed since a time, or all; one of the
    three.
    """

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_LETTERS)] | None = None
    since: Moment | None = None
    all: StrictBool = False


class RefusedBody(BaseModel):
    """A dead letter that cannot be done again, and why."""

    id: UUID
    error: str
    message: str


class ReplayedBody(BaseModel):
    """Dead letters that wait for a worker again, and those that cannot. Where `following` is not
    null more are left: ask again with it as `since`.
    """

    replayed: list[UUID]
    refused: list[RefusedBody]
    following: datetime | None


def admin_router(costs: Costs, public_url: str) -> APIRouter:
    """What was spent, under /api/admin."""
    router = APIRouter(prefix="/api/admin", tags=["admin"])

    @router.get("/costs", responses=responses(*ASKED, errors.Forbidden, errors.BadField) | LINKED)
    def report(  # each is a field of the query
        admin: CurrentAdmin,
        response: Response,
        by: By = By.DAY,
        first: Annotated[Day | None, Query(alias="from")] = None,
        last: Annotated[Day | None, Query(alias="to")] = None,
        limit: Annotated[int, COUNT, Query(ge=1, le=MOST_ROWS)] = MOST_ROWS,
        cursor: Cursor = None,
    ) -> CostsBody:
        """What was spent on these days (UTC, both included), or ever: days in order, anything else
        the dearest first. A `Link` header with `rel="next"` leads to the rows that follow.

        `unknown_usd` is the part of it that is estimated, since nobody knows what became of these
        calls; `unpriced` counts what the price book has no price for.
        """
        del admin
        made = costs(by, first, last, limit, _place(cursor) if cursor else None)
        if made.following is not None:
            days = [f"{name}={day}" for name, day in (("from", first), ("to", last)) if day]
            query = "&".join(
                [f"by={by}", *days, f"limit={limit}", f"cursor={_cursor(made.following)}"]
            )
            response.headers.update(link_to(f"{public_url}/api/admin/costs?{query}"))
        return _report(made)

    return router


def operator_router(status: LookAtService, replay: ReplayDeadLetters) -> APIRouter:
    """How the service is, and what was given up, under /api/admin."""
    router = APIRouter(prefix="/api/admin", tags=["admin"])

    @router.get("/status", responses=responses(*ASKED, errors.Forbidden))
    def seen(admin: CurrentAdmin) -> StatusBody:
        """How the service is now: what needs a person, what waits, runs and failed, who is away,
        what was spent today and what is kept. Nothing in it is anybody's text: users are ids.

        It may be asked every few seconds; what was seen is shown again for two.
        """
        del admin
        return status_body(status())

    @router.post(
        "/dead-letters/replay",
        responses=responses(*ASKED, errors.Forbidden, errors.BadField, errors.DatabaseAway),
    )
    def replayed(admin: CurrentAdmin, wanted: ReplayRequest) -> ReplayedBody:
        """Do again what was given up, from its start; what engines made before is not made twice.

        At most 200 in one request, oldest first. It may be repeated: what waits already is no dead
        letter any more, and is told so.
        """
        del admin
        if (wanted.ids is not None) + (wanted.since is not None) + wanted.all != 1:
            raise errors.BadField(field="ids", reason="name ids, or a time in since, or all")
        done = replay.these(wanted.ids) if wanted.ids else replay.since(wanted.since)
        status.changed()
        refused = [
            RefusedBody(id=letter_id, error=error.code, message=str(error))
            for letter_id, error in done.refused
        ]
        return ReplayedBody(replayed=list(done.replayed), refused=refused, following=done.following)

    return router


def _report(report: CostReport) -> CostsBody:
    return CostsBody(
        by=report.by,
        first=report.first,
        last=report.last,
        total_usd=report.total_usd,
        count=report.count,
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


def _cursor(place: Place) -> str:
    return cursor_of(f"{place.amount_usd:f} {place.key}")


def _place(cursor: str) -> Place:
    found = _PLACE.fullmatch(place_of(cursor))
    if found is None:
        raise no_cursor()
    return Place(found[2], Decimal(found[1]))

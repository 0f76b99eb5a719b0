"""`ytdubber status`: how the service is."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ytdubber.api.status import status_body
from ytdubber.app.operations.service_status import LookAtService, ServiceStatus
from ytdubber.bootstrap.status import service_looked_at
from ytdubber.cli.console import out, plain
from ytdubber.domain.alerts import Severity, lasted
from ytdubber.domain.spending import Scope, shown_usd
from ytdubber.domain.waiting import vendor_name
from ytdubber.ports.service_state import OpenPiece, ServiceDetail, ServiceState
from ytdubber.worker.stop_request import StopRequest

EVERY_S = 3.0
"""How often --watch looks."""
PATIENCE_S = 60.0
"""How long a single look waits for the storage and the queue."""
NEEDED = 1
"""The exit code when something needs a person."""
_STYLES = {Severity.CRITICAL: "bold red", Severity.WARNING: "yellow"}


def status(
    watch: Annotated[
        bool, typer.Option("--watch", help="Show it anew every three seconds, until Ctrl-C.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    if watch and as_json:
        raise typer.BadParameter("is for people; leave --json out.", param_hint="--watch")
    if watch:
        if not out.is_terminal:
            raise typer.BadParameter("wants a terminal.", param_hint="--watch")
        stop = StopRequest()
        with _no_remarks(), service_looked_at() as look:
            return _watch(look, stop)
    with _no_remarks(), service_looked_at(PATIENCE_S) as look:
        seen = look()
    if as_json:
        out.print_values(status_body(seen).model_dump(mode="json"))
    else:
        for part in _shown(seen):
            out.print(part, soft_wrap=not isinstance(part, Table))
    if seen.conditions:
        raise typer.Exit(NEEDED)


@contextmanager
def _no_remarks() -> Iterator[None]:
    """What is found on the way is in the status itself."""
    ours = logging.getLogger("ytdubber")
    before = ours.level
    ours.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        ours.setLevel(before)


def _watch(look: LookAtService, stop: StopRequest) -> None:
    with Live(console=out, screen=True, auto_refresh=False) as live:
        while not stop.is_set():
            live.update(Group(*_shown(look())), refresh=True)
            stop.wait(EVERY_S)


def _shown(status: ServiceStatus) -> list[RenderableType]:
    facts, detail = status.facts, status.detail
    parts: list[RenderableType] = [*_needed(status)]
    if facts is None or detail is None:
        return [*parts, Text("Nothing else is known while the database does not answer.")]
    parts += [
        _queues(facts.state),
        _workers(detail, status.at),
        _waiting(detail, status.at),
        _failed(detail, facts.state, status.at),
        _vendors(status, detail),
        Text(_money(facts.state.spent_today_usd, status.budgets_usd)),
        *map(Text, _rest(status, detail, facts.state)),
    ]
    return [each for each in parts if not isinstance(each, Table) or each.row_count]


def _needed(status: ServiceStatus) -> Iterable[Text]:
    at = f"{status.at:%Y-%m-%d %H:%M:%S} UTC, version {status.version}"
    if not status.conditions:
        yield Text(f"Nothing needs a person. {at}", style="green")
        return
    yield Text(f"Something needs a person. {at}")
    for each in status.conditions:
        rule = each.rule
        label = "Critical: " if rule.severity is Severity.CRITICAL else ""
        yield Text.assemble(
            (f"{label}{each.words}", _STYLES[rule.severity]),
            f" ({rule.name}, docs/runbooks/{rule.runbook}.md)",
        )


def _table(title: str, *headings: str, right: Sequence[str] = ()) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading in right else "left")
    return table


def _queues(state: ServiceState) -> Table:
    counts = ("waiting", "oldest", "in hand", "done/min", "workers", "threads", "users")
    table = _table("Queues", "queue", *counts, right=counts)
    for lane, found in state.lanes.items():
        table.add_row(
            lane.value,
            str(found.waiting),
            "" if found.oldest_s is None else lasted(found.oldest_s),
            str(found.in_hand),
            f"{found.done_a_minute:.1f}",
            str(found.workers),
            str(found.threads),
            str(state.crowds[lane].users),
        )
    return table


def _workers(detail: ServiceDetail, now: datetime) -> Table:
    table = _table("Workers", "worker", "heard of", "works on", "for")
    for each in detail.workers:
        threads = ", ".join(f"{lane.value} {count}" for lane, count in each.threads.items())
        name = f"{str(each.id)[:8]} ({threads})" if each.id else "unknown"
        heard = "not for an hour" if each.heard_at is None else _ago(each.heard_at, now)
        table.add_row(
            name,
            heard if each.lives else Text(f"{heard}: lost", style="yellow"),
            "\n".join(map(_work, each.in_hand)) or "nothing",
            "\n".join(_for(piece.since, now) for piece in each.in_hand),
        )
    return table


def _waiting(detail: ServiceDetail, now: datetime) -> Table:
    table = _table("Waiting, the longest first", "work", "user", "queue", "for", "waits for")
    for piece in detail.waiting[:10]:
        why = "a worker"
        if piece.again_at is not None:
            who = vendor_name(piece.waits_for) if piece.waits_for else "its next try"
            why = f"{who}, until {piece.again_at:%H:%M:%S} UTC"
        table.add_row(
            _work(piece), str(piece.user_id), piece.lane.value, _for(piece.since, now), why
        )
    return table


def _failed(detail: ServiceDetail, state: ServiceState, now: datetime) -> Table:
    count = state.dead_letters
    title = f"Dead letters: {count}; ytdubber dlq shows and replays them"
    table = _table(title, "id", "what", "failed", "tries", "why", right=("tries",))
    for each in detail.given_up[:10]:
        vendor = f"{vendor_name(each.vendor)}: {each.fault}" if each.vendor else None
        why = ", ".join(filter(None, (each.code, each.error, vendor)))
        what = f"job {each.job_id}, {each.language or 'hearing'}"
        table.add_row(str(each.id), what, _ago(each.failed_at, now), str(each.attempts), plain(why))
    return table


def _vendors(status: ServiceStatus, detail: ServiceDetail) -> Table:
    counts = ("calls", "failed", "waiting")
    table = _table("Vendors, the last ten minutes", "vendor", *counts, "how it is", right=counts)
    met = {each.name: each for each in detail.vendors}
    for name in sorted({*status.vendors, *met}):
        vendor = met.get(name)
        if vendor is None:
            table.add_row(vendor_name(name), "0", "0", "0", "not asked")
            continue
        how = "answers"
        if vendor.since is not None and vendor.again_at is not None:
            how = f"away since {vendor.since:%H:%M}, tried again at {vendor.again_at:%H:%M:%S} UTC"
        elif vendor.fault is not None:
            how = f"last fault: {vendor.fault}"
        figures = (vendor.calls, vendor.failed, vendor.waiting)
        table.add_row(vendor_name(name), *map(str, figures), how)
    return table


def _money(spent_usd: Mapping[str, Decimal], budgets_usd: Mapping[Scope, Decimal]) -> str:
    by = ", ".join(f"{vendor_name(name)} ${shown_usd(usd)}" for name, usd in spent_usd.items())
    total_usd = sum(spent_usd.values(), Decimal(0))
    day_usd = budgets_usd.get(Scope.DAY)
    of = f" of ${shown_usd(day_usd)}" if day_usd is not None else ""
    return f"Money today: ${shown_usd(total_usd)}{of}{f' ({by})' if by else ''}."


def _rest(status: ServiceStatus, detail: ServiceDetail, state: ServiceState) -> Iterable[str]:
    ended: dict[str, int] = {}
    for each in detail.ended:
        name = f"failed ({each.code})" if each.code else each.stage.value
        ended[name] = ended.get(name, 0) + each.hour
    said = ", ".join(f"{count} {name}" for name, count in ended.items()) or "none"
    yield f"Languages that ended within the hour: {said}."
    stored = " and ".join(f"{_size(count)} of {kind}" for kind, count in state.stored_bytes.items())
    late_s = max(state.retention_lag_s.values(), default=0.0)
    late = f"what has to go is {lasted(late_s)} late" if late_s else "nothing is kept too long"
    yield f"Storage: {stored}; {late}."
    disks = "; ".join(
        f"{name} {_size(disk.free)} free of {_size(disk.size)}"
        for name, disk in status.disks.items()
    )
    connections = f"{state.connections} of {state.most_connections} connections"
    yield f"Database: {connections}. Disks: {disks or 'none yet'}."


def _work(piece: OpenPiece) -> str:
    what = f"{piece.language} {piece.stage}" if piece.language else "hearing"
    done = f" {piece.progress:.0%}" if piece.progress else ""
    return f"{piece.job_id} {what}{done}"


def _for(since: datetime, now: datetime) -> str:
    return lasted((now - since).total_seconds())


def _ago(at: datetime, now: datetime) -> str:
    return f"{_for(at, now)} ago"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"

"""Judges what is so now, each rule as Prometheus would."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time

from ytdubber.domain.alerts import (
    BUDGET_NEARLY_SPENT,
    BUDGET_SPENT,
    CONNECTIONS_NEARLY_USED,
    CREDENTIAL_EXPIRES,
    DEAD_LETTERS,
    DISK_FILLING,
    DISK_FULL,
    LANGUAGES_FAIL,
    MODEL_GOES,
    NO_WORKER,
    QUEUE_STUCK,
    QUEUE_TOO_OLD,
    RETENTION_LATE,
    STORAGE_AWAY,
    VENDOR_AWAY,
    VENDOR_FAILS,
    VENDOR_HAS_NO_CREDIT,
    VENDOR_REFUSES_THE_KEY,
    Seen,
    lasted,
)
from ytdubber.domain.waiting import STORAGE, vendor_name
from ytdubber.ports.alerts import Facts
from ytdubber.ports.service_state import ServiceState


def conditions(facts: Facts) -> Sequence[Seen]:
    """All that is so of which an operator is told."""
    return [
        *_queues(facts.state),
        *_work(facts),
        *_away(facts.state),
        *_vendors(facts),
        *_money(facts),
        *_machine(facts),
        *_dates(facts),
    ]


def _queues(state: ServiceState) -> Iterator[Seen]:
    for lane, row in state.lanes.items():
        oldest_s = row.oldest_s or 0.0
        (longest_s,) = QUEUE_TOO_OLD.limits
        if oldest_s > longest_s:
            words = f"The oldest piece of work in the queue {lane} has waited {lasted(oldest_s)}."
            yield Seen(QUEUE_TOO_OLD, lane, words)
        if not row.waiting:
            continue
        if not row.workers:
            words = f"{_pieces(row.waiting)} in the queue {lane}, and no worker of it lives."
            yield Seen(NO_WORKER, lane, words)
        elif row.done_a_minute == 0:
            words = (
                f"{_pieces(row.waiting)} in the queue {lane}, workers are there ({row.workers}),"
                " and nothing gets done."
            )
            yield Seen(QUEUE_STUCK, lane, words)


def _pieces(count: int) -> str:
    return f"{count} piece of work waits" if count == 1 else f"{count} pieces of work wait"


def _work(facts: Facts) -> Iterator[Seen]:
    lately = facts.lately
    share, least = LANGUAGES_FAIL.limits
    failed = lately.languages_failed
    ended = failed + lately.languages_complete
    if failed >= least and failed > share * ended:
        words = f"{failed} of the {ended} languages of the last half hour failed."
        yield Seen(LANGUAGES_FAIL, "", words)
    if lately.dead_letters:
        words = (
            f"Work was given up within the hour ({lately.dead_letters});"
            f" {facts.state.dead_letters} dead letters are there."
        )
        yield Seen(DEAD_LETTERS, "", words)
    (most_s,) = RETENTION_LATE.limits
    for reason, lag_s in facts.state.retention_lag_s.items():
        if lag_s > most_s:
            what = f"Something that has to go ({reason.value})"
            yield Seen(RETENTION_LATE, reason.value, f"{what} is kept {lasted(lag_s)} too long.")


def _away(state: ServiceState) -> Iterator[Seen]:
    for who, waits in state.waiting.items():
        rule = STORAGE_AWAY if who == STORAGE else VENDOR_AWAY
        (longest_s,) = rule.limits
        if waits.oldest_s > longest_s:
            languages = "1 language" if waits.languages == 1 else f"{waits.languages} languages"
            words = (
                f"Work has waited for {vendor_name(who)} for {lasted(waits.oldest_s)}"
                f" ({languages}); it goes on by itself."
            )
            yield Seen(rule, "" if who == STORAGE else who, words)


def _vendors(facts: Facts) -> Iterator[Seen]:
    share, least = VENDOR_FAILS.limits
    for vendor, calls in facts.lately.calls.items():
        name = vendor_name(vendor)
        if calls.ended >= least and calls.failed > share * calls.ended:
            words = f"{calls.failed} of the {calls.ended} calls of ten minutes to {name} failed."
            yield Seen(VENDOR_FAILS, vendor, words)
        if calls.refused_key:
            yield Seen(VENDOR_REFUSES_THE_KEY, vendor, f"{name} refuses the key.")
        if calls.no_credit:
            yield Seen(VENDOR_HAS_NO_CREDIT, vendor, f"No credit is left at {name}.")


def _money(facts: Facts) -> Iterator[Seen]:
    limit_usd = facts.day_budget_usd
    spent_usd = sum(facts.state.spent_today_usd.values())
    (left_share,) = BUDGET_NEARLY_SPENT.limits
    if limit_usd is not None:
        left_usd = limit_usd - spent_usd
        figures = f"{spent_usd:.2f} of {limit_usd:.2f} US dollars"
        if limit_usd and float(left_usd / limit_usd) <= left_share:
            yield Seen(BUDGET_NEARLY_SPENT, "", f"The day's budget is nearly spent: {figures}.")
        if left_usd <= 0:
            words = f"The day's budget is spent ({figures}) and stops work until midnight UTC."
            yield Seen(BUDGET_SPENT, "", words)
            return
    if stops := facts.lately.budget_stops:
        languages = "1 language" if stops == 1 else f"{stops} languages"
        yield Seen(BUDGET_SPENT, "", f"A budget stopped {languages} within ten minutes.")


def _machine(facts: Facts) -> Iterator[Seen]:
    state = facts.state
    (share,) = CONNECTIONS_NEARLY_USED.limits
    if state.connections > share * state.most_connections > 0:
        words = f"{state.connections} of the database's {state.most_connections} connections"
        yield Seen(CONNECTIONS_NEARLY_USED, "", f"{words} are used.")
    (filling,), (full,) = DISK_FILLING.limits, DISK_FULL.limits
    for folder, free in facts.free.items():
        disk = f"the disk of the folder {folder} at {facts.machine}"
        if free < filling:
            yield Seen(DISK_FILLING, folder, f"{free:.1%} of {disk} are free.")
        if free < full:
            words = f"{disk[0].upper()}{disk[1:]} is full ({free:.1%} free); work waits for room."
            yield Seen(DISK_FULL, folder, words)


def _dates(facts: Facts) -> Iterator[Seen]:
    (soon_s,) = CREDENTIAL_EXPIRES.limits
    for name, at in facts.expires.items():
        if (left_s := (at - facts.now).total_seconds()) < soon_s:
            yield Seen(CREDENTIAL_EXPIRES, name, f"{name} {_in('expires', 'expired', left_s, at)}")
    (soon_s,) = MODEL_GOES.limits
    for (vendor, model), day in facts.model_ends.items():
        at = datetime.combine(day, time(), UTC)
        if (left_s := (at - facts.now).total_seconds()) < soon_s:
            ends = _in("takes it away", "took it away", left_s, at)
            words = f"The model {model} ends: {vendor_name(vendor)} {ends}"
            yield Seen(MODEL_GOES, f"{vendor} {model}", words)


def _in(will: str, did: str, left_s: float, at: datetime) -> str:
    if left_s <= 0:
        return f"{did} on {at:%Y-%m-%d}."
    return f"{will} on {at:%Y-%m-%d}, in {lasted(left_s)}."

"""What was promised of money."""

from collections.abc import Iterator
from decimal import Decimal

from tests.chaos.aftermath import Aftermath
from tests.chaos.faults import CALLER_KILLED
from tests.chaos.load import RECORDING_S
from tests.chaos.stack import CENTS_PER_MINUTE

from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.domain.credit import language_cents
from ytdubber.testing.vendor_double import RecordedCall
from ytdubber.testing.vendor_double.usage_log import UsageLog

MOST_CALLS = 16
"""How many calls one process makes at once."""
_RECEIPTS = """
select r.request_id, r.outcome, coalesce(sum(c.amount_usd), 0)
from ytdubber.usage_receipts r left join ytdubber.cost_entries c on c.receipt_id = r.id
group by r.id
"""
_CREDIT = """
select kind, count(*), sum(amount_cents) from ytdubber.credit_transactions
where job_id = %s group by kind
"""


def booked(after: Aftermath) -> Iterator[str]:
    """The ledger is the invoice, but for calls of which nobody knows what came of them, since their
    connection was lost or cut or who made them was killed: these are booked at what they may have
    cost.
    """
    receipts = after.stack.rows(_RECEIPTS)
    known = [(name, usd) for name, outcome, usd in receipts if outcome != "unknown"]
    unknown = len(receipts) - len(known)
    names = {str(name) for name, _ in known}
    paid, lost = _billed(after, names)
    ledger = sum((Decimal(str(usd)) for _, usd in known), Decimal(0))
    invoice = _invoice(paid)
    if ledger != invoice:
        yield f"the ledger says {ledger}, the invoice {invoice}; {unknown} calls are unknown"
    if len(lost) > unknown:
        yield f"{len(lost)} calls were billed and are in no receipt; {unknown} are unknown"
    most = after.outside.ways["vendors"].broken
    most += after.storm.happened[CALLER_KILLED] * MOST_CALLS
    if unknown > most:
        yield f"{unknown} calls are unknown, and no more than {most} can have been lost"


def paid_once(after: Aftermath) -> Iterator[str]:
    """What is asked for again was lost before."""
    names = {str(name) for name, outcome, _ in after.stack.rows(_RECEIPTS) if outcome != "unknown"}
    paid, _ = _billed(after, names)
    seen: set[str] = set()
    for call in paid:
        if call.fingerprint in seen:
            yield f"{call.route}: {call.body}"
        seen.add(call.fingerprint)


def charged(after: Aftermath) -> Iterator[str]:
    """Once for each language, and back for those that failed."""
    cents = language_cents(round(RECORDING_S * 1000), CENTS_PER_MINUTE)
    for job in after.jobs:
        moved = {
            kind: (int(str(count)), int(str(amount)))
            for kind, count, amount in after.stack.rows(_CREDIT, job.job_id)
        }
        failed = sum(each["status"] != "complete" for each in job.last.get("languages", []))
        expected = {"charge": (1, -cents * len(job.languages))}
        if failed:
            expected["refund"] = (failed, cents * failed)
        if moved != expected:
            yield f"{job.job_id}: {moved} instead of {expected}"


def _billed(after: Aftermath, names: set[str]) -> tuple[list[RecordedCall], list[RecordedCall]]:
    """Calls that cost something: those that receipts name, and those that none does."""
    billed = [call for call in after.outside.vendors.calls if call.billed]
    lost = [call for call in billed if call.request_id not in names]
    return [call for call in billed if call.request_id in names], lost


def _invoice(calls: list[RecordedCall]) -> Decimal:
    books = UsageLog()
    for call in calls:
        books.add(call)
    return sum((usd for _, _, usd in books.invoice(FilePriceBook(None))), Decimal(0))

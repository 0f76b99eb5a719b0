"""What must be true afterwards, seen from outside."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

import redis
from tests.chaos.load import ENDED, ORDER, Noted, Person
from tests.chaos.stack import Stack
from tests.chaos.vendors import Outside
from tests.waiting import eventually

from ytdubber.adapters.prices.book import FilePriceBook
from ytdubber.adapters.queue.redis import NAMESPACE
from ytdubber.ports.job_queue import QUEUES
from ytdubber.testing.storage_double import StorageDouble
from ytdubber.testing.vendor_double import VendorDouble

CALM_S = 120.0
"""By then every lease, message and place of what died has run out."""


def broken(stack: Stack, people: Sequence[Person], outside: Outside) -> Iterator[str]:
    """Every promise that was not kept, in a sentence."""
    jobs = [job for person in people for job in person.jobs]
    for person in people:
        yield from person.wrong
        yield from (f"{count} answers {status}" for status, count in _faults(person))
    for job in jobs:
        yield from _job(job)
    yield from _left(stack)
    yield from _once(stack, outside.storage)
    yield from _money(stack, outside.vendors)
    if "Traceback" in (logs := stack.logs()):
        yield f"{logs.count('Traceback')} tracebacks in the logs"


def _faults(person: Person) -> Iterator[tuple[int, int]]:
    return ((status, n) for status, n in person.answers.items() if status >= 500 and status != 503)


def _job(job: Noted) -> Iterator[str]:
    stage = job.last.get("stage")
    if stage not in ENDED:
        yield f"{job.job_id} has not ended: {stage}"
    if stage != "complete" and not job.last.get("error"):
        yield f"{job.job_id} is {stage} and does not say why"
    for language in job.last.get("languages", []):
        if language["status"] == "error" and not language.get("message"):
            yield f"{job.job_id}: {language['languageCode']} failed and does not say why"
    if job.progress != sorted(job.progress):
        yield f"{job.job_id}: progress went backwards: {job.progress}"
    numbers = [number for number, _, _ in job.events]
    if numbers != sorted(set(numbers)):
        yield f"{job.job_id}: events out of order or twice: {numbers}"
    stages = [
        ORDER.index(data["stage"])
        for _, name, data in job.events
        if name == "stage" and data["stage"] in ORDER and data.get("language") is None
    ]
    if stages != sorted(stages):
        yield f"{job.job_id}: stages went backwards: {stages}"


def _left(stack: Stack) -> Iterator[str]:
    """What nobody holds any more is gone."""
    queries = {
        "leases": "select count(*) from ytdubber.language_tasks where lease_until > now()"
        " union all select count(*) from ytdubber.dubbing_jobs where lease_until > now()",
        "places": "select count(*) from ytdubber.slots where until > now()",
        "messages": "select count(*) from ytdubber_queue.queue"
        " where state in ('queued', 'consumed')",
        "receipts": "select count(*) from ytdubber.usage_receipts where outcome = 'started'",
    }
    for name, query in queries.items():

        def none(query: str = query) -> bool:
            return sum(int(str(count)) for (count,) in stack.rows(query)) == 0

        if not eventually(none, CALM_S, 0.5):
            yield f"{name} are left: {stack.rows(query)}"
    if stack.redis is not None:
        client = redis.Redis.from_url(stack.redis.url)

        def taken() -> bool:
            return not any(client.hlen(f"{NAMESPACE}:{name}.msgs") for name in QUEUES.values())

        if not eventually(taken, CALM_S, 0.5):
            yield f"messages are left in Redis: {client.keys()}"
        client.close()
    scratch = stack.home / "home" / "scratch"

    def swept() -> bool:
        return not [p for p in scratch.rglob("*") if p.is_file() and p.name != "lock"]

    if not eventually(swept, CALM_S, 0.5):
        yield f"scratch is left: {list(scratch.rglob('*'))}"


def _once(stack: Stack, storage: StorageDouble | None) -> Iterator[str]:
    """Once the sweep has been through, storage holds what rows name, and nothing else."""
    stack.command("purge")
    named = stack.rows("select key from ytdubber.artifacts where deleted_at is null")
    keys = {str(key) for (key,) in named}
    if storage is not None:
        have = set(storage.bucket.names())
    else:
        media = stack.home / "home" / "media"
        have = {path.stem.replace(".", "/") for path in media.rglob("*.json")}
    if keys - have:
        yield f"{len(keys - have)} files that rows name are missing"
    if have - keys:
        yield f"{len(have - keys)} files belong to nothing"


def _money(stack: Stack, double: VendorDouble) -> Iterator[str]:
    """The ledger is the invoice, but for calls of which nobody knows what came of them: these are
    booked at what they may have cost.
    """
    invoice = sum((usd for _, _, usd in double.invoice(FilePriceBook(None))), Decimal(0))
    ((booked,),) = stack.rows("select coalesce(sum(amount_usd), 0) from ytdubber.cost_entries")
    unknown = stack.rows("select id from ytdubber.usage_receipts where outcome = 'unknown'")
    if Decimal(str(booked)) != invoice:
        yield f"the ledger says {booked}, the invoice {invoice}; {len(unknown)} calls are unknown"
    again = Counter(call.route for call in double.repeated)
    if again:
        yield f"paid twice: {dict(again)}"

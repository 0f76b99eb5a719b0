"""What must be true afterwards, seen from outside."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.chaos.aftermath import Aftermath
from tests.chaos.jobs_kept import answered, ended, fetched, forwards, told
from tests.chaos.money_kept import booked, charged, paid_once
from tests.chaos.remains import let_go, silent, stored, swept


def struck(after: Aftermath) -> Iterator[str]:
    yield from after.storm.wrong
    yield from (f"never: {kind}" for kind, times in after.storm.happened.items() if not times)
    if not any(job.last.get("stage") == "complete" for job in after.jobs):
        yield "no job was completed, so little was tried"


PROMISES: Mapping[str, Callable[[Aftermath], Iterator[str]]] = {
    "every request is answered in time, and not with an error of ours": answered,
    "every job ends, complete or with a reason": ended,
    "every file has the hash that was told": fetched,
    "progress and stages never go backwards": forwards,
    "every event comes, once and in order": told,
    "no lease, place, message or open receipt is left": let_go,
    "no scratch is left": swept,
    "the storage holds what rows name, and nothing else": stored,
    "the ledger is the invoice": booked,
    "nothing is paid for twice": paid_once,
    "every language is charged for once, and failed ones are paid back": charged,
    "there is no traceback in any log": silent,
    "the storm did what it should": struck,
}
"""Looked at in this order, while the service is up: the first ones wait for those after them."""
ENDS = "everything ends when it is told to, and leaves no process behind"
"""Looked at when the service has been told to end."""


def broken(after: Aftermath) -> dict[str, Sequence[str]]:
    """Of every promise, where it was not kept, in sentences."""
    return {promise: [*look(after)] for promise, look in PROMISES.items()}

"""What nobody needs any more is gone, as soon as all that died has been missed."""

import re
from collections.abc import Iterator

import redis
from tests.chaos.aftermath import Aftermath
from tests.waiting import eventually

from ytdubber.adapters.queue.redis import NAMESPACE
from ytdubber.ports.job_queue import QUEUES

LOOK_S = 0.5
SHOWN = 3
"""Of tracebacks, so many."""
_HELD = {
    "leases": "select count(*) from ytdubber.language_tasks where lease_until > now()"
    " union all select count(*) from ytdubber.dubbing_jobs where lease_until > now()",
    "places": "select count(*) from ytdubber.slots where until > now()",
    "messages": "select count(*) from ytdubber_queue.queue where state in ('queued', 'consumed')",
    "receipts": "select count(*) from ytdubber.usage_receipts where outcome = 'started'",
}


def let_go(after: Aftermath) -> Iterator[str]:
    for name, query in _HELD.items():

        def none(query: str = query) -> bool:
            return sum(int(str(count)) for (count,) in after.stack.rows(query)) == 0

        if not eventually(none, every_s=LOOK_S):
            yield f"{name} are left: {after.stack.rows(query)}"
    if after.stack.redis is None:
        return
    with redis.Redis.from_url(after.stack.redis.server.url) as client:

        def taken() -> bool:
            return not any(client.hlen(f"{NAMESPACE}:{name}.msgs") for name in QUEUES.values())

        if not eventually(taken, every_s=LOOK_S):
            yield f"messages are left in Redis: {client.keys()}"


def swept(after: Aftermath) -> Iterator[str]:
    scratch = after.stack.home / "home" / "scratch"

    def none() -> bool:
        return not [p for p in scratch.rglob("*") if p.is_file() and p.name != "lock"]

    if not eventually(none, every_s=LOOK_S):
        yield f"left: {list(scratch.rglob('*'))}"


def stored(after: Aftermath) -> Iterator[str]:
    """Once the sweep has been through, storage holds what rows name, and nothing else."""
    after.stack.command("purge")
    named = after.stack.rows("select key from ytdubber.artifacts where deleted_at is null")
    keys = {str(key) for (key,) in named}
    if after.outside.storage is not None:
        have = set(after.outside.storage.bucket.names())
    else:
        media = after.stack.home / "home" / "media"
        have = {path.stem.replace(".", "/") for path in media.rglob("*.json")}
    if keys - have:
        yield f"{len(keys - have)} files that rows name are missing"
    if have - keys:
        yield f"{len(have - keys)} files belong to nothing"


def silent(after: Aftermath) -> Iterator[str]:
    logs = after.stack.logs()
    if found := [match.start() for match in re.finditer("Traceback", logs)]:
        yield f"{len(found)} tracebacks"
        yield from (logs[max(0, at - 600) : at + 4_000] for at in found[:SHOWN])

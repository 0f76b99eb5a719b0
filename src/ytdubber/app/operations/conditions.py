"""What needs a person, for whoever looks: what alerts tell, and what only a look sees.

A look has no memory: what has to be so for a while counts by how long the oldest work has waited.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ytdubber.app.alerts.conditions import conditions
from ytdubber.domain.alerts import (
    DATABASE_AWAY,
    DEAD_LETTERS,
    NO_WORKER,
    QUEUE_STUCK,
    STORAGE_AWAY,
    Rule,
    Seen,
    Severity,
)
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.alerts import Facts

QUEUE_AWAY = Rule("QueueAway", Severity.CRITICAL, "incident-response")
NOT_MIGRATED = Rule("DatabaseNotMigrated", Severity.CRITICAL, "incident-response")
_PARTS = {
    "database": DATABASE_AWAY,
    "migrations": NOT_MIGRATED,
    "queue": QUEUE_AWAY,
    "storage": STORAGE_AWAY,
}


@dataclass(frozen=True, slots=True)
class Part:
    """Something the service cannot do without.

    Attributes:
        name: `database`, `migrations`, `storage` or `queue`.
        fault: Why it does not work, in a sentence; None where it does.
        since: When it was first found not to.
    """

    name: str
    fault: str | None = None
    since: datetime | None = None


def needed(facts: Facts | None, parts: Sequence[Part]) -> list[Seen]:
    """What needs a person, the most urgent first; each is named once.

    Args:
        facts: What is judged; None where the database does not say.
        parts: What the service cannot do without.
    """
    found = [Seen(_PARTS[part.name], "", part.fault) for part in parts if part.fault is not None]
    if facts is not None:
        found += [each for each in conditions(facts) if _lasts(each, facts)]
        found += _dead_letters(facts)
    named = {each.key: each for each in reversed(found)}
    order = list(named.values())[::-1]
    return sorted(order, key=lambda each: each.rule.severity is not Severity.CRITICAL)


def _lasts(seen: Seen, facts: Facts) -> bool:
    if seen.rule not in (NO_WORKER, QUEUE_STUCK):
        return True
    return (facts.state.lanes[Lane(seen.about)].oldest_s or 0.0) >= seen.rule.for_s


def _dead_letters(facts: Facts) -> Iterator[Seen]:
    """An alert is of those of the last hour; they need a person until they are gone."""
    if facts.state.dead_letters:
        words = f"Dead letters: {facts.state.dead_letters}. Replay or discard them."
        yield Seen(DEAD_LETTERS, "", words)

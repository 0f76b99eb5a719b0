"""What an operator is told of, and when that begins, lasts and ends.

Rules have the names and figures of `deploy/observability/rules.yml`, which asks Prometheus for the
same; a test holds the two together.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

HOLDS = timedelta(seconds=150)
"""For how long what was seen counts as going on: two looks of a minute may miss it."""
GIVEN_UP_AFTER = timedelta(hours=24)
"""What is over and could not be told for so long is told no more."""
DAY_S = 86_400


class Severity(enum.StrEnum):
    """How soon somebody should look."""

    WARNING = "warning"
    CRITICAL = "critical"


REMIND_AFTER: Mapping[Severity, timedelta] = {
    Severity.CRITICAL: timedelta(hours=4),
    Severity.WARNING: timedelta(hours=24),
}
"""What goes on is told again no sooner; 4 hours are Alertmanager's usual `repeat_interval`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that an operator is told of.

    Attributes:
        name: As Prometheus' rules call it.
        severity: How soon somebody should look.
        runbook: The page of docs/runbooks that says what to do.
        for_s: How long it has to be so before anybody is told.
        limits: The figures by which it is judged, in the order in which they are asked.
        window_s: Over how long is counted what is counted.
    """

    name: str
    severity: Severity
    runbook: str
    for_s: int = 0
    limits: tuple[float, ...] = ()
    window_s: int = 0


_WARNING, _CRITICAL = Severity.WARNING, Severity.CRITICAL
QUEUE_TOO_OLD = Rule("QueueTooOld", _WARNING, "stuck-queue", for_s=300, limits=(600,))
QUEUE_STUCK = Rule("QueueStuck", _CRITICAL, "stuck-queue", for_s=900)
NO_WORKER = Rule("NoWorker", _CRITICAL, "lost-worker", for_s=60)
LANGUAGES_FAIL = Rule(
    "LanguagesFail", _CRITICAL, "incident-response", for_s=300, limits=(0.1, 5), window_s=1800
)
DEAD_LETTERS = Rule("DeadLetters", _WARNING, "dead-letters", window_s=3600)
RETENTION_LATE = Rule("RetentionLate", _CRITICAL, "retention", for_s=600, limits=(3600,))
VENDOR_AWAY = Rule("VendorAway", _WARNING, "vendor-outage", limits=(300,))
STORAGE_AWAY = Rule("StorageAway", _CRITICAL, "incident-response", limits=(120,))
VENDOR_FAILS = Rule(
    "VendorFails", _WARNING, "vendor-outage", for_s=300, limits=(0.25, 10), window_s=600
)
VENDOR_REFUSES_THE_KEY = Rule("VendorRefusesTheKey", _CRITICAL, "leaked-key", window_s=600)
VENDOR_HAS_NO_CREDIT = Rule("VendorHasNoCredit", _CRITICAL, "vendor-outage", window_s=600)
MODEL_GOES = Rule("ModelGoes", _WARNING, "vendor-outage", limits=(30 * DAY_S,))
BUDGET_NEARLY_SPENT = Rule("BudgetNearlySpent", _WARNING, "budget-stop", limits=(0.2,))
BUDGET_SPENT = Rule("BudgetSpent", _CRITICAL, "budget-stop", window_s=600)
CREDENTIAL_EXPIRES = Rule("CredentialExpires", _WARNING, "leaked-key", limits=(14 * DAY_S,))
DATABASE_AWAY = Rule("DatabaseAway", _CRITICAL, "incident-response", for_s=60)
CONNECTIONS_NEARLY_USED = Rule(
    "ConnectionsNearlyUsed", _WARNING, "incident-response", for_s=300, limits=(0.9,)
)
DISK_FILLING = Rule("DiskFilling", _WARNING, "disk-full", for_s=300, limits=(0.1,))
DISK_FULL = Rule("DiskFull", _CRITICAL, "disk-full", limits=(0.03,))

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        QUEUE_TOO_OLD,
        QUEUE_STUCK,
        NO_WORKER,
        LANGUAGES_FAIL,
        DEAD_LETTERS,
        RETENTION_LATE,
        VENDOR_AWAY,
        STORAGE_AWAY,
        VENDOR_FAILS,
        VENDOR_REFUSES_THE_KEY,
        VENDOR_HAS_NO_CREDIT,
        MODEL_GOES,
        BUDGET_NEARLY_SPENT,
        BUDGET_SPENT,
        CREDENTIAL_EXPIRES,
        DATABASE_AWAY,
        CONNECTIONS_NEARLY_USED,
        DISK_FILLING,
        DISK_FULL,
    )
}
PROMETHEUS_ONLY = frozenset(
    {"RoleGone", "NobodyTellsTheState", "VendorLeftAlone", "RequestsFail", "DecodersStopped"}
)
"""Rules about what only processes know, or about Prometheus itself."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that is so now.

    Attributes:
        rule: What it is.
        about: What it is about, where there may be several: a queue, a vendor, a folder.
        words: A sentence for a person, with the figure.
    """

    rule: Rule
    about: str
    words: str

    @property
    def key(self) -> str:
        """The same for as long as it goes on."""
        return f"{self.rule.name} {self.about}".rstrip()


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that is so, or was until lately, as one receiver has been told of it. Times are
    UTC.

    Attributes:
        rule: Its name.
        about: As `Seen` has it.
        words: As they were when it was last seen.
        since: When it was first seen.
        seen_at: When it was last seen.
        begun_at: When it had been so for long enough to be told; None before.
        told_at: When the receiver was last told that it is so; None if never.
        over_at: When it was found to be over; None while it goes on.
    """

    rule: str
    about: str
    words: str
    since: datetime
    seen_at: datetime
    begun_at: datetime | None = None
    told_at: datetime | None = None
    over_at: datetime | None = None


class News(enum.StrEnum):
    """What is told of an alert."""

    BEGAN = "began"
    GOES_ON = "goes_on"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Message:
    """What a receiver is told.

    Attributes:
        news: What became of it.
        rule: What it is.
        alert: The alert.
        runbook: Where it says what to do.
    """

    news: News
    rule: Rule
    alert: Alert
    runbook: str

    @property
    def id(self) -> str:
        """The same when it is sent again, and for nothing else."""
        last = self.alert.told_at if self.news is News.GOES_ON else None
        at = f"{last or self.alert.since:%Y%m%dT%H%M%S}"
        return f"{self.rule.name}-{self.alert.about}-{self.news}-{at}".replace(" ", "-")

    @property
    def title(self) -> str:
        """One line."""
        severity = self.rule.severity.capitalize()
        before = {News.BEGAN: severity, News.GOES_ON: f"{severity}, still", News.OVER: "Over"}
        return f"{before[self.news]}: {self.alert.words}"

    @property
    def text(self) -> str:
        """All of it, in a few lines."""
        alert = self.alert
        since = f"since {alert.since:%Y-%m-%d %H:%M} UTC"
        if self.news is News.OVER:
            length = lasted((alert.seen_at - alert.since).total_seconds())
            since = f"{since} until {alert.seen_at:%H:%M}, for {length}"
        return f"YT Dubber: {self.title}\n{self.rule.name}, {since}.\nWhat to do: {self.runbook}"


def looked(alerts: Mapping[str, Alert], seen: Iterable[Seen], now: datetime) -> Mapping[str, Alert]:
    """The alerts after a look at all there is.

    Args:
        alerts: Those before, by `Seen.key`.
        seen: What is so now.
        now: The time of the look.
    """
    found = {each.key: _seen(alerts.get(each.key), each, now) for each in seen}
    for key, alert in alerts.items():
        if key in found:
            continue
        if now - alert.seen_at < HOLDS and alert.over_at is None:
            found[key] = alert
        elif alert.begun_at is not None:
            found[key] = replace(alert, over_at=alert.over_at or now)
    return found


def _seen(before: Alert | None, seen: Seen, now: datetime) -> Alert:
    # A clock that was turned back since then says nothing of how long that was.
    since = min(before.since, now) if before else now
    begun_at = before.begun_at if before else None
    if begun_at is None and now - since >= timedelta(seconds=seen.rule.for_s):
        begun_at = now
    told_at = before.told_at if before else None
    return Alert(seen.rule.name, seen.about, seen.words, since, now, begun_at, told_at)


def news_of(alert: Alert, now: datetime) -> News | None:
    """What its receiver is to be told of it now."""
    if alert.begun_at is None:
        return None
    if alert.over_at is not None:
        return News.OVER
    if alert.told_at is None:
        return News.BEGAN
    again_after = REMIND_AFTER[RULES[alert.rule].severity]
    return News.GOES_ON if now - alert.told_at >= again_after else None


def lost(alert: Alert, now: datetime) -> bool:
    """Whether it is over for so long that nobody is told any more."""
    return alert.over_at is not None and now - alert.over_at >= GIVEN_UP_AFTER


def told(alert: Alert, news: News, now: datetime) -> Alert | None:
    """The alert after its receiver was told; None where nothing is left to tell."""
    return None if news is News.OVER else replace(alert, told_at=now)


def lasted(seconds: float) -> str:
    """A length of time in a person's words: `45 seconds`, `7 minutes`, `3 hours`, `12 days`."""
    for unit, unit_s, least in (("day", DAY_S, 2), ("hour", 3600, 2), ("minute", 60, 2)):
        if seconds >= least * unit_s:
            return f"{seconds / unit_s:.0f} {unit}s"
    count = max(0, round(seconds))
    return f"{count} second{'' if count == 1 else 's'}"

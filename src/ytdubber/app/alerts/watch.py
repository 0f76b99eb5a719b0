"""Looks each minute at what is wrong, and tells whoever is to know when it begins and ends."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from ytdubber.domain.alerts import (
    DATABASE_AWAY,
    RULES,
    Alert,
    Message,
    News,
    Seen,
    looked,
    lost,
    news_of,
    told,
)
from ytdubber.domain.errors import AlertNotSent, DatabaseAway
from ytdubber.log import Outage, get_logger
from ytdubber.ports.alerts import AlertReceiver, Facts, ToldAlerts
from ytdubber.ports.clock import Clock
from ytdubber.ports.reaper import TaskLock

from .conditions import conditions

log = get_logger(__name__)

NAME = "alerts"
"""What one process at a time does."""
_NO_DATABASE = "The database does not answer{}. Nothing is lost; nobody can use the service."


@dataclass(frozen=True, slots=True)
class WatchAlerts:
    """A periodic task of every process that runs those. What the database knows is kept in the
    database, where one process at a time looks; that the database is away, on the machine.

    A message is sent at least once: a process that is killed between sending and keeping sends it
    again, with the same id.

    Attributes:
        lock: Lets one process at a time look.
        facts: What is judged.
        kept: What receivers were told.
        kept_here: The same of the database being away.
        lock_here: Lets one process of this machine at a time use it.
        receivers: Who is told, by name.
        runbook: Where the page of a rule is to be read.
        clock: Tells the time.
        machine: This machine's name.
        outages: What is known of the receivers.
    """

    lock: TaskLock
    facts: Callable[[], Facts]
    kept: ToldAlerts
    kept_here: ToldAlerts
    lock_here: Callable[[], AbstractContextManager[bool]]
    receivers: Mapping[str, AlertReceiver]
    runbook: Callable[[str], str]
    clock: Clock
    machine: str
    outages: dict[str, Outage] = field(default_factory=dict)

    def __call__(self) -> None:
        """Look once."""
        if not self.receivers:
            return
        away = False
        try:
            with self.lock(NAME) as mine:
                if mine:
                    self._look(self.kept, conditions(self.facts()))
        except DatabaseAway:
            away = True
        words = _NO_DATABASE.format(f" at {self.machine}")
        with self.lock_here() as mine:
            if mine:
                self._look(self.kept_here, [Seen(DATABASE_AWAY, "", words)] if away else [])

    def _look(self, kept: ToldAlerts, seen: Iterable[Seen]) -> None:
        now, before, seen = self.clock.now(), kept.load(), list(seen)
        after = {name: looked(before.get(name, {}), seen, now) for name in self.receivers}
        if after != {name: before.get(name, {}) for name in self.receivers}:
            kept.save(after)
        for name, receiver in self.receivers.items():
            self._tell(name, receiver, kept, after)

    def _tell(
        self,
        name: str,
        receiver: AlertReceiver,
        kept: ToldAlerts,
        after: dict[str, Mapping[str, Alert]],
    ) -> None:
        """Send one receiver its news, until one does not arrive; what was not sent waits for the
        next look.
        """
        now = self.clock.now()
        for key, alert in list(after[name].items()):
            news = news_of(alert, now)
            if news is None:
                continue
            if not self._arrived(name, receiver, self._message(news, alert)):
                if not lost(alert, now):
                    return
                log.error("alerts.lost", receiver=name, alert=alert.rule, about=alert.about)
            after[name] = _replaced(after[name], key, told(alert, news, now))
            kept.save(after)

    def _message(self, news: News, alert: Alert) -> Message:
        rule = RULES[alert.rule]
        return Message(news, rule, alert, self.runbook(rule.runbook))

    def _arrived(self, name: str, receiver: AlertReceiver, message: Message) -> bool:
        outage = self.outages.setdefault(name, Outage(log, "alerts", receiver=name))
        try:
            receiver.send(message)
        except AlertNotSent as error:
            outage.begun(error=error)
            return False
        outage.over()
        log.info("alerts.sent", receiver=name, alert=message.rule.name, news=message.news)
        return True


def _replaced(alerts: Mapping[str, Alert], key: str, alert: Alert | None) -> Mapping[str, Alert]:
    others = {each: one for each, one in alerts.items() if each != key}
    return others if alert is None else others | {key: alert}

"""Whom alerts reach, and what they are judged by, by the settings in force (ADR 50)."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

from ytdubber.adapters.alerts.mail import Mail, MailServer
from ytdubber.adapters.alerts.webhook import Webhook
from ytdubber.adapters.db.coordination.reaper import task_lock
from ytdubber.adapters.db.status.service_state import SqlServiceState
from ytdubber.adapters.db.status.told_alerts import SqlLately, SqlToldAlerts
from ytdubber.adapters.filesystem.told_alerts import FileToldAlerts
from ytdubber.app.alerts.in_time import InTime
from ytdubber.app.alerts.watch import WatchAlerts
from ytdubber.bootstrap.backend import Backend
from ytdubber.bootstrap.vendors import bare_vendors
from ytdubber.domain.alerts import Alert, Message, News, Rule, Severity
from ytdubber.domain.errors import AlertNotSent, BadSetting
from ytdubber.ports.alerts import AlertReceiver, Facts, LookLately
from ytdubber.ports.clock import Clock
from ytdubber.ports.line import Line
from ytdubber.ports.service_state import ServiceState
from ytdubber.settings import AlertSettings, Settings, VendorSettings, load_settings

_RUNBOOKS = "docs/runbooks/*.md"
"""Where a page is in the repository; `*` stands for its name."""
_ENDS_EVERY_S = 12 * 3600.0
"""How often vendors are asked when their models end; they tell it months before."""
_FILE = "alerts.json"
_TEST = Rule("Test", Severity.WARNING, "index")
_TEST_WORDS = "This is a test, made by `ytdubber alerts test`; nothing is wrong."


def receivers(settings: AlertSettings) -> Mapping[str, AlertReceiver]:
    """Who is told, by name."""
    found: dict[str, AlertReceiver] = {}
    if settings.alert_webhook_url is not None:
        secret = settings.alert_webhook_secret
        hook = Webhook(
            settings.alert_webhook_url.get_secret_value(),
            secret.get_secret_value() if secret else None,
        )
        found["webhook"] = InTime("webhook", hook)
    if settings.alert_email and settings.alert_smtp_url is not None:
        server = MailServer.at(settings.alert_smtp_url.get_secret_value())
        sender = settings.alert_email_from or settings.alert_email[0]
        found["mail"] = InTime("mail server", Mail(server, sender, settings.alert_email))
    return found


def runbook_at(settings: AlertSettings, page: str) -> str:
    """Where a page of docs/runbooks is to be read."""
    return (settings.alert_runbooks or _RUNBOOKS).replace("*", page)


def watch_alerts(shared: Backend, line: Line, clock: Clock | None = None) -> Callable[[], None]:
    """The periodic task that looks what is wrong; it does nothing where nobody is told.

    Args:
        shared: The service's database.
        line: What waits.
        clock: Tells the time; the database's when None.
    """
    settings = shared.settings
    here = FileToldAlerts(settings.data / _FILE)
    clock = clock or shared.clock
    facts = FactsHere(
        settings,
        clock,
        SqlServiceState(shared.engine, line, now=clock.now),
        SqlLately(shared.engine),
        partial(free_share, {"data": settings.data, "models": settings.models}),
        ModelEnds(settings.vendors),
    )
    return WatchAlerts(
        lock=partial(task_lock, shared.engine),
        facts=facts,
        kept=SqlToldAlerts(shared.engine),
        kept_here=here,
        lock_here=here.lock,
        receivers=receivers(settings.alerts),
        runbook=partial(runbook_at, settings.alerts),
        clock=clock,
        machine=socket.gethostname(),
    )


@dataclass(slots=True)
class ModelEnds:
    """When vendors take models away, asked of them twice a day in a thread of its own: a vendor
    that does not answer keeps no alert waiting.
    """

    settings: VendorSettings
    clock_s: Callable[[], float] = time.monotonic
    _known: dict[tuple[str, str], date] = field(default_factory=dict)
    _asked_s: float | None = None

    def __call__(self) -> Mapping[tuple[str, str], date]:
        """As far as it is known now."""
        now_s = self.clock_s()
        if self._asked_s is None or now_s - self._asked_s >= _ENDS_EVERY_S:
            self._asked_s = now_s
            threading.Thread(target=self._ask, name="model-ends", daemon=True).start()
        return dict(self._known)

    def _ask(self) -> None:
        vendors = bare_vendors(self.settings)
        try:
            vendors.shutdown_dates(self._know)
        finally:
            vendors.close()

    def _know(self, vendor: str, model: str, day: date) -> None:
        self._known[vendor, model] = day


@dataclass(frozen=True, slots=True)
class FactsHere:
    """All that is judged, with this machine's disks."""

    settings: Settings
    clock: Clock
    state: Callable[[], ServiceState]
    lately: LookLately
    free: Callable[[], Mapping[str, float]]
    model_ends: Callable[[], Mapping[tuple[str, str], date]]

    def __call__(self) -> Facts:
        """As it is now.

        Raises:
            DatabaseAway: the database does not say.
        """
        return Facts(
            now=self.clock.now(),
            state=self.state(),
            lately=self.lately(),
            day_budget_usd=self.settings.money.day_budget_usd,
            machine=socket.gethostname(),
            free=self.free(),
            expires=self.settings.expiries,
            model_ends=self.model_ends(),
        )


def free_share(folders: Mapping[str, Path]) -> Mapping[str, float]:
    """The part of each folder's disk that is free, 0 to 1, where it is there."""
    found = {}
    for name, folder in folders.items():
        try:
            usage = shutil.disk_usage(folder)
        except OSError:
            continue  # it is not there yet
        found[name] = usage.free / usage.total if usage.total else 1.0
    return found


def send_test(now: datetime) -> Mapping[str, str | None]:
    """Send every receiver in force a message that says it is a test; by name, why it did not
    arrive, or None where it did.

    Raises:
        BadSetting: there is none.
    """
    settings = load_settings().alerts
    found = receivers(settings)
    if not found:
        reason = "nobody is told of alerts; set it, or YTDUBBER_ALERT_EMAIL."
        raise BadSetting(variable="YTDUBBER_ALERT_WEBHOOK_URL", reason=reason)
    alert = Alert(_TEST.name, "", _TEST_WORDS, now, now, begun_at=now)
    message = Message(News.BEGAN, _TEST, alert, runbook_at(settings, _TEST.runbook))
    return {name: _why_not(receiver, message) for name, receiver in found.items()}


def _why_not(receiver: AlertReceiver, message: Message) -> str | None:
    try:
        receiver.send(message)
    except AlertNotSent as error:
        return str(error)
    return None

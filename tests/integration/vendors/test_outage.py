"""The vendor that listens is away for twenty minutes: what the log, the operator and users are
told, and what becomes of their jobs, with nobody lifting a hand.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.integration.alerts.receiving import Hook, hook
from tests.integration.vendors.conftest import Open, Serve, Setting
from tests.integration.vendors.harness import billed, brief
from tests.integration.vendors.test_weather import Hall, Weather, hall, minutes
from tests.log_lines import written

from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.app.alerts.watch import WatchAlerts
from ytdubber.bootstrap.alerts import watch_alerts
from ytdubber.domain.errors import PutOff
from ytdubber.domain.fair_share import Lane
from ytdubber.domain.waiting import Patience
from ytdubber.ports.leases import Kind

MINUTE = timedelta(minutes=1)
AWAY = 20 * MINUTE


@dataclass
class Day:
    """A service at work by one clock: what is due is tried, and each minute it is looked what is
    wrong.

    Attributes:
        hall: The worker.
        watch: Tells the operator.
        due: When each piece of work is tried next.
        read: What the users of each job read, each minute.
    """

    hall: Hall
    watch: WatchAlerts
    due: dict[tuple[Kind, UUID, UUID], datetime] = field(default_factory=dict)
    read: dict[UUID, list[str]] = field(default_factory=dict)

    def submit(self, *languages: str) -> UUID:
        """A job comes."""
        own = brief() * (1 - len(self.read) / 10)  # no two recordings are the same
        job_id = self.hall.harness.send(*languages, recording=own)
        self.due[Kind.JOB, job_id, job_id] = self.hall.clock.now()
        self.read[job_id] = []
        return job_id

    def go_on(self, until: datetime | None = None) -> None:
        """Until then, or until nothing is left to do."""
        clock = self.hall.clock
        look_at = clock.now()
        while self.due and (until is None or clock.now() < until):
            piece = min(self.due, key=lambda each: self.due[each])
            next_at = min(self.due[piece], look_at)
            clock.sleep(max(0.0, (next_at - clock.now()).total_seconds()))
            if look_at <= self.due[piece]:
                self.look()
                look_at = clock.now() + MINUTE
            else:
                self.try_once(piece)

    def look(self) -> None:
        SqlWorkers(self.hall.harness.shared.engine).beat(uuid4(), dict.fromkeys(Lane, 1))
        self.watch()
        for job_id, read in self.read.items():
            read.append(self.hall.seen(job_id)["message"])

    def try_once(self, piece: tuple[Kind, UUID, UUID]) -> None:
        kind, row_id, job_id = piece
        del self.due[piece]
        try:
            self.hall.work(kind, row_id)
        except PutOff as put_off:
            self.due[piece] = self.hall.clock.now() + timedelta(seconds=put_off.delay_s)
            return
        if kind is Kind.JOB:
            for task_id in self.hall.harness.tasks(job_id).values():
                self.due[Kind.TASK, task_id, job_id] = self.hall.clock.now()


@contextmanager
def day(opened: Any, weather: Weather) -> Iterator[Day]:
    with hall(opened, weather, Patience()) as worker:
        watch = watch_alerts(opened.shared, SqlLine(opened.shared.engine), weather.clock)
        assert isinstance(watch, WatchAlerts)
        yield Day(worker, watch)


@pytest.fixture
def chat() -> Iterator[Hook]:
    with hook() as received:
        yield received


def spells(read: list[str]) -> list[str]:
    """What somebody read one after the other, without when it is asked again."""
    said = [message.split(";")[0].removesuffix(" UTC") for message in read]
    return [after for before, after in pairwise(["", *said]) if before != after]


@pytest.mark.parametrize("jobs", [1, 3])
def test_twenty_minutes_without_who_listens(
    jobs: int, serve: Serve, harness: Open, set_up: Setting, chat: Hook
) -> None:
    weather = Weather()
    double = serve({"YTDUBBER_ALERT_WEBHOOK_URL": chat.url}, weather=weather)
    opened = harness()
    sent: dict[UUID, datetime] = {}
    with day(opened, weather) as service, written(logging.WARNING) as lines:
        began = weather.clock.now()
        weather.away("listen", AWAY)
        for _ in range(jobs):
            sent[service.submit("es", "de")] = weather.clock.now()
            service.go_on(weather.clock.now() + 4 * MINUTE)
        service.go_on()
        ended = weather.clock.now()
        for _ in range(4):
            weather.clock.sleep(60)
            service.look()

    events = [line["event"] for line in lines.all]
    assert events == ["vendor.failing", "vendor.away", "vendor.back"]
    assert {(line["vendor"], line["model"]) for line in lines.all} == {("deepgram", "nova-3")}
    # It is known to be away once the first job has been tried twice.
    assert timedelta(minutes=17) <= timedelta(seconds=lines.all[-1]["away_s"]) <= 29 * MINUTE

    first, last = (each for each in chat.told if each["name"] == "VendorAway")
    assert (first["news"], last["news"]) == ("began", "over")
    assert first["summary"].startswith("Work has waited for Deepgram for ")
    assert first["runbook"] == "docs/runbooks/vendor-outage.md"
    assert 5 * MINUTE <= datetime.fromisoformat(first["since"]) - began <= 7 * MINUTE
    assert datetime.fromisoformat(last["until"]) >= began + AWAY - MINUTE

    for job_id, read in service.read.items():
        free, waits, done = spells(read)
        assert (free, done) == ("Waiting for a free worker.", "Done.")
        # Retries within a try make pauses of their own, by chance.
        assert waits.removeprefix("Waiting for Deepgram since ") in minutes(
            sent[job_id], sent[job_id] + 2 * MINUTE
        )
        assert opened.manifest(job_id).languages.keys() == {"es", "de"}
    assert AWAY <= ended - began <= AWAY + Patience().most + 4 * MINUTE
    assert opened.rows("select count(*) from ytdubber.dead_letters") == [(0,)]
    assert not double.repeated
    assert 0 < opened.cost_usd() == billed(double)

"""A vendor that is away for half an hour, by a clock that is turned: what jobs do, and say."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.integration.vendors.conftest import Open, Serve
from tests.integration.vendors.harness import USER, ServiceHarness, billed, brief, invoiced_usd
from tests.waiting import FOR_EVER_S, PATIENCE_S

from ytdubber.adapters.db.jobs.reads import SqlJobReads
from ytdubber.adapters.db.speaking_rates import SqlSpeakingRates
from ytdubber.adapters.deepgram.client import DeepgramClient
from ytdubber.adapters.deepgram.tts import DeepgramSynthesizer
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.adapters.memory.semaphores import MemorySemaphores
from ytdubber.api.job_view import JobView
from ytdubber.app.jobs.finish_job import FinishJob
from ytdubber.app.jobs.run_job import RunJob
from ytdubber.bootstrap.engine_client import InProcess
from ytdubber.bootstrap.engines import EngineDependencies, EngineFactory, local_models
from ytdubber.bootstrap.money import ledger
from ytdubber.bootstrap.vendors import VendorMiddleware, Vendors, WrappedPort, circuits, vendors
from ytdubber.domain.errors import PutOff, VendorAway
from ytdubber.domain.waiting import Patience
from ytdubber.engines.direct import Direct
from ytdubber.engines.keyed_lock import ThreadKeyedLock
from ytdubber.engines.middleware.base import Middleware
from ytdubber.ports.engine import Engine
from ytdubber.ports.leases import Kind, Lease
from ytdubber.settings import load_settings
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.testing.vendor_double import KEY
from ytdubber.testing.vendor_double import Fault as Wrong

AWAY = timedelta(minutes=30)
AWAY_503 = Wrong.status(503)


class Weather:
    """Routes that answer 503, or something else that is wrong, until some time on a clock."""

    def __init__(self, wrong: Wrong = AWAY_503) -> None:
        self.clock = ManualClock(datetime.now(UTC).replace(second=0, microsecond=0))
        self.wrong = wrong
        self.until_ms: dict[str, float] = {}

    def away(self, route: str, lasts: timedelta) -> None:
        self.until_ms[route] = self.clock.monotonic_ms() + lasts.total_seconds() * 1000

    def __call__(self, route: str) -> Wrong | None:
        away = self.clock.monotonic_ms() < self.until_ms.get(route, 0)
        return self.wrong if away else None


@dataclass(frozen=True)
class Hall:
    """A worker's use cases by the clock of the weather."""

    harness: ServiceHarness
    clock: ManualClock
    run_job: RunJob
    began: datetime

    def work(self, kind: Kind, row_id: UUID) -> None:
        lease = self.harness.parts.leases.claim(kind, row_id, uuid4())
        assert isinstance(lease, Lease)
        try:
            (self.run_job.prepare if kind is Kind.JOB else self.run_job.dub)(lease, lambda: None)
        finally:
            self.harness.parts.leases.release(lease)

    def patiently(self, kind: Kind, row_id: UUID, job_id: UUID) -> list[str]:
        """Try until it is done, as often as it asks for; what its user read meanwhile."""
        said = []
        while True:
            try:
                self.work(kind, row_id)
            except PutOff as put_off:
                said.append(self.seen(job_id)["message"])
                self.clock.sleep(put_off.delay_s)
            else:
                return said

    def turn(
        self,
        at: datetime,
        tasks: Mapping[str, UUID],
        language: str,
        due: dict[str, datetime],
        job_id: UUID,
    ) -> list[tuple[int, dict[str, str]]]:
        """Try a language at its time; the minutes since the start and what a user reads then.

        When it is put off, it is due again as it asks to be.
        """
        self.clock.sleep(max(0.0, (at - self.clock.now()).total_seconds()))
        try:
            self.work(Kind.TASK, tasks[language])
        except PutOff as put_off:
            due[language] = self.clock.now() + timedelta(seconds=put_off.delay_s)
        minutes = (self.clock.now() - self.began) / timedelta(minutes=1)
        return [(round(minutes), told_of_each(self, job_id))]

    def seen(self, job_id: UUID) -> dict[str, Any]:
        """The job as its user sees it."""
        row = SqlJobReads(self.harness.shared.engine).detail(USER, job_id)
        assert row is not None
        return JobView(self.harness.shared.media)(row, self.clock.now())


Changed = Callable[[Vendors], Vendors]


@contextmanager
def hall(
    harness: ServiceHarness,
    weather: Weather,
    patience: Patience,
    changed: Changed = lambda made: made,
) -> Iterator[Hall]:
    settings, shared, clock = load_settings(), harness.shared, weather.clock
    guards = VendorMiddleware(
        clock,
        MemorySemaphores(),
        circuits(clock),
        ledger(shared.engine, settings.money, settings.data),
        clock.sleep,
    )
    made = changed(vendors(settings.vendors, guards))
    rates = SqlSpeakingRates(shared.engine)
    engines = EngineDependencies(rates, made, partial(InProcess, made, ThreadKeyedLock()))
    room = EngineFactory(settings, local_models(settings), engines)
    scratch = ScratchFolders(harness.folder / "scratch")
    service = shared.database.as_service
    run_job = RunJob(
        engines=room.engines,
        fenced=shared.fenced,
        last_word=shared.last_word,
        media=shared.media,
        clock=clock,
        scratch=scratch.folder,
        finish=FinishJob(service, shared.media, clock, dict, scratch.folder),
        patience=patience,
    )
    try:
        yield Hall(harness, clock, run_job, clock.now())
    finally:
        room.close()
        scratch.close()


@pytest.mark.parametrize("route", ["listen", "responses", "speak"])
def test_a_job_waits_for_a_vendor_says_so_and_finishes_by_itself(
    route: str, serve: Serve, harness: Open
) -> None:
    weather = Weather()
    double = serve(weather=weather)
    weather.away(route, AWAY)
    opened = harness()
    with hall(opened, weather, Patience()) as worker:
        job_id = opened.send("es", recording=brief())
        said = worker.patiently(Kind.JOB, job_id, job_id)
        (task_id,) = opened.tasks(job_id).values()
        said += worker.patiently(Kind.TASK, task_id, job_id)
        seen = worker.seen(job_id)
    vendor = "OpenAI" if route == "responses" else "Deepgram"
    assert all(each.startswith(f"Waiting for {vendor} since ") for each in said)
    assert said[0].endswith(" UTC.")
    assert 4 <= len(said) <= 12
    assert len({each.split(";")[0] for each in said}) == 1
    (language,) = seen["languages"]
    assert (seen["stage"], seen["message"], language["waiting"]) == ("complete", "Done.", None)
    entry = opened.manifest(job_id).languages["es"]
    assert entry.engines["synthesizer"].model == "aura-2"
    assert entry.engines["translator"].model == "gpt-6-luna"
    assert entry.notes == []
    assert not double.repeated
    assert 0 < opened.cost_usd() == billed(double)
    kinds = opened.rows("select kind, count(*) from ytdubber.job_events group by 1")
    assert dict(kinds)["waiting"] == len(said)


MINUTE = timedelta(minutes=1)


def told_of_each(worker: Hall, job_id: UUID) -> dict[str, str]:
    """What a user reads of a job, and of each of its languages, without the times' minutes."""
    seen = worker.seen(job_id)
    return {"job": seen["message"]} | {
        each["languageName"]: each["message"] for each in seen["languages"]
    }


def times(said: str, vendor: str) -> tuple[str, str]:
    """Since when somebody is told to wait for a vendor, and when it is asked again."""
    found = re.fullmatch(rf"Waiting for {vendor} since (.+); it is asked again at (.+) UTC\.", said)
    assert found, said
    return found[1], found[2]


def minutes(first: datetime, last: datetime) -> list[str]:
    """Every minute from one to another, as users read them."""
    between = (
        last.replace(second=0, microsecond=0) - first.replace(second=0, microsecond=0)
    ) / MINUTE
    return [f"{first + number * MINUTE:%H:%M}" for number in range(round(between) + 1)]


def test_each_language_of_a_job_says_for_whom_it_waits_and_all_go_on_by_themselves(
    serve: Serve, harness: Open
) -> None:
    weather = Weather()
    double = serve(weather=weather)
    opened = harness()
    with hall(opened, weather, Patience()) as worker:
        job_id = opened.send("fr", "es", "de", recording=brief())
        worker.work(Kind.JOB, job_id)
        tasks = opened.tasks(job_id)
        worker.work(Kind.TASK, tasks["fr"])
        due = {language: weather.clock.now() for language in ("es", "de")}
        began = weather.clock.now()
        weather.away("speak", AWAY)
        said = [(0, told_of_each(worker, job_id))]
        said += worker.turn(due.pop("es"), tasks, "es", due, job_id)
        put_off = weather.clock.now()
        weather.away("responses", 10 * MINUTE)
        while due:
            language = min(due, key=lambda each: due[each])
            said += worker.turn(due.pop(language), tasks, language, due, job_id)
        ended = worker.seen(job_id)
    first, second, third = (told for _, told in said[:3])
    assert first["French"] == "Done."
    away, other = second["Spanish"], third["German"]
    # Retries within a try make pauses of their own, by chance.
    since, again = times(away, "Deepgram")
    assert since in minutes(began, put_off)
    assert again in minutes(put_off + MINUTE, put_off + 2 * MINUTE)
    since, again = times(other, "OpenAI")
    assert since in minutes(put_off, put_off + 4 * MINUTE)
    assert again not in minutes(began, put_off)
    assert second["German"] == "Waiting for a free worker."
    assert second["job"] == f"Waiting for a free worker. Spanish: {away}"
    assert third["job"] == f"Spanish: {away} German: {other}"
    (both,) = {
        told["job"].split(";")[0].removesuffix(" UTC")
        for minutes, told in said
        if 11 <= minutes < 30 and told["German"].startswith("Waiting for Deepgram")
    }
    assert both.startswith("Waiting for Deepgram since ")
    # It is asked again by then; retries within a try make pauses of their own, by chance.
    assert AWAY <= said[-1][0] * MINUTE <= AWAY + Patience().most + 4 * MINUTE
    assert said[-1][1] == {"job": "Done.", "French": "Done.", "Spanish": "Done.", "German": "Done."}
    assert [each["waiting"] for each in ended["languages"]] == [None] * 3
    assert not double.repeated
    assert 0 < opened.cost_usd() == billed(double)


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_jumps_loses_no_job_and_keeps_none_waiting(
    jump: timedelta, serve: Serve, harness: Open
) -> None:
    weather = Weather()
    double = serve(weather=weather)
    opened = harness()
    with hall(opened, weather, Patience(timedelta(hours=2))) as worker:
        job_id = opened.send("es", recording=brief())
        worker.work(Kind.JOB, job_id)
        (task_id,) = opened.tasks(job_id).values()
        weather.away("speak", 10 * MINUTE)
        with pytest.raises(PutOff):
            worker.work(Kind.TASK, task_id)
        weather.clock.jump(jump)
        asked_again_s: list[float] = []
        while True:
            try:
                worker.work(Kind.TASK, task_id)
                break
            except PutOff as put_off:
                asked_again_s.append(put_off.delay_s)
                weather.clock.sleep(put_off.delay_s)
                (seen,) = worker.seen(job_id)["languages"]
                since = datetime.fromisoformat(seen["waiting"]["since"])
                assert since <= weather.clock.now()
        assert worker.seen(job_id)["message"] == "Done."
    assert max(asked_again_s) <= 5 * 60
    assert sum(asked_again_s) <= 16 * 60
    assert not double.repeated


def test_after_its_patience_a_job_fails_or_is_spoken_by_others_and_says_so(
    serve: Serve, harness: Open
) -> None:
    weather = Weather()
    serve({"YTDUBBER_SPEAK": "deepgram,elevenlabs", "YTDUBBER_LISTEN": "deepgram"}, weather=weather)
    opened = harness()
    with hall(opened, weather, Patience(timedelta(hours=2))) as worker:
        job_id = opened.send("es", recording=brief())
        worker.work(Kind.JOB, job_id)
        (task_id,) = opened.tasks(job_id).values()
        weather.away("speak", timedelta(hours=9))
        said = worker.patiently(Kind.TASK, task_id, job_id)
        assert len(said) > 20
        (language,) = worker.seen(job_id)["languages"]
        assert language["message"] == (
            "Done. Deepgram could not speak it. The voices are ElevenLabs's."
        )
        weather.away("listen", timedelta(hours=9))
        lost = opened.send("es", recording=brief())
        with pytest.raises(VendorAway, match=r"^Deepgram did not answer for too long, and nobody"):
            worker.patiently(Kind.JOB, lost, lost)


NOWHERE = "http://127.0.0.1:1"


def hurried(made: Vendors, url: str | None, answer_s: float) -> Vendors:
    """Deepgram's voices are at the address, and are listened to for so long."""
    speaker = DeepgramSynthesizer(DeepgramClient(KEY, url, answer_s))
    before = made.synthesizers["deepgram"]
    before.engine.close()
    asked = _around(before.engine, Direct(speaker))
    return replace(made, synthesizers={"deepgram": WrappedPort(speaker, asked)})


def _around(engine: Engine, innermost: Engine) -> Engine:
    """The same middlewares around another engine."""
    if not isinstance(engine, Middleware):
        return innermost
    return replace(engine, inner=_around(engine.inner, innermost))


@pytest.mark.parametrize(
    ("wrong", "waits_on"),
    [
        (Wrong.status(503), True),
        (Wrong.hang(FOR_EVER_S), False),
        (Wrong.drip(0.05), False),
        (Wrong.endless(), False),
        (None, True),
    ],
    ids=["503", "silent", "dripping", "endless", "refused"],
)
def test_in_every_kind_of_outage_a_user_reads_for_whom_it_waits_and_how_it_ended(
    wrong: Wrong | None, waits_on: bool, serve: Serve, harness: Open
) -> None:
    """What may have been paid for is tried three times, anything else for as long as it takes."""
    weather = Weather(wrong or AWAY_503)
    double = serve({"YTDUBBER_SPEAK": "deepgram"}, weather=weather)
    opened = harness()
    url = load_settings().vendors.own["deepgram"].url
    answer_s = PATIENCE_S if waits_on else 0.2
    away = partial(hurried, url=url if wrong else NOWHERE, answer_s=answer_s)
    patience = Patience(timedelta(minutes=30))
    job_id = opened.send("es", "de", recording=brief())
    with hall(opened, weather, patience) as worker:
        worker.work(Kind.JOB, job_id)
    back, lost = opened.tasks(job_id).values()
    began = weather.clock.now()
    weather.away("speak", timedelta(days=9))
    with hall(opened, weather, patience, away) as worker:
        for number, task_id in enumerate((back, lost)):
            with pytest.raises(PutOff):
                worker.work(Kind.TASK, task_id)
            language = worker.seen(job_id)["languages"][number]
            waits = language["waiting"]
            assert (language["stage"], language["error"]) == ("dubbing", None)
            assert language["message"] == (
                f"Waiting for Deepgram since {waits['since'][11:16]};"
                f" it is asked again at {waits['again_at'][11:16]} UTC."
            )
        with pytest.raises(VendorAway, match=r"^Deepgram did not answer for too long, and nobody"):
            worker.patiently(Kind.TASK, lost, job_id)
        waited = weather.clock.now() - began
    assert (waited >= patience.longest) is waits_on
    weather.until_ms.clear()
    with hall(opened, weather, patience) as worker:
        worker.work(Kind.TASK, back)
        assert worker.seen(job_id)["languages"][0]["message"] == "Done."
    paid_usd = opened.cost_usd()
    # Of an answer that was not whole nobody knows whether it is charged; it is booked as if.
    assert paid_usd == billed(double) or (paid_usd > invoiced_usd(double) and not waits_on)

"""A worker, and the periodic tasks an operator runs by hand, put together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from dramatiq.broker import Broker

from ytdubber.adapters.db.coordination.budget import WORKER, work_pool, worker_connections
from ytdubber.adapters.db.coordination.dead_letters import SqlDeadLetters, bury
from ytdubber.adapters.db.coordination.leases import SqlLeases
from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.adapters.db.coordination.reaper import task_lock
from ytdubber.adapters.db.coordination.replay import Replay
from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.adapters.db.jobs.retention import SqlExpiryRepository
from ytdubber.adapters.db.jobs.strays import strays
from ytdubber.adapters.db.money.costs import SqlCosts
from ytdubber.adapters.db.money.outbox import SqlOutboxRows
from ytdubber.adapters.db.schema import migrate
from ytdubber.adapters.db.speaking_rates import SqlSpeakingRates
from ytdubber.adapters.db.users.users import jobs_of
from ytdubber.adapters.db.users.webhooks import SqlDeliveries
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.adapters.memory.semaphores import MemorySemaphores
from ytdubber.adapters.prometheus.work import counted_work
from ytdubber.adapters.webhooks.sender import HttpWebhookSender
from ytdubber.app.jobs.end_job import EndJob
from ytdubber.app.jobs.finish_job import FinishJob
from ytdubber.app.jobs.job_videos import JobVideos
from ytdubber.app.jobs.run_job import RunJob
from ytdubber.app.lines.preview_line import PreviewLine
from ytdubber.app.operations.reconcile import Reconcile
from ytdubber.app.operations.retention import Retention
from ytdubber.app.operations.send_outbox import SendOutbox
from ytdubber.app.operations.send_webhooks import SendWebhooks
from ytdubber.app.operations.storage_watch import StorageWatch
from ytdubber.app.operations.sweep_storage import SweepStorage
from ytdubber.app.users.forget_user import ForgetUser
from ytdubber.bootstrap import service_vendor_process
from ytdubber.bootstrap.alerts import watch_alerts
from ytdubber.bootstrap.backend import Backend, backend, database_urls, reaper_of
from ytdubber.bootstrap.broker import broker_on, entered, need_room
from ytdubber.bootstrap.engine_client import InAnotherProcess
from ytdubber.bootstrap.engines import (
    CORES,
    EngineDependencies,
    EngineFactory,
    local_models,
    on_cores,
)
from ytdubber.bootstrap.lanes import lane_threads
from ytdubber.bootstrap.logs import our_level
from ytdubber.bootstrap.metrics import metrics
from ytdubber.bootstrap.money import ledger, payments
from ytdubber.bootstrap.pairs import fetch_for_service
from ytdubber.bootstrap.presence import free_the_dead, known_worker
from ytdubber.bootstrap.signing import signer
from ytdubber.bootstrap.supervisor import supervised
from ytdubber.bootstrap.tracing import asked_for, tracing
from ytdubber.bootstrap.vendor_process import vendor_process
from ytdubber.bootstrap.vendors import bare_vendors
from ytdubber.domain.errors import BadSetting
from ytdubber.domain.fair_share import Lane
from ytdubber.domain.waiting import Patience
from ytdubber.ports.dead_letters import DeadLetters
from ytdubber.ports.leases import Lease, Leases
from ytdubber.ports.reaper import TaskLock
from ytdubber.ports.retention import Terms
from ytdubber.ports.workers import Workers
from ytdubber.settings import load_settings

_NOT_EMBEDDED = (
    "`ytdubber database` keeps the embedded database up, and this names another one. Unset it, or"
    " start the other roles without `ytdubber database`."
)
UseCase = Callable[[Lease, Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """What a worker process is put together from; see `worker.process.Parts`."""

    broker: Broker
    leases: Leases
    prepare: UseCase
    dub: UseCase
    preview: Callable[[UUID], None]
    failed: Callable[[Lease, str, str], None]
    cancelled: Callable[[Lease], None]
    bury: Callable[[Lease, str], None]
    workers: Workers
    dispatch: Callable[[], object]
    task_lock: TaskLock
    reconcile: Callable[[], object]
    purge: Callable[[], object]
    sweep: Callable[[], object]
    send_outbox: Callable[[], object]
    send_webhooks: Callable[[], object]
    watch_alerts: Callable[[], object]
    threads: Mapping[Lane, int]


@contextmanager
def worker_process(
    threads: int | None = None,
    worker_id: UUID | None = None,
    *,
    works: bool = True,
    periodic_tasks: bool = True,
    lanes: Mapping[Lane, int | None] | None = None,
) -> Iterator[WorkerParts]:
    """Everything a worker needs, by the settings in force.

    Args:
        threads: How many pieces of work it has in hand at once in each lane; by the settings when
            None.
        worker_id: Who it is, for others to know when it has died.
        works: Whether it will work on jobs; if not, it only has what the periodic tasks need.
        periodic_tasks: Whether it will run the periodic tasks: then it tells what the database
            knows.
        lanes: The kinds of work it does, with threads where they are others; all when None.
    """
    settings = load_settings()
    by_lane = lane_threads(settings, threads, lanes)
    most = max(by_lane.values())
    me = worker_id or uuid4()
    role = "worker" if works else "maintenance"
    name = WORKER if works else "ytdubber-maintenance"
    with (
        tracing(role),
        database_urls(settings) as urls,
        backend(settings, urls, pool_size=work_pool(most), name=name) as shared,
        entered(shared, me, by_lane) if works else nullcontext(),
        broker_on(shared) as broker,
        metrics(settings, role) as counted,
        known_worker(settings, me),
    ):
        if not works:
            need_room(shared, worker_connections(most), "Maintenance")
        if periodic_tasks:
            counted.tell_state(shared)
        recorder = counted.recorder
        usage = ledger(shared.engine, settings.money, settings.data)
        scratch = ScratchFolders(settings.data / "scratch")
        models = local_models(settings)
        semaphores = MemorySemaphores()
        cores, at_once = on_cores(settings, semaphores)
        made = bare_vendors(settings.vendors)
        level = our_level()
        process = vendor_process(service_vendor_process.MODULE, drops=True, level=level)
        elsewhere = InAnotherProcess(made, process)
        rates = SqlSpeakingRates(shared.engine)
        factory = EngineFactory(
            settings, models, EngineDependencies(rates, made, lambda _: elsewhere, cores)
        )
        if works and factory.routing.vendors:
            process.start()
        on_core, leases = partial(semaphores.acquire, CORES, at_once), SqlLeases(shared.engine)
        signs = signer(settings)
        finish = FinishJob(
            shared.database.as_service,
            shared.media,
            shared.clock,
            models.hashes,
            scratch.folder,
            recorder.ended,
            SqlCosts(shared.engine).of_job,
            JobVideos(leases, shared.media, shared.clock, scratch.folder, me, on_core, signs),
        )
        run_job = RunJob(
            engines=factory.worker_engines,
            fenced=shared.fenced,
            last_word=shared.last_word,
            media=shared.media,
            clock=shared.clock,
            scratch=scratch.folder,
            finish=finish,
            cores=on_core,
            fetch_pair=partial(fetch_for_service, settings, factory.own_translator),
            patience=Patience(timedelta(hours=settings.vendors.vendor_patience_hours)),
            storage=StorageWatch(shared.media),
            observer=recorder,
            signer=signs,
        )
        reaper = reaper_of(shared, usage.enter_costs)
        line = SqlLine(shared.engine)
        reconcile = Reconcile(reaper, run_job.failed, run_job.cancelled, finish)
        paid = payments(settings.money)
        send = SendOutbox(SqlOutboxRows(shared.engine), paid, shared.clock) if paid else None
        retention = _retention(shared)
        send_webhooks = SendWebhooks(
            SqlDeliveries(shared.engine),
            HttpWebhookSender(private=settings.webhook_private_addresses),
            shared.clock,
        )
        try:
            yield WorkerParts(
                broker=broker,
                leases=leases,
                prepare=counted_work("job", run_job.prepare, recorder.worked),
                dub=counted_work("language", run_job.dub, recorder.worked),
                preview=PreviewLine(
                    factory.worker_engines,
                    shared.database.as_service,
                    shared.media,
                    shared.clock,
                    scratch.folder,
                ),
                failed=run_job.failed,
                cancelled=run_job.cancelled,
                bury=partial(bury, shared.engine),
                workers=SqlWorkers(shared.engine),
                dispatch=shared.dispatch,
                task_lock=partial(task_lock, shared.engine),
                reconcile=lambda: (
                    usage.write_kept(),
                    free_the_dead(settings, reaper.abandon),
                    reconcile(),
                    line.lanes(),
                ),
                purge=lambda: (retention(Terms()), send_webhooks.remove_old()),
                sweep=_sweep(shared),
                send_outbox=send or (lambda: None),
                send_webhooks=send_webhooks,
                watch_alerts=watch_alerts(shared, line),
                threads=by_lane,
            )
        finally:
            process.close()
            factory.close()
            if paid is not None:
                paid.close()
            scratch.close()


@contextmanager
def worker_processes(
    count: int,
    words: Sequence[str],
    threads: int | None = None,
    lanes: Mapping[Lane, int | None] | None = None,
    *,
    periodic_tasks: bool = True,
) -> Iterator[None]:
    """Workers that are started again when they die, for as long as this is open.

    Args:
        count: How many.
        words: Options for each, as `ytdubber worker` takes them.
        threads: As these say it, like the next.
        lanes: As `worker_process` takes them.
        periodic_tasks: Whether they run the periodic tasks.
    """
    settings = load_settings()
    asked_for()  # refused here, and not again and again by each
    with (
        database_urls(settings) as urls,
        backend(settings, urls, pool_size=1) as shared,
        metrics(settings, "worker") as counted,
    ):
        if periodic_tasks:
            counted.tell_state(shared)
        each = worker_connections(max(lane_threads(settings, threads, lanes).values()))
        need_room(shared, count * each, f"This with {count} processes")
        reaper = reaper_of(shared, ledger(shared.engine, settings.money, settings.data).enter_costs)
        with supervised(count, words, reaper.abandon):
            yield


@contextmanager
def embedded_database() -> Iterator[tuple[Path, str]]:
    """The embedded database of the home in force, migrated; its folder and its address.

    Raises:
        BadSetting: the settings name another.
    """
    settings = load_settings()
    if settings.database_url:
        raise BadSetting(variable="DATABASE_URL", reason=_NOT_EMBEDDED)
    with database_urls(settings) as urls, backend(settings, urls, pool_size=1):
        yield settings.data / "postgres", urls.owner


@contextmanager
def migrated() -> Iterator[str | None]:
    """The database in force, brought to this version's tables; its revision."""
    settings = load_settings()
    with database_urls(settings) as urls, backend(settings, urls, pool_size=1):
        yield migrate.head()


@contextmanager
def dead_letters() -> Iterator[DeadLetters]:
    """Work that was given up."""
    settings = load_settings()
    with database_urls(settings) as urls, backend(settings, urls, pool_size=2) as shared:
        yield SqlDeadLetters(shared.engine, Replay(), shared.dispatch)


@contextmanager
def purger() -> Iterator[tuple[Retention, SweepStorage]]:
    """Removes what may not be kept any longer, and what belongs to nothing."""
    settings = load_settings()
    with database_urls(settings) as urls, backend(settings, urls, pool_size=2) as shared:
        yield _retention(shared), _sweep(shared)


@contextmanager
def forgetter() -> Iterator[ForgetUser]:
    """Forgets a user."""
    settings = load_settings()
    with database_urls(settings) as urls, backend(settings, urls, pool_size=2) as shared:
        as_user = shared.database.as_user
        end_job = EndJob(as_user, shared.media, shared.clock)
        yield ForgetUser(as_user, partial(jobs_of, shared.engine), end_job)


def _retention(shared: Backend) -> Retention:
    return Retention(SqlExpiryRepository(shared.engine), shared.media)


def _sweep(shared: Backend) -> SweepStorage:
    return SweepStorage(partial(strays, shared.engine), shared.media)

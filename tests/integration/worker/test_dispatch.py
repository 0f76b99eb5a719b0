"""Who is given work: in a fair order, and no more than is taken."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from tests.integration.worker.harness import WorkerHarness, working
from tests.integration.worker.rows import Made, Rows
from tests.waiting import eventually

from ytdubber.domain.fair_share import PREFETCH, Lane
from ytdubber.ports.leases import Kind, new_owner

LANGUAGES = [f"quick:{number}" for number in range(10)]


def _told(rows: Rows, job: Made) -> int:
    return int(
        rows.one(
            "select count(*) from ytdubber.language_tasks where woken_at is not null"
            " and job_id = %s",
            job.id,
        )
    )


def test_nothing_is_sent_where_nobody_works(rows: Rows, harness: WorkerHarness) -> None:
    rows.job(*LANGUAGES)
    assert harness.dispatch() == 0
    assert rows.messages() == []


def test_as_much_is_sent_as_live_workers_take(rows: Rows, harness: WorkerHarness) -> None:
    rows.job(*LANGUAGES)
    harness.workers.beat(uuid4(), {Lane.IO: 2, Lane.CPU: 5})
    harness.workers.beat(uuid4(), {Lane.IO: 3})
    rows.ask("update ytdubber.workers set beat_at = now() - interval '1 hour' where threads = 5")
    assert harness.dispatch() == 2 + 3 + 2 * PREFETCH
    assert harness.dispatch() == 0


def test_what_a_dead_worker_has_in_hand_takes_no_room(rows: Rows, harness: WorkerHarness) -> None:
    job = rows.job(*LANGUAGES)
    dead, live = uuid4(), uuid4()
    for task in list(job.tasks.values())[:3]:
        harness.leases.claim(Kind.TASK, task, new_owner(dead))
    harness.workers.beat(live, {Lane.IO: 2})
    assert harness.dispatch() == 2 + PREFETCH


def test_a_lane_has_room_of_its_own(rows: Rows, harness: WorkerHarness) -> None:
    here, elsewhere = rows.job(*LANGUAGES), rows.job(*LANGUAGES)
    rows.ask("update ytdubber.language_tasks set lane = 'cpu' where job_id = %s", here.id)
    harness.workers.beat(uuid4(), {Lane.IO: 4, Lane.CPU: 1})
    assert harness.dispatch() == 4 + 1 + 2 * PREFETCH
    assert (_told(rows, here), _told(rows, elsewhere)) == (1 + PREFETCH, 4 + PREFETCH)


def test_two_who_dispatch_at_once_do_not_overfill(
    rows: Rows, url: str, harness: WorkerHarness
) -> None:
    rows.job(*LANGUAGES)
    harness.workers.beat(uuid4(), {Lane.IO: 4})
    others = [WorkerHarness(url) for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda each: each.dispatch(), [harness, *others]))
    assert sum(sent) == 4 + PREFETCH == len(rows.messages())
    for each in others:
        each.close()


def test_users_take_turns(rows: Rows, harness: WorkerHarness) -> None:
    many, few = rows.job(*LANGUAGES), rows.job("quick:1", "quick:2")
    harness.workers.beat(uuid4(), {Lane.IO: 4 - PREFETCH})
    assert harness.dispatch() == 4
    assert (_told(rows, many), _told(rows, few)) == (2, 2)


def test_a_worker_does_the_work_of_its_lanes_and_no_other(rows: Rows, url: str) -> None:
    here, elsewhere = rows.job("quick:1", "quick:2"), rows.job("quick:3")
    rows.ask("update ytdubber.language_tasks set lane = 'cpu' where job_id = %s", here.id)
    with working(url, lanes=[Lane.CPU]):
        assert eventually(lambda: set(rows.stages(here).values()) == {"complete"})
        assert rows.stages(elsewhere) == {"quick:3": "queued"}
        assert _told(rows, elsewhere) == 0
    with working(url, lanes=[Lane.IO]):
        assert eventually(lambda: set(rows.stages(elsewhere).values()) == {"complete"})

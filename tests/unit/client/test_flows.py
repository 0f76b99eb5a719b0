"""What a client decides: driven by hand, so that no second passes and no socket is opened."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.client.world import World, problem, shown

from ytdubber.client import (
    BadDownload,
    Job,
    NotFound,
    NotSignedIn,
    Refused,
    ServiceError,
    TimedOut,
    TooManyRequests,
    Unavailable,
)
from ytdubber.client.asking import MAX_BACKOFF_S, Retries, asked
from ytdubber.client.downloads import downloaded
from ytdubber.client.effects import (
    Answer,
    Fetch,
    Listen,
    Send,
    Unreached,
)
from ytdubber.client.watching import AWAY_S, LOOK_EVERY_S, RECONNECT_S, Watch, looked_at

ASK = Send("GET", "/api/users/me")
GOOD = Answer(200, {}, b"{}")


def job(**more: Any) -> dict[str, Any]:
    return {
        "id": "j", "title": "T", "stage": "dubbing", "progress": 40.0, "message": "Speaking.",
        "error": None, "languages": [], "source_language": "en", "voice_track_duration": 4.0,
        "estimatedTimeRemaining": None, "notes": [], "uncovered": [], "cost_usd": 0.0,
        "editable": False,
        "created_at": "2026-11-30T08:00:00+00:00", "finished_at": None, "expires_at": None,
        "files": [], "of another version": 1,
    } | more  # fmt: skip


ENDED = {"stage": "complete", "progress": 100.0, "finished_at": "2026-11-30T08:01:00+00:00"}


def test_a_request_is_made_again_with_growing_pauses_and_then_given_up() -> None:
    world = World(Unreached("refused"), problem(503), problem(502), GOOD)
    assert world.run(asked(ASK, world.retries)) == GOOD
    assert world.slept_s == [0.5, 1.0, 2.0]
    world = World(*[Unreached("refused")] * 4)
    with pytest.raises(Unavailable, match="cannot be reached: refused"):
        world.run(asked(ASK, world.retries))
    assert len(world.slept_s) == 3
    assert Retries(attempts=99, draw=lambda: 1.0).pause_s(20, ServiceError("")) == MAX_BACKOFF_S


def test_the_service_says_when_to_ask_again_and_is_not_waited_for_without_end() -> None:
    world = World(problem(429, **{"retry-after": "7"}), GOOD)
    assert world.run(asked(ASK, world.retries)) == GOOD
    assert world.slept_s == [7.0]
    world = World(problem(429, "too_many_minutes", **{"retry-after": "3600"}))
    with pytest.raises(TooManyRequests) as caught:
        world.run(asked(ASK, world.retries))
    assert (caught.value.code, caught.value.retry_after_s) == ("too_many_minutes", 3600)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refused), (401, NotSignedIn), (403, NotSignedIn), (404, NotFound), (410, NotFound),
     (422, Refused), (500, Unavailable)],
)  # fmt: skip
def test_a_refusal_is_raised_at_once_with_all_that_the_service_says(
    status: int, kind: type[ServiceError]
) -> None:
    world = World(problem(status, "why"))
    with pytest.raises(kind) as caught:
        world.run(asked(ASK, world.retries))
    error = caught.value
    assert type(error) is kind
    assert (str(error), error.code, error.status) == ("Words.", "why", status)
    assert (error.request_id, error.details) == ("r1", {"a": 1})


def test_what_is_no_service_is_told_apart() -> None:
    world = World(Answer(404, {}, b"<html>"))
    with pytest.raises(NotFound, match="answered with status 404"):
        world.run(asked(ASK, world.retries))
    for body in (b"<html>", b"[]", b'{"id": 1}'):
        world = World(Answer(200, {}, body))
        with pytest.raises(Unavailable, match="not the service, or one of another version"):
            world.run(looked_at("j", world.retries))


def events(*lines: str) -> Callable[[Listen], Answer]:
    """A stream that says these lines and then ends, or was left."""

    def said(listen: Listen) -> Answer:
        any(listen.heard(line) for line in lines)
        return Answer(200, {})

    return said


def event(name: str, data: object, number: int | None = None) -> list[str]:
    place = [] if number is None else [f"id: {number}"]
    return [*place, f"event: {name}", f"data: {json.dumps(data)}", ""]


def watched(world: World, timeout_s: float | None = None) -> tuple[Job, list[float]]:
    seen: list[float] = []
    watch = Watch("j", lambda job: seen.append(job.progress), timeout_s, world.retries)
    return world.run(watch.until_ended()), seen


def test_events_tell_of_a_job_and_after_a_break_go_on_from_the_last_one() -> None:
    first = events(": alive", "retry: 2000", "", *event("stage", {"kind": "stage"}, 17),
                   *event("job", job()), "data: half an eve")  # fmt: skip
    last = events(*event("job", job(**ENDED)), *event("end", {}), "never heard")
    world = World(first, shown(job(progress=50.0)), last, shown(job(**ENDED)))
    ended, seen = watched(world)
    assert ended.complete
    assert seen == [40.0, 50.0, 100.0]
    assert world.slept_s == [RECONNECT_S]
    listens = [each for each in world.done if isinstance(each, Listen)]
    assert [each.headers.get("last-event-id") for each in listens] == [None, "17"]


def test_where_no_events_come_through_the_job_is_looked_at() -> None:
    looks = [shown(job(progress=float(each))) for each in (1, 2, 3, 4)]
    world = World(Unreached("timed out"), looks[0], problem(429), *looks[1:], shown(job(**ENDED)))
    ended, seen = watched(world)
    assert ended.complete
    assert seen == [1.0, 2.0, 3.0, 4.0, 100.0]
    assert world.slept_s == [LOOK_EVERY_S] * 4
    assert sum(isinstance(each, Listen) for each in world.done) == 2


def test_a_service_that_is_away_is_waited_for_but_not_for_ever() -> None:
    gone = [Unreached("refused")] * 10_000
    world = World(*gone)
    with pytest.raises(Unavailable):
        watched(world)
    assert AWAY_S < world.now_s < AWAY_S + 60
    world = World(*gone[:40], shown(job(**ENDED)))
    assert watched(world)[0].complete


def test_the_wait_ends_when_the_caller_wants_it_to() -> None:
    world = World(*[problem(429), shown(job())] * 2, *[shown(job())] * 1_000)
    with pytest.raises(TimedOut, match="it goes on"):
        watched(world, timeout_s=60.0)
    assert world.now_s == 60.0
    assert next(each for each in world.done if isinstance(each, Listen)).silent_s == 45.0
    world = World()
    world.answers.append(events(*event("deleted", {})))
    with pytest.raises(NotFound, match="deleted"):
        watched(world)


def file(data: bytes = b"mix", path: str = "pt/mix.flac", url: str = "u1") -> dict[str, Any]:
    return {
        "path": path, "language": "pt", "kind": "mix", "format": "flac", "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(), "mime": "audio/flac", "duration_ms": 1.0,
        "url": url,
    }  # fmt: skip


def gives(data: bytes, urls: list[str]) -> Callable[[Fetch], Answer]:
    def given(fetch: Fetch) -> Answer:
        urls.append(fetch.url)
        fetch.sink.begin()
        fetch.sink.write(data)
        fetch.sink.close()
        return Answer(200, {})

    return given


def fetched(world: World, out: Path) -> tuple[Path, ...]:
    return world.run(downloaded("j", out, None, None, lambda _: None, world.retries))


def test_a_file_that_came_wrong_or_late_is_fetched_again_by_a_fresh_link(tmp_path: Path) -> None:
    urls: list[str] = []
    jobs = [shown(job(files=[file(url=f"u{each}")])) for each in (1, 2, 3)]
    world = World(
        jobs[0], problem(410, "link_expired"), jobs[1], gives(b"mux", urls), jobs[2],
        gives(b"mix", urls),
    )  # fmt: skip
    assert fetched(world, tmp_path) == (tmp_path / "pt" / "mix.flac",)
    assert urls == ["u2", "u3"]
    assert (tmp_path / "pt" / "mix.flac").read_bytes() == b"mix"
    assert fetched(World(jobs[0]), tmp_path)  # it is there, so that nothing is fetched
    assert [each.name for each in (tmp_path / "pt").iterdir()] == ["mix.flac"]


@pytest.mark.parametrize("data", [b"mux", b"mix and no end of it"])
def test_a_file_that_never_comes_right_leaves_nothing(data: bytes, tmp_path: Path) -> None:
    world = World(*(shown(job(files=[file()])), gives(data, [])) * 3)
    with pytest.raises(BadDownload, match=r"pt/mix\.flac did not come"):
        fetched(world, tmp_path)
    assert [*(tmp_path / "pt").iterdir()] == []


@pytest.mark.parametrize(
    "path", ["../mix.flac", "/etc/passwd", "pt/../../mix", "C:\\mix", "", "a:b"]
)
def test_no_file_is_written_outside_of_the_folder(path: str, tmp_path: Path) -> None:
    world = World(shown(job(files=[file(path=path)])))
    with pytest.raises(BadDownload, match="belongs into no folder"):
        fetched(world, tmp_path / "out")
    assert [*tmp_path.iterdir()] == []

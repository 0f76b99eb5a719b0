"""One account asks for more than there is; everybody else goes on as before."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, api_user, voice
from tests.integration.api.harness import ApiHarness, api
from tests.waiting import PATIENCE_S, until

from ytdubber.app.pipeline.artifacts import Stem
from ytdubber.app.uploads.stem_lengths import AT_ONCE, StemLengths, decoded_length
from ytdubber.domain.upload import Length
from ytdubber.files.encrypted import key_of

WAITING = 8
"""How many of one user may wait here."""


class Gate:
    """Decodes while it is open, and counts."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open = True
        self.begun: list[str] = []
        self.given_up = 0
        self.most = self._now = 0
        self.stems: list[Stem] = []

    def __call__(self, stem: Stem, track: str | None, check: Callable[[], None]) -> Length:
        with self._changed:
            self.begun.append(stem.name)
            self.stems.append(stem)
            self._now += 1
            self.most = max(self.most, self._now)
            self._changed.notify_all()
        try:
            self._pass(check)
            return decoded_length(stem, track, check)
        finally:
            with self._changed:
                self._now -= 1

    def _pass(self, check: Callable[[], None]) -> None:
        while True:
            with self._changed:
                if self._open:
                    return
                self._changed.wait(0.02)
            try:
                check()
            except BaseException:
                with self._changed:
                    self.given_up += 1
                    self._changed.notify_all()
                raise

    @contextmanager
    def shut(self) -> Iterator[None]:
        self._open = False
        try:
            yield
        finally:
            with self._changed:
                self._open = True
                self._changed.notify_all()

    def until(self, true: Callable[["Gate"], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: true(self), PATIENCE_S)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def harness(tmp_path: Path, gate: Gate) -> Iterator[ApiHarness]:
    lengths = partial(StemLengths, measure=gate, waiting=WAITING, patience_s=PATIENCE_S)
    with api(tmp_path, lengths=lengths) as harness:
        yield harness


@pytest.fixture
def ann(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as ann:
        yield ann


@pytest.fixture
def bob(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as bob:
        yield bob


def _quote(ann: ApiUser, job: Any) -> httpx.Response:
    return ann.http.post("/api/jobs/quote", json={"job_id": job["job_id"]}, timeout=PATIENCE_S)


def _submit(ann: ApiUser, job: Any) -> httpx.Response:
    return ann.http.post("/api/jobs/", json={"job_id": job["job_id"]}, timeout=PATIENCE_S)


def test_sixty_quotes_of_one_upload_are_one_decode(ann: ApiUser, bob: ApiUser, gate: Gate) -> None:
    job = ann.uploaded("pt", background=False)
    with ThreadPoolExecutor(60) as pool:
        with gate.shut():
            asked = [pool.submit(_quote, ann, job) for _ in range(60)]
            gate.until(lambda gate: len(gate.begun) == 1)
            for path in ("/api/jobs", "/api/users/me", "/api/languages", "/health"):
                assert bob.http.get(path).status_code == 200
            assert not any(each.done() for each in asked)
        replies = [each.result() for each in asked]
    assert {reply.status_code for reply in replies} == {200}
    assert {reply.json()["seconds"] for reply in replies} == {4.0}
    assert ann.submit(job).status_code == 200
    assert _quote(ann, job).status_code == 200
    assert gate.begun == ["talk.wav"]
    assert ann.harness.rows(
        "select duration_ms, sound_ms from ytdubber.uploads where job_id = :id",
        id=UUID(job["job_id"]),
    ) == [(4000, 4000)]


def test_one_job_submitted_forty_times_is_decoded_once(ann: ApiUser, gate: Gate) -> None:
    job = ann.uploaded("pt")
    with ThreadPoolExecutor(40) as pool:
        replies = list(pool.map(lambda _: _submit(ann, job), range(40)))
    assert {reply.status_code for reply in replies} == {200}
    assert sorted(gate.begun) == ["music.wav", "talk.wav"]


def test_many_submissions_wait_their_turn_or_are_told_when_to_come_back(
    ann: ApiUser, bob: ApiUser, gate: Gate
) -> None:
    jobs = [ann.uploaded("pt", background=False) for _ in range(WAITING + 8)]
    theirs = bob.uploaded("pt", background=False)
    with ThreadPoolExecutor(len(jobs) + 1) as pool:
        with gate.shut():
            asked = [pool.submit(_submit, ann, job) for job in jobs]
            gate.until(lambda gate: len(gate.begun) == 1)
            over = list(islice(as_completed(asked, timeout=PATIENCE_S), 7))
            assert bob.list() == []
            waits = pool.submit(_submit, bob, theirs)
            gate.until(lambda gate: len(gate.begun) == AT_ONCE)  # others take turns beside her
        assert waits.result().status_code == 200
        replies = [each.result() for each in asked]
    refused = [job for job, reply in zip(jobs, replies, strict=True) if reply.status_code == 429]
    assert len(refused) == len(over) == 7
    for reply in replies:
        if reply.status_code == 429:
            assert int(reply.headers["retry-after"]) > 0
    assert {_submit(ann, job).status_code for job in refused} == {200}
    assert len(gate.begun) == len(jobs) + 1
    assert gate.most <= AT_ONCE
    assert len(ann.list()) == len(jobs)


def test_what_there_is_no_room_for_costs_nothing(ann: ApiUser, bob: ApiUser, gate: Gate) -> None:
    """It is refused before it is looked at, were it only a job that is not there."""
    jobs = [ann.uploaded("pt", background=False) for _ in range(WAITING + 1)]
    unknown = {"job_id": str(uuid4())}
    with ThreadPoolExecutor(len(jobs)) as pool:
        with gate.shut():
            asked = [pool.submit(_submit, ann, job) for job in jobs]
            until(lambda: _submit(ann, unknown).status_code == 429)
            assert _submit(bob, unknown).status_code == 404
        assert {each.result().status_code for each in asked} == {200}
    assert _submit(ann, unknown).status_code == 404


def test_who_hangs_up_waits_no_more(ann: ApiUser, bob: ApiUser, gate: Gate) -> None:
    job = ann.uploaded("pt", background=False)
    with gate.shut():
        for _ in range(3):
            before = gate.given_up
            with pytest.raises(httpx.ReadTimeout):
                ann.http.post("/api/jobs/quote", json={"job_id": job["job_id"]}, timeout=1)
            gate.until(lambda gate, before=before: gate.given_up > before)  # type: ignore[misc]  # bound
        assert bob.list() == []
    assert _quote(ann, job).status_code == 200


def test_what_cannot_be_read_is_read_once(ann: ApiUser, gate: Gate) -> None:
    job = ann.uploaded("pt", voice_file=b"This is no sound. " * 100, background=False)
    replies = [_quote(ann, job) for _ in range(3)] + [ann.submit(job)]
    assert {(reply.status_code, reply.json()["error"]) for reply in replies} == {(400, "not_audio")}
    assert len({reply.json()["message"] for reply in replies}) == 1
    assert gate.begun == ["talk.wav"]


def test_what_is_decoded_is_read_by_nobody_else_and_does_not_stay(
    ann: ApiUser, gate: Gate, tmp_path: Path
) -> None:
    job = ann.uploaded("pt", background=False)
    with ThreadPoolExecutor(1) as pool:
        with gate.shut():
            asked = pool.submit(_quote, ann, job)
            gate.until(lambda gate: len(gate.begun) == 1)
            (stem,) = gate.stems
            assert stem.path.is_relative_to(tmp_path / "scratch")
            assert key_of(stem.path) is not None
            assert voice()[:64] not in stem.path.read_bytes()
        assert asked.result().status_code == 200
    assert not stem.path.exists()

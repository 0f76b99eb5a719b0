"""How much one user, and all together, may ask."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, api_user, voice
from tests.integration.api.harness import ROOMY, ApiHarness, api
from tests.integration.api.listening import listening
from tests.plain_http import NO_TLS
from tests.waiting import until

from ytdubber.bootstrap.service import limits_of
from ytdubber.domain.limits import UNLIMITED_BYTES, Limits
from ytdubber.settings import Settings

ALONE: dict[str, Any] = {"background": False}


@contextmanager
def limited(folder: Path, **limits: int) -> Iterator[ApiHarness]:
    with api(folder, replace(ROOMY, **limits)) as harness:
        yield harness


def _refused(reply: httpx.Response, code: str) -> int:
    """The seconds to wait."""
    assert (reply.status_code, reply.json()["error"]) == (429, code)
    assert reply.headers["access-control-allow-origin"]
    return int(reply.headers["retry-after"])


def test_jobs_at_once(tmp_path: Path) -> None:
    with (
        limited(tmp_path, jobs_at_once=2) as harness,
        api_user(harness) as ann,
        api_user(harness) as bob,
    ):
        first = ann.queued("pt", **ALONE)
        ann.queued("pt", **ALONE)
        third = ann.uploaded("pt", **ALONE)
        assert _refused(ann.submit(third), "too_many_jobs") > 0
        assert ann.job(third["job_id"])["status"] == "uploading"
        bob.queued("pt", **ALONE)
        ann.http.post(f"/api/jobs/{first}/cancel")
        assert ann.submit(third).status_code == 200
        assert ann.submit(third).status_code == 200  # the same again is none more


def test_jobs_submitted_at_once(tmp_path: Path) -> None:
    with limited(tmp_path, jobs_at_once=2) as harness, api_user(harness) as ann:
        jobs = [ann.uploaded("pt", **ALONE) for _ in range(6)]
        with ThreadPoolExecutor(6) as pool:
            replies = list(pool.map(ann.submit, jobs))
        taken = [reply for reply in replies if reply.status_code == 200]
        assert len(taken) == 2


def test_live_streams_at_once(tmp_path: Path) -> None:
    with (
        limited(tmp_path, streams_at_once=2) as harness,
        api_user(harness) as ann,
        api_user(harness) as bob,
    ):
        job_id, theirs = ann.queued("pt", **ALONE), bob.queued("pt", **ALONE)
        with listening(ann, job_id) as first, listening(bob, theirs) as other:
            with listening(ann, job_id) as second:
                for each in (first, second, other):
                    each.until("job")
                assert _refused(ann.http.get(f"/api/jobs/{job_id}/events"), "too_many_streams") > 0
            until(lambda: _status(ann, f"/api/jobs/{job_id}/events") == 200)


def _status(who: ApiUser, path: str) -> int:
    with who.http.stream("GET", path) as reply:
        return reply.status_code


def test_bytes_a_day(tmp_path: Path) -> None:
    size = len(voice())
    limits = {"upload_bytes_a_day": 3 * size, "upload_bytes": size}
    with limited(tmp_path, **limits) as harness, api_user(harness) as ann:
        facts = {"voice_track": {"size": size}}
        ann.announce("pt", background=False, **facts)
        ann.uploaded("pt", **ALONE)
        ann.announce("pt", background=False, **facts)
        wanted = {"languages": ["pt"], "voice_track_name": "a.wav"} | facts
        refused = ann.http.post("/api/jobs/upload-urls", json=wanted)
        assert _refused(refused, "too_many_uploads") > 0
        with harness.clock.later(hours=25):
            assert ann.http.post("/api/jobs/upload-urls", json=wanted).status_code == 200


def test_what_is_announced_without_a_size_counts_until_it_has_come(tmp_path: Path) -> None:
    size = len(voice())
    limits = {"upload_bytes_a_day": 4 * size, "upload_bytes": 2 * size}
    wanted = {"languages": ["pt"], "voice_track_name": "a.wav"}
    with limited(tmp_path, **limits) as harness, api_user(harness) as ann:
        first = ann.uploaded("pt", **ALONE)
        second = ann.announce("pt", **ALONE)
        refused = ann.http.post("/api/jobs/upload-urls", json=wanted)
        assert _refused(refused, "too_many_uploads") > 0
        ann.http.delete(f"/api/jobs/{second['job_id']}")  # it may not come any more
        ann.http.delete(f"/api/jobs/{first['job_id']}")  # it came all the same
        for _ in range(2):
            ann.uploaded("pt", **ALONE)
        ann.announce("pt", voice_track={"size": size}, **ALONE)
        refused = ann.http.post("/api/jobs/upload-urls", json=wanted)
        assert _refused(refused, "too_many_uploads") > 0
        with harness.clock.later(hours=2):  # nor may what never came
            ann.announce("pt", voice_track={"size": size}, **ALONE)


def test_files_of_any_size_count_when_they_have_come(tmp_path: Path) -> None:
    limits = {"upload_bytes_a_day": 2 * len(voice()), "upload_bytes": UNLIMITED_BYTES}
    with limited(tmp_path, **limits) as harness, api_user(harness) as ann:
        ann.uploaded("pt", **ALONE)
        ann.uploaded("pt", **ALONE)
        ann.announce("pt", **ALONE)


def test_slow_uploads_do_not_outlive_their_share_of_the_day(tmp_path: Path) -> None:
    size = len(voice())
    limits = {"upload_bytes_a_day": 2 * size, "upload_bytes": size}
    with limited(tmp_path, **limits) as harness, api_user(harness) as ann:
        slow = ann.announce("pt", **ALONE)

        def chunks() -> Iterator[bytes]:
            yield voice()[:1000]
            name = slow["voice_track_path"].replace("/", ".")
            until(lambda: any((tmp_path / "media").glob(f"*/{name}.*")))  # it is taken in
            with harness.clock.later(hours=2):
                for _ in range(2):
                    ann.uploaded("pt", **ALONE)
            yield voice()[1000:]

        url = slow["upload_urls"]["voice_track"]
        late = ann.anonymous.put(url, content=chunks(), headers={"Content-Type": "audio/wav"})
        assert _refused(late, "too_many_uploads") > 0
        assert list(harness.backend.media.keys(slow["job_id"])) == []


def test_jobs_announced_and_not_submitted(tmp_path: Path) -> None:
    wanted = {"languages": ["pt"], "voice_track_name": "a.wav", "voice_track": {"size": 1}}
    with (
        limited(tmp_path, announced_jobs=2) as harness,
        api_user(harness) as ann,
        api_user(harness) as bob,
    ):
        first = ann.uploaded("pt", **ALONE)
        ann.announce("pt", **ALONE)
        refused = ann.http.post("/api/jobs/upload-urls", json=wanted)
        assert _refused(refused, "too_many_announced") > 0
        bob.announce("pt", **ALONE)
        assert ann.submit(first).status_code == 200
        ann.announce("pt", **ALONE)


def test_one_file(tmp_path: Path) -> None:
    with limited(tmp_path, upload_bytes=1_000) as harness, api_user(harness) as ann:
        url = ann.announce("pt", background=False)["upload_urls"]["voice_track"]
        reply = ann.put(url, voice())
        assert (reply.status_code, reply.json()["error"]) == (413, "upload_too_large")

        def chunks() -> Iterator[bytes]:
            yield from (b"x" * 100 for _ in range(20))

        chunked = ann.anonymous.put(url, content=chunks(), headers={"Content-Type": "audio/wav"})
        assert (chunked.status_code, chunked.json()["error"]) == (413, "upload_too_large")


def test_the_limit_is_told_before_a_file_is_chosen(tmp_path: Path) -> None:
    with limited(tmp_path, upload_bytes=1_000) as harness:
        told = httpx.get(f"{harness.url}/api/limits", verify=NO_TLS).json()
        assert told["upload_bytes"] == 1_000
        assert {"audio/*", "video/quicktime", "video/webm", "video/x-matroska"} <= {*told["types"]}
    no_limits = {"upload_bytes": UNLIMITED_BYTES, "upload_bytes_a_day": UNLIMITED_BYTES}
    with limited(tmp_path, **no_limits) as harness, api_user(harness) as ann:
        assert httpx.get(f"{harness.url}/api/limits", verify=NO_TLS).json()["upload_bytes"] is None
        large = {"size": 200 * 1024**3, "type": "video/quicktime"}
        body = {"languages": ["pt"], "voice_track_name": "a.mov", "voice_track": large}
        assert ann.http.post("/api/jobs/upload-urls", json=body).status_code == 200


def test_videos_have_a_limit_of_their_own(tmp_path: Path) -> None:
    with (
        limited(tmp_path, upload_bytes=1_000, video_bytes=5_000) as harness,
        api_user(harness) as ann,
    ):
        told = httpx.get(f"{harness.url}/api/limits", verify=NO_TLS).json()
        assert (told["upload_bytes"], told["video_bytes"]) == (1_000, 5_000)

        def announced(media_type: str, size: int) -> int:
            facts = {"size": size, "type": media_type}
            body = {"languages": ["pt"], "voice_track_name": "a", "voice_track": facts}
            return ann.http.post("/api/jobs/upload-urls", json=body).status_code

        assert announced("video/mp4", 5_000) == announced("audio/mpeg", 1_000) == 200
        assert announced("video/mp4", 5_001) == announced("audio/mpeg", 1_001) == 413
        job = ann.announce("pt", background=False)  # of an unknown type, it is looked at afterwards
        assert ann.put(job["upload_urls"]["voice_track"], bytes(1_500)).status_code == 200
        assert ann.submit(job).status_code == 413


@pytest.mark.parametrize(
    ("given", "file_mb", "day_gb"),
    [
        ({}, None, None),
        ({"upload_mb": 7, "upload_gb_a_day": 3}, 7, 3),
        ({"supabase_url": "https://x.supabase.co"}, 100, 20),
    ],
)
def test_on_ones_own_machine_the_disk_is_the_limit(
    given: dict[str, Any], file_mb: int | None, day_gb: int | None
) -> None:
    limits = limits_of(Settings(**given))
    assert limits.upload_bytes == (file_mb * 1024**2 if file_mb else UNLIMITED_BYTES)
    assert limits.upload_bytes_a_day == (day_gb * 1024**3 if day_gb else UNLIMITED_BYTES)


def test_a_full_line_is_full_for_whoever_has_their_share_of_it(tmp_path: Path) -> None:
    with (
        limited(tmp_path, queued_languages=3) as harness,
        api_user(harness) as ann,
        api_user(harness) as bob,
    ):
        first = ann.queued("pt", "es", "fr", **ALONE)
        job = ann.uploaded("pt", **ALONE)
        assert _refused(ann.submit(job), "queue_full") == 60  # nothing has ended lately
        assert ann.job(job["job_id"])["status"] == "uploading"
        bob.queued("pt", **ALONE)
        bob.queued("es", **ALONE)
        assert _refused(bob.submit(bob.uploaded("fr", **ALONE)), "queue_full") > 0
        harness.hands.dub(first)
        assert ann.submit(job).status_code == 200


def test_a_line_full_of_minutes(tmp_path: Path) -> None:
    with (
        limited(tmp_path, queued_minutes=1) as harness,
        api_user(harness) as ann,
        api_user(harness) as bob,
    ):
        first = ann.queued("pt", **ALONE)
        harness.rows(
            "update ytdubber.dubbing_jobs set voice_duration_ms = 60000 where id = :id",
            id=first,
        )
        assert _refused(ann.submit(ann.uploaded("es", **ALONE)), "queue_full") > 0
        bob.queued("pt", **ALONE)


def test_whoever_is_refused_is_not_decoded(tmp_path: Path) -> None:
    """The stems of a job that is turned away are not looked at."""
    with limited(tmp_path, queued_languages=1) as harness, api_user(harness) as ann:
        ann.queued("pt", **ALONE)
        job = ann.uploaded("pt", **ALONE)
        assert _refused(ann.submit(job), "queue_full") > 0
        ((measured,),) = harness.rows(
            "select count(duration_ms) from ytdubber.uploads where job_id = :id",
            id=UUID(job["job_id"]),
        )
        assert measured == 0


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"languages_at_once": 2}, "too_many_languages"),
        ({"minutes_at_once": 1}, "too_many_minutes"),
    ],
)
def test_languages_and_minutes_at_once(tmp_path: Path, limits: dict[str, int], code: str) -> None:
    with limited(tmp_path, **limits) as harness, api_user(harness) as ann, api_user(harness) as bob:
        first = ann.queued("pt", "es", **ALONE)
        harness.rows("update ytdubber.dubbing_jobs set voice_duration_ms = 30000")
        job = ann.uploaded("pt", **ALONE)
        assert _refused(ann.submit(job), code) == 60
        bob.queued("pt", **ALONE)
        harness.hands.dub(first)
        assert ann.submit(job).status_code == 200


def test_requests_a_minute(tmp_path: Path) -> None:
    with (
        limited(tmp_path, requests_a_minute=60) as harness,
        api_user(harness) as ann,
        api_user(harness) as bob,
    ):
        statuses = [ann.http.get("/api/jobs").status_code for _ in range(40)]
        assert set(statuses) == {200, 429}
        assert statuses.index(429) >= 20
        assert _refused(ann.http.get("/api/users/me"), "too_many_requests") >= 1
        assert bob.http.get("/api/jobs").status_code == 200
        assert ann.anonymous.get("/api/jobs").status_code == 401


@pytest.mark.parametrize("a_minute", [12, 60])
def test_a_burst_of_the_web_clients_retries_passes(tmp_path: Path, a_minute: int) -> None:
    with limited(tmp_path, requests_a_minute=a_minute) as harness, api_user(harness) as ann:
        replies = [ann.http.delete(f"/api/jobs/{ann.id}") for _ in range(4)]
        replies += [ann.http.get("/api/jobs") for _ in range(4)]
        assert [reply.status_code for reply in replies] == [404] * 4 + [200] * 4


def test_who_waits_as_told_is_answered(tmp_path: Path) -> None:
    with limited(tmp_path, requests_a_minute=12) as harness, api_user(harness) as ann:
        _exhaust(ann)
        harness.clock.pass_s(_refused(ann.http.get("/api/jobs"), "too_many_requests"))
        assert ann.http.get("/api/jobs").status_code == 200


def _exhaust(ann: ApiUser) -> None:
    for _ in range(1_000):
        if ann.http.get("/api/billing/transactions").status_code == 429:
            return
    raise AssertionError("there is no limit")


def test_a_recording_that_is_too_long_is_refused_with_the_longest_there_may_be(
    tmp_path: Path,
) -> None:
    with limited(tmp_path, upload_minutes=0, video_minutes=1) as harness, api_user(harness) as ann:
        told = ann.anonymous.get("/api/limits").json()
        assert (told["upload_minutes"], told["video_minutes"]) == (0, 1)
        reply = ann.submit(ann.uploaded("pt", **ALONE))
        assert (reply.status_code, reply.json()["error"]) == (400, "sound_too_long")
        assert "longer than 0 minutes" in reply.json()["message"]


def test_videos_may_last_longer_than_other_recordings() -> None:
    limits = Limits(upload_minutes=30, video_minutes=90)
    assert [limits.minutes(kind) for kind in ("audio/flac", "video/mp4", None)] == [30, 90, 90]
    assert Limits(upload_minutes=30).minutes("video/mp4") == 30

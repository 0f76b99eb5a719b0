"""Uploads by TUS that meet others: of the same file, on another connection, or their job's end."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.integration.api.api_user import ApiUser, voice
from tests.integration.api.tus_client import Tus
from tests.integration.api.tus_uploads import (
    MIB,
    SHA256,
    SOUND,
    left,
    let_in,
    offered,
    refused,
    stored,
    wire,
)
from tests.waiting import eventually, until


def test_one_at_a_time_sends(ann: ApiUser) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with wire(tus, 0, len(SOUND)) as link:
        link.sendall(SOUND[: 3 * MIB])
        let_in(ann, job)
        reply = refused(tus.patch(0, b""), 423, "upload_in_use")
        assert int(reply.headers["retry-after"]) > 0
        link.sendall(SOUND[3 * MIB :])
        assert b" 204 " in link.makefile("rb").readline()
    assert stored(ann, job).sha256 == SHA256


def test_a_connection_that_fell_silent_gives_way(ann: ApiUser) -> None:
    """As after a cut that nobody told the server of."""
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with wire(tus, 0, len(SOUND)) as link:
        link.sendall(SOUND[: 2 * MIB + 5])
        let_in(ann, job)
        until(lambda: tus.offset() == 2 * MIB + 5)
        assert tus.patch(2 * MIB + 5, SOUND[2 * MIB + 5 :]).status_code == 204
        assert b" 408 " in link.makefile("rb").readline()
    assert stored(ann, job).sha256 == SHA256


def test_many_at_once_leave_one_file(ann: ApiUser) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with ThreadPoolExecutor(4) as pool:
        statuses = [r.status_code for r in pool.map(lambda _: tus.patch(0, SOUND), range(4))]
    assert statuses.count(204) == 1, statuses
    assert set(statuses) <= {204, 409, 423}, statuses
    assert stored(ann, job).sha256 == SHA256


def test_a_new_upload_takes_the_place_of_the_old_one(ann: ApiUser) -> None:
    job, old = offered(ann)
    old.create(len(SOUND))
    with wire(old, 0, len(SOUND)) as link:
        link.sendall(SOUND[: 2 * MIB])
        let_in(ann, job)
        new = Tus(ann.anonymous, old.offer)
        assert new.create(len(SOUND)).status_code == 201
        link.sendall(SOUND[2 * MIB :])
        assert b" 410 " in link.makefile("rb").readline()
    assert old.head().status_code == 404
    assert new.patch(0, SOUND).status_code == 204
    assert stored(ann, job).sha256 == SHA256


def test_nothing_is_left_of_one_that_was_given_up(ann: ApiUser) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    tus.patch(0, SOUND[:1000])
    assert len(left(ann, job)) == 2
    assert tus.end().status_code == 204
    assert left(ann, job) == []
    assert tus.head().status_code == 404
    refused(tus.patch(1000, b"x"), 404, "not_found")
    assert tus.create(len(SOUND)).status_code == 201
    assert tus.patch(0, SOUND).status_code == 204


@pytest.mark.parametrize("how", ["deleted", "submitted"])
def test_it_ends_with_its_job(ann: ApiUser, how: str) -> None:
    job, tus = offered(ann, None)
    tus.create(len(SOUND))
    tus.patch(0, SOUND[:1000])
    if how == "deleted":
        assert ann.http.delete(f"/api/jobs/{job['job_id']}").status_code == 204
        assert left(ann, job) == []
    else:
        ann.put(job["upload_urls"]["voice_track"], voice())
        assert ann.submit(job).status_code == 200
    assert tus.head().status_code == 410
    for reply in (tus.patch(1000, SOUND[1000:]), tus.end(), tus.create(len(SOUND))):
        refused(reply, 410, "upload_closed")


def test_one_under_way_when_its_job_is_deleted_does_not_stay(ann: ApiUser) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    with wire(tus, 0, len(SOUND)) as link:
        link.sendall(SOUND[: 2 * MIB])
        let_in(ann, job)
        assert ann.http.delete(f"/api/jobs/{job['job_id']}").status_code == 204
        link.sendall(SOUND[2 * MIB :])
        assert b" 410 " in link.makefile("rb").readline()
    assert eventually(lambda: left(ann, job) == [])


def test_it_ends_with_its_link(ann: ApiUser) -> None:
    job, tus = offered(ann)
    tus.create(len(SOUND))
    tus.patch(0, SOUND[:1000])
    media = ann.harness.backend.media
    with ann.harness.clock.later(minutes=59):
        media.sweep()
        assert tus.offset() == 1000
    with ann.harness.clock.later(minutes=61):
        assert tus.head().status_code == 410
        for reply in (tus.patch(1000, SOUND[1000:]), tus.create(len(SOUND))):
            refused(reply, 410, "link_expired")
        media.sweep()
        assert left(ann, job) == []

"""Secrets are changed under running jobs, as docs/rotation.md says, and no job is lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import psutil
import pytest
from tests.e2e.operated import Operated, announced, operated, recording, upload
from tests.integration.api.tus_client import Tus
from tests.plain_http import NO_TLS
from tests.waiting import until

from ytdubber.adapters.identity.tokens import local_session
from ytdubber.cli.worker import NICENESS
from ytdubber.testing import storage_double
from ytdubber.testing.storage_double import SECRET_KEY, StorageDouble
from ytdubber.testing.vendor_double import KEY

pytestmark = pytest.mark.xdist_group("operated")
FLAC = {"contentType": "audio/flac"}
SPEAKS_S = 1.5
"""How long a line takes to be spoken, so that there is time to change a secret."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Operated]:
    with operated(tmp_path, {"speak": SPEAKS_S}) as service:
        yield service


def spoken(service: Operated) -> int:
    """Lines that were spoken so far."""
    ((count,),) = service.rows(
        "select count(*) from ytdubber.usage_receipts where operation = 'speak'"
    )
    return int(count)


def paid_twice(service: Operated) -> list[tuple[object, ...]]:
    return service.rows(
        "select work_key, count(*) from ytdubber.usage_receipts where outcome = 'succeeded'"
        " group by work_key having count(*) > 1"
    )


def test_a_vendors_key(service: Operated) -> None:
    new = f"{KEY}-new"
    service.serve()
    service.work("old")
    with service.user() as ann:
        job_id = service.send(ann, "es", "fr")
        until(lambda: spoken(service) > 0, service.log)
        worker, served = (psutil.Process(service.roles[each].pid) for each in ("old", "api"))
        callers = worker.children(recursive=True)
        assert {each.nice() for each in (worker, *callers)} == {min(19, served.nice() + NICENESS)}
        service.double.more_keys = (new,)
        service.work("new", DEEPGRAM_API_KEY=new, OPENAI_API_KEY=new)
        service.end("old")
        until(lambda: not any(each.is_running() for each in callers), service.log)
        service.double.key, service.double.more_keys = new, ()
        assert service.ended(ann, job_id) == "complete"
        languages = service.job(ann, job_id)["languages"]
        assert {each["stage"] for each in languages} == {"complete"}
    assert paid_twice(service) == []
    assert "no dead letters" in service.command("dlq", "list")


def test_our_own_secret(service: Operated) -> None:
    old, new = service.variables["YTDUBBER_SECRET"], uuid4().hex
    service.serve()
    service.work()
    token = service.command("token", "--email", "ann@example.org")
    with service.user(token=token) as ann:
        job_id = service.send(ann, "es", "fr")
        waits, in_pieces = announced(ann, "es"), announced(ann, "es")
        sound = recording()
        with httpx.Client(verify=NO_TLS) as http:
            begun = Tus(http, in_pieces["resumable"]["voice_track"])
            assert begun.create(len(sound), begun.offer["metadata"] | FLAC).status_code == 201
            assert begun.patch(0, sound[:1000]).status_code == 204
        until(lambda: spoken(service) > 0, service.log)

        service.end("api")
        service.variables["YTDUBBER_SECRET"] = new
        service.serve(YTDUBBER_SECOND_SECRET=old)
        assert service.job(ann, job_id)["id"] == str(job_id)  # the old token
        assert upload(waits).status_code == 200  # an old link
        with httpx.Client(verify=NO_TLS) as http:
            begun.http = http
            assert begun.offset() == 1000
            assert begun.patch(1000, sound[1000:]).status_code == 204
        fresh = service.command("token", "--email", "ann@example.org")
        with service.user(token=fresh) as same:
            assert service.ended(same, job_id) == "complete"

        service.end("api")
        service.serve()
        assert ann.get(f"/api/jobs/{job_id}").status_code == 401
    with service.user(token=fresh) as ann:
        links = ann.get(f"/api/jobs/{job_id}/download").raise_for_status().json()["links"]
        assert ann.get(links[0]["url"]).status_code == 307
    assert paid_twice(service) == []


@pytest.fixture
def project() -> Iterator[tuple[StorageDouble, str]]:
    double = StorageDouble()
    with storage_double.running(double) as url:
        yield double, url


def test_users_tokens_and_the_storage_s_key(
    tmp_path: Path, project: tuple[StorageDouble, str]
) -> None:
    storage, url = project
    old, new, ann = "o" * 40, "n" * 40, UUID(int=7)

    def token(secret: str) -> str:
        session = local_session(
            secret, ann, "ann@example.org", timedelta(hours=1), issuer=f"{url}/auth/v1"
        )
        return session.access_token

    variables = {
        "SUPABASE_URL": url,
        "SUPABASE_JWT_SECRET": old,
        "SUPABASE_SERVICE_KEY": storage.service_role,
    }
    with operated(tmp_path, {"speak": SPEAKS_S}, **variables) as service:
        service.serve()
        service.work("old")
        with service.user(token=token(old)) as user:
            job_id = service.send(user, "es", "fr")
        until(lambda: spoken(service) > 0, service.log)

        service.end("api")
        service.serve(YTDUBBER_SECOND_JWT_SECRET=new)
        for secret in (old, new):
            with service.user(token=token(secret)) as user:
                assert service.job(user, job_id)["id"] == str(job_id)

        service.variables |= {"SUPABASE_JWT_SECRET": new, "SUPABASE_SERVICE_KEY": SECRET_KEY}
        service.work("new")
        service.end("old")
        service.end("api")
        service.serve(YTDUBBER_SECOND_JWT_SECRET=old)
        with service.user(token=token(old)) as user:
            assert service.ended(user, job_id) == "complete"
            links = user.get(f"/api/jobs/{job_id}/download").raise_for_status().json()["links"]
            found = user.get(links[0]["url"])
            assert found.status_code == 307
            assert httpx.get(found.headers["location"], verify=NO_TLS).status_code == 200

        service.end("api")
        service.serve()
        with service.user(token=token(old)) as user:
            assert user.get(f"/api/jobs/{job_id}").status_code == 401
        with service.user(token=token(new)) as user:
            assert service.job(user, job_id)["stage"] == "complete"
        assert paid_twice(service) == []

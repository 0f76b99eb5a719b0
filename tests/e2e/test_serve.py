"""The service with its real parts: PostgreSQL, queue, worker process, local models."""

import contextlib
import hashlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import soundfile as sf
from tests import waiting
from tests.e2e.serving import EXAMPLES, ORIGIN, Served, eventually, serving
from tests.plain_http import NO_TLS

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("serve")]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served") / "home") as service:
        yield service


def scratch(home: Path) -> list[Path]:
    """What lies in scratch folders, but for their locks."""
    return [p for p in (home / "scratch").rglob("*") if p.is_file() and p.name != "lock"]


def cleared(home: Path) -> bool:
    """Whether nothing lies there any more; a job is complete a moment before."""
    return waiting.eventually(lambda: scratch(home) == [])


def check_dub(served: Served, job_id: str, language: str) -> None:
    """Every file of the job is what its manifest says, and as long as the original."""
    links = served.client.get(f"/api/jobs/{job_id}/download").json()["links"]
    files = {
        link["path"]: httpx.get(link["url"], follow_redirects=True, verify=NO_TLS) for link in links
    }
    assert len(files) == len(links)
    manifest = files["manifest.json"].raise_for_status().json()
    originals = [manifest["transcript"], manifest["script"], *manifest["captions"]]
    named = [*originals, *manifest["languages"][language]["files"]]
    assert {file["path"] for file in named} | {"manifest.json"} == set(files)
    for file in named:
        content = files[file["path"]].raise_for_status().content
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    samples = sf.info(EXAMPLES / "background.flac").frames
    for file in named:
        if file["samples"] is not None:
            assert file["samples"] == samples
    for link in links:
        assert httpx.get(link["url"], verify=NO_TLS).status_code == 410


def test_a_job_from_upload_to_download(served: Served) -> None:
    job_id = served.send_job("pt")
    seen = list(served.events(job_id))
    stages = [data["stage"] for name, data in seen if name == "stage"]
    assert stages == ["stt", "translating", "dubbing", "mixing", "exporting", "complete"]
    jobs = [data for name, data in seen if name == "job"]
    progress = [job["progress"] for job in jobs]
    assert progress == sorted(progress)
    assert seen[-1] == ("end", {})
    assert jobs[-1]["status"] == "complete"
    check_dub(served, job_id, "pt")
    assert cleared(served.home)


def test_as_the_web_client_behaves(served: Served) -> None:
    """Preflights, storage without a token, every POST four times, slashes as they come."""
    client = served.client
    asking = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    for path in ("/api/jobs/upload-urls", "/api/jobs/"):
        preflight = httpx.options(served.url + path, headers=asking, verify=NO_TLS)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == ORIGIN
    body = {
        "languages": ["pt", "en"],
        "voice_track_name": "voice.flac",
        "background_track_name": "background.flac",
    }
    headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
    answers = [client.post("/api/jobs/upload-urls", json=body, headers=headers) for _ in range(4)]
    made = answers[-1].raise_for_status().json()
    before = len(client.get("/api/jobs").json())
    for track, name in (("voice_track", "voice.flac"), ("background_track", "background.flac")):
        url = made["upload_urls"][track]
        put = {"Access-Control-Request-Method": "PUT", "Origin": ORIGIN}
        put["Access-Control-Request-Headers"] = "content-type"
        assert httpx.options(url, headers=put, verify=NO_TLS).status_code == 200
        sent = httpx.put(
            url,
            content=(EXAMPLES / name).read_bytes(),
            headers={"Content-Type": "audio/flac", "Origin": ORIGIN},
            verify=NO_TLS,
        )
        assert sent.raise_for_status().headers["access-control-allow-origin"] == ORIGIN
    job = {
        "job_id": made["job_id"],
        "voice_track_uploaded": True,
        "background_track_uploaded": True,
        "languages": ["pt", "en"],
        "voice_track_url": made["upload_urls"]["voice_track"],
    }
    for _ in range(4):
        answer = client.post("/api/jobs/", json=job, headers=headers)
        assert answer.raise_for_status().json()["job_id"] == made["job_id"]
    assert len(client.get("/api/jobs").json()) == before + 1
    done = served.until(made["job_id"], {"complete"})
    assert done["status"] == "complete"
    by_code = {language["languageCode"]: language for language in done["languages"]}
    assert by_code["pt"]["status"] == "complete"
    assert by_code["en"]["status"] == "error"  # it is spoken in English already
    for url in (by_code["pt"]["downloadUrl"], done["download_urls"]["pt"]["captions"]):
        for _ in range(2):
            file = httpx.get(url, headers={"Origin": ORIGIN}, verify=NO_TLS).raise_for_status()
            assert file.headers["content-disposition"].startswith("attachment")
            assert file.headers["access-control-allow-origin"] == ORIGIN
    assert client.delete(f"/api/jobs/{made['job_id']}").status_code == 204
    assert client.delete(f"/api/jobs/{made['job_id']}").status_code == 404
    gone = httpx.get(done["download_urls"]["pt"]["voice"], verify=NO_TLS)
    assert gone.status_code in (404, 410)
    assert not list((served.home / "media").rglob(f"{made['job_id']}*"))


def test_a_killed_worker_and_a_killed_database(served: Served) -> None:
    job_id = served.send_job("pt")
    served.until(job_id, {"dubbing"})
    for worker in served.children("worker"):
        with contextlib.suppress(ProcessLookupError):  # a child goes with its parent
            os.kill(worker, signal.SIGKILL)
    served.until(job_id, {"mixing", "exporting"})
    pid_file = served.home / "postgres" / "data" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    done = served.until(job_id, {"complete"})
    assert done["status"] == "complete", done["message"]
    check_dub(served, job_id, "pt")
    assert cleared(served.home)


def test_a_killed_service_goes_on_where_it_was(tmp_path: Path) -> None:
    home = tmp_path / "a home with spaces"
    with serving(home) as served:
        job_id = served.send_job("pt")
        served.until(job_id, {"dubbing"})
        before = served.job(job_id)["languages"][0]["stages"]
        family = served.children("")
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait()
    with serving(home) as again:
        for pid in family:
            assert pid not in again.children("")
        token = again.client.headers["Authorization"]
        assert eventually(lambda: again.client.get("/ready")).status_code == 200
        again.client.headers["Authorization"] = token
        done = again.until(job_id, {"complete"})
        assert done["status"] == "complete", done["message"]
        assert done["languages"][0]["stages"][: len(before)] == before
        check_dub(again, job_id, "pt")
        assert cleared(home)


def test_who_sends_no_whole_request_is_ended(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as wire:
        began = time.monotonic()
        wire.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nX: ")
        assert wire.recv(1000).startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - began > 5
    if sys.platform == "linux":
        limits = Path(f"/proc/{served.process.pid}/limits").read_text().splitlines()
        (files,) = [line.split() for line in limits if line.startswith("Max open files")]
        assert int(files[3]) == min(65_536, int(files[4]))

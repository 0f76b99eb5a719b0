"""Nothing that users say, send, are called or may open is in the log or in a trace, whatever goes
wrong.

Everything that is private has a mark in it. The service runs as an operator runs it, from `debug`
on, with the libraries' lines and all traces, and is asked, fed and failed in every way there is.
Then what all its processes wrote, and what they sent to a collector, is searched.
"""

import base64
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.collector import Collector, collecting
from tests.integration.api.tus_client import Tus
from tests.integration.vendors.conftest import Serve
from tests.integration.vendors.whole_job import (
    announced,
    dubbed,
    recording,
    redeemed,
    served,
    signed_in,
)
from tests.listening import EXAMPLE_TEXT
from tests.plain_http import NO_TLS
from tests.waiting import eventually

from ytdubber.adapters.identity.tokens import local_session
from ytdubber.testing.vendor_double import KEY, Fault, VendorDouble

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  # opens nothing but this test's service
MARK = "Zyxquonk"
"""In every name, title, address, token and text of this test."""
EMAIL = f"{MARK}@mail.example.org"
FLAC = {"content-type": "audio/flac"}
WORDS = 4
"""So many words of a transcript in a row are not written by chance."""


class Client:
    """A user, and all they were ever given that opens something."""

    def __init__(self, http: httpx.Client, token: str) -> None:
        self.http = http
        self.opens = [token.split(".")[1], token.split(".")[2]]

    def given(self, url: str) -> str:
        """Remember what a link opens by."""
        self.opens += re.findall(r"[A-Za-z0-9_.~%-]{24,}", url.partition("?")[2])
        if "/api/downloads/" in url:
            self.opens.append(url.rpartition("/")[2].partition("?")[0])
        return url


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


@pytest.fixture
def double(
    serve: Serve, database_url: str, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> VendorDouble:
    double = serve()
    for name, value in collector.variables().items():
        monkeypatch.setenv(name, value)
    for name, value in {
        "DATABASE_URL": database_url,
        "YTDUBBER_SECRET": SECRET,
        "YTDUBBER_LOG_FORMAT": "json",
        "YTDUBBER_LOG_LEVEL": "debug, httpx=info, uvicorn=debug, dramatiq=debug, psycopg=info",
        "STRIPE_SECRET_KEY": f"sk_test_{MARK}12345678",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{MARK}12345678",
    }.items():
        monkeypatch.setenv(name, value)
    return double


def test_nothing_private_is_written(
    double: VendorDouble, collector: Collector, tmp_path: Path
) -> None:
    log = tmp_path / "serve.log"
    token = local_session(SECRET, uuid4(), EMAIL, timedelta(hours=1)).access_token
    with served(log) as url, signed_in(url, token) as http:
        client = Client(http, token)
        _asks_wrongly(client)
        _sends_wrongly(client)
        said = _is_dubbed(client, double, log)
        _vendors_fail(client, double, log)
        _storage_fails(client, tmp_path)
    written = log.read_text("utf-8")
    _is_whole(written)
    _is_traced(collector)
    for text in (written, collector.raw.decode("utf-8", "replace")):
        for secret in (MARK, MARK.lower(), SECRET, KEY, *client.opens):
            assert secret not in text, _around(text, secret)
        for words in said:
            assert words not in text, _around(text, words)
    assert b"Dashwood" not in collector.raw


def _is_whole(written: str) -> None:
    """Every line is one of ours; all parts of the service are heard."""
    for_people = {"Ctrl-C stops it."}
    lines = [json.loads(line) for line in written.splitlines() if line not in for_people]
    events = {line["event"] for line in lines}
    assert {
        "http.request",
        "job.submitted",
        "job.refused",
        "stage.completed",
        "task.completed",
        "job.finished",
        "vendor.failing",
        "work.put_off",
        "storage.away",
        "storage.back",
    } <= events
    loggers = {line["logger"].partition(".")[0] for line in lines}
    assert {"ytdubber", "dramatiq", "httpx", "uvicorn"} <= loggers


def _is_traced(collector: Collector) -> None:
    """What was asked, failed and put off was sent."""
    wrong = {span.name for span in collector.spans if span.wrong}
    assert {"POST /api/jobs", "vendor.transcribe", "vendor.attempt", "decode"} <= wrong
    assert {span.facts.get("ytdubber.ended_by") for span in collector.spans} >= {"put_off"}
    assert "GET /api/downloads/{token}" in {span.name for span in collector.spans}


def _around(written: str, secret: str) -> str:
    at = written.index(secret)
    return written[max(0, at - 300) : at + 100]


def _asks_wrongly(client: Client) -> None:
    """Requests that are refused, with a mark wherever one can be."""
    http = client.http
    paths = (
        f"/{MARK}",
        f"/api/jobs/{MARK}",
        f"/api/downloads/{MARK}{MARK}",
        f"/api/jobs?cursor={MARK}",
    )
    for path in (*paths, f"/storage/upload/{uuid4()}/{uuid4()}?token={MARK}"):
        for method in ("GET", "PUT", "POST", "DELETE", MARK.upper()):
            http.request(method, path, headers={"X-Request-Id": f"{MARK}@x", "User-Agent": MARK})
    http.get("/api/jobs", headers={"Authorization": f"Bearer {MARK}.{MARK}.{MARK}"})
    http.get("/api/jobs", headers={"Authorization": f"Basic {MARK}"})
    http.post("/api/launch", json={"code": MARK})
    http.post("/api/jobs", content=f'{{"job_id": "{MARK}'.encode())
    http.post("/api/jobs", json={"job_id": MARK})
    http.post("/api/jobs/upload-urls", json={"languages": [MARK], "voice_track_name": MARK})
    http.post("/api/jobs/quote", json={"languages": ["pt"], "voice_tier": MARK})
    http.put("/api/users/me", json={"fullName": MARK, "avatarUrl": f"https://{MARK}.example/x"})
    http.put("/api/users/me", json={"timezone": [MARK]})
    http.post("/api/billing/webhook", content=MARK, headers={"Stripe-Signature": f"t=1,v1={MARK}"})
    http.post("/api/billing/create-payment-intent", json={"amount": MARK})
    http.get(f"/api/admin/costs?by={MARK}")
    assert http.get("/api/users/me").json()["email"] == EMAIL


def _sends_wrongly(client: Client) -> None:
    """Files that are none, uploads that break off, links that were changed."""
    made = _announced(client)
    voice, music = made["upload_urls"]["voice_track"], made["upload_urls"]["background_track"]
    for link in (voice, music):
        httpx.put(client.given(link), content=f"{MARK}, and no sound".encode() * 99, headers=FLAC)
    httpx.put(voice + MARK, content=b"x", headers=FLAC)
    httpx.put(voice, content=b"x", headers={"content-type": f"audio/{MARK}"})
    assert client.http.post("/api/jobs", json={"job_id": made["job_id"]}).status_code == 400
    offer = _announced(client)["resumable"]["voice_track"]
    client.opens.append(offer["headers"]["x-signature"])
    with httpx.Client(verify=NO_TLS) as anonymous:
        tus = Tus(anonymous, offer)
        tus.create(7 * 2**20, {**offer["metadata"], "fileName": MARK})
        tus.create(1, {"objectName": MARK})
        assert tus.create(7 * 2**20).status_code == 201
        client.opens.append(tus.url.rpartition("/")[2].rpartition(".")[2])
        tus.patch(0, MARK.encode() * 9)
        tus.patch(5, MARK.encode())
        tus.end()


def _announced(client: Client, **more: Any) -> Any:
    names = {"voice_track_name": f"{MARK}-voice.flac", "background_track_name": f"{MARK}.flac"}
    words = {"title": f"{MARK} the talk", "glossary": [f"{MARK}ish"]}
    return announced(client.http, **names, **words, **more)


def _sent(client: Client, **more: Any) -> Any:
    made = _announced(client, **more)
    for link in made["upload_urls"].values():
        httpx.put(client.given(link), content=recording(), headers=FLAC).raise_for_status()
    return made


def _is_dubbed(client: Client, double: VendorDouble, log: Path) -> list[str]:
    """A job that goes well; runs of words that were said, heard, translated and shown in it."""
    made = _sent(client)
    links = dubbed(client.http, made, log)
    texts = [EXAMPLE_TEXT]
    for link in links:
        to = client.given(redeemed(client.http, {**link, "url": client.given(link["url"])}))
        if to.partition("?")[0].endswith(("json", "srt", "vtt")) or link.get("kind") == "captions":
            texts.append(httpx.get(to).text)
    job = client.http.get(f"/api/jobs/{made['job_id']}").json()
    texts += [httpx.get(client.given(file["url"])).text for file in job["files"] if _reads(file)]
    assert any("transcript" in file["path"] for file in job["files"])
    client.http.get(f"/api/jobs/{made['job_id']}/download?lang=pt&type=voice")
    client.http.get("/api/downloads")
    return list(_runs(" ".join(texts)))


def _reads(file: dict[str, Any]) -> bool:
    return str(file["path"]).endswith((".json", ".srt", ".vtt"))


def _runs(text: str) -> Iterator[str]:
    """So many words in a row, of those that are words."""
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r'"[a-z_]+":', "", text))
    for at in range(0, len(words) - WORDS, WORDS):
        yield " ".join(words[at : at + WORDS])


def _vendors_fail(client: Client, double: VendorDouble, log: Path) -> None:
    """What vendors say holds what they were sent."""
    body = {"error": {"message": f"{MARK}: {EXAMPLE_TEXT}", "code": MARK}, "err_msg": MARK}
    double.script(
        "listen", Fault.status(503, body), Fault.status(503, body), Fault.truncated_json()
    )
    double.script("responses", Fault.status(500, body), Fault.bad_ids(), Fault.refusal())
    double.script("speak", Fault.status(400, body), Fault.content_type(f"text/{MARK}"))
    made = _sent(client, languages=["es", "pt"])
    client.http.post("/api/jobs", json={"job_id": made["job_id"]}).raise_for_status()
    _ended(client, made["job_id"])
    double.script("listen", *[Fault.status(503, body)] * 40)
    waits = _sent(client)
    client.http.post("/api/jobs", json={"job_id": waits["job_id"]}).raise_for_status()
    assert eventually(lambda: '"work.put_off"' in log.read_text("utf-8"))
    client.http.post(f"/api/jobs/{waits['job_id']}/cancel")
    client.http.delete(f"/api/jobs/{waits['job_id']}")


def _ended(client: Client, job_id: str) -> None:
    url = f"/api/jobs/{UUID(job_id)}"
    assert eventually(
        lambda: client.http.get(url).json()["stage"] in ("complete", "failed"), every_s=0.5
    )


def _storage_fails(client: Client, tmp_path: Path) -> None:
    """Its folder is gone, and is there again."""
    made = _sent(client)
    media = tmp_path / "home" / "media"
    media.rename(tmp_path / f"{MARK}-media")
    media.write_bytes(b"")
    assert client.http.get("/ready").status_code == 503
    assert client.http.post("/api/jobs", json={"job_id": made["job_id"]}).status_code == 503
    httpx.put(made["upload_urls"]["voice_track"], content=b"x", headers=FLAC)
    media.unlink()
    (tmp_path / f"{MARK}-media").rename(media)
    assert client.http.get("/ready").status_code == 200
    token = base64.b64encode(MARK.encode()).decode()
    url, headers = f"/api/jobs/{made['job_id']}/events", {"Last-Event-ID": token}
    with client.http.stream("GET", url, headers=headers) as news:
        assert next(news.iter_lines())

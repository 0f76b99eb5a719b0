"""What a user does with a storage elsewhere, whatever it is, and what they find there."""

import hashlib
from typing import Any

import httpx
from tests.integration.api.api_user import ApiUser
from tests.plain_http import NO_TLS

WAV = {"content-type": "audio/wav"}


def put(url: str, data: bytes, headers: dict[str, str] = WAV) -> httpx.Response:
    """A file, straight to the storage."""
    return httpx.put(url, content=data, headers=headers, verify=NO_TLS)


def facts(data: bytes, *but: str) -> dict[str, object]:
    """All that can be known of the voice beforehand, but for some of it."""
    digest = hashlib.sha256(data).hexdigest()
    told = {"size": len(data), "sha256": digest, "type": "audio/wav"}
    return {"voice_track": {name: fact for name, fact in told.items() if name not in but}}


def refusal(reply: httpx.Response) -> str:
    """The code of an answer that is one."""
    assert reply.status_code >= 400, reply.text
    return str(reply.json()["error"])


def whole(job: Any) -> None:
    """Every file of a job, by its links, is what its hash says."""
    assert job["status"] == "complete"
    for file in job["files"]:
        data = httpx.get(file["url"], verify=NO_TLS).content
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])


def once_each(who: ApiUser, job: Any) -> None:
    """Each one-time link of a job leads to its file once; to ask where it leads is no use of it."""
    links = who.http.get(f"/api/jobs/{job['id']}/download").json()["links"]
    assert len(links) == len(job["files"])
    for link in links:
        assert who.anonymous.head(link["url"]).status_code == 307
        first = who.anonymous.get(link["url"])
        assert first.status_code == 307
        data = httpx.get(first.headers["location"], verify=NO_TLS).content
        assert hashlib.sha256(data).hexdigest() == link["sha256"]
        assert refusal(who.anonymous.get(link["url"])) == "link_used"

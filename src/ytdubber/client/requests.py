"""The requests that are one question and one answer."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ytdubber.client.asking import Retries, asked, told
from ytdubber.client.effects import Flow, Send
from ytdubber.client.errors import NotFound
from ytdubber.client.uploads import PATIENT_S, several
from ytdubber.client.values import (
    Account,
    Job,
    Quote,
    SpokenLanguage,
    account_of,
    job_of,
    quote_of,
    spoken_of,
)

_NEXT = re.compile(r'<([^>]*)>\s*;\s*rel="next"')


def account(retries: Retries) -> Flow[Account]:
    """Who is signed in."""
    answer = yield from asked(Send("GET", "/api/users/me"), retries)
    return told(answer, account_of)


def languages(retries: Retries) -> Flow[tuple[SpokenLanguage, ...]]:
    """What can be dubbed into."""
    answer = yield from asked(Send("GET", "/api/languages"), retries)
    return told(answer, lambda all_of: tuple(spoken_of(each) for each in all_of))


def page(title: str, cursor: str | None, retries: Retries) -> Flow[tuple[list[Job], str | None]]:
    """Some jobs that are called so, newest first, and where the next ones begin."""
    given = {"title": title, "cursor": cursor}
    query = {name: value for name, value in given.items() if value}
    answer = yield from asked(Send("GET", "/api/jobs", query=query), retries)
    found = _NEXT.search(answer.headers.get("link", ""))
    on = parse_qs(urlsplit(found[1]).query).get("cursor", [None])[0] if found else None
    return told(answer, lambda listed: [job_of(each) for each in listed]), on


def quote(
    job_id: str | None,
    seconds: float | None,
    to: str | Sequence[str] | None,
    source_language: str | None,
    voice_tier: str | None,
    retries: Retries,
) -> Flow[Quote]:
    """What a job will cost, or one of so many seconds."""
    given: dict[str, Any] = {
        "job_id": job_id,
        "seconds": None if seconds is None else float(seconds),
        "languages": None if to is None else several(to),
        "source_language": source_language,
        "voice_tier": voice_tier,
    }
    body = {name: value for name, value in given.items() if value is not None}
    answer = yield from asked(Send("POST", "/api/jobs/quote", body, timeout_s=PATIENT_S), retries)
    return told(answer, quote_of)


def renamed(job_id: str, title: str, retries: Retries) -> Flow[Job]:
    """The job as it is called now."""
    answer = yield from asked(Send("PATCH", f"/api/jobs/{job_id}", {"title": title}), retries)
    return told(answer, job_of)


def cancelled(job_id: str, retries: Retries) -> Flow[Job]:
    """The job as it is after it was told to stop."""
    answer = yield from asked(Send("POST", f"/api/jobs/{job_id}/cancel"), retries)
    return told(answer, job_of)


def deleted(job_id: str, retries: Retries) -> Flow[None]:
    """The job is gone; it may have been before."""
    try:
        yield from asked(Send("DELETE", f"/api/jobs/{job_id}"), retries)
    except NotFound:
        return

"""What the web client takes: a wrong type anywhere rejects an answer whole; null is taken anywhere
but as an id.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Check = Callable[[Any], bool]

JOB_STATUSES = {"uploading", "processing", "generating", "finalizing", "complete", "error"}
LANGUAGE_STATUSES = (JOB_STATUSES - {"uploading"}) | {"pending"}


def text(value: Any) -> bool:
    return isinstance(value, str)


def number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def stamp(value: Any) -> bool:
    """ISO 8601 with an offset."""
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def percent(value: Any) -> bool:
    return number(value) and 0 <= value <= 100


def link(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def listed(each: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(each, value))


def one_of(words: set[str]) -> Check:
    return lambda value: value in words


def fields(wanted: Mapping[str, Check], *, ids: frozenset[str] = frozenset({"id"})) -> Check:
    """An object with all of these, each of its type or, but for ids, null."""

    def check(value: Any) -> bool:
        assert isinstance(value, dict), value
        for name, right in wanted.items():
            assert name in value, f"{name} is missing"
            null = value[name] is None and name not in ids
            assert null or right(value[name]), f"{name} is {value[name]!r}"
        return True

    return check


LANGUAGE = fields(
    {
        "languageCode": text,
        "languageName": text,
        "flag": text,
        "status": one_of(LANGUAGE_STATUSES),
        "progress": percent,
        "message": text,
        "estimatedTimeRemaining": number,
        "fileSize": number,
        "downloadUrl": link,
    },
    ids=frozenset({"languageCode"}),
)


def links(value: Any) -> bool:
    """Links by language; one without both voice and full is dropped by the client."""
    return isinstance(value, dict) and all(
        link(files["voice"])
        and link(files["full"])
        and (files["captions"] is None or link(files["captions"]))
        for files in value.values()
    )


JOB = fields(
    {
        "id": text,
        "status": one_of(JOB_STATUSES),
        "progress": percent,
        "message": text,
        "languages": listed(LANGUAGE),
        "totalLanguages": number,
        "completedLanguages": number,
        "startedAt": stamp,
        "estimatedCompletion": stamp,
        "created_at": stamp,
        "updated_at": stamp,
        "voice_track_duration": number,
        "target_languages": listed(text),
        "background_track_uploaded": flag,
        "download_urls": links,
    }
)

DOWNLOAD = fields(
    {
        "id": text,
        "job_id": text,
        "language_code": text,
        "file_type": one_of({"voice", "full", "captions"}),
        "file_name": text,
        "downloaded_at": stamp,
        "job_title": text,
        "language_name": text,
        "file_size": number,
        "expires_at": stamp,
        "is_expired": flag,
        "download_url": link,
    },
    ids=frozenset({"id", "job_id", "language_code", "file_type", "file_name", "downloaded_at"}),
)

STATS = fields(
    {
        "totalJobs": number,
        "completedJobs": number,
        "processingJobs": number,
        "failedJobs": number,
        "totalLanguages": number,
        "totalMinutesProcessed": number,
        "accountAge": number,
        "lastActivity": stamp,
    },
    ids=frozenset(),
)

ME = fields(
    {
        "id": text,
        "email": text,
        "createdAt": stamp,
        "creditBalance": number,
        "stats": STATS,
    }
)

TRANSACTION = fields(
    {
        "id": text,
        "amount": number,
        "currency": text,
        "status": one_of({"succeeded", "pending", "failed"}),
        "created_at": stamp,
        "description": text,
    }
)

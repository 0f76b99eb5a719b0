"""A job as the web client knows it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from ytdubber.app.downloads.downloads import LINK_LASTS, pick
from ytdubber.domain.artifact import download_name, is_synthetic
from ytdubber.domain.errors import StorageNotWorking
from ytdubber.domain.job_progress import percent, remaining_s
from ytdubber.domain.languages import FLAGS, NAMES
from ytdubber.domain.review import ReviewReason
from ytdubber.domain.stage import WORKING, Stage
from ytdubber.domain.waiting import Waiting, vendor_name
from ytdubber.log import get_logger
from ytdubber.ports.job_reads import FileRow, JobRow, TaskRow
from ytdubber.ports.media_store import MediaStore

log = get_logger(__name__)

JOB_STATUS = {
    "awaiting_upload": "uploading",
    "queued": "processing",
    "stt": "processing",
    "translating": "processing",
    "dubbing": "generating",
    "mixing": "finalizing",
    "exporting": "finalizing",
    "complete": "complete",
    "failed": "error",
    "cancelled": "error",
}
"""The web client's words for a job's stage."""

LANGUAGE_STATUS = JOB_STATUS | {"awaiting_upload": "pending", "queued": "pending"}
"""Its words for a language's stage."""

_SAYS = {
    "awaiting_upload": "Waiting for the upload.",
    "queued": "Waiting for a free worker.",
    "stt": "Listening to the recording.",
    "translating": "Translating.",
    "dubbing": "Speaking.",
    "mixing": "Mixing voice and background.",
    "exporting": "Writing captions and files.",
    "complete": "Done.",
    "failed": "It could not be dubbed.",
    "cancelled": "Cancelled.",
}
_UNSERVED = "Waiting: no worker that does this work is running."

_OF_PEOPLE = ("id", "seconds", "gender", "pitch_hz", "voices")
"""What is shown of somebody who speaks."""
_TRANSLATED_IN = ("stt", "translating")
"""The stages in which what translates may have to be fetched."""
_NOT_TRANSLATED = ReviewReason.NOT_TRANSLATED.value
_MOST_LINKS = 20_000
"""How many are kept to be shown again."""


class JobView:
    """Jobs shaped for the wire, with links that last a quarter of an hour."""

    def __init__(self, media: MediaStore) -> None:
        self._media = media
        self._link = lru_cache(_MOST_LINKS)(partial(_link, media))

    def sign_ahead(self, jobs: Sequence[JobRow], now: datetime) -> None:
        """Make the storage ready for the links of all these jobs at once."""
        keys = [file.key for job in jobs for file in job.files]
        try:
            self._media.sign_ahead(keys, fresh_since(now) + LINK_LASTS)
        except StorageNotWorking as error:
            log.info("job.shown_without_links", error=error)

    def __call__(self, job: JobRow, now: datetime) -> dict[str, Any]:
        """A job with all its files, for its page."""
        self.sign_ahead([job], now)
        return self.summary(job, now) | {
            "files": [self._file(file, job, now) for file in job.files]
        }

    def summary(self, job: JobRow, now: datetime) -> dict[str, Any]:
        """A job for lists: all but the files one by one."""
        stage = _shown(job)
        names = [task.language for task in job.tasks] or list(job.target_languages)
        left_s = _job_left_s(job)
        complete = [task for task in job.tasks if task.stage == "complete"]
        return {
            "id": str(job.id),
            "title": job.title,
            "status": JOB_STATUS[stage],
            "stage": stage,
            "progress": _progress(job, stage),
            "message": _message(job, stage, now),
            "error": job.error_code,
            "languages": [self._language(task, job, now) for task in job.tasks]
            or [_announced(language) for language in names],
            "target_languages": names,
            "source_language": job.source_language,
            "totalLanguages": len(names),
            "completedLanguages": len(complete),
            "startedAt": _iso(job.submitted_at),
            "estimatedCompletion": _iso(now + timedelta(seconds=left_s))
            if left_s and job.finished_at is None
            else _iso(job.finished_at),
            "estimatedTimeRemaining": math.ceil(left_s) if left_s is not None else None,
            "created_at": _iso(job.created_at),
            "updated_at": _iso(job.updated_at),
            "finished_at": _iso(job.finished_at),
            "expires_at": _iso(job.expires_at),
            "voice_track_duration": job.voice_ms / 1000 if job.voice_ms else None,
            "background_track_uploaded": job.has_background,
            "separated": job.separated,
            "people": [{name: each.get(name) for name in _OF_PEOPLE} for each in job.people],
            "editable": job.editable,
            "notes": [*job.notes, *_untranslated(job)],
            "uncovered": [asdict(stretch) for stretch in job.uncovered],
            "cost_usd": float(job.cost_usd),
            "costs": _costs(job),
            "download_urls": self._downloads(job, now),
            "queue": _queue(job, now),
        }

    def _language(self, task: TaskRow, job: JobRow, now: datetime) -> dict[str, Any]:
        full = pick(job.files, task.language, "mix") or pick(job.files, task.language, "voice")
        return {
            "languageCode": task.language,
            "languageName": NAMES[task.language],
            "flag": FLAGS.get(task.language, ""),
            "status": LANGUAGE_STATUS[task.stage],
            "stage": task.stage,
            "inLine": task.in_line,
            "revision": task.revision,
            "rendering": task.rendering,
            "stages": [
                {"stage": stage, "entered_at": task.entered_at[stage]}
                for stage in (*WORKING, Stage.FAILED, Stage.CANCELLED)
                if stage in task.entered_at
            ],
            "progress": percent(Stage(task.stage), task.progress),
            "message": _says(task, job, now),
            "error": task.error_code,
            "waiting": _waiting(task),
            "needsReview": task.needs_review,
            "review": dict(task.review),
            "estimatedTimeRemaining": math.ceil(_left_s(task, job)),
            "fileSize": full.bytes if full else None,
            "downloadUrl": self._url(full, job, now) if full else None,
        }

    def _downloads(self, job: JobRow, now: datetime) -> dict[str, dict[str, str | None]]:
        """Links by language; without a background the voice is the full mix."""
        links = {}
        for task in job.tasks:
            voice = pick(job.files, task.language, "voice")
            full = pick(job.files, task.language, "mix") or voice
            captions = pick(job.files, task.language, "captions")
            if task.stage == "complete" and voice and full:
                links[task.language] = {
                    "voice": self._url(voice, job, now),
                    "full": self._url(full, job, now),
                    "captions": self._url(captions, job, now) if captions else None,
                }
        return links

    def _file(self, file: FileRow, job: JobRow, now: datetime) -> dict[str, Any]:
        return {
            "id": str(file.id),
            "path": file.path,
            "language": file.language,
            "kind": file.kind,
            "format": file.format,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "mime": file.mime,
            "duration_ms": file.duration_ms,
            "synthetic": is_synthetic(file.kind),
            "url": self._url(file, job, now),
        }

    def _url(self, file: FileRow, job: JobRow, now: datetime) -> str | None:
        ends = fresh_since(now) + LINK_LASTS
        if file.expires_at is not None and file.expires_at < ends:
            ends = file.expires_at
        try:
            return self._link(file.key, download_name(job.title, file.path), file.mime, ends)
        except StorageNotWorking:
            return None


def fresh_since(now: datetime) -> datetime:
    """When links that are shown now were made: they stay the same for a minute."""
    return now.replace(second=0, microsecond=0)


def _link(media: MediaStore, key: str, name: str, mime: str, ends: datetime) -> str:
    return media.download_url(key, file_name=name, content_type=mime, expires_at=ends)


def _shown(job: JobRow) -> str:
    """A job is complete when its manifest is there, not a moment before."""
    return "exporting" if job.stage == "complete" and job.finished_at is None else job.stage


def _does(job: JobRow, stage: str) -> str:
    """What is being done: nothing when all that is left waits for its turn, but for what waits for
    a vendor. Stages never go back, so that one stays where it was meanwhile.
    """
    left = [t for t in job.tasks if t.waiting is None and not Stage(t.stage).final]
    return "queued" if left and all(task.in_line for task in left) else stage


def _progress(job: JobRow, stage: str) -> float:
    if stage in ("complete", "failed", "cancelled"):
        return 100.0
    parts = [percent(Stage(task.stage), task.progress) for task in job.tasks]
    return min(99.0, round(sum(parts) / len(parts), 1)) if parts else 0.0


def _waits(task: TaskRow) -> Waiting | None:
    if task.waiting is None:
        return None
    times = {name: datetime.fromisoformat(task.waiting[name]) for name in ("since", "again_at")}
    return Waiting(**{**task.waiting, **times})


def _waiting(task: TaskRow) -> dict[str, Any] | None:
    waits = _waits(task)
    if waits is None:
        return None
    times = {"since": _iso(waits.since), "again_at": _iso(waits.again_at)}
    return {"vendor": vendor_name(waits.vendor), **times}


def _says(task: TaskRow, job: JobRow, now: datetime) -> str:
    """A language's sentence: why it failed or waits, or what is being done, with its notes."""
    waits = _waits(task)
    if waits is not None:
        return waits.sentence(now)
    does = "queued" if task.in_line else task.stage
    if does == "queued" and _unserved(job):
        return _UNSERVED
    return " ".join((task.error_message or _SAYS[does], *task.notes))


def _message(job: JobRow, stage: str, now: datetime) -> str:
    if job.error_message and stage == "failed":
        return job.error_message
    if job.cancel_requested and stage not in ("complete", "cancelled"):
        return "Cancelling."
    if waiting := {task.language: waits for task in job.tasks if (waits := _waits(task))}:
        return _wait(job, stage, waiting, now)
    failed = [task for task in job.tasks if task.stage == "failed"]
    if failed and stage == "complete":
        reasons = [f"{NAMES[task.language]}: {task.error_message}" for task in failed]
        return "Done, but not every language. " + " ".join(reasons)
    if job.fetching and stage in _TRANSLATED_IN:
        source, target = (NAMES[code] for code in job.fetching)
        return f"Fetching what translates {source} into {target}."
    does = _does(job, stage)
    return _UNSERVED if does == "queued" and _unserved(job) else _SAYS[does]


def _unserved(job: JobRow) -> bool:
    return job.in_line is not None and job.in_line.unserved


def _queue(job: JobRow, now: datetime) -> dict[str, Any] | None:
    """Where it stands in the line, and when it begins, while it waits."""
    stands = job.in_line
    if stands is None:
        return None
    starts_s = stands.starts_in_s
    return {
        "position": stands.position,
        "estimatedStart": _iso(now + timedelta(seconds=starts_s)) if starts_s is not None else None,
        "noWorker": stands.unserved,
    }


def _job_left_s(job: JobRow) -> float | None:
    """How long until it ends; None where nobody knows when it begins."""
    left_s = max((_left_s(task, job) for task in job.tasks), default=None)
    stands = job.in_line
    if left_s is None or stands is None or (stands.position is None and not stands.unserved):
        return left_s
    return None if stands.starts_in_s is None else stands.starts_in_s + left_s


def _wait(job: JobRow, stage: str, waiting: Mapping[str, Waiting], now: datetime) -> str:
    """For whom a job waits: once, when all that is left of it waits for the same; else of each."""
    working = any(
        task.language not in waiting and not Stage(task.stage).final for task in job.tasks
    )
    if not working and len({each.vendor for each in waiting.values()}) == 1:
        first = min(waiting.values(), key=lambda each: each.since)
        soonest = min(each.again_at for each in waiting.values())
        return replace(first, again_at=soonest).sentence(now)
    told = [f"{NAMES[language]}: {each.sentence(now)}" for language, each in waiting.items()]
    return " ".join([_SAYS[_does(job, stage)], *told] if working else told)


def _untranslated(job: JobRow) -> list[str]:
    """What a person should know of each language's lines."""
    counts = [(task.language, task.review.get(_NOT_TRANSLATED, 0)) for task in job.tasks]
    return [
        f"{NAMES[language]}: one line could not be translated and is spoken as it was said."
        if count == 1
        else f"{NAMES[language]}: {count} lines could not be translated and are spoken as they were"
        " said."
        for language, count in counts
        if count
    ]


def _left_s(task: TaskRow, job: JobRow) -> float:
    return remaining_s(Stage(task.stage), task.progress, job.voice_ms or 0, job.speeds)


def _announced(language: str) -> dict[str, Any]:
    return {
        "languageCode": language,
        "languageName": NAMES[language],
        "flag": FLAGS.get(language, ""),
        "status": "pending",
        "stage": "queued",
        "inLine": False,
        "revision": 1,
        "rendering": None,
        "stages": [],
        "progress": 0.0,
        "message": _SAYS["awaiting_upload"],
        "error": None,
        "waiting": None,
        "needsReview": 0,
        "review": {},
        "estimatedTimeRemaining": None,
        "fileSize": None,
        "downloadUrl": None,
    }


def _costs(job: JobRow) -> dict[str, Any]:
    by_language = {name: float(usd) for name, usd in job.costs_usd.items()}
    shared_usd = by_language.pop("", 0.0)
    return {
        "total_usd": float(job.cost_usd),
        "languages": by_language,
        "shared_usd": shared_usd,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

"""What answers look like, for OpenAPI."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import (
    BaseModel,
)

from ytdubber.domain.voice import VoiceTier


class UploadUrls(BaseModel):
    """Where to PUT each stem."""

    voice_track: str
    background_track: str | None = None


class ResumableBody(BaseModel):
    """Where a stem can be sent in pieces, by TUS 1.0: the address of its creation, headers that go
    with every request, what goes into `Upload-Metadata`, and how much a PATCH should bring."""

    url: str
    headers: dict[str, str]
    metadata: dict[str, str]
    chunk_bytes: int


class ResumableUploads(BaseModel):
    """Stems over 6 MiB, or of a size that was not announced, that can be sent in pieces."""

    voice_track: ResumableBody | None
    background_track: ResumableBody | None


class UploadUrlsAnswer(BaseModel):
    """The new job and its links."""

    job_id: UUID
    upload_urls: UploadUrls
    resumable: ResumableUploads
    voice_track_path: str
    background_track_path: str | None = None


class SubmitAnswer(BaseModel):
    """The job, queued."""

    job_id: UUID
    status: str
    message: str


class StageEntry(BaseModel):
    """When a stage was entered."""

    stage: str
    entered_at: datetime


class StretchBody(BaseModel):
    """A stretch of a recording in which somebody speaks and no word was made out."""

    start_ms: int
    end_ms: int


class WaitingBody(BaseModel):
    """A vendor, or the storage, that is away: since when a language waits for it, and when it is
    asked again."""

    vendor: str
    since: datetime
    again_at: datetime


class LanguageBody(BaseModel):
    """A language of a job. `needsReview` counts the lines that a person should listen to and the
    stretches without a line in which somebody speaks; `review` counts them by reason: `too_fast`,
    `not_translated`, `past_end` and `uncovered`. `inLine` says that it waits for a worker, at
    whatever stage: stages never go back, but for another `revision` of a dub whose lines were
    changed, which `rendering` numbers while it is made."""

    languageCode: str
    languageName: str
    flag: str
    status: Literal["pending", "processing", "generating", "finalizing", "complete", "error"]
    stage: str
    inLine: bool
    revision: int
    rendering: int | None
    stages: list[StageEntry]
    progress: float
    message: str
    error: str | None
    waiting: WaitingBody | None
    needsReview: int
    review: dict[str, int]
    estimatedTimeRemaining: int | None
    fileSize: int | None
    downloadUrl: str | None


class LinksBody(BaseModel):
    """Links to a language's files, good for a quarter of an hour; none while the storage that makes
    them does not answer."""

    voice: str | None
    full: str | None
    captions: str | None


class FileBody(BaseModel):
    """A finished file, with a link that is good for a quarter of an hour. `synthetic`: a machine
    speaks in it."""

    id: UUID
    path: str
    language: str | None
    kind: str
    format: str
    bytes: int
    sha256: str
    mime: str
    duration_ms: float | None
    synthetic: bool
    url: str | None


class JobCostsBody(BaseModel):
    """What vendors charged for a job so far, in US dollars: in all, by language, and for what all
    languages share."""

    total_usd: float
    languages: dict[str, float]
    shared_usd: float


class QueueBody(BaseModel):
    """Where a job stands while it waits for a worker: its place among the jobs that have not begun,
    and when it will begin by what was measured lately; null where nobody can know. `noWorker`: none
    is running that does its work.
    """

    position: int | None
    estimatedStart: datetime | None
    noWorker: bool


class PersonBody(BaseModel):
    """Somebody who speaks in the recording: how long, what the voice sounds like and its median
    pitch where they can be told, and whose voice speaks for them in each language."""

    id: str
    seconds: float
    gender: Literal["female", "male"] | None
    pitch_hz: float | None
    voices: dict[str, str]


class JobSummary(BaseModel):
    """A job in a list."""

    id: UUID
    title: str
    status: Literal["uploading", "processing", "generating", "finalizing", "complete", "error"]
    stage: str
    progress: float
    message: str
    error: str | None
    languages: list[LanguageBody]
    target_languages: list[str]
    source_language: str | None
    totalLanguages: int
    completedLanguages: int
    startedAt: datetime | None
    estimatedCompletion: datetime | None
    estimatedTimeRemaining: int | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    voice_track_duration: float | None
    background_track_uploaded: bool
    separated: bool
    people: list[PersonBody]
    editable: bool
    notes: list[str]
    uncovered: list[StretchBody]
    cost_usd: float
    costs: JobCostsBody
    download_urls: dict[str, LinksBody]
    queue: QueueBody | None


class JobBody(JobSummary):
    """A job with all its files."""

    files: list[FileBody]


class OneTimeLinkBody(BaseModel):
    """A file and a link that fetches it once."""

    path: str
    language: str | None
    kind: str
    format: str
    bytes: int
    sha256: str
    url: str
    expires_at: datetime


class OneTimeLinks(BaseModel):
    """A fresh link for every file of a job."""

    job_id: UUID
    links: list[OneTimeLinkBody]


class DownloadBody(BaseModel):
    """A file that was fetched."""

    id: UUID
    job_id: UUID
    job_title: str
    language_code: str
    language_name: str
    file_type: Literal["voice", "full", "captions"]
    file_name: str
    file_size: int
    downloaded_at: datetime
    expires_at: datetime | None
    is_expired: bool
    download_url: str | None


class StatsBody(BaseModel):
    """A user's numbers."""

    totalJobs: int
    completedJobs: int
    processingJobs: int
    failedJobs: int
    totalLanguages: int
    totalMinutesProcessed: float
    accountAge: int
    lastActivity: datetime | None


class MeBody(BaseModel):
    """The user; their credit is in cents."""

    id: UUID
    email: str | None
    fullName: str | None
    avatarUrl: str | None
    timezone: str | None
    languagePreference: str | None
    createdAt: datetime
    creditBalance: float
    stats: StatsBody


class TransactionBody(BaseModel):
    """A movement of credit; amounts in cents, purchases over 0."""

    id: str
    amount: float
    currency: str
    status: Literal["succeeded", "pending", "failed"]
    created_at: datetime
    description: str


class VoiceBody(BaseModel):
    """A voice, and the tiers of a job that may ask for it."""

    id: str
    name: str
    gender: str
    tiers: list[VoiceTier]


class SpokenBody(BaseModel):
    """A language that has voices. `sources` are the languages a recording may be in to be dubbed
    into it: none where no translation is at hand."""

    code: str
    name: str
    flag: str
    sources: list[str]
    voices: list[VoiceBody]


class UploadLimits(BaseModel):
    """What may be uploaded.

    Attributes:
        upload_bytes: The most a file may have; null where the disk is the limit.
        video_bytes: The same of videos.
        upload_minutes: The longest a recording may be.
        video_minutes: The same of videos.
        types: Media types that are taken.
    """

    upload_bytes: int | None
    video_bytes: int | None
    upload_minutes: int
    video_minutes: int
    types: list[str]

"""What requests hold and answers look like, for validation and for OpenAPI."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
)

from ytdubber.app.job_wishes import Wishes
from ytdubber.domain.glossary import MOST_TERMS
from ytdubber.domain.job import DubOptions
from ytdubber.domain.printable import encodable, file_name
from ytdubber.domain.voice import VoiceTier

Text = Annotated[str, Field(max_length=255, pattern=r"^[^\x00]*$")]


def _whole(given: Any) -> Any:
    """A text without halves of characters, as browsers send them in names of files."""
    return encodable(given) if isinstance(given, str) else given


Name = Annotated[str, BeforeValidator(_whole), Field(max_length=4_096), AfterValidator(file_name)]
"""What a person calls something: whatever it holds is written out, and shortened."""
Number = Annotated[int, Field(strict=True)]
"""A number, and nothing that could be taken for one."""
Language = Annotated[str, Field(min_length=2, max_length=40)]
"""A code, a locale or a name, as `domain.languages` knows them."""
Track = (
    Annotated[Number, Field(ge=1, le=1_000)] | Annotated[str, Field(min_length=1, max_length=40)]
)
"""One of several sounds in a file: its number from 1, or its language."""


def as_written(pattern: str) -> Callable[[Any], Any]:
    """A check that a part of an address is written in this way alone, before it is read."""
    known = re.compile(pattern, re.ASCII)

    def check(given: Any) -> Any:
        if isinstance(given, str) and not known.fullmatch(given):
            raise ValueError("it is not written as it should be")
        return given

    return check


Day = Annotated[date, BeforeValidator(as_written(r"\d{4}-\d{2}-\d{2}"))]
"""A day as YYYY-MM-DD."""


class Request(BaseModel):
    """A body: what it has too much is ignored, and nothing is taken for what it is not."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, allow_inf_nan=False)


class FileFacts(Request):
    """What is known of a file before it is sent."""

    size: Annotated[Number, Field(ge=1, le=2**40)] | None = None
    type: Text | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")] | None = None


class UploadUrlsRequest(Request):
    """A new job: its languages, the names of its stems, and how the dubs are to be made."""

    languages: Annotated[list[Language], Field(min_length=1, max_length=100)]
    voice_track_name: Annotated[Name, Field(min_length=1)]
    background_track_name: Annotated[Name, Field(min_length=1)] | None = None
    content_types: dict[Literal["voice", "background"], Text] | None = None
    voice_track: FileFacts | None = None
    background_track: FileFacts | None = None
    source_language: Language | None = None
    formats: Annotated[list[Text], Field(min_length=1, max_length=5)] | None = None
    voices: dict[Language, Text] | None = None
    voice_tier: VoiceTier | None = None
    loudness: Text | None = None
    ducking: StrictBool | None = None
    glossary: Annotated[list[Text], Field(max_length=MOST_TERMS)] | None = None
    track: Track | None = None
    title: Name | None = None

    def wishes(self) -> Wishes:
        """What the job is to be."""
        given = {
            "formats": tuple(self.formats) if self.formats else None,
            "voices": self.voices,
            "voice_tier": self.voice_tier,
            "loudness": self.loudness,
            "ducking": self.ducking,
            "glossary": tuple(self.glossary) if self.glossary else None,
            "track": None if self.track is None else str(self.track),
        }
        options = DubOptions(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]  # each has its field's type
        return Wishes(tuple(self.languages), self.source_language, options, self.title or "")


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


class SubmitRequest(Request):
    """The stems are uploaded. Languages given here take the place of those announced."""

    job_id: UUID
    languages: Annotated[list[Language], Field(max_length=100)] | None = None
    voice_track_uploaded: StrictBool = True
    background_track_uploaded: StrictBool | None = None


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
    """A vendor that is away: since when a language waits for it, and when it is asked again."""

    vendor: str
    since: datetime
    again_at: datetime


class LanguageBody(BaseModel):
    """A language of a job. `needsReview` counts the lines that a person should listen to and the
    stretches without a line in which somebody speaks; `review` counts them by reason: `too_fast`,
    `not_translated`, `past_end` and `uncovered`."""

    languageCode: str
    languageName: str
    flag: str
    status: Literal["pending", "processing", "generating", "finalizing", "complete", "error"]
    stage: str
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
    """A finished file, with a link that is good for a quarter of an hour."""

    id: UUID
    path: str
    language: str | None
    kind: str
    format: str
    bytes: int
    sha256: str
    mime: str
    duration_ms: float | None
    url: str | None


class JobCostsBody(BaseModel):
    """What vendors charged for a job so far, in US dollars: in all, by language, and for what all
    languages share."""

    total_usd: float
    languages: dict[str, float]
    shared_usd: float


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
    notes: list[str]
    uncovered: list[StretchBody]
    cost_usd: float
    costs: JobCostsBody
    download_urls: dict[str, LinksBody]


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


class MeRequest(Request):
    """Changes to the profile."""

    fullName: Text | None = None
    avatarUrl: Annotated[str, Field(max_length=2048, pattern=r"^(https?://[^\x00]*)?$")] | None = (
        None
    )
    timezone: Text | None = None
    languagePreference: Text | None = None


class PaymentIntentRequest(Request):
    """How much to pay, in cents."""

    amount: Annotated[Number, Field(ge=1, le=100_000_000)]


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
        types: Media types that are taken.
    """

    upload_bytes: int | None
    types: list[str]

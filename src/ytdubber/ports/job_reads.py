"""Jobs as their users look at them: straight from the database to plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from ytdubber.domain.media import Interval

from .identity import Claims
from .line import InLine
from .paging import Place


@dataclass(frozen=True, slots=True)
class FileRow:
    """A finished file that is there."""

    id: UUID
    path: str
    language: str | None
    kind: str
    format: str
    key: str
    bytes: int
    sha256: str
    mime: str
    duration_ms: float | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A language of a job; `review` counts what needs review by reason, `waiting` is what it waits
    for, as `Waiting` has it, `notes` are sentences for its user, `in_line` says that all it
    waits for is a worker, `revision` which dub is shown, and `rendering` which one is being made.
    """

    id: UUID
    language: str
    stage: str
    progress: float
    entered_at: Mapping[str, str]
    error_code: str | None
    error_message: str | None
    needs_review: int
    review: Mapping[str, int]
    waiting: Mapping[str, Any] | None = None
    notes: Sequence[str] = ()
    in_line: bool = False
    revision: int = 1
    rendering: int | None = None


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened to a job."""

    id: int
    kind: str
    data: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job with its languages and files.

    Attributes:
        id: The job.
        title: What its user calls it.
        stage: `awaiting_upload` or a stage's name.
        source_language: What is spoken, as told or as found.
        target_languages: What it is dubbed into.
        has_background: Whether there is music under the voice.
        voice_ms: The true length of the voice stem; None before it is known.
        created_at: When it was announced.
        submitted_at: When its uploads were complete.
        updated_at: When something last changed.
        finished_at: When its last language ended.
        expires_at: When its files will be removed.
        cancel_requested: Whether its user wants no more of it.
        error_code: Why it failed as a whole, for programs.
        error_message: The same for people.
        costs_usd: What vendors charged for it so far, by language; for what all languages share
            under "".
        tasks: Its languages, in the order asked.
        files: Its files that are there.
        notes: What a person should know of its files and of what is said in them, in sentences.
        fetching: The source and the target that a translation model is being fetched for, if any.
        uncovered: Stretches in which somebody speaks and no word was made out, in order.
        speeds: Seconds each stage takes for a second of sound, as measured lately.
        editable: Whether what is needed to change its lines is kept as long as its files are.
        in_line: Where it stands, while something of it waits for a worker.
        separated: Whether what is under the voice was taken out of the voice's own file.
        people: Who speaks, where several people are told apart, as `SpeakerEntry` has them, with
            their voices in the languages that are complete.
    """

    id: UUID
    title: str
    stage: str
    source_language: str | None
    target_languages: Sequence[str]
    has_background: bool
    voice_ms: int | None
    created_at: datetime
    submitted_at: datetime | None
    updated_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    cancel_requested: bool
    error_code: str | None
    error_message: str | None
    costs_usd: Mapping[str, Decimal]
    tasks: Sequence[TaskRow]
    files: Sequence[FileRow]
    notes: Sequence[str]
    fetching: tuple[str, str] | None
    uncovered: Sequence[Interval]
    speeds: Mapping[str, float]
    in_line: InLine | None = None
    separated: bool = False
    people: Sequence[Mapping[str, Any]] = ()
    editable: bool = False

    @property
    def cost_usd(self) -> Decimal:
        """All of its costs."""
        return sum(self.costs_usd.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class JobMark:
    """A job's place in a list.

    Attributes:
        id: The job.
        created_at: When it was announced.
        version: Another after every change to the job, once it has ended; None before.
    """

    id: UUID
    created_at: datetime
    version: str | None


@dataclass(frozen=True, slots=True)
class Stats:
    """A user's history in numbers."""

    total_jobs: int
    completed_jobs: int
    processing_jobs: int
    failed_jobs: int
    total_languages: int
    processed_ms: int
    last_activity: datetime | None


class JobReads(Protocol):
    """What a user may look at. Every answer holds the user's own rows only."""

    def detail(self, claims: Claims, job_id: UUID) -> JobRow | None:
        """A submitted or announced job, or None."""
        ...

    def newest(
        self, claims: Claims, limit: int, after: Place | None, title: str = ""
    ) -> Sequence[JobMark]:
        """Submitted jobs that are not deleted and have this in their title, newest first."""
        ...

    def jobs(self, claims: Claims, job_ids: Sequence[UUID]) -> Sequence[JobRow]:
        """Those of these jobs that are there, in no order."""
        ...

    def events(self, claims: Claims, job_id: UUID, after: int, limit: int) -> Sequence[EventRow]:
        """What happened to a job since an event, oldest first."""
        ...

    def stats(self, claims: Claims) -> Stats:
        """The user's numbers."""
        ...

"""One short transaction over everything the service keeps."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ytdubber.domain.admission import Amount
from ytdubber.domain.artifact import Artifact
from ytdubber.domain.fair_share import JobLanes
from ytdubber.domain.job import Job, JobState
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.origin import Origin
from ytdubber.domain.upload import Length, Upload

from .credits import Credits
from .identity import Claims
from .leases import Lease
from .line_previews import LinePreviews
from .outbox import Outbox
from .paging import Place
from .revisions import Revisions
from .share_links import ShareLinks
from .unit_of_work import UnitOfWork
from .webhooks import Webhooks

AWAITING_UPLOAD = "awaiting_upload"
"""The stage of a job that was announced and not submitted."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A user as the service knows them; `stripe_customer_id` is what Stripe calls them."""

    id: UUID
    email: str | None
    full_name: str | None
    avatar_url: str | None
    timezone: str | None
    language_preference: str | None
    created_at: datetime
    stripe_customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """How much a user has going on.

    Attributes:
        own_jobs: Their jobs that have not ended.
        unfinished: Their languages that have not ended.
    """

    own_jobs: int
    unfinished: Amount


@dataclass(frozen=True, slots=True)
class Sent:
    """What a user sent in the last day, or may still send under links they have.

    Attributes:
        arrived_bytes: What arrived, gone again or not, and whole or not.
        announced_bytes: What may still come.
        open_jobs: Jobs that were neither submitted nor deleted.
    """

    arrived_bytes: int
    announced_bytes: int
    open_jobs: int


class Users(Protocol):
    """People with an account."""

    def see(self, claims: Claims) -> None:
        """Make the row at a user's first valid token; keep the address up to date."""
        ...

    def get(self, user_id: UUID) -> Profile | None:
        """The profile, or None."""
        ...

    def update(self, user_id: UUID, changes: Mapping[str, str | None]) -> None:
        """Change fields of the profile by name."""
        ...

    def sent(self, user_id: UUID, now: datetime, unsized_bytes: int, *, told: bool = True) -> Sent:
        """What they sent; nothing is added to it by anybody else before the transaction ends.

        A stem announced without a size counts as `unsized_bytes`. Where nobody is `told` of
        arrivals, what was announced within the day may have come, and counts all day.
        """
        ...

    def load(self, user_id: UUID, now: datetime, *, lock: bool = False) -> Load:
        """What the user has going on; with `lock`, nothing is added to it by anybody else before
        the transaction ends.
        """
        ...


class JobRepository(Protocol):
    """Jobs of the service from announcement to deletion."""

    def announce(self, job: Job) -> None:
        """Store a job that waits for its uploads."""
        ...

    def state(self, job_id: UUID, *, lock: bool = False) -> JobState | None:
        """Where it is, or None when there is no such job for whoever asks."""
        ...

    def submit(
        self,
        job: Job,
        voice_ms: int,
        background_ms: int | None,
        now: datetime,
        lanes: JobLanes,
        origin: Origin,
    ) -> None:
        """The uploads are there and fit: queue it."""
        ...

    def refuse(
        self, job_id: UUID, code: str, message: str, facts: Mapping[str, object], now: datetime
    ) -> None:
        """Its content cannot be dubbed: it stays, failed, with the reason. The facts are JSON."""
        ...

    def resume(self, job_id: UUID, now: datetime) -> None:
        """Languages of it are made anew after it ended; its files last on meanwhile."""
        ...

    def request_cancel(self, job_id: UUID, now: datetime) -> None:
        """Nobody wants it any more; what waits ends now, what runs is told."""
        ...

    def rename(self, job_id: UUID, title: str, now: datetime) -> None:
        """Its user calls it so."""
        ...

    def mark_deleted(self, job_id: UUID, now: datetime) -> None:
        """It is gone for its user."""
        ...

    def finish(self, job_id: UUID, now: datetime, expires_at: datetime) -> None:
        """Its last language has ended; its files last until `expires_at`."""
        ...

    def put_off(self, lease: Lease, job_id: UUID, until: datetime) -> None:
        """What is worked on under a lease waits until then: the job has its whole deadline from
        there on, and the claim does not count as one that failed.
        """
        ...

    def explain(self, job_id: UUID, code: str, message: str) -> None:
        """Say why it failed."""
        ...

    def save_prepared(self, job_id: UUID, prepared: Mapping[str, object]) -> None:
        """Keep what hearing the recording found, for its languages and the manifest."""
        ...

    def add_notes(self, job_id: UUID, notes: Sequence[str]) -> None:
        """Add sentences for its user to what hearing the recording found."""
        ...

    def prepared(self, job_id: UUID) -> Mapping[str, object] | None:
        """What was kept, or None before."""
        ...


class Uploads(Protocol):
    """Stems in storage."""

    def add(self, upload: Upload) -> None:
        """Store one that is announced."""
        ...

    def of_job(self, job_id: UUID) -> Sequence[Upload]:
        """A job's, the voice first."""
        ...

    def at(self, key: str) -> Upload | None:
        """The one that lies, or is to lie, under a key in storage, or None."""
        ...

    def came(self, key: str, came_bytes: int, offset: int) -> None:
        """Record that so many bytes more came of the one under the key, which stands at `offset`
        now.
        """
        ...

    def arrived(
        self, key: str, size: int, sha256: str | None, content_type: str, now: datetime
    ) -> None:
        """Record what arrived."""
        ...

    def measured(self, key: str, length: Length, sha256: str) -> None:
        """Record how long the one under the key lasts, and its hash unless that is known."""
        ...

    def deleted(self, job_id: UUID, now: datetime) -> None:
        """Record that a job's stems are gone from storage."""
        ...


class Artifacts(Protocol):
    """Finished files."""

    def put(self, artifact: Artifact) -> None:
        """Store or replace one, by its id."""
        ...

    def get(self, artifact_id: UUID) -> Artifact | None:
        """The artifact, or None."""
        ...

    def at(self, key: str) -> Artifact | None:
        """The one that lies under a key in storage, or None."""
        ...

    def of_job(self, job_id: UUID) -> Sequence[Artifact]:
        """Those of a job that are there and shown, by path."""
        ...

    def of_task(self, task: LanguageTask) -> Sequence[Artifact]:
        """Those of a language that are there, by revision and path."""
        ...

    def show(self, task: LanguageTask, revision: int) -> None:
        """Show a revision's, and no other's."""
        ...

    def deleted(self, job_id: UUID, now: datetime) -> None:
        """Record that a job's files are gone from storage."""
        ...


class TaskResults(Protocol):
    """What each finished language gives to the manifest."""

    def save(self, task_id: UUID, result: Mapping[str, object]) -> None:
        """Store it."""
        ...

    def of_job(self, job_id: UUID) -> Mapping[str, Mapping[str, object]]:
        """By language, those that are there."""
        ...


class Events(Protocol):
    """The audit trail of jobs; only ever added to, and told to whoever watches."""

    def add(
        self, job_id: UUID, kind: str, data: Mapping[str, object], task: LanguageTask | None = None
    ) -> None:
        """Record that something happened."""
        ...


@dataclass(frozen=True, slots=True)
class Download:
    """A file a user fetched, for their history."""

    id: UUID
    artifact: Artifact
    job_title: str
    downloaded_at: datetime


class Downloads(Protocol):
    """One-time links and the history of downloads."""

    def add_token(self, token_sha256: str, artifact: Artifact, expires_at: datetime) -> None:
        """Store the hash of a one-time link."""
        ...

    def redeem(self, token_sha256: str, now: datetime) -> Artifact | None:
        """The artifact, once; None when the link is unknown, used or past its time."""
        ...

    def redeemable(self, token_sha256: str, now: datetime) -> Artifact | None:
        """As `redeem`, which then still can be called."""
        ...

    def record(self, artifact: Artifact, now: datetime) -> None:
        """A file was fetched."""
        ...

    def history(self, user_id: UUID, limit: int, after: Place | None) -> Sequence[Download]:
        """What a user fetched, newest first; after a place, where one is given."""
        ...


class ServiceWork(UnitOfWork, Protocol):
    """A transaction over all of it. Workers are woken after the commit, never by a rollback."""

    @property
    def users(self) -> Users:
        """Users."""
        ...

    @property
    def job_repository(self) -> JobRepository:
        """Jobs of the service."""
        ...

    @property
    def uploads(self) -> Uploads:
        """Stems in storage."""
        ...

    @property
    def artifacts(self) -> Artifacts:
        """Finished files."""
        ...

    @property
    def results(self) -> TaskResults:
        """What languages give to the manifest."""
        ...

    @property
    def revisions(self) -> Revisions:
        """Lines that users change, and the dubs made of them."""
        ...

    @property
    def previews(self) -> LinePreviews:
        """Single lines that users want to hear."""
        ...

    @property
    def shares(self) -> ShareLinks:
        """Links to hear dubs."""
        ...

    @property
    def events(self) -> Events:
        """The audit trail."""
        ...

    @property
    def downloads(self) -> Downloads:
        """Links and history."""
        ...

    @property
    def credits(self) -> Credits:
        """Prepaid credit."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What the payment service is to be told."""
        ...

    @property
    def webhooks(self) -> Webhooks:
        """Users' endpoints, and what they are to be told."""
        ...

    def learn_speed(self, stage: str, seconds_per_second: float) -> None:
        """Take in how long a stage took for a second of sound."""
        ...

    def wake(self) -> None:
        """Something waits for a worker: have it looked at when this is committed."""
        ...


AsUser = Callable[[Claims], AbstractContextManager[ServiceWork]]
"""Begins a transaction in which the database shows a user's own rows only."""

AsService = Callable[[], AbstractContextManager[ServiceWork]]
"""Begins a transaction that sees everything: for workers and maintenance."""

"""What a service tells, as values. What it tells besides, now or later, is left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Transfer:
    """How far a file is on its way.

    Attributes:
        file: The file on this machine.
        done_bytes: What was sent or has come.
        total_bytes: What it has in all.
    """

    file: Path
    done_bytes: int
    total_bytes: int


OnTransfer = Callable[[Transfer], None]


@dataclass(frozen=True, slots=True)
class File:
    """A finished file.

    Attributes:
        path: Its place in the dub, such as `pt/mix.flac`.
        language: Its language; None for the manifest and the transcript.
        kind: What it is: `voice`, `mix`, `captions`, `manifest` and the like.
        format: How it is written: `flac`, `mp3`, `srt`.
        bytes: Its size.
        sha256: Its hash, in hexadecimal digits.
        mime: Its media type.
        duration_ms: How long it sounds; None for what does not.
        url: Fetches it without a token, for a quarter of an hour; None while the storage is away.
    """

    path: str
    language: str | None
    kind: str
    format: str
    bytes: int
    sha256: str
    mime: str
    duration_ms: float | None
    url: str | None


@dataclass(frozen=True, slots=True)
class JobLanguage:
    """A language of a job.

    Attributes:
        code: Such as `pt`.
        name: What it is called.
        stage: `queued`, `stt`, `translating`, `dubbing`, `mixing`, `exporting`, `complete`,
            `failed` or `cancelled`.
        progress: 0 to 100.
        message: What is being done, or why it failed, for people.
        error: Why it failed, for programs.
        needs_review: How many places a person should listen to.
        review: The same by reason.
        left_s: About how long it takes yet.
        revision: Which version of its dub is shown: 1, until lines are changed.
        rendering: Which is being made; None where none is.
    """

    code: str
    name: str
    stage: str
    progress: float
    message: str
    error: str | None
    needs_review: int
    review: Mapping[str, int]
    left_s: float | None
    revision: int
    rendering: int | None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A stretch in which somebody speaks and no word was made out."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Job:
    """A job, as it was when it was looked at.

    Attributes:
        id: Names it.
        title: What people call it.
        stage: As a language's; `awaiting_upload` before it is submitted.
        progress: 0 to 100.
        message: What is being done, or why it failed, for people.
        error: Why it failed, for programs.
        languages: By code.
        source_language: What is spoken, once it is known.
        duration_s: How long the recording is, once it is known.
        left_s: About how long it takes yet; None where nobody can know.
        notes: What was decided about the recording.
        uncovered: Where speech has no line.
        cost_usd: What vendors charged so far.
        editable: Whether what is needed to change its lines was kept.
        created_at: When it was announced.
        finished_at: When it ended; None while it goes on.
        expires_at: When its files are removed.
        files: Every finished file; none in a list of jobs.
    """

    id: str
    title: str
    stage: str
    progress: float
    message: str
    error: str | None
    languages: Mapping[str, JobLanguage]
    source_language: str | None
    duration_s: float | None
    left_s: float | None
    notes: tuple[str, ...]
    uncovered: tuple[Uncovered, ...]
    cost_usd: float
    editable: bool
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    files: tuple[File, ...]

    @property
    def ended(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.finished_at is not None

    @property
    def complete(self) -> bool:
        """Whether it ended with a dub in at least one language."""
        return self.ended and self.stage == "complete"


@dataclass(frozen=True, slots=True)
class PriceRange:
    """US dollars, from and to."""

    low_usd: float
    high_usd: float


@dataclass(frozen=True, slots=True)
class Quote:
    """What a job will cost.

    Attributes:
        total: All of it.
        shared: What is done once for all languages.
        languages: What each takes besides, by code.
        credit_cents: What the account has.
        unpriced: Engines without a price, which are in no figure.
        assumptions: What the figures rest on.
    """

    total: PriceRange
    shared: PriceRange
    languages: Mapping[str, PriceRange]
    credit_cents: int
    unpriced: tuple[str, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineQuote:
    """What lines will cost that are made anew, at most.

    Attributes:
        spoken: How many of them are spoken.
        translated: How many of those are translated before.
        characters: How many characters are spoken.
        total: What vendors ask for it; nothing where they are free.
        unpriced: Engines without a price, which are in no figure.
    """

    spoken: int
    translated: int
    characters: int
    total: PriceRange
    unpriced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice, and the tiers of jobs that may ask for it."""

    id: str
    name: str
    gender: str
    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language that can be dubbed into.

    Attributes:
        code: Such as `pt`.
        name: What it is called.
        sources: From which languages.
        voices: Who speaks it.
    """

    code: str
    name: str
    sources: tuple[str, ...]
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, and their credit in cents."""

    id: str
    email: str | None
    credit_cents: float


Told = Mapping[str, Any]


def job_of(told: Told) -> Job:
    """A job, from its JSON."""
    return Job(
        id=told["id"],
        title=told["title"] or "",
        stage=told["stage"],
        progress=told["progress"],
        message=told["message"] or "",
        error=told["error"],
        languages={each["languageCode"]: _language(each) for each in told["languages"]},
        source_language=told["source_language"],
        duration_s=told["voice_track_duration"],
        left_s=told["estimatedTimeRemaining"],
        notes=tuple(told["notes"]),
        uncovered=tuple(Uncovered(each["start_ms"], each["end_ms"]) for each in told["uncovered"]),
        cost_usd=told["cost_usd"],
        editable=told["editable"],
        created_at=datetime.fromisoformat(told["created_at"]),
        finished_at=moment_of(told["finished_at"]),
        expires_at=moment_of(told["expires_at"]),
        files=tuple(_file(each) for each in told.get("files", ())),
    )


def line_quote_of(told: Told) -> LineQuote:
    """A quote for lines, from its JSON."""
    return LineQuote(
        spoken=told["spoken"],
        translated=told["translated"],
        characters=told["characters"],
        total=_price(told["total"]),
        unpriced=tuple(told["unpriced"]),
    )


def quote_of(told: Told) -> Quote:
    """A quote, from its JSON."""
    return Quote(
        total=_price(told["total"]),
        shared=_price(told["shared"]),
        languages={code: _price(each) for code, each in told["languages"].items()},
        credit_cents=told["credit_cents"],
        unpriced=tuple(told["unpriced"]),
        assumptions=tuple(told["assumptions"]),
    )


def spoken_of(told: Told) -> SpokenLanguage:
    """A language that is offered, from its JSON."""
    voices = (
        Voice(each["id"], each["name"], each["gender"], tuple(each["tiers"]))
        for each in told["voices"]
    )
    return SpokenLanguage(told["code"], told["name"], tuple(told["sources"]), tuple(voices))


def account_of(told: Told) -> Account:
    """An account, from its JSON."""
    return Account(told["id"], told["email"], told["creditBalance"])


def _language(told: Told) -> JobLanguage:
    return JobLanguage(
        code=told["languageCode"],
        name=told["languageName"],
        stage=told["stage"],
        progress=told["progress"],
        message=told["message"] or "",
        error=told["error"],
        needs_review=told["needsReview"],
        review=dict(told["review"]),
        left_s=told["estimatedTimeRemaining"],
        revision=told["revision"],
        rendering=told["rendering"],
    )


def _file(told: Told) -> File:
    names = "path language kind format bytes sha256 mime duration_ms url"
    return File(**{name: told[name] for name in names.split()})


def _price(told: Told) -> PriceRange:
    return PriceRange(told["low_usd"], told["high_usd"])


def moment_of(told: str | None) -> datetime | None:
    """A time, where one is told."""
    return datetime.fromisoformat(told) if told else None

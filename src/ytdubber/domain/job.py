"""A request to dub one recording into several languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from .errors import recalled
from .loudness import AUTO
from .origin import NO_REQUEST, Origin
from .separation import Separating
from .stage import Stage
from .video import VideoFormat
from .voice import VoiceTier
from .youtube import YouTubeOptions


@dataclass(frozen=True, slots=True)
class DubOptions:
    """How a job's dubs are made.

    Attributes:
        formats: Sound formats to deliver, by file extension.
        voices: The preferred voice by language: an id or a gender; `*` for all others; `pt:A` and
            `*:A` for one person's.
        tolerance_ms: How far the two stems' lengths may differ.
        loudness: The name of the loudness profile, or `loudness.AUTO`.
        ducking: Whether the background steps back while the voice speaks.
        source_rate: Whether the dub has the background's own sample rate rather than 48 kHz.
        voice_tier: Which engines speak.
        glossary: Names and terms to listen for, and to write as they are given.
        spoken_as: What voices say for a term that is written otherwise: see `domain.pronunciation`.
        track: Which of the voice file's sounds: its number from 1, or its language; None for the
            file's default.
        speakers: How many people speak, or None to find out.
        editable: Whether its recording and what engines made of it are kept as long as its files
            are, so that lines of it can be changed.
        keep: Whom and what to keep as they sound in the original: see `domain.keep`.
        stems: Whether voice and background come as they are in the mix, too, in its lossless
            formats.
        video: The container of the video that a job of the service comes with, if any; a command
            has it in its request.
        captions: What captions there are besides the usual ones: see `domain.caption_variant`.
        script: Whether a person wrote what is said, in a job of the service; a command has that in
            its request.
        translations: The languages for which a person wrote what is to be said; the same.
        video_per_language: Whether that is one for each language, in which it is what is heard.
        youtube: What a person gives for the page of a video on YouTube, in a job of the service; a
            command has that in its request.
        webhooks: Which of the user's endpoints are told of the job, by their ids; None for all.
        separate: When the voice is separated from the rest of its own file, where there is no
            background.
        watermark: Whether what a machine speaks carries the watermark; None for what is usual where
            it is made, until that is known.
    """

    formats: tuple[str, ...] = ("flac", "mp3")
    voices: dict[str, str] = field(default_factory=dict)
    tolerance_ms: int = 1_000
    loudness: str = AUTO
    ducking: bool = False
    source_rate: bool = False
    voice_tier: VoiceTier = VoiceTier.STANDARD
    glossary: tuple[str, ...] = ()
    spoken_as: dict[str, str] = field(default_factory=dict)
    track: str | None = None
    stems: bool = False
    video: VideoFormat | None = None
    video_per_language: bool = False
    separate: Separating = Separating.NEVER
    speakers: int | None = None
    keep: tuple[str, ...] = ()
    editable: bool = False
    captions: tuple[str, ...] = ()
    script: bool = False
    translations: tuple[str, ...] = ()
    youtube: YouTubeOptions = field(default_factory=YouTubeOptions)
    webhooks: tuple[str, ...] | None = None
    watermark: bool | None = None

    def voice_preference(self, language: str) -> str | None:
        """The preferred voice of a language, if any."""
        return self.voices.get(language, self.voices.get("*"))

    def voices_of_people(self, language: str) -> dict[str, str]:
        """The preferred voices of people by their labels, if any: an id or a gender."""
        found: dict[str, str] = {}
        for scope in ("*", language):
            for name, voice in self.voices.items():
                if name.startswith(f"{scope}:"):
                    found[name.partition(":")[2]] = voice
        return found


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked.

    Attributes:
        id: The job.
        source_language: What is spoken, or None to find out.
        target_languages: What to dub into.
        created_at: When it was asked, in UTC.
        options: How the dubs are made.
        user_id: Whose it is; None on a machine of one's own.
        title: What its user calls it.
        has_background: Whether there is music under the voice.
    """

    id: UUID
    source_language: str | None
    target_languages: tuple[str, ...]
    created_at: datetime
    options: DubOptions = field(default_factory=DubOptions)
    user_id: UUID | None = None
    title: str = ""
    has_background: bool = False


@dataclass(frozen=True, slots=True)
class JobState:
    """Where a job of the service is.

    Attributes:
        job: What was asked.
        stage: `awaiting_upload`, or a `Stage`.
        submitted_at: When the uploads were declared complete.
        finished_at: When its last language ended.
        deleted_at: When its user deleted it.
        cancel_requested: Whether its user wants no more of it.
        error_code: Why it failed as a whole, for programs.
        error_message: The same for people.
        refusal: What else the error said with which it was refused at submission; None where it was
            not.
        origin: The request that submitted it.
        sources_gone: Whether its recording is not kept any more.
    """

    job: Job
    stage: str
    submitted_at: datetime | None = None
    finished_at: datetime | None = None
    deleted_at: datetime | None = None
    cancel_requested: bool = False
    error_code: str | None = None
    error_message: str | None = None
    refusal: Mapping[str, object] | None = None
    origin: Origin = NO_REQUEST
    sources_gone: bool = False

    def need_not_refused(self) -> None:
        """Refuse it again, with the same words, where it was refused at submission.

        Raises:
            YtDubberError: it was.
        """
        if self.refusal is not None:
            raise recalled(self.error_code or "", self.error_message or "", self.refusal)


def job_stage(stages: Sequence[Stage]) -> Stage:
    """What a job's languages make of it: complete when all have ended and one is complete."""
    if not stages or not all(stage.final for stage in stages):
        return min((s for s in stages if not s.final), key=list(Stage).index, default=Stage.QUEUED)
    for outcome in (Stage.COMPLETE, Stage.FAILED):
        if outcome in stages:
            return outcome
    return Stage.CANCELLED

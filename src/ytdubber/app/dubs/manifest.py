"""`manifest.json`: what a dub consists of, what it was made from and by whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ytdubber.app.pipeline.artifacts import Dub, Prepared, to_review
from ytdubber.app.pipeline.file_entry import FileEntry, VideoEntry
from ytdubber.domain.casting import speaking_ms
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import SameLanguage
from ytdubber.domain.media import Interval
from ytdubber.domain.review import Place, ReviewReason, counted
from ytdubber.domain.scoreboard import score
from ytdubber.domain.transcript import Person, Transcript
from ytdubber.domain.voice import Gender
from ytdubber.ports.blob_store import BlobStore

NAME = "manifest.json"
RECOGNIZER, SEPARATOR = "speech_to_text", "separator"
"""Two of those who do what all languages share."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InputFile(_Strict):
    """A stem as it was given."""

    name: str
    bytes: int
    sha256: str
    duration_ms: int


class EngineEntry(_Strict):
    """Who did a piece of work; the version ends in the hash of the model's bytes."""

    provider: str
    model: str
    version: str


class Figures(_Strict):
    """How well a language fits: see `domain.scoreboard.TimingScore`, and the captions.

    `needs_review` counts the lines that a person should listen to and the stretches without a line
    in which somebody speaks; `review` counts them by reason, a line once for each of its reasons.
    """

    utterances: int
    needs_review: int
    review: dict[ReviewReason, int] = {}
    speech_overlap: float
    double_talk_s: float
    lost_speech_s: float
    holes_share: float = 0.0
    rate_p95: float
    rate_max: float
    rate_over_1_2_share: float
    rate_step_p95: float
    onset_drift_p95_s: float
    onset_drift_max_s: float
    duration_fit_share: float
    caption_cues: int
    caption_violations: int
    captions_passing_share: float


class Stretch(_Strict):
    """A stretch of the recording."""

    start_ms: int
    end_ms: int


class Uncovered(_Strict):
    """Where somebody speaks in the recording and no word was made out, and how long that is."""

    seconds: float
    stretches: list[Stretch]


class SpeakerEntry(_Strict):
    """Somebody who speaks in the recording, where several people are told apart: how long, what the
    voice sounds like and its median pitch where they can be told, and their voice by language. Who
    is `kept` sounds as in the original and has none.
    """

    id: str
    seconds: float
    kept: bool = False
    gender: Literal["female", "male"] | None = None
    pitch_hz: float | None = None
    voices: dict[str, str] = {}


class SourceEntry(_Strict):
    """What was dubbed, how long it is, and what of it was not made out.

    `foreign_ms` is how long what is said in other languages than `language` is; `track` is which of
    the voice file's sounds, from 1; `notes` are what a person should know of the files; `kept` is
    what every dub has as it is in the original.
    """

    voice: InputFile
    background: InputFile | None
    language: str
    language_requested: str | None
    foreign_ms: int = 0
    samples: int
    sample_rate_hz: int
    duration_ms: float
    stem_difference_ms: int
    track: int = 1
    notes: list[str] = []
    uncovered: Uncovered = Uncovered(seconds=0.0, stretches=[])
    kept: list[Stretch] = []


class ReviewEntry(_Strict):
    """A part of a dub that a person should listen to: see `domain.review.Place`."""

    start_ms: int
    end_ms: int
    line: str | None
    reasons: list[ReviewReason]


class LanguageEntry(_Strict):
    """One language: its files, or why there are none; loudness is the profile's name.

    `source` is what it was made from, where that is not the manifest's own; `notes` are sentences
    for its user.
    """

    status: Literal["complete", "failed", "skipped"]
    fingerprint: str
    loudness: str
    voice: str | None = None
    voices: dict[str, str] = {}
    engines: dict[str, EngineEntry] = {}
    files: list[FileEntry] = []
    figures: Figures | None = None
    review: list[ReviewEntry] = []
    timings_ms: dict[str, int] = {}
    error_code: str | None = None
    error_message: str | None = None
    source: SourceEntry | None = None
    notes: list[str] = []


class Manifest(_Strict):
    """The whole dub; `captions` and `script` are those of the recording, in its own language;
    `bundle` is what goes to YouTube.
    """

    schema_version: Literal[1]
    generator: str
    created_at: datetime
    source: SourceEntry
    transcript: FileEntry
    captions: list[FileEntry] = []
    script: FileEntry | None = None
    engines: dict[str, EngineEntry]
    models: dict[str, dict[str, str]]
    timings_ms: dict[str, int]
    speakers: list[SpeakerEntry] = []
    languages: dict[str, LanguageEntry]
    videos: list[VideoEntry] = []
    bundle: list[FileEntry] = []
    bundle_notes: list[str] = []

    @property
    def files(self) -> list[FileEntry]:
        """Every file it names."""
        of_languages = (file for entry in self.languages.values() for file in entry.files)
        return [*self.texts, *of_languages, *self.videos, *self.bundle]

    @property
    def texts(self) -> list[FileEntry]:
        """What was said, as files."""
        return [self.transcript, *self.captions, *([self.script] if self.script else [])]

    def to_json(self) -> bytes:
        """As stored."""
        return (self.model_dump_json(indent=2) + "\n").encode()


def read_manifest(blobs: BlobStore) -> Manifest | None:
    """The manifest of the dub that is there; None when there is none this version can read."""
    data = blobs.read(NAME)
    if data is None:
        return None
    try:
        return Manifest.model_validate_json(data)
    except ValidationError:
        return None


def intact(files: Sequence[FileEntry], blobs: BlobStore) -> bool:
    """Whether every file is there with the bytes the manifest names."""
    return all(blobs.sha256(file.path) == file.sha256 for file in files)


def unmade_entry(fingerprint: str, loudness: str, code: str, message: str) -> LanguageEntry:
    """A language that was not made, and why, as the manifest has it."""
    return LanguageEntry(
        status="skipped" if code == SameLanguage.code else "failed",
        fingerprint=fingerprint,
        loudness=loudness,
        error_code=code,
        error_message=message,
    )


def engine_entry(engine: EngineId) -> EngineEntry:
    """An engine as the manifest has it."""
    return EngineEntry(provider=engine.provider, model=engine.model, version=engine.version)


def shared_engines(prepared: Prepared, recognizer: EngineId) -> dict[str, EngineEntry]:
    """Who did what all languages share: the recognizer, unless another heard it, and whoever
    separated the recording and told its speakers apart.
    """
    found = {
        RECOGNIZER: prepared.engine or recognizer,
        SEPARATOR: prepared.source.separated_by,
        "diarizer": prepared.diarizer,
    }
    return {name: engine_entry(engine) for name, engine in found.items() if engine is not None}


def language_entry(dub: Dub, fingerprint: str) -> LanguageEntry:
    """A finished language as the manifest has it."""
    voices = list(dub.voices.values())
    return LanguageEntry(
        status="complete",
        fingerprint=fingerprint,
        loudness=dub.loudness,
        voice=voices[0].id,
        voices={str(speaker): voice.id for speaker, voice in dub.voices.items()}
        if len(voices) > 1
        else {},
        engines={
            "translator": engine_entry(dub.translator),
            "synthesizer": engine_entry(dub.synthesizer),
            "stretcher": engine_entry(dub.stretcher),
        },
        files=list(dub.files),
        figures=_figures(dub),
        review=[_review_entry(place) for place in to_review(dub)],
        timings_ms=dub.timings_ms,
        notes=list(dub.notes),
    )


def kept_entry(kept: Sequence[Interval]) -> list[Stretch]:
    """What is kept of the original, as the manifest has it."""
    return [Stretch(**asdict(each)) for each in kept]


def people_of(speakers: Sequence[SpeakerEntry]) -> tuple[Person, ...]:
    """They as a transcript has them."""
    return tuple(
        Person(each.id, Gender(each.gender) if each.gender else None, each.pitch_hz)
        for each in speakers
    )


def speaker_entries(prepared: Prepared) -> list[SpeakerEntry]:
    """Who speaks, where several people are told apart."""
    transcript = prepared.transcript
    dubbed_ms, spoken_ms = speaking_ms(transcript), Counter(speaking_ms(transcript))
    for said in (each for passage in prepared.kept for each in passage.said):
        spoken_ms[said.speaker] += said.duration_ms
    return [
        SpeakerEntry(
            id=person.id,
            seconds=spoken_ms[person.id] / 1000,
            kept=person.id not in dubbed_ms,
            gender=person.gender,  # type: ignore[arg-type]  # checked by the model
            pitch_hz=person.pitch_hz,
        )
        for person in transcript.people
    ]


def with_voices(
    speakers: Sequence[SpeakerEntry], languages: Mapping[str, "LanguageEntry"]
) -> list[SpeakerEntry]:
    """The same with the voice of each in every language that is there."""
    return [
        each.model_copy(
            update={
                "voices": {
                    language: entry.voices.get(each.id, entry.voice)
                    for language, entry in languages.items()
                    if entry.voice is not None and entry.source is None and not each.kept
                }
            }
        )
        for each in speakers
    ]


def uncovered_entry(transcript: Transcript) -> Uncovered:
    """What was not made out, as the manifest has it."""
    return Uncovered(
        seconds=sum(each.duration_ms for each in transcript.uncovered) / 1000,
        stretches=[Stretch(**asdict(each)) for each in transcript.uncovered],
    )


def _review_entry(place: Place) -> ReviewEntry:
    return ReviewEntry(
        start_ms=place.start_ms,
        end_ms=place.end_ms,
        line=place.line,
        reasons=list(place.reasons),
    )


def _figures(dub: Dub) -> Figures:
    found = asdict(score([line.scored for line in dub.lines], dub.uncovered))
    timing = {name: round(value, 4) for name, value in found.items()}
    lines, _ = timing.pop("lines"), timing.pop("flagged")
    review = to_review(dub)
    return Figures(
        utterances=lines,
        needs_review=len(review),
        review=counted(review),
        **timing,
        caption_cues=len(dub.captions.cues),
        caption_violations=len(dub.captions.violations),
        captions_passing_share=round(dub.captions.passing_share, 4),
    )

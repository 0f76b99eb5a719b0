"""What the stages hand to one another."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from ytdubber.app.pipeline.file_entry import FileEntry, TextFile
from ytdubber.app.pipeline.lines import FittedLine
from ytdubber.app.pipeline.notes import heard_notes, kept_notes
from ytdubber.audio.mixer import Mastered
from ytdubber.captions.check import Violation, passing_share
from ytdubber.captions.cues import Cue
from ytdubber.domain.casting import Speaker
from ytdubber.domain.engine import EngineId
from ytdubber.domain.held_levels import HeldLevels
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.loudness import profile_name
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.review import Place, places
from ytdubber.domain.script import ScriptLine
from ytdubber.domain.separation import Separating
from ytdubber.domain.transcript import Person, Transcript
from ytdubber.domain.voice import Voice


@dataclass(frozen=True, slots=True)
class Stem:
    """A file as the user gave it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """Both stems, decoded to their true length.

    Attributes:
        voice: The voice at 16 kHz, mono.
        background: The background at the output's rate, mono or stereo, if there is one.
        voice_ms: True length of the voice stem.
        background_ms: True length of the background stem, if there is one.
        total_samples: The length of every dub, at sample_rate_hz.
        sample_rate_hz: The output's rate.
        track: Which of the voice file's sounds it is, from 1.
        zero_s: The voice file's time at sample 0 of every dub.
        notes: What a person should know of the files, in sentences.
        mix: All of the voice file at the output's rate, while it may be separated.
        separated_by: Who separated voice and background, where they came in one file.
        original_lufs: How loud the original is, where its parts no longer tell.
        original: The voice at the output's rate or its own, where parts of it are kept.
        film: Whether the voice file has a picture.
    """

    voice: AudioFile
    background: AudioFile | None
    voice_ms: int
    background_ms: int | None
    total_samples: int
    sample_rate_hz: int
    track: int = 1
    zero_s: float = 0.0
    notes: tuple[str, ...] = ()
    mix: AudioFile | None = None
    separated_by: EngineId | None = None
    original_lufs: float | None = None
    original: AudioFile | None = None
    film: bool = False

    def loudness(self, asked: str) -> str:
        """The name of the profile of its dubs."""
        return profile_name(asked, heard_beside=self.film or self.separated_by is not None)

    @property
    def total_ms(self) -> int:
        """The length of every dub, rounded down."""
        return self.total_samples * 1000 // self.sample_rate_hz


@dataclass(frozen=True, slots=True)
class HeardBefore:
    """What hearing a recording found, beside what is said.

    Attributes:
        total_ms: The length of every dub, rounded down.
        separated: Whether the voice file was taken apart.
        people: Who speaks, where several people were told apart.
        kept: As `Prepared.kept`.
    """

    total_ms: int
    separated: bool = False
    people: tuple[Person, ...] = ()
    kept: tuple[KeptPassage, ...] = ()

    @property
    def separate(self) -> Separating:
        """What is to be done with the voice file, now that it is known."""
        return Separating.ALWAYS if self.separated else Separating.NEVER


@dataclass(frozen=True, slots=True)
class Prepared:
    """What all languages of a job share.

    Attributes:
        total_ms: The length of every dub, rounded down.
        transcript: What is said and dubbed.
        decoded: The stems, which may still be under way: vendors need not wait for them.
        engine: Who heard it; None where it was heard by another run.
        script_notes: What a person should know of the script they gave, and of how speakers were
            told apart, in sentences.
        diarizer: Who told speakers apart; None where nobody had to.
        kept: What is in every dub as it is in the original, in order; the transcript is the rest.
        sounds: What is heard besides, where a person wrote it down.
    """

    total_ms: int
    transcript: Transcript
    decoded: Future[Source]
    engine: EngineId | None = None
    script_notes: tuple[str, ...] = ()
    diarizer: EngineId | None = None
    kept: tuple[KeptPassage, ...] = ()
    sounds: tuple[ScriptLine, ...] = ()

    @property
    def kept_intervals(self) -> tuple[Interval, ...]:
        """When the original is kept."""
        return tuple(each.interval for each in self.kept)

    @property
    def source(self) -> Source:
        """The stems, as soon as they are decoded."""
        return self.decoded.result()

    @property
    def notes(self) -> list[str]:
        """What a person should know of the files and of what is said in them, in sentences."""
        heard = heard_notes(self.transcript, self.total_ms)
        return [*self.source.notes, *self.script_notes, *heard, *kept_notes(self.kept)]


@dataclass(frozen=True, slots=True)
class Captions:
    """The captions of a dub, and what in them breaks a rule; `files` has their variants, too."""

    cues: tuple[Cue, ...]
    violations: tuple[Violation, ...]
    files: tuple[TextFile, ...]

    @property
    def passing_share(self) -> float:
        """The share of cues that keep every rule."""
        return passing_share(self.cues, self.violations)


@dataclass(frozen=True, slots=True)
class Mixed:
    """Finished sound, how it was levelled, and what a person should know of that, in sentences."""

    files: tuple[Mastered, ...]
    levels: HeldLevels
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """Finished sound after its signing.

    Attributes:
        files: All of it, with sizes and hashes as they are now.
        paths: Where those are that are signed.
        notes: What could not be signed, in sentences.
    """

    files: tuple[Mastered, ...]
    paths: frozenset[Path]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dub:
    """One language, done.

    Attributes:
        language: The target.
        voices: Who spoke each speaker's lines, the main speaker's voice first.
        translator: Who translated.
        synthesizer: Whose voices they are.
        stretcher: What makes its lines shorter.
        lines: Every line, in order.
        captions: Timed to the lines.
        files: What was made.
        total_ms: Its length, rounded down.
        uncovered: Stretches in which somebody speaks and that have no line, in order.
        timings_ms: How long each stage took.
        notes: What else its user should know.
        around: As `Script.around`, of the engine that spoke it.
        loudness: The name of its loudness profile.
    """

    language: str
    voices: Mapping[Speaker, Voice]
    translator: EngineId
    synthesizer: EngineId
    stretcher: EngineId
    lines: tuple[FittedLine, ...]
    captions: Captions
    files: tuple[FileEntry, ...]
    timings_ms: dict[str, int]
    total_ms: int
    uncovered: tuple[Interval, ...] = ()
    notes: tuple[str, ...] = ()
    around: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    loudness: str = ""


def to_review(dub: Dub) -> tuple[Place, ...]:
    """What a person should listen to, in order."""
    lines = [
        Place(line.placement.start_ms, line.placement.end_ms, line.id, line.review)
        for line in dub.lines
    ]
    return places(lines, dub.uncovered, dub.total_ms)

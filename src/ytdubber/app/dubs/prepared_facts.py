"""What was found of a recording, for the manifest and for the work that comes after."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from ytdubber.app.dubs.manifest import (
    RECOGNIZER,
    SEPARATOR,
    EngineEntry,
    SpeakerEntry,
    people_of,
    shared_engines,
    speaker_entries,
)
from ytdubber.app.pipeline.artifacts import HeardBefore, Prepared
from ytdubber.domain.engine import EngineId
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.script import ScriptLine


class PreparedFacts(BaseModel):
    """What hearing the recording found, kept for the manifest and for its languages.

    Attributes:
        samples: The length of every dub, at sample_rate_hz.
        sample_rate_hz: The output's rate.
        voice_ms: True length of the voice stem.
        background_ms: True length of the background stem, if there is one.
        engine: Who heard it.
        timings_ms: How long each stage took.
        track: Which of the voice file's sounds it is, from 1.
        zero_s: The voice file's time at sample 0 of every dub.
        notes: What a person should know of the files, in sentences.
        engines: Who else did what all languages share, as the manifest calls it.
        speakers: Who speaks, where several people are told apart.
        kept: What is in every dub as it is in the original.
        sounds: What is heard besides, where a person wrote it down.
        film: Whether the voice file has a picture.
        film_ms: How long that file is by its header; None without a picture.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    samples: int
    sample_rate_hz: int
    voice_ms: int
    background_ms: int | None
    engine: EngineEntry
    timings_ms: dict[str, int]
    track: int = 1
    zero_s: float = 0.0
    notes: list[str] = []
    engines: dict[str, EngineEntry] = {}
    speakers: list[SpeakerEntry] = []
    kept: tuple[KeptPassage, ...] = ()
    sounds: tuple[ScriptLine, ...] = ()
    film: bool = False
    film_ms: float | None = None

    @classmethod
    def of(
        cls,
        prepared: Prepared,
        timings_ms: Mapping[str, int],
        recognizer: EngineId,
        film_ms: float | None = None,
    ) -> "PreparedFacts":
        """Of a recording whose stems are decoded.

        Args:
            prepared: It.
            timings_ms: How long each stage took.
            recognizer: Who heard it, unless another is named there.
            film_ms: How long the film is, where it is one.
        """
        source, engines = prepared.source, shared_engines(prepared, recognizer)
        return cls(
            samples=source.total_samples,
            sample_rate_hz=source.sample_rate_hz,
            voice_ms=source.voice_ms,
            background_ms=source.background_ms,
            engine=engines.pop(RECOGNIZER),
            timings_ms=dict(timings_ms),
            track=source.track,
            zero_s=source.zero_s,
            notes=prepared.notes,
            engines=engines,
            speakers=speaker_entries(prepared),
            kept=prepared.kept,
            sounds=prepared.sounds,
            film=source.film,
            film_ms=film_ms,
        )

    @property
    def heard(self) -> HeardBefore:
        """What languages need of it."""
        separated, people = SEPARATOR in self.engines, people_of(self.speakers)
        return HeardBefore(self.total_ms, separated, people, self.kept)

    @property
    def total_ms(self) -> int:
        """The length of every dub, rounded down."""
        return self.samples * 1000 // self.sample_rate_hz

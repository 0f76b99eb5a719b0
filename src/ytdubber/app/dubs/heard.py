"""A recording that was heard: the texts that all its dubs share, and their manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ytdubber.app.dubs.manifest import (
    RECOGNIZER,
    InputFile,
    LanguageEntry,
    Manifest,
    SourceEntry,
    kept_entry,
    uncovered_entry,
    with_voices,
)
from ytdubber.app.dubs.prepared_facts import PreparedFacts
from ytdubber.app.pipeline.file_entry import FileEntry, TextFile
from ytdubber.app.pipeline.original_texts import original_texts
from ytdubber.domain.caption_variant import variants_of
from ytdubber.domain.job import DubOptions
from ytdubber.domain.transcript import Transcript
from ytdubber.version import __version__


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files a dub is made from; their length is not known before they are decoded."""

    voice: InputFile
    background: InputFile | None

    @property
    def hashes(self) -> list[str | None]:
        """Their SHA-256."""
        return [self.voice.sha256, self.background.sha256 if self.background else None]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the dubs of a recording share, on one's own machine as in the service.

    Attributes:
        transcript: What is said and dubbed.
        facts: What else was found.
        inputs: Its files.
    """

    transcript: Transcript
    facts: PreparedFacts
    inputs: Inputs

    def texts(self, title: str, options: DubOptions) -> tuple[TextFile, ...]:
        """`transcript.json` first, then the script and the captions, with the variants asked for.

        Args:
            title: What the recording is called.
            options: How its dubs are made.
        """
        facts, variants = self.facts, variants_of(options.captions)
        return original_texts(
            self.transcript, facts.kept, facts.total_ms, title, variants, facts.sounds
        )

    def manifest(
        self,
        language_requested: str | None,
        texts: Sequence[FileEntry],
        models: dict[str, dict[str, str]],
        created_at: datetime,
        languages: Mapping[str, LanguageEntry],
    ) -> Manifest:
        """That of a dub.

        Args:
            language_requested: What was said to be spoken; None where that was to be found out.
            texts: As `texts` makes them, in any order.
            models: The pinned hashes of the models in use: model -> file -> SHA-256.
            created_at: When it was made.
            languages: Those that are there, or why they are not.
        """
        facts, inputs, background = self.facts, self.inputs, self.inputs.background
        if background is not None:
            background = _lasting(background, facts.background_ms or 0)
        length_ms = facts.voice_ms if facts.background_ms is None else facts.background_ms
        by_kind = {text.kind: text for text in texts}
        transcript, script = by_kind["transcript"], by_kind["script"]
        return Manifest(
            schema_version=1,
            generator=f"ytdubber {__version__}",
            created_at=created_at,
            source=SourceEntry(
                voice=_lasting(inputs.voice, facts.voice_ms),
                background=background,
                language=self.transcript.language,
                foreign_ms=self.transcript.foreign_ms,
                language_requested=language_requested,
                samples=facts.samples,
                sample_rate_hz=facts.sample_rate_hz,
                duration_ms=round(facts.samples * 1000 / facts.sample_rate_hz, 3),
                stem_difference_ms=facts.voice_ms - length_ms,
                track=facts.track,
                notes=facts.notes,
                uncovered=uncovered_entry(self.transcript),
                kept=kept_entry([each.interval for each in facts.kept]),
            ),
            transcript=transcript,
            captions=[text for text in texts if text not in (transcript, script)],
            script=script,
            engines={RECOGNIZER: facts.engine, **facts.engines},
            models=models,
            timings_ms=facts.timings_ms,
            speakers=with_voices(facts.speakers, languages),
            languages=dict(languages),
        )


def _lasting(file: InputFile, duration_ms: int) -> InputFile:
    return file.model_copy(update={"duration_ms": duration_ms})

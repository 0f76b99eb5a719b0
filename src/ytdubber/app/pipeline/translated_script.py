"""What to say in a dub: translated, or given by a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ytdubber.app.pipeline.artifacts import DubbedLine, FittedLine, Prepared
from ytdubber.domain.edited_transcript import edited_transcript
from ytdubber.domain.engine import EngineId
from ytdubber.domain.given_lines import given_lines
from ytdubber.domain.held_levels import HeldLevels
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.line_edit import LineEdits, shifted
from ytdubber.domain.media import Interval
from ytdubber.domain.review import Reasons, merged
from ytdubber.domain.script import Script, ScriptLine
from ytdubber.domain.timing import Slot, slots
from ytdubber.domain.transcript import Transcript

GIVEN = EngineId("person", "script", "1")
"""Who translated lines that a person gave."""


@dataclass(frozen=True, slots=True)
class TranslatedScript:
    """What was said, and what to say instead.

    Attributes:
        transcript: What was said, cut as the dub's lines are.
        rooms: Each line's place and room, in order.
        texts: What to say, by utterance id.
        translator: Who translated.
        total_ms: The length of the recording.
        review: Why lines need review, by the ids of those that do.
        notes: What a person should know of it, in sentences.
        kept: What is in the dub as it is in the original.
        edits: What a person wants otherwise than it would be made.
        around: As `Script.around`.
        levels: As `Script.levels`.
        sounds: What is heard besides, in the dub's language, where a person wrote it down.
    """

    transcript: Transcript
    rooms: Sequence[Slot]
    texts: Mapping[str, str]
    translator: EngineId
    total_ms: int
    review: Mapping[str, Reasons] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    kept: tuple[KeptPassage, ...] = ()
    edits: LineEdits = field(default_factory=LineEdits)
    around: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    levels: HeldLevels | None = None
    sounds: tuple[ScriptLine, ...] = ()

    @property
    def kept_intervals(self) -> tuple[Interval, ...]:
        """When the original is kept."""
        return tuple(each.interval for each in self.kept)

    @property
    def given(self) -> bool:
        """Whether a person gave it: then it is said word for word."""
        return self.translator == GIVEN

    def dubbed(self, fitted: Sequence[FittedLine]) -> tuple[DubbedLine, ...]:
        """All that is known of each line, once it has its place."""
        return tuple(
            DubbedLine(
                utterance,
                line.text,
                line.slot,
                line.placement,
                merged(self.review.get(utterance.id, ()), line.placement.review),
            )
            for utterance, line in zip(self.transcript.utterances, fitted, strict=True)
        )


def given_script(script: Script, prepared: Prepared, language: str) -> TranslatedScript:
    """What a person wants said.

    Args:
        script: The text.
        prepared: What is said in the recording, and what of it is kept.
        language: The language the text is in.

    Raises:
        BadInput: the script does not fit the recording.
    """
    transcript = edited_transcript(prepared.transcript, script.edits)
    lines, total_ms = given_lines(script, transcript, language), prepared.total_ms
    rooms = slots(lines.transcript.utterances, total_ms, prepared.kept_intervals)
    return TranslatedScript(
        lines.transcript,
        shifted(rooms, script.edits, total_ms),
        lines.texts,
        GIVEN,
        total_ms,
        notes=script.notes,
        kept=prepared.kept,
        edits=script.edits,
        around=script.around,
        levels=script.levels,
        sounds=script.sounds,
    )

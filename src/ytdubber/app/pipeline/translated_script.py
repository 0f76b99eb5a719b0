"""What to say in a dub: translated, or given by a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ytdubber.app.pipeline.artifacts import Prepared
from ytdubber.app.pipeline.lines import ScriptedLine, scripted_lines
from ytdubber.domain.edited_transcript import edited_transcript, kept_lines
from ytdubber.domain.engine import EngineId
from ytdubber.domain.given_lines import given_lines
from ytdubber.domain.held_levels import HeldLevels
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.line_edit import LineEdits, shifted
from ytdubber.domain.media import Interval
from ytdubber.domain.script import Script, ScriptLine
from ytdubber.domain.timing import slots
from ytdubber.domain.transcript import Transcript

GIVEN = EngineId("person", "script", "1")
"""Who translated lines that a person gave."""


@dataclass(frozen=True, slots=True)
class TranslatedScript:
    """What was said, and what to say instead.

    Attributes:
        transcript: What was said, cut as the dub's lines are.
        lines: What to say, a line for each utterance, in order.
        translator: Who translated.
        total_ms: The length of the recording.
        notes: What a person should know of it, in sentences.
        kept: What is in the dub as it is in the original.
        edits: What a person wants otherwise than it would be made.
        around: As `Script.around`.
        levels: As `Script.levels`.
        sounds: What is heard besides, in the dub's language, where a person wrote it down.
    """

    transcript: Transcript
    lines: tuple[ScriptedLine, ...]
    translator: EngineId
    total_ms: int
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

    def line(self, line_id: str) -> ScriptedLine:
        """One of them.

        Raises:
            KeyError: there is none with this id.
        """
        found = next((line for line in self.lines if line.id == line_id), None)
        if found is None:
            raise KeyError(line_id)
        return found


def given_script(script: Script, prepared: Prepared, language: str) -> TranslatedScript:
    """What a person wants said.

    Args:
        script: The text.
        prepared: What is said in the recording, and what of it is kept.
        language: The language the text is in.

    Raises:
        BadInput: the script does not fit the recording.
    """
    heard, total_ms = prepared.transcript, prepared.total_ms
    given = given_lines(script, edited_transcript(heard, script.edits), language)
    said = given.transcript.utterances
    more = kept_lines(heard, script.edits, prepared.kept_intervals, total_ms)
    kept = sorted((*prepared.kept, *more), key=lambda passage: passage.interval)
    rooms = slots(said, total_ms, [each.interval for each in kept])
    rooms = shifted(rooms, script.edits, total_ms)
    return TranslatedScript(
        given.transcript,
        tuple(scripted_lines(said, rooms, given.texts, {})),
        GIVEN,
        total_ms,
        notes=script.notes,
        kept=tuple(kept),
        edits=script.edits,
        around=script.around,
        levels=script.levels,
        sounds=script.sounds,
    )

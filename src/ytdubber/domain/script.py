"""A text that a person gives: what is said in a recording, or what is to be said in a dub of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .errors import ScriptOutOfStep
from .held_levels import HeldLevels
from .line_edit import LineEdits
from .media import Interval
from .spacing import pieces
from .transcript import Word

NOTED = 5
"""So many of the places that are left out are named."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line of a script.

    Attributes:
        text: What is said, on one line, without markup.
        interval: When, where the script says so.
        utterance_id: Which utterance of the recording it is, where the script says so.
        speaker: Who says it, where the script says so.
    """

    text: str
    interval: Interval | None = None
    utterance_id: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A script as its file gives it.

    Attributes:
        name: What errors call the file.
        lines: In order; none is empty.
        left_out: What in it is no speech, such as `[applause]`.
        edits: How a person wants its lines said, other than as they would be.
        around: What an engine was told to be said before and after lines when it spoke them, by
            utterance id: so that a line is the same although its neighbour is another.
        levels: How loud a dub was of which this changes lines.
        sounds: What of `left_out` is a sound with a time, such as `[applause]`, in order.
    """

    name: str
    lines: tuple[ScriptLine, ...]
    left_out: tuple[str, ...] = ()
    edits: LineEdits = field(default_factory=LineEdits)
    around: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    levels: HeldLevels | None = None
    sounds: tuple[ScriptLine, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever gave it should know, in sentences."""
        if not self.left_out:
            return ()
        shown = ", ".join(dict.fromkeys(self.left_out[:NOTED]))
        more = ", ..." if len(self.left_out) > NOTED else ""
        return (f"{self.name}: what is no speech is left out: {shown}{more}.",)

    @property
    def timed(self) -> bool:
        """Whether it says when its lines are said."""
        return all(line.interval is not None for line in self.lines)

    @property
    def by_utterance(self) -> bool:
        """Whether it says which utterances its lines are."""
        return all(line.utterance_id is not None for line in self.lines)


def words_of(line: ScriptLine, language: str) -> Iterator[str]:
    """The words of a line, or its letters where the language writes no spaces."""
    return (text for piece in pieces(line.text, language) if (text := piece.strip()))


def spread(texts: list[str], when: Interval, speaker: str | None) -> list[Word]:
    """Words over a stretch of time, each in proportion to its letters."""
    total, done, words = max(1, sum(map(len, texts))), 0, list[Word]()
    for text in texts:
        start_ms = when.start_ms + when.duration_ms * done // total
        done += len(text)
        end_ms = when.start_ms + when.duration_ms * done // total
        words.append(Word(text, start_ms, end_ms, 1.0, speaker))
    return words


def out_of_step(script: Script, late_ms: float) -> ScriptOutOfStep:
    """Why a script is refused whose lines stand so much later than what is said."""
    how = "late" if late_ms > 0 else "early"
    return ScriptOutOfStep(file=script.name, seconds=abs(late_ms) / 1000, how=how)

"""How loud a dub was made, so that it is as loud when a line of it is made anew."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FileLevel:
    """How a file was levelled.

    Attributes:
        content: What is in it: `voice` or `mix`.
        format: Its extension.
        gain_db: The gain before its limiter.
        ceiling_dbtp: The limiter's ceiling.
        loss_lu: What its codec takes from the loudness.
        integrated_lufs: How loud it was then.
    """

    content: str
    format: str
    gain_db: float
    ceiling_dbtp: float
    loss_lu: float
    integrated_lufs: float


@dataclass(frozen=True, slots=True)
class HeldLevels:
    """The levels of one dub.

    Attributes:
        voice_db: The gain that brings its voice to the level of the original's.
        lines: The gain of each line, by utterance id.
        files: Those of its files.
    """

    voice_db: float
    lines: Mapping[str, float] = field(default_factory=dict)
    files: Sequence[FileLevel] = ()

    def without(self, changed: set[str]) -> "HeldLevels":
        """The same, but for lines that are made anew."""
        kept = {name: gain for name, gain in self.lines.items() if name not in changed}
        return HeldLevels(self.voice_db, kept, self.files)

    def to_json(self) -> dict[str, Any]:
        """As `levels_of` reads it."""
        return {
            "voice_db": self.voice_db,
            "lines": dict(self.lines),
            "files": [asdict(each) for each in self.files],
        }


def levels_of(stored: Any) -> HeldLevels | None:
    """The levels as they were written; None where a dub was made before they were, or where they
    are not readable any more: it is levelled as if for the first time then.
    """
    try:
        files = tuple(FileLevel(**each) for each in stored["files"])
        return HeldLevels(float(stored["voice_db"]), dict(stored["lines"]), files)
    except (KeyError, TypeError, ValueError):
        return None

"""SubRip (.srt)."""

from collections.abc import Sequence

from .cues import Cue


def timestamp(ms: int, point: str = ",") -> str:
    """`01:02:03,456`."""
    seconds, millis = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{millis:03}"


def srt(cues: Sequence[Cue]) -> str:
    """The cues as a SubRip file. `<` and `>` would be read as markup and become `‹` and `›`."""
    blocks = (
        f"{number}\n{timestamp(cue.start_ms)} --> {timestamp(cue.end_ms)}\n{_text(cue)}\n"
        for number, cue in enumerate(cues, start=1)
    )
    return "\n".join(blocks)


def _text(cue: Cue) -> str:
    return "\n".join(cue.lines).replace("<", "‹").replace(">", "›")

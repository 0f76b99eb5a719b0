"""WebVTT (.vtt)."""

from collections.abc import Sequence

from .cues import Cue
from .srt import timestamp


def vtt(cues: Sequence[Cue]) -> str:
    """The cues as a WebVTT file, text escaped as the standard asks."""
    blocks = (
        f"{timestamp(cue.start_ms, '.')} --> {timestamp(cue.end_ms, '.')}\n{_text(cue)}\n"
        for cue in cues
    )
    return "\n".join(["WEBVTT\n", *blocks])


def _text(cue: Cue) -> str:
    escaped = "\n".join(cue.lines).replace("&", "&amp;").replace("<", "&lt;")
    return escaped.replace(">", "&gt;")

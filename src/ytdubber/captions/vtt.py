"""WebVTT (.vtt)."""

from collections.abc import Sequence

from .cues import Cue
from .srt import timestamp


def vtt(cues: Sequence[Cue], language: str | None = None, note: str = "") -> str:
    """The cues as a WebVTT file, text escaped as the standard asks.

    Args:
        cues: What is shown, in order.
        language: The language as BCP 47, for the header.
        note: A comment, of one line.
    """
    head = "WEBVTT\n" + (f"Kind: captions\nLanguage: {language}\n" if language else "")
    comment = [f"NOTE {note}\n"] if note else []
    blocks = (
        f"{timestamp(cue.start_ms, '.')} --> {timestamp(cue.end_ms, '.')}\n{_text(cue)}\n"
        for cue in cues
    )
    return "\n".join([head, *comment, *blocks])


def _text(cue: Cue) -> str:
    escaped = "\n".join(cue.lines).replace("&", "&amp;").replace("<", "&lt;")
    return escaped.replace(">", "&gt;")

"""Scripts as W3C's profile of TTML2 for dubbing has them (DAPT 1.0)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from ytdubber.domain.media import Interval

from .ttml import DAPTM, METADATA, TTML
from .ttml_times import PARAMETER

_PROFILE = TTML + "/profile/dapt1.0/content"
_DIALOGUE, _SOUNDS = "audio.dialogue", "audio.nonDialogueSounds"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, in any form."""


@dataclass(frozen=True, slots=True)
class ScriptEvent:
    """Something that is said, or heard.

    Attributes:
        interval: When, in the recording.
        original: What is said.
        translation: What is to be said instead, if anything.
        speaker: Who says it.
        sound: Whether it is no speech.
    """

    interval: Interval
    original: str
    translation: str = ""
    speaker: str | None = None
    sound: bool = False


def dapt(
    events: Sequence[ScriptEvent], title: str, original: str, translation: str | None = None
) -> str:
    """A transcript of a recording, or the same with its translation.

    Args:
        events: What is said, in order.
        title: What the recording is called.
        original: The recording's language as BCP 47.
        translation: The translation's; None without one.
    """
    people = list(dict.fromkeys(each.speaker for each in events if each.speaker))
    ids = {name: f"character_{number}" for number, name in enumerate(people, start=1)}
    represents = [_DIALOGUE, *([_SOUNDS] if any(each.sound for each in events) else [])]
    kind = "originalTranscript" if translation is None else "translatedTranscript"
    body = (
        line
        for number, event in enumerate(events, start=1)
        for line in _event(number, event, ids, original, translated=translation is not None)
    )
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<tt xmlns="{TTML}"',
        f'    xmlns:ttp="{PARAMETER}"',
        f'    xmlns:ttm="{METADATA}"',
        f'    xmlns:daptm="{DAPTM}"',
        f'    ttp:contentProfiles="{_PROFILE}"',
        f"    xml:lang={quoteattr(translation or original)}",
        f"    daptm:langSrc={quoteattr(original)}",
        f'    daptm:scriptRepresents="{" ".join(represents)}"',
        f'    daptm:scriptType="{kind}">',
        "  <head>",
        "    <metadata>",
        *([f"      <ttm:title>{_escaped(title)}</ttm:title>"] if title.strip() else []),
        *(line for name in people for line in _character(ids[name], name)),
        "    </metadata>",
        "  </head>",
        "  <body>",
        *body,
        "  </body>",
        "</tt>",
    ]
    return "\n".join(lines) + "\n"


def _character(number: str, name: str) -> Iterator[str]:
    yield f'      <ttm:agent type="character" xml:id="{number}">'
    yield f'        <ttm:name type="alias">{_escaped(name)}</ttm:name>'
    yield "      </ttm:agent>"


def _event(
    number: int, event: ScriptEvent, ids: dict[str, str], original: str, *, translated: bool
) -> Iterator[str]:
    begin, end = (_time(ms) for ms in (event.interval.start_ms, event.interval.end_ms))
    said_by = f' ttm:agent="{ids[event.speaker]}"' if event.speaker else ""
    represents = _SOUNDS if event.sound else _DIALOGUE
    yield (
        f'    <div xml:id="event_{number}" begin="{begin}" end="{end}"{said_by}'
        f' daptm:represents="{represents}">'
    )
    if event.original:
        language = f" xml:lang={quoteattr(original)}" if translated else ""
        yield f"      <p{language}>{_escaped(event.original)}</p>"
    if event.translation:
        yield f"      <p>{_escaped(event.translation)}</p>"
    yield "    </div>"


def _time(ms: int) -> str:
    """`12.345s`."""
    return f"{ms // 1000}.{ms % 1000:03}s"


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("", text))

"""Lines of a dub that a person splits, joins and adds, as edits of what was heard."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .errors import BadField
from .line_edit import LineEdit, LineEdits
from .spacing import joined
from .transcript import Word

SHORTEST_MS = 100
"""A line that a person cuts or adds has at least so long."""
TOO_SHORT = f"a line has at least {SHORTEST_MS} ms"


@dataclass(frozen=True, slots=True)
class LineAsItIs:
    """A line as it is to be, before it is cut.

    Attributes:
        id: Its id.
        source: What was said.
        text: What is to be said.
        start_ms: When it was said.
        end_ms: Until when.
        speaker: By whom.
    """

    id: str
    source: str
    text: str
    start_ms: int
    end_ms: int
    speaker: str | None


def split(
    edits: LineEdits, line: LineAsItIs, at: int, words: Sequence[Word], new_id: str, language: str
) -> LineEdits:
    """With a line as two: its text is cut, and what was said at the pause that is nearest to that.

    Args:
        edits: How lines are to be.
        line: Which one.
        at: After so many letters of its text.
        words: What was heard of it.
        new_id: The second one's.
        language: What is spoken in the recording.

    Raises:
        BadField: nothing would be left on one side, or it is too short.
    """
    texts = line.text[:at].strip(), line.text[at:].strip()
    if not all(texts):
        raise BadField(field="at", reason="give a place within the text")
    if line.end_ms - line.start_ms < 2 * SHORTEST_MS:
        raise BadField(field="at", reason=f"a line of less than {2 * SHORTEST_MS} ms is not split")
    share = len(line.text[:at]) / len(line.text)
    ends_ms, begins_ms, sources = _cut(line, share, words, language)
    edit = edits.of(line.id)
    first = replace(edit, text=texts[0], source=sources[0], start_ms=line.start_ms, end_ms=ends_ms)
    second = replace(
        edit,
        text=texts[1],
        source=sources[1],
        start_ms=begins_ms,
        end_ms=line.end_ms,
        speaker=line.speaker,
        shift_ms=0,
    )
    return edits.replaced(line.id, first).replaced(new_id, second)


def _cut(
    line: LineAsItIs, share: float, words: Sequence[Word], language: str
) -> tuple[int, int, tuple[str, str]]:
    """When the first part ends and the second begins, and what is said in each."""
    at_ms = line.start_ms + round(share * (line.end_ms - line.start_ms))
    gaps = [
        (abs((a.end_ms + b.start_ms) / 2 - at_ms) - (b.start_ms - a.end_ms), number)
        for number, (a, b) in enumerate(pairwise(words), 1)
        if line.start_ms + SHORTEST_MS <= a.end_ms <= b.start_ms <= line.end_ms - SHORTEST_MS
    ]
    if not gaps:  # it was not heard word by word
        cut = round(share * len(line.source))
        space = line.source.find(" ", cut)
        cut = len(line.source) if space < 0 else space
        return at_ms, at_ms, (line.source[:cut].strip(), line.source[cut:].strip())
    _, number = min(gaps)
    texts = [[word.text for word in part] for part in (words[:number], words[number:])]
    said = joined(texts[0], language), joined(texts[1], language)
    return words[number - 1].end_ms, words[number].start_ms, said


def merged(
    edits: LineEdits, line: LineAsItIs, following: LineAsItIs, source: str, target: str
) -> LineEdits:
    """With a line and the one after it as one.

    Args:
        edits: How lines are to be.
        line: The first.
        following: The second, which is not said by itself any more.
        source: What is spoken in the recording.
        target: What is spoken in the dub.

    Raises:
        BadField: two people say them.
    """
    if line.speaker != following.speaker:
        raise BadField(field="line", reason="it and the next are said by two people")
    edit = replace(
        edits.of(line.id),
        text=joined((line.text, following.text), target, phrases=True),
        source=joined((line.source, following.source), source, phrases=True),
        start_ms=line.start_ms,
        end_ms=max(line.end_ms, following.end_ms),
    )
    gone = replace(edits.of(following.id), removed=True)
    return edits.replaced(line.id, edit).replaced(following.id, gone)


def added(
    edits: LineEdits, new_id: str, text: str, start_ms: int, end_ms: int, speaker: str | None
) -> LineEdits:
    """With a line where nobody heard one.

    Raises:
        BadField: it is too short, or no line can say this.
    """
    if end_ms - start_ms < SHORTEST_MS:
        raise BadField(field="end_ms", reason=TOO_SHORT)
    place = {"start_ms": start_ms, "end_ms": end_ms, "speaker": speaker, "source": ""}
    return edits.replaced(new_id, LineEdit().with_changes(place | {"text": text}))

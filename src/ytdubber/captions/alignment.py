"""Which cue shows which line of the dub, found by their texts: a caption file does not say."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .cues import Cue
from .speech import SpokenText

_ENOUGH = 16
"""So many letters of a line's beginning are looked for."""
_WINDOW_MS = 8_000
"""How far from its line's onset a cue is looked for: a cue of the longest, and a little."""

_AT_ONCE_MS = 100
"""A cue so near to a line's onset begins with it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the text of a line begins: in which cue, and whether that cue begins with it."""

    cue: int
    leads: bool


def places(cues: Sequence[Cue], spoken: Sequence[SpokenText]) -> list[Place | None]:
    """For each line where it is shown, in the cue next to its onset that has its text.

    None for a line without text, and where no cue about its time has it.
    """
    order = sorted(range(len(cues)), key=lambda place: cues[place].start_ms)
    starts = [cues[place].start_ms for place in order]
    rows = ["".join(map(plain, cue.lines)) for cue in cues]
    found: list[Place | None] = []
    taken = [0] * len(cues)  # what an earlier line with the same words has found is not found again
    for line in spoken:
        onset, whole = line.interval.start_ms, plain(line.text)
        wanted = whole[:_ENOUGH]
        near = range(
            bisect_left(starts, onset - _WINDOW_MS), bisect_right(starts, onset + _WINDOW_MS)
        )
        nearest = sorted(near, key=lambda at: _distance(cues[order[at]], onset))
        hits = (
            (at, offset)
            for at in nearest
            if wanted and (offset := _found(wanted, order[at : at + 3], rows, taken)) is not None
        )
        hit = next(hits, None)
        if hit is not None:
            _take(taken, order[hit[0] :], hit[1], whole, rows)
        found.append(hit and Place(order[hit[0]], hit[1] == 0))
    return found


def _distance(cue: Cue, onset: int) -> tuple[bool, bool, int]:
    """How far a cue is from a line's onset: best one that begins with it, else one shown then."""
    away = abs(cue.start_ms - onset)
    return away > _AT_ONCE_MS, not cue.start_ms <= onset < cue.end_ms, away


def _take(taken: list[int], at: Sequence[int], offset: int, text: str, rows: Sequence[str]) -> None:
    """Note what of a text these cues show, from the offset in the first on."""
    for place in at:
        row = rows[place][offset:]
        same = next((i for i, (a, b) in enumerate(zip(row, text, strict=False)) if a != b), None)
        length = min(len(row), len(text)) if same is None else same
        taken[place] = max(taken[place], offset + length)
        text, offset = text[length:], 0
        if not text or length < len(row):
            return


def with_speech_ends(cues: Sequence[Cue], spoken: Sequence[SpokenText]) -> tuple[Cue, ...]:
    """Cues of a file with when what each shows has been said: the end of the last line that has
    begun by then or begins in it, but not after the cue itself.
    """
    ends = [0] * len(cues)
    for line, place in zip(spoken, places(cues, spoken), strict=True):
        if place is not None:
            ends[place.cue] = max(ends[place.cue], line.interval.end_ms)
    result, said_ms = [], 0
    for cue, end in zip(cues, ends, strict=True):
        said_ms = max(said_ms, end)
        result.append(replace(cue, speech_end_ms=min(cue.end_ms, said_ms or cue.end_ms)))
    return tuple(result)


def _found(wanted: str, at: Sequence[int], rows: Sequence[str], taken: Sequence[int]) -> int | None:
    """Where a text begins in the first of these cues; it may go on in the others."""
    first = rows[at[0]]
    offset = (first + "".join(rows[place] for place in at[1:])).find(wanted, taken[at[0]])
    return offset if 0 <= offset < len(first) else None


def plain(text: str) -> str:
    """What is left of a text in every caption file: no spaces, no hyphens, nothing unseen."""
    return "".join(
        char
        for char in text.replace("<", "‹").replace(">", "›")
        if not char.isspace()
        and char not in "-‐"
        and unicodedata.category(char) not in ("Cf", "Cc")
    )

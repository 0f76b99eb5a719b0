"""When cues come and go: each long enough to be read, none at the same time as another."""

from collections.abc import Sequence
from dataclasses import dataclass

from .rules import CaptionRules


@dataclass(slots=True)
class Shown:
    """What is known of a cue before its times are.

    Attributes:
        chars: Its characters, as the guides count them.
        said_from_ms: When what it shows begins to be said.
        said_to_ms: When all of it has been said.
        earliest_ms: It may not begin before.
        latest_ms: It may not begin after.
        needs_ms: The least it should be shown.
    """

    chars: float
    said_from_ms: float
    said_to_ms: float
    earliest_ms: float
    latest_ms: float
    needs_ms: float = 0.0


def times(cues: Sequence[Shown], rules: CaptionRules, total_ms: int) -> list[tuple[int, int]]:
    """The start and end of every cue, in ms, in order.

    A cue begins on its onset unless it or the one before needs the time: then up to two frames
    from it, or further within a line of speech. It stays until it can be read, and small gaps are
    closed.

    Args:
        cues: In order. What they need is set here.
        rules: The limits.
        total_ms: None is shown past it.
    """
    _ask(cues, rules, total_ms)
    _make_room(cues, rules, total_ms)
    starts = _starts(cues, rules, total_ms)
    limits = [start - rules.gap_ms for start in starts[1:]] + [total_ms]
    return [
        (start, max(start + 1, _end(cue, start, limit, rules, limit == total_ms)))
        for cue, start, limit in zip(cues, starts, limits, strict=True)
    ]


def _ask(cues: Sequence[Shown], rules: CaptionRules, total_ms: int) -> None:
    """What each cue needs: to be read, where its surroundings can give that, else the shortest."""
    limits = [*(cue.latest_ms - rules.gap_ms for cue in cues[1:]), float(total_ms)]
    for cue, limit in zip(cues, limits, strict=True):
        read_ms = cue.chars * 1000 / rules.most_chars_per_second + 1
        linger_ms = cue.said_to_ms + rules.linger_ms - cue.said_from_ms
        most_ms = min(limit - cue.earliest_ms, linger_ms, rules.longest_ms)
        cue.needs_ms = max(min(read_ms, most_ms), rules.shortest_ms)


def _make_room(cues: Sequence[Shown], rules: CaptionRules, total_ms: int) -> None:
    """Take from what cues need until every one can begin in time: first from those that need more
    than the shortest.
    """
    earliest: list[float] = []
    for place in range(len(cues) + 1):
        latest = cues[place].latest_ms if place < len(cues) else float(total_ms + rules.gap_ms)
        while (at := _earliest(cues, earliest, place, rules)) > latest + 0.5:
            first = place - 1
            while first > 0 and earliest[first] > cues[first].earliest_ms:
                first -= 1
            if all(cue.needs_ms < 1 for cue in cues[max(0, first) : place]):
                break  # more lines than there are gaps between them
            _give(cues[first:place], at - latest, rules)
            for again in range(first, place):
                earliest[again] = _earliest(cues, earliest, again, rules)
        earliest.append(at)


def _earliest(
    cues: Sequence[Shown], earliest: Sequence[float], place: int, rules: CaptionRules
) -> float:
    """When a cue can begin at the earliest, those before it having what they need."""
    own = cues[place].earliest_ms if place < len(cues) else 0.0
    if place == 0:
        return own
    return max(own, earliest[place - 1] + cues[place - 1].needs_ms + rules.gap_ms)


def _give(cues: Sequence[Shown], over_ms: float, rules: CaptionRules) -> None:
    """Make cues that follow one another closely need so much less."""
    rich = max(cues, key=lambda cue: cue.needs_ms)
    spare = rich.needs_ms - rules.shortest_ms
    if spare > 0:
        rich.needs_ms -= min(spare, over_ms)
        return
    share = over_ms / max(1.0, sum(cue.needs_ms for cue in cues))
    for cue in cues:
        cue.needs_ms *= max(0.0, 1 - share)


def _starts(cues: Sequence[Shown], rules: CaptionRules, total_ms: int) -> list[int]:
    """Starts as near to the speech as what all need allows, and as early as one may come that can
    be read only so.
    """
    latest: list[float] = []
    following = float(total_ms + rules.gap_ms)
    for cue in reversed(cues):
        following = min(cue.latest_ms, following - rules.gap_ms - cue.needs_ms)
        latest.append(following)
    starts, free = [], 0.0
    for cue, last in zip(cues, reversed(latest), strict=True):
        read_ms = cue.chars * 1000 / rules.most_chars_per_second + 1
        readable = cue.said_to_ms + rules.linger_ms - min(read_ms, rules.longest_ms)
        at = max(free, cue.earliest_ms, min(cue.said_from_ms, last, readable))
        starts.append(round(at))
        free = at + cue.needs_ms + rules.gap_ms
    return starts


def _end(cue: Shown, start: int, limit: int, rules: CaptionRules, final: bool) -> int:
    """When a cue goes: once it can be read with ease or has been said, but not long after that.

    Args:
        cue: Whose.
        start: When it comes.
        limit: When it has to be gone: a gap before the next one, or at the end of all.
        rules: The limits.
        final: Whether none follows.
    """
    readable = start + round(cue.chars * 1000 / rules.chars_per_second)
    least = start + max(rules.shortest_ms, round(cue.needs_ms))
    longest = max(round(cue.said_to_ms) + rules.linger_ms, start + rules.shortest_ms)
    wanted = max(readable, round(cue.said_to_ms), least)
    end = min(wanted, longest, start + rules.longest_ms, limit)
    open_ms = rules.close_gap_ms - rules.gap_ms
    if final or limit - end >= open_ms:
        return end
    if limit <= max(longest, least + open_ms) and limit <= start + rules.longest_ms:
        return limit
    return max(min(end, limit - open_ms), min(least, limit))

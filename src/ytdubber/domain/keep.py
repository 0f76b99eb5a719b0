"""What is kept as it sounds in the original: people, and stretches of time."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise

from .errors import BadField
from .media import Interval
from .segmentation import utterances
from .transcript import Transcript, Utterance, Word

LEAD_MS, TAIL_MS = 100, 150
"""How much sound goes with a person's words at either end, where nobody else speaks."""
TOGETHER_MS = 1_000
"""What a person says with pauses shorter than this is kept with the pauses."""

_PERSON = re.compile(r"[A-Z]+|\d+")
_TIME = re.compile(r"(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d{1,3})?)")


@dataclass(frozen=True, slots=True)
class Keep:
    """What is asked to be kept.

    Attributes:
        people: The labels of people.
        ranges: Stretches of time, in order, none meeting another.
    """

    people: tuple[str, ...] = ()
    ranges: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """A stretch of the original that is in the dub as it is.

    Attributes:
        interval: When it is.
        said: What is said in it; may be nothing.
    """

    interval: Interval
    said: tuple[Utterance, ...] = ()


def keep_of(named: Iterable[str]) -> Keep:
    """What is meant by people (`B`) and times (`0:10-0:25`, `75.5-80`, `1:02:03-1:03:00`).

    Raises:
        BadField: something is neither, or a range ends before it begins.
    """
    people, ranges = dict[str, None](), list[Interval]()
    for each in (name.strip() for name in named):
        begin, is_range, end = each.partition("-")
        if is_range:
            ranges.append(_range(each, begin.strip(), end.strip()))
        elif _PERSON.fullmatch(each):
            people[each] = None
        else:
            raise _refused(each, "is no person, such as B, and no time, such as 0:10-0:25")
    return Keep(tuple(people), tuple(_united(sorted(ranges))))


def set_apart(
    transcript: Transcript, keep: Keep, total_ms: int
) -> tuple[Transcript, tuple[KeptPassage, ...]]:
    """The transcript without what is kept, and that; utterances are cut where a range begins and
    ends, each word by its middle.

    Raises:
        BadField: a person is not heard, a range lies past the end of the recording, or nothing is
            left to dub.
    """
    if not (keep.people or keep.ranges):
        return transcript, ()
    _need_there(transcript, keep, total_ms)
    words = [word for each in transcript.utterances for word in each.words]
    inside = [_range_of(word, keep.ranges) for word in words]
    language = transcript.language
    ranged = [
        KeptPassage(
            each,
            _cut([word for word, at in zip(words, inside, strict=True) if at == each], language),
        )
        for each in keep.ranges
    ]
    rest = [
        utterance
        for place, run in groupby(zip(words, inside, strict=True), key=lambda pair: pair[1])
        if place is None
        for utterance in _cut([word for word, _ in run], language)
    ]
    dubbed = [each for each in rest if each.speaker not in keep.people]
    if not dubbed:
        raise BadField(field="keep", reason="all that is said would be kept, and nothing dubbed")
    edges = sorted([*chain.from_iterable((r.start_ms, r.end_ms) for r in keep.ranges), total_ms])
    spoken = [_with_edges(passage, rest, edges) for passage in _of_people(rest, keep.people)]
    kept = sorted((*ranged, *spoken), key=lambda passage: passage.interval)
    left = tuple(replace(each, id=f"u{number:04d}") for number, each in enumerate(dubbed, start=1))
    uncovered = _outside(transcript.uncovered, [each.interval for each in kept])
    return replace(transcript, utterances=left, uncovered=uncovered), tuple(kept)


def _need_there(transcript: Transcript, keep: Keep, total_ms: int) -> None:
    heard = sorted({each.speaker for each in transcript.utterances if each.speaker is not None})
    for person in keep.people:
        if person not in heard:
            who = f"those who are: {', '.join(heard)}" if heard else "one person speaks"
            raise _refused(person, f"is not heard; {who}")
    for each in keep.ranges:
        if each.end_ms > total_ms:
            end = f"{each.start_ms / 1000:g}-{each.end_ms / 1000:g} s"
            raise _refused(end, f"lies past the end of the recording, {total_ms / 1000:.3f} s")


def _range_of(word: Word, ranges: Sequence[Interval]) -> Interval | None:
    middle = (word.start_ms + word.end_ms) / 2
    return next((each for each in ranges if each.start_ms <= middle < each.end_ms), None)


def _cut(words: Sequence[Word], language: str) -> tuple[Utterance, ...]:
    return utterances(words, language=language)


def _of_people(said: Sequence[Utterance], people: Sequence[str]) -> list[KeptPassage]:
    """What the people say, passage by passage."""
    passages: list[list[Utterance]] = []
    for before, each in pairwise([None, *said]):
        if each is None or each.speaker not in people:
            continue
        follows = before is not None and before.speaker == each.speaker
        if follows and each.start_ms - passages[-1][-1].end_ms < TOGETHER_MS:
            passages[-1].append(each)
        else:
            passages.append([each])
    return [
        KeptPassage(Interval(run[0].start_ms, max(each.end_ms for each in run)), tuple(run))
        for run in passages
    ]


def _with_edges(
    passage: KeptPassage, said: Sequence[Utterance], edges: Sequence[int]
) -> KeptPassage:
    """With a little sound at either end, where nobody else speaks and no range begins or ends."""
    start, end = passage.interval.start_ms, passage.interval.end_ms
    others = [each for each in said if each not in passage.said]
    before = [each.end_ms for each in others if each.end_ms <= start]
    after = [each.start_ms for each in others if each.start_ms >= end]
    before += [edge for edge in edges if edge <= start]
    after += [edge for edge in edges if edge >= end]
    begin = max([start - LEAD_MS, 0, *before])
    finish = min([end + TAIL_MS, *after])
    return replace(passage, interval=Interval(min(begin, start), max(finish, end)))


def _outside(stretches: Sequence[Interval], kept: Sequence[Interval]) -> tuple[Interval, ...]:
    """The stretches without what of them is kept."""
    found = list(stretches)
    for passage in kept:
        parts = []
        for each in found:
            parts.append(Interval(each.start_ms, min(each.end_ms, passage.start_ms)))
            parts.append(Interval(max(each.start_ms, passage.end_ms), each.end_ms))
        found = [each for each in parts if each.duration_ms > 0]
    return tuple(sorted(set(found)))


def _range(named: str, begin: str, end: str) -> Interval:
    times = [_ms(begin), _ms(end)]
    if None in times:
        raise _refused(named, "is no time, such as 0:10-0:25")
    found = Interval(times[0] or 0, times[1] or 0)
    if found.duration_ms <= 0:
        raise _refused(named, "ends before it begins")
    return found


def _ms(time: str) -> int | None:
    read = _TIME.fullmatch(time)
    if read is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in read.groups())
    return round(((hours * 60 + minutes) * 60 + seconds) * 1000)


def _united(ranges: Sequence[Interval]) -> list[Interval]:
    found: list[Interval] = []
    for each in ranges:
        if found and each.start_ms <= found[-1].end_ms:
            found[-1] = Interval(found[-1].start_ms, max(found[-1].end_ms, each.end_ms))
        else:
            found.append(each)
    return found


def _refused(named: str, reason: str) -> BadField:
    return BadField(field="keep", reason=f"'{named}' {reason}")

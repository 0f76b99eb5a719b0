"""What is said in a recording, cut and put right as a person wants its lines."""

from collections.abc import Sequence
from dataclasses import replace

from .keep import LEAD_MS, TAIL_MS, KeptPassage
from .line_edit import LineEdit, LineEdits
from .media import Interval
from .transcript import Transcript, Utterance, Word


def edited_transcript(transcript: Transcript, edits: LineEdits) -> Transcript:
    """The transcript with the lines that are to be said: without those that were removed or are
    kept as they were, with those that a person added, each where and as it was said.
    """
    if not any(_is_cut(each) for each in edits.by_id.values()):
        return transcript
    said = [each for each in _lines(transcript, edits) if edits.of(each.id).said]
    return replace(transcript, utterances=tuple(said))


def kept_lines(
    transcript: Transcript, edits: LineEdits, edges: Sequence[Interval], total_ms: int
) -> tuple[KeptPassage, ...]:
    """The lines that a person keeps as they are in the original, in order, each with a little sound
    at either end, where nobody else speaks.

    Args:
        transcript: What is said.
        edits: How its lines are to be.
        edges: What of the original is kept besides.
        total_ms: The length of the recording.
    """
    if not edits.keep_original:
        return ()
    there = [each for each in _lines(transcript, edits) if not edits.of(each.id).removed]
    found = list[KeptPassage]()
    for line in (each for each in there if edits.of(each.id).keep_original):
        others = [Interval(each.start_ms, each.end_ms) for each in there if each is not line]
        around = [*others, *edges, *(each.interval for each in found)]
        before = [each.end_ms for each in around if each.end_ms <= line.start_ms]
        after = [each.start_ms for each in around if each.start_ms >= line.end_ms]
        start_ms = min(line.start_ms, max([line.start_ms - LEAD_MS, 0, *before]))
        end_ms = max(line.end_ms, min([line.end_ms + TAIL_MS, total_ms, *after]))
        found.append(KeptPassage(Interval(start_ms, min(end_ms, total_ms)), (line,)))
    return tuple(found)


def _lines(transcript: Transcript, edits: LineEdits) -> list[Utterance]:
    """Every line, also of those that are not said, in order."""
    words = [word for each in transcript.utterances for word in each.words]
    heard = {each.id for each in transcript.utterances}
    lines = [_line(each, edits.of(each.id), words) for each in transcript.utterances]
    lines += [
        _line(_added(name, edit), edit, words)
        for name, edit in edits.by_id.items()
        if name not in heard and edit.placed
    ]
    return sorted(lines, key=_order)


def _is_cut(edit: LineEdit) -> bool:
    return not edit.said or edit.placed or edit.source is not None


def _added(name: str, edit: LineEdit) -> Utterance:
    """A line that nobody heard."""
    start_ms = edit.start_ms or 0
    return Utterance(name, edit.source or "", start_ms, edit.end_ms or start_ms, edit.speaker, ())


def _line(heard: Utterance, edit: LineEdit, words: Sequence[Word]) -> Utterance:
    line = heard if edit.source is None else replace(heard, text=edit.source)
    if not edit.placed:
        return line
    start_ms = heard.start_ms if edit.start_ms is None else edit.start_ms
    end_ms = heard.end_ms if edit.end_ms is None else edit.end_ms
    within = words_within(words, start_ms, end_ms)
    return replace(line, start_ms=start_ms, end_ms=end_ms, words=tuple(within))


def words_within(words: Sequence[Word], start_ms: int, end_ms: int) -> list[Word]:
    """Those whose middle is in a stretch of time."""
    return [word for word in words if start_ms <= (word.start_ms + word.end_ms) / 2 < end_ms]


def _order(line: Utterance) -> tuple[int, str]:
    return line.start_ms, line.id

"""What is said in a recording, cut and put right as a person wants its lines."""

from collections.abc import Sequence
from dataclasses import replace

from .line_edit import LineEdit, LineEdits
from .transcript import Transcript, Utterance, Word


def edited_transcript(transcript: Transcript, edits: LineEdits) -> Transcript:
    """The transcript with the lines that are to be said: without those that were removed, with
    those that a person added, each where and as it was said.
    """
    if not any(_is_cut(each) for each in edits.by_id.values()):
        return transcript
    words = [word for each in transcript.utterances for word in each.words]
    heard = {each.id for each in transcript.utterances}
    lines = [_line(each, edits.of(each.id), words) for each in transcript.utterances]
    lines += [
        _line(_added(name, edit), edit, words)
        for name, edit in edits.by_id.items()
        if name not in heard and edit.placed
    ]
    said = [each for each in lines if not edits.of(each.id).removed]
    return replace(transcript, utterances=tuple(sorted(said, key=_order)))


def _is_cut(edit: LineEdit) -> bool:
    return edit.removed or edit.placed or edit.source is not None


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

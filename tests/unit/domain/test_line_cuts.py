"""Lines that a person splits, joins, adds and removes: no word is lost, whatever they do."""

from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.edited_transcript import edited_transcript
from ytdubber.domain.errors import BadField
from ytdubber.domain.line_cuts import LineAsItIs, added, merged, split
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.transcript import Transcript, Utterance, Word


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Utterances of words with pauses between, by up to two speakers."""
    at_ms, utterances = draw(st.integers(0, 2_000)), []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        speaker = draw(st.sampled_from([None, "A", "B"]))
        words = []
        for _ in range(draw(st.integers(1, 6))):
            length_ms = draw(st.integers(60, 700))
            text = draw(st.text("abcdefg", min_size=1, max_size=9))
            words.append(Word(text, at_ms, at_ms + length_ms, 1.0, speaker))
            at_ms += length_ms + draw(st.sampled_from([0, 20, 400]))
        name, text = f"u{number:04d}", " ".join(word.text for word in words)
        utterance = Utterance(
            name, text, words[0].start_ms, words[-1].end_ms, speaker, tuple(words)
        )
        utterances.append(utterance)
        at_ms += draw(st.integers(0, 900))
    return Transcript("en", tuple(utterances))


def as_it_is(line: Utterance, edits: LineEdits) -> LineAsItIs:
    text = edits.of(line.id).text or line.text
    return LineAsItIs(line.id, line.text, text, line.start_ms, line.end_ms, line.speaker)


@given(transcripts(), st.data())
def test_no_word_is_lost_by_cuts(heard: Transcript, data: st.DataObject) -> None:
    edits, words = LineEdits(), [word for each in heard.utterances for word in each.words]
    for step in range(data.draw(st.integers(1, 6))):
        lines = edited_transcript(heard, edits).utterances
        at = data.draw(st.integers(0, len(lines) - 1))
        line = as_it_is(lines[at], edits)
        try:
            if data.draw(st.booleans()):
                cut = data.draw(st.integers(1, max(1, len(line.text))))
                edits = split(edits, line, cut, lines[at].words, f"n{step}", "en")
            elif at + 1 < len(lines):
                edits = merged(edits, line, as_it_is(lines[at + 1], edits), "en", "pt")
        except BadField:
            pass
    after = edited_transcript(heard, edits)
    starts = [each.start_ms for each in after.utterances]
    assert starts == sorted(starts)
    assert all(each.start_ms <= each.end_ms for each in after.utterances)
    assert len({each.id for each in after.utterances}) == len(after.utterances)
    assert sorted(_letters(after)) == sorted(_letters(heard))
    said = [edits.of(each.id).text or each.text for each in after.utterances]
    assert sorted("".join(said).replace(" ", "")) == sorted("".join(word.text for word in words))


def _letters(transcript: Transcript) -> str:
    return "".join(each.text.replace(" ", "") for each in transcript.utterances)


@given(transcripts())
def test_what_is_not_changed_is_as_it_was_heard(heard: Transcript) -> None:
    assert edited_transcript(heard, LineEdits()) is heard
    name = heard.utterances[0].id
    gone = LineEdits().changed(name, {"removed": True})
    assert edited_transcript(heard, gone).utterances == heard.utterances[1:]
    assert gone.changed(name, {"removed": None}) == LineEdits()


@given(transcripts(), st.integers(0, 20_000), st.integers(-50, 3_000))
def test_a_line_is_added_where_it_is_wanted(
    heard: Transcript, start_ms: int, length_ms: int
) -> None:
    try:
        edits = added(LineEdits(), "n1", " So  be it. ", start_ms, start_ms + length_ms, "A")
    except BadField:
        assert length_ms < 100
        return
    assert edits.of("n1").text == "So be it."
    (line,) = [each for each in edited_transcript(heard, edits).utterances if each.id == "n1"]
    assert (line.start_ms, line.end_ms, line.speaker) == (start_ms, start_ms + length_ms, "A")

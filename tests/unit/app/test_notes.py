import pytest
from tests.unit.app.conftest import FakeDubbing, words
from tests.unit.app.test_past_the_end import shorter_background

from ytdubber.app.pipeline.notes import heard_notes
from ytdubber.domain.media import Interval
from ytdubber.domain.transcript import Transcript, Utterance, Word
from ytdubber.testing.engines import FakeSpeechToText


def line(start_ms: int, end_ms: int, language: str | None = None) -> Utterance:
    word = Word("so", start_ms, end_ms, 1.0, language=language)
    return Utterance(f"u{start_ms}", "so", start_ms, end_ms, None, (word,))


@pytest.mark.parametrize(
    ("transcript", "notes"),
    [
        (Transcript("en", (line(0, 900),)), ()),
        (
            Transcript("en", (line(0, 900), line(900, 1_200, "fr"), line(1_200, 1_700, "de"))),
            ("Most of it is spoken in English, parts in German and French.",),
        ),
        (
            Transcript("en", (line(0, 900),), (Interval(1_000, 1_400),)),
            (
                "Somebody speaks for 0.4 s, in one place, and no word was made out:"
                " nothing is dubbed there.",
            ),
        ),
        (
            Transcript("en", (line(0, 900),), (Interval(1_000, 1_400), Interval(1_900, 2_200))),
            (
                "Somebody speaks for 0.4 s, in one place, and no word was made out:"
                " nothing is dubbed there.",
                "Somebody speaks for 0.3 s past the end of the recording: nothing is dubbed there.",
            ),
        ),
    ],
)
def test_what_was_heard_is_told_in_sentences(
    transcript: Transcript, notes: tuple[str, ...]
) -> None:
    assert heard_notes(transcript, 2_000) == notes


def test_the_manifest_has_them(fakes: FakeDubbing) -> None:
    fakes.speech_to_text = FakeSpeechToText([*words(), Word("Late.", 8_810, 8_980, 0.9)])
    shorter_background(fakes, 8.6)
    assert fakes.dub(fakes.request()).manifest.source.notes == [
        "Somebody speaks for 0.2 s past the end of the recording: nothing is dubbed there."
    ]

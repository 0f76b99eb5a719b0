from uuid import UUID

import pytest

from ytdubber.app.pipeline.stages.translate import Translated, translate
from ytdubber.domain.errors import VendorError
from ytdubber.domain.review import ReviewReason
from ytdubber.domain.timing import slots
from ytdubber.domain.transcript import Transcript, Utterance, Word
from ytdubber.engines.direct import Direct
from ytdubber.ports.call_context import CallContext
from ytdubber.testing.engines import FakeTranslator


def _said(name: str, text: str, start_ms: int, language: str | None) -> Utterance:
    """Two seconds of speech."""
    word = Word(text, start_ms, start_ms + 2_000, 0.9, None, language)
    return Utterance(name, text, start_ms, start_ms + 2_000, None, (word,))


@pytest.mark.parametrize(
    ("target", "expected"),
    [("pt", "pt:It costs $1.299,50 now."), ("ja", "ja:It costs $1,299.50 now.")],
)
def test_numbers_a_translator_took_over_are_put_in_the_target_s_way_of_writing(
    target: str, expected: str
) -> None:
    call = CallContext(UUID(int=1))
    said = Utterance("1", "It costs $1,299.50 now.", 0, 3000, None, ())
    transcript = Transcript("en", (said,))
    made = translate(
        transcript, slots([said], 5000), target, {None: 15.0}, Direct(FakeTranslator()), (), call
    )
    assert made.texts == {"1": expected}


MIXED = Transcript(
    "en",
    (
        _said("1", "Good evening.", 0, None),
        _said("2", "Bonsoir.", 3_000, "fr"),
        _said("3", "Boa noite.", 6_000, "pt"),
        _said("4", "Dobry wieczór.", 9_000, "pl"),
    ),
)


def test_each_language_is_translated_from_itself_and_the_target_s_own_is_kept() -> None:
    made, translator = _translated(MIXED, [("en", "pt"), ("fr", "pt"), ("pl", "pt")])
    assert made.texts == {
        "1": "pt:Good evening.",
        "2": "pt:Bonsoir.",
        "3": "Boa noite.",
        "4": "pt:Dobry wieczór.",
    }
    assert made.review == {}
    assert made.engine == translator.engine("en", "pt")
    assert translator.calls.count == 3


def test_what_nobody_translates_is_kept_and_needs_review() -> None:
    made, _ = _translated(MIXED, [("en", "pt"), ("fr", "pt")])
    assert made.texts["4"] == "Dobry wieczór."
    assert made.review == {"4": (ReviewReason.NOT_TRANSLATED,)}


def test_a_main_language_that_nobody_translates_is_an_error() -> None:
    with pytest.raises(VendorError):
        _translated(MIXED, [("fr", "pt"), ("pl", "pt")])


def test_a_recording_in_the_target_with_others_in_it_is_translated_from_those() -> None:
    mostly = Transcript("pt", (*MIXED.utterances[1:2], _said("5", "Obrigado.", 12_000, None)))
    made, translator = _translated(mostly, [("fr", "pt")])
    assert made.texts == {"2": "pt:Bonsoir.", "5": "Obrigado."}
    assert made.engine == translator.engine("fr", "pt")


def _translated(
    transcript: Transcript, pairs: list[tuple[str, str]]
) -> tuple[Translated, FakeTranslator]:
    translator = FakeTranslator(pairs)
    rooms = slots(transcript.utterances, 20_000)
    call = CallContext(UUID(int=1))
    made = translate(transcript, rooms, "pt", {None: 15.0}, Direct(translator), (), call)
    return made, translator

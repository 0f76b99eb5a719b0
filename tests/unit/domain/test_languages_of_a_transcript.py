from ytdubber.domain.segmentation import utterances
from ytdubber.domain.transcript import Transcript, Utterance, Word


def said(start_ms: int, duration_ms: int, language: str | None = None) -> Utterance:
    word = Word("Said.", start_ms, start_ms + duration_ms, 0.9, None, language)
    return Utterance(f"u{start_ms}", "Said.", start_ms, start_ms + duration_ms, None, (word,))


def test_what_is_translated_from() -> None:
    english = Transcript("en", (said(0, 8_000), said(9_000, 1_000, "fr"), said(11_000, 500, "de")))
    assert english.languages == ("en", "fr", "de")
    assert english.source_for("pt") == "en"
    assert english.source_for("fr") == "en"
    assert english.source_for("en") == "fr"


def test_a_quotation_is_no_reason_to_dub_a_recording_into_its_own_language() -> None:
    quoting = Transcript("en", (said(0, 30_000), said(31_000, 1_000, "fr")))
    assert quoting.source_for("en") is None
    assert Transcript("en", (said(0, 1_000),)).source_for("en") is None


def test_no_utterance_mixes_languages() -> None:
    spoken = [("We", None), ("say", None), ("你", "zh"), ("好。", "zh"), ("here.", None)]
    words = [
        Word(text, at * 200, at * 200 + 200, 0.9, None, language)
        for at, (text, language) in enumerate(spoken)
    ]
    found = utterances(words)
    assert [(each.language, each.text) for each in found] == [
        (None, "We say"),
        ("zh", "你好。"),
        (None, "here."),
    ]

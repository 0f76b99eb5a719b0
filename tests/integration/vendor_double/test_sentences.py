"""The double's sentences: real text in many languages, as long as it is wanted."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytdubber.captions.check import passing_share, violations
from ytdubber.captions.cues import cues
from ytdubber.captions.rules import rules_for
from ytdubber.captions.speech import SpokenText
from ytdubber.domain.budget import first_guess
from ytdubber.domain.languages import NAMES
from ytdubber.domain.media import Interval
from ytdubber.ports.translator import Line
from ytdubber.testing.engines import FakeSpeechToText, FakeSynthesizer, FakeTranslator
from ytdubber.testing.vendor_double import CannedContent, CannotDo, EngineContent
from ytdubber.testing.vendor_double.canned import char_ms
from ytdubber.testing.vendor_double.sentences import languages, sentences, text_like

WEB_CLIENTS = {"en", "es", "fr", "de", "ja", "zh", "ko", "pt", "it", "ru", "ar", "hi"}
SCRIPTS = {
    "ar": "ARABIC", "he": "HEBREW", "hi": "DEVANAGARI", "ja": "HIRAGANA", "ko": "HANGUL",
    "ru": "CYRILLIC", "ta": "TAMIL", "th": "THAI", "zh": "CJK",
}  # fmt: skip
KNOWN = sorted(languages())


def test_the_web_clients_languages_are_there_and_others() -> None:
    assert languages() >= WEB_CLIENTS | {"th", "he", "vi", "ta"}
    assert languages() <= NAMES.keys()


@pytest.mark.parametrize("language", KNOWN)
def test_sentences_are_many_different_and_in_their_script(language: str) -> None:
    known = sentences(language)
    assert len(known) == len(set(known)) >= 200
    assert {len(each) // 10 for each in known} >= set(range(6))
    letters = [letter for letter in "".join(known) if letter.isalpha()]
    script = SCRIPTS.get(language, "LATIN")
    share = sum(script in unicodedata.name(letter, "") for letter in letters) / len(letters)
    assert share > (0.3 if language == "ja" else 0.8)
    for wanted in (r"\d", r"example\.org/", r"@example\.org", r"[«»“”„\"「—]"):
        assert any(re.search(wanted, each) for each in known), wanted


@pytest.mark.parametrize("language", KNOWN)
@settings(deadline=None)
@given(line=st.text(min_size=1, max_size=40), chars=st.integers(8, 400))
def test_a_text_is_about_as_long_as_it_is_wanted(language: str, line: str, chars: int) -> None:
    made = text_like(line, language, chars)
    assert made == text_like(line, language, chars)
    assert abs(len(made) - chars) <= max(3, 0.05 * chars)
    assert made == made.strip()


@pytest.mark.parametrize("language", KNOWN)
@pytest.mark.parametrize("chars", [20, 35, 90])
def test_different_lines_have_different_texts(language: str, chars: int) -> None:
    texts = {text_like(f"line {number}", language, chars) for number in range(20)}
    assert len(texts) >= 19


def test_a_pair_that_the_engines_do_not_translate_has_sentences() -> None:
    content = EngineContent(
        FakeSpeechToText("hello"),
        FakeTranslator([("en", "pt")]),
        [FakeSynthesizer(["pt"])],
        CannedContent(),
    )
    lines = [Line("a", "hello there", target_chars=40, min_chars=30, max_chars=44)]
    assert content.translate(lines, "en", "pt")[0].text == "pt:hello there"
    (made,) = content.translate(lines, "en", "he")
    assert "HEBREW" in unicodedata.name(next(filter(str.isalpha, made.text)))
    assert content.synthesize(made.text, "he", "anybody").duration_ms == char_ms("he") * len(
        made.text
    )
    with pytest.raises(CannotDo, match="understands xx"):
        content.transcribe(content.synthesize("x", "he", "a"), "xx", ())


@pytest.mark.parametrize("language", KNOWN)
def test_captions_of_them_keep_the_rules(language: str) -> None:
    """Each spoken at a voice's usual pace, with a pause after it."""
    spoken, at_ms = [], 0
    for text in sentences(language):
        lasts_ms = round(1000 * len(text) / first_guess(language))
        spoken.append(SpokenText(text, Interval(at_ms, at_ms + lasts_ms)))
        at_ms += lasts_ms + 1_000
    shown = cues(spoken, language, at_ms)
    found = violations(shown, spoken, language)
    assert passing_share(shown, found) >= 0.995, found
    assert min(cue.end_ms - cue.start_ms for cue in shown) >= rules_for(language).shortest_ms

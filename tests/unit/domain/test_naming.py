"""What people call languages, and which locale a dub is made in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.errors import BadInput, LocaleNotMade, UnknownLanguage
from ytdubber.domain.languages import LANGUAGES, normalize, target

SAME = {
    "pt": "pt PT por pt-BR pt_br pt_BR.UTF-8 pt-Latn-BR Portuguese português PORTUGUÊS",
    "zh": "zh zho chi cmn zh-CN zh-Hans zh-Hans-CN Chinese Mandarin 中文 简体中文",
    "no": "no nb nor nob nb-NO Norwegian norsk Bokmål",
    "tl": "tl fil tgl fil-PH Filipino Tagalog",
    "en": "en eng en-US English",
    "es": "es spa es-ES español Spanish castellano",
    "de": "de ger deu Deutsch German de-DE",
    "sr": "sr srp sr-Cyrl sr-Cyrl-RS Serbian српски",
    "fa": "fa per fas pes Farsi Persian فارسی",
    "he": "he iw heb עברית",
    "af": "af af-ZA afr",
    "hi": "hi hi-IN हिन्दी Hindi",
}
PAIRS = [(name, code) for code, row in SAME.items() for name in row.split()]
NAMES = [
    ("Portuguese (Brazil)", "pt"),
    ("Brazilian Portuguese", "pt"),
    ("Chinese (Simplified)", "zh"),
    ("American English", "en"),
    ("tieng viet", "vi"),
]
OTHERS = [
    "pt-PT", "pt_pt", "pt-AO", "zh-TW", "zh-HK", "zh-Hant", "zh-Hant-TW", "zh-Hant-CN", "es-MX",
    "es-419", "en-GB", "en-AU", "fr-CA", "de-AT", "de-1996", "ca-valencia", "nn", "nn-NO",
    "sr-Latn", "European Portuguese", "Portuguese (Portugal)", "Traditional Chinese", "繁體中文",
    "Flemish", "ar-EG", "en-US-x-mine", "af-NA",
]  # fmt: skip
NONE = [
    "",
    "xx",
    "klingon",
    "p",
    "pt-",
    "pt--BR",
    "pt-🙂",
    "sr_RS@latin",
    "por tu",
    "yue",
    "und",
    "*",
]


@pytest.mark.parametrize(("name", "code"), PAIRS + NAMES)
def test_a_language_is_known_by_code_locale_and_name(name: str, code: str) -> None:
    assert (normalize(name), target(f" {name} ")) == (code, code)


@pytest.mark.parametrize("name", OTHERS)
def test_another_locale_is_heard_and_never_made_silently(name: str) -> None:
    code = normalize(name)
    with pytest.raises(LocaleNotMade) as refused:
        target(name)
    assert f"{code} stands for {LANGUAGES[code].name} as {LANGUAGES[code].locale}." in str(
        refused.value
    )


@pytest.mark.parametrize("name", NONE)
def test_what_names_no_language_is_refused(name: str) -> None:
    for read in (normalize, target):
        with pytest.raises(UnknownLanguage, match="not a language we know"):
            read(name)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda each: each.code)
def test_every_language_is_found_by_its_code_its_name_and_its_locale(language: object) -> None:
    record = LANGUAGES[language.code]  # type: ignore[attr-defined]  # a record, named for its id
    for name in (record.code, record.name, record.name.upper(), record.locale):
        assert target(name) == record.code


@given(st.text(max_size=24))
def test_any_text_is_a_language_or_refused(text: str) -> None:
    for read in (normalize, target):
        try:
            assert read(text) in LANGUAGES
        except BadInput:
            continue

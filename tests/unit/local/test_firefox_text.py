import re

import pytest

from ytdubber.adapters.local.firefox_text import literals_of, lowered, translated


def upper(text: str) -> str:
    """A model that knows only letters and a few marks, and names like XQ1."""
    return re.sub(r"[^\w .,!?]", "", text.upper(), flags=re.ASCII)


def deaf(text: str) -> str:
    """A model that knows no digits either."""
    return re.sub(r"\d", "", upper(text))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("send it to info@company.org.", "SEND IT TO info@company.org."),
        ("we use C#, not C++.", "WE USE C#, NOT C++."),
        ("see https://example.com/a?b=c today.", "SEE https://example.com/a?b=c TODAY."),
        ("go to example.com now, all.", "GO TO example.com NOW, ALL."),
        ("ask @my_name or #good now.", "ASK @my_name OR #good NOW."),
        ("♪ happy birthday to you ♪", "♪ HAPPY BIRTHDAY TO YOU ♪"),
        ("he had 😀 and 🎉.", "HE HAD 😀 AND 🎉."),
        ("he said 你好 to me.", "HE SAID 你好 TO ME."),
        ("he wrote привет, мир to me.", "HE WROTE привет, мир TO ME."),
        ("look in ~/.bashrc or C:\\Windows now.", "LOOK IN ~/.bashrc OR C:\\Windows NOW."),
        ("😀", "😀"),
        ("...", "..."),
        ("he left.", "HE LEFT."),
    ],
)
@pytest.mark.parametrize("model", [upper, deaf])
def test_what_a_model_has_no_letter_for_stays(text: str, made: str, model: type) -> None:
    assert " ".join(translated(text, "en", "pt", model).split()) == made


def test_what_comes_back_is_not_asked_for_again() -> None:
    asked: list[str] = []

    def model(text: str) -> str:
        asked.append(text)
        return text

    assert translated("mail info@company.org, please do.", "en", "pt", model)
    assert len(asked) == 1


def test_a_few_words_are_closed_for_the_model() -> None:
    assert translated("Hello", "en", "pt", lambda text: f"({text})."[1:-2]) == "Hello"
    assert translated("Hello", "en", "pt", lambda text: text + text) == "Hello.Hello"
    assert translated("Nothing", "en", "pt", lambda _: "") == "Nothing"


@pytest.mark.parametrize(
    ("plain", "bracketed", "made"),
    [
        ("Danke dafür, dass du da bist.", "(Danke.)", "Danke."),
        ("Danke dafür, dass du da bist.", "Danke.", "Danke dafür, dass du da bist."),
        ("Danke dafür, dass du da bist.", "(Thanks.)", "Danke dafür, dass du da bist."),
        ("Danke schön.", "(Danke, ja.)", "Danke schön."),
        ("Danke.", "(Nein.)", "Danke."),
    ],
)
def test_a_phrase_the_model_goes_on_with_is_asked_for_in_brackets(
    plain: str, bracketed: str, made: str
) -> None:
    answers = {"Thanks.": plain, "(Thanks.)": bracketed}
    assert translated("Thanks.", "en", "de", answers.__getitem__) == made


def test_an_english_i_is_a_capital() -> None:
    assert translated("eu sou, i.e. eu", "pt", "en", lambda _: "i am, i.e. i'm i") == (
        "I am, i.e. I'm I"
    )


@pytest.mark.parametrize(
    ("text", "language", "sentence"),
    [
        ("WELCOME BACK TO MY CHANNEL.", "en", "Welcome back to my channel."),
        ("I'M HERE ON MONDAY, I THINK.", "en", "I'm here on Monday, I think."),
        ("STOP!", "en", "Stop!"),
        ("NO!", "en", "No!"),
        ("NASA", "en", "NASA"),
        ("NASA launched IT.", "en", "NASA launched IT."),
        ("So PLEASE DO READ the NASA BOOK.", "en", "So please do read the NASA BOOK."),
        ("READ THIS NOW, he said.", "en", "Read this now, he said."),
        ("So I AM HERE", "en", "So I am here"),
        ("“¡BIENVENIDOS!”", "es", "“¡Bienvenidos!”"),
        ("İSTANBUL ÇOK KALABALIK.", "tr", "İstanbul çok kalabalık."),
        ("ДОБРО ПОЖАЛОВАТЬ!", "ru", "Добро пожаловать!"),
        ("你好", "zh", "你好"),
    ],
)
def test_capitals_only_become_a_sentence(text: str, language: str, sentence: str) -> None:
    assert lowered(text, language) == sentence


def test_a_language_s_own_scripts_are_no_literals() -> None:
    assert literals_of("東京タワーに行きます") == []
    assert literals_of("Он купил iPhone вчера") == []
    assert literals_of("end.Then done. 3.5 km and/or 5/6") == []

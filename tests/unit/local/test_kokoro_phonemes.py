import pytest

from ytdubber.adapters.local.kokoro_phonemes import parts_of, phonemes_of, vocabulary
from ytdubber.adapters.local.kokoro_voices import ACCENTS, VOICES
from ytdubber.domain.voice import Gender


@pytest.mark.parametrize(
    ("text", "accent", "said"),
    [
        ('"Yes," he said—no.', "en-us", "“jˈɛs,” hi sˈɛd — nˈO."),
        ("J. R. Smith paid 3.5", "en-us", "ʤˈA ˈɑɹ smˈɪθ pˈAd θɹˈi pYnt fˈIv"),
        ("¿Cómo está?", "es", "kˈomo estˈa?"),
        ("C'est « oui » !", "fr", "sˈɛ “wˈi”!"),
        ("...", "pt-br", "..."),
        ("", "it", ""),
    ],
)
def test_punctuation_stays_where_it_is_heard(text: str, accent: str, said: str) -> None:
    assert phonemes_of(text, accent) == said


def test_foreign_words_leave_no_flags() -> None:
    assert "(" not in phonemes_of("Michael et William", "fr")


def test_every_phoneme_has_a_number() -> None:
    for accent in ACCENTS.values():
        assert set(phonemes_of("Hello, 42!", accent)) <= set(vocabulary())


def test_long_texts_are_parted_evenly_at_sentence_ends() -> None:
    sentence = "a" * 49 + ". "
    parts = parts_of((sentence * 10).strip(), 300)
    assert [len(part) for part in parts] == [254, 254]
    assert all(part.endswith(".") for part in parts)


def test_texts_without_a_space_are_parted_all_the_same() -> None:
    parts = parts_of("a" * 700, 300)
    assert "".join(parts) == "a" * 700
    assert max(map(len, parts)) <= 300


def test_a_short_text_is_one_part_and_an_empty_one_none() -> None:
    assert parts_of("a b", 300) == ["a b"]
    assert parts_of("", 300) == []


def test_each_language_has_a_woman_and_a_man_but_for_french() -> None:
    for language in ("en", "es", "fr", "hi", "it", "pt"):
        genders = [voice.gender for voice in VOICES if voice.language == language]
        assert Gender.FEMALE in genders
        assert (Gender.MALE in genders) == (language != "fr")
    assert {voice.id[0] for voice in VOICES} == set(ACCENTS)

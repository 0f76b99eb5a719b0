import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.errors import FileNotReadable, UnknownLanguage
from ytdubber.domain.printable import encodable, file_name, printable, printable_message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (os.fsdecode(b"voz-\xe9"), r"voz-\xe9"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\u202egnp", r"\u202egnp"),
        ("\x9b", r"\x9b"),
        ("a\u2028b", r"a\u2028b"),
        ("\ud800.mp3", r"\ud800.mp3"),
        ("nul\0", r"nul\x00"),
        ("naïve 日本 👩‍🚀 می‌خواهم [bold]", "naïve 日本 👩‍🚀 می‌خواهم [bold]"),
    ],
)
def test_what_acts_is_written_out_and_the_rest_stays(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.binary(max_size=60))
def test_any_file_name_can_be_encoded_and_shown(name: bytes) -> None:
    text = os.fsdecode(name)
    encodable(text).encode()
    shown = printable(text)
    shown.encode()
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in shown)
    assert printable(shown) == shown


ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=600)


@given(ANYTHING)
def test_any_text_can_be_a_name(text: str) -> None:
    name = file_name(text)
    name.encode()
    assert len(name) <= 255
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in name)
    assert file_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" talk.wav ", "talk.wav"),
        ("x" * 300 + ".wav", "x" * 250 + "….wav"),
        ("x" * 300, "x" * 254 + "…"),
        ("a." + "x" * 300, "a." + "x" * 252 + "…"),
        ("\x1b" * 100 + ".wav", (r"\x1b" * 63)[:250] + "….wav"),
    ],
)
def test_a_long_name_is_shortened_before_its_ending(text: str, name: str) -> None:
    assert file_name(text) == name


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"])))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == encodable(text) == text


def test_messages_keep_their_lines_and_nothing_else() -> None:
    assert printable_message("one\ntwo\x07") == "one\ntwo\\x07"
    assert r"no\x1bne" in str(UnknownLanguage(language="no\x1bne"))
    assert str(FileNotReadable(file="x\udce9", reason="y")).startswith(r"x\xe9: ")

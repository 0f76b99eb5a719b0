import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.punctuation import parts_of


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("One. Two. Three.", 10, ["One. Two.", "Three."]),
        ("Dr. Who met Mr. Fox. He ran.", 22, ["Dr. Who met Mr. Fox.", "He ran."]),
        (
            "He met Dr. Who in a house, then he left.",
            30,
            ["He met Dr. Who in a house,", "then he left."],
        ),
        ("one two three", 8, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("一二三。四五六。七", 5, ["一二三。", "四五六。七"]),
        ("He said “Go!” Then he went.", 16, ["He said “Go!”", "Then he went."]),
        ("short", 10, ["short"]),
        ("   ", 2, []),
    ],
)
def test_texts_are_parted_where_somebody_would_breathe(
    text: str, limit: int, parts: list[str]
) -> None:
    assert parts_of(text, limit) == parts


@given(st.text('abc .,;!?。、「」\n"', max_size=80), st.integers(1, 20))
def test_nothing_is_lost_and_no_part_is_too_long(text: str, limit: int) -> None:
    parts = parts_of(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < len(part) <= limit and part == part.strip() for part in parts)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.adapters.local.firefox_lines import (
    continues,
    groups,
    part,
    spaced,
    with_case_of,
)
from ytdubber.ports.translator import Line


def lines(*texts: str, speakers: str = "") -> list[Line]:
    names = speakers or "a" * len(texts)
    return [Line(str(n), text, None, names[n]) for n, text in enumerate(texts)]


def grouped(asked: list[Line]) -> list[list[str]]:
    return [[line.text for line in group] for group in groups(asked)]


def test_lines_of_one_clause_go_together() -> None:
    asked = lines(
        "when the rain", "", "had stopped,", "we left.", 'He said "go."', "Then", "I went"
    )
    assert grouped(asked) == [
        ["when the rain", "had stopped,"],
        ["we left."],
        ['He said "go."'],
        ["Then", "I went"],
    ]


def test_speakers_are_not_mixed_and_unpunctuated_talk_is_cut() -> None:
    assert grouped(lines("and", "so", speakers="ab")) == [["and"], ["so"]]
    assert [len(group) for group in groups(lines(*["x" * 250] * 5))] == [2, 2, 1]


def test_a_line_goes_on_after_a_comma_but_not_after_a_full_stop() -> None:
    first, second, third = lines("He was young,", "unless cold.", "Then he left.")
    assert not continues(None, first)
    assert continues(first, second)
    assert not continues(second, third)


@pytest.mark.parametrize(
    ("source", "translated", "target", "cased"),
    [
        ("unless it rains", "A menos que chova", "pt", "a menos que chova"),
        ("Unless it rains", "A menos que chova", "pt", "A menos que chova"),
        ("nasa said", "NASA disse", "pt", "NASA disse"),
        ("unless it rains", "Regen fällt", "de", "Regen fällt"),
    ],
)
def test_a_continuation_keeps_its_case(
    source: str, translated: str, target: str, cased: str
) -> None:
    assert with_case_of(source, translated, target) == cased


@pytest.mark.parametrize(
    ("joined", "apart"),
    [
        ("Olá.Como vai?Bem.", "Olá. Como vai? Bem."),
        ("às 9.30 em www.exemplo.com", "às 9.30 em www.exemplo.com"),
        ("U.S.A. Sim", "U.S.A. Sim"),
    ],
)
def test_run_together_sentences_are_parted(joined: str, apart: str) -> None:
    assert spaced(joined) == apart


def test_cuts_fall_at_punctuation_near_the_ideal_point() -> None:
    text = "quando a chuva parou, nós saímos"
    assert part(text, [20, 20], "pt") == ["quando a chuva parou,", "nós saímos"]


def test_languages_without_spaces_are_cut_between_letters() -> None:
    assert part("雨が止んだ、外に出た", [5, 5], "ja") == ["雨が止んだ、", "外に出た"]


@given(
    st.lists(st.text("abc,.", min_size=1, max_size=8), min_size=1, max_size=20),
    st.lists(st.integers(1, 50), min_size=1, max_size=8),
)
def test_no_part_is_empty_and_no_word_is_lost(words: list[str], shares: list[int]) -> None:
    parts = part(" ".join(words), shares, "pt")
    if len(words) < len(shares):
        assert parts is None
    else:
        assert parts is not None
        assert len(parts) == len(shares)
        assert all(parts)
        assert " ".join(parts) == " ".join(words)

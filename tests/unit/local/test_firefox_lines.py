import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.adapters.local.firefox_lines import (
    LONGEST_UNIT,
    continues,
    groups,
    part,
    units,
    with_case_of,
)
from ytdubber.ports.translator import Line


def lines(*texts: str, speakers: str = "") -> list[Line]:
    names = speakers or "a" * len(texts)
    return [Line(str(n), text, None, names[n]) for n, text in enumerate(texts)]


def grouped(asked: list[Line]) -> list[list[str]]:
    return [[line.text for line in group] for group in groups(asked, "en")]


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
    assert [len(group) for group in groups(lines(*["x" * 250] * 5), "en")] == [2, 2, 1]


def test_a_line_goes_on_after_a_comma_but_not_after_a_full_stop() -> None:
    first, second, third = lines("He was young,", "unless cold.", "Then he left.")
    assert not continues(None, first, "en")
    assert continues(first, second, "en")
    assert not continues(second, third, "en")


@pytest.mark.parametrize(
    ("source", "translated", "target", "cased"),
    [
        ("unless it rains", "A menos que chova", "pt", "a menos que chova"),
        ("Unless it rains", "A menos que chova", "pt", "A menos que chova"),
        ("nasa said", "NASA disse", "pt", "NASA disse"),
        ("unless it rains", "Regen fällt", "de", "Regen fällt"),
        ("wenn es regnet", "Wenn es regnet", "de", "wenn es regnet"),
        ("they came", "Sie kamen", "de", "Sie kamen"),
        ("eu estava cansado", "I was tired", "en", "I was tired"),
        ("eu vou", "I’m going", "en", "I’m going"),
        ("o Brasil vai ganhar", "Brazil will win", "en", "Brazil will win"),
        ("a Maria disse", "Mary said", "en", "Mary said"),
        ("segunda-feira eu vou", "Monday I go", "en", "Monday I go"),
        ("os brasileiros sabem", "Brazilians know", "en", "Brazilians know"),
        ("quando a Maria veio", "When Mary came", "en", "when Mary came"),
        ("a questão foi retomada", "Issue was resumed", "en", "issue was resumed"),
        ("“quando veio”", "“When he came”", "en", "“when he came”"),
        ("東京に", "When in Tokyo", "en", "When in Tokyo"),
    ],
)
def test_a_continuation_keeps_its_case(
    source: str, translated: str, target: str, cased: str
) -> None:
    assert with_case_of(source, translated, target) == cased


def test_a_pause_ends_a_sentence_and_an_ordinal_does_not() -> None:
    far, near = Line("b", "issue was resumed", None, "a", pause_before_ms=601), lines("and")[0]
    assert grouped([near, far]) == [["and"], ["issue was resumed"]]
    assert [len(group) for group in groups(lines("am 3.", "Mai kam er."), "de")] == [2]


def test_every_line_knows_its_share_of_every_sentence() -> None:
    made = units(["He met Mr.", "Fox. Then", "he left."], "en")
    assert [(unit.text, unit.shares, unit.begins) for unit in made] == [
        ("He met Mr. Fox.", {0: 11, 1: 4}, True),
        ("Then he left.", {1: 5, 2: 8}, False),
    ]
    assert [unit.text for unit in units(["東京に", "行った。"], "ja")] == ["東京に行った。"]


def test_a_sentence_too_long_for_a_model_is_cut_at_its_clauses() -> None:
    clause = "the old man walked slowly down the street with his dog, and"
    made = units([" ".join([clause] * 9) + " slept."], "en")
    assert all(len(unit.text) <= LONGEST_UNIT for unit in made)
    assert all(unit.text.endswith(",") for unit in made[:-1])


def test_words_of_another_script_keep_their_space() -> None:
    assert part("我在New York。他走", [10, 2], "zh") == ["我在New York。", "他走"]


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

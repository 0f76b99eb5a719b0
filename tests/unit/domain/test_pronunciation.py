"""What voices say for terms that are written otherwise."""

import pytest

from ytdubber.domain.errors import BadField, LocaleNotMade
from ytdubber.domain.glossary import MOST_TERMS
from ytdubber.domain.line_edit import LineEdit, edits_of
from ytdubber.domain.pronunciation import as_spoken, spoken_as_of, with_lines_own


def test_a_term_is_for_all_languages_or_for_one() -> None:
    given = {"LUFS": "loofs", "pt:LUFS": " lufis ", "por:Ada  B": "a da", "re:Invent": "reinvent"}
    assert spoken_as_of(given) == {
        "*:LUFS": "loofs",
        "pt:LUFS": "lufis",
        "pt:Ada B": "a da",
        "*:re:Invent": "reinvent",
    }
    assert spoken_as_of(spoken_as_of(given)) == spoken_as_of(given)
    assert spoken_as_of({"It: Chapter": "it chapter"}) == {"*:It: Chapter": "it chapter"}


@pytest.mark.parametrize(
    "given",
    [
        {"": "x"},
        {"LUFS": " "},
        {"LUFS": "x" * 101},
        {"x" * 101: "x"},
        {f"term {number}": "x" for number in range(MOST_TERMS + 1)},
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(given: dict[str, str]) -> None:
    with pytest.raises(BadField, match=r"^spoken_as: "):
        spoken_as_of(given)


def test_a_locale_that_is_not_made_is_refused() -> None:
    with pytest.raises(LocaleNotMade):
        spoken_as_of({"pt-PT:LUFS": "x"})


@pytest.mark.parametrize(
    ("text", "language", "spoken"),
    [
        ("LUFS, and LUFS.", "pt", "lufis, and lufis."),
        ("LUFS here.", "de", "loofs here."),
        ("lufs and LUFSes and ALUFS", "de", "lufs and LUFSes and ALUFS"),
        ("ISO 226 and ISO", "de", "iso two and eye so"),
        ("C++!", "de", "see plus plus!"),
        ("これはISOです", "ja", "これはeye soです"),
        ("eye so: LUFS", "fr", "eye so: loofs"),
        ("", "fr", ""),
    ],
)
def test_words_are_spoken_otherwise_and_parts_of_words_are_not(
    text: str, language: str, spoken: str
) -> None:
    said = {"*:LUFS": "loofs", "pt:LUFS": "lufis", "*:ISO": "eye so", "*:ISO 226": "iso two"}
    assert as_spoken(text, said | {"*:C++": "see plus plus"}, language) == spoken


def test_what_is_spoken_for_one_is_no_other() -> None:
    assert as_spoken("a b", {"*:a": "b", "*:b": "a"}, "en") == "b a"


def test_a_line_has_terms_of_its_own_which_go_before_the_jobs() -> None:
    edit = LineEdit().with_changes({"spoken_as": {" LUFS ": "lufis  lentos", "re:Invent": "x"}})
    assert edit.spoken_as == {"LUFS": "lufis lentos", "re:Invent": "x"}
    assert edits_of({"u1": edit.to_json()}).of("u1") == edit
    said = with_lines_own(spoken_as_of({"pt:LUFS": "loofs", "ISO": "i"}), edit.spoken_as, "pt")
    assert as_spoken("LUFS, ISO, re:Invent", said, "pt") == "lufis lentos, i, x"
    assert as_spoken("LUFS", said, "de") == "LUFS"
    assert edit.spoken_anew
    assert edit.with_changes({"spoken_as": None}) == LineEdit()
    with pytest.raises(BadField, match=r"^spoken_as: "):
        LineEdit().with_changes({"spoken_as": {"LUFS": " "}})

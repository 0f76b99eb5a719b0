"""Names that Windows takes, on any system."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.file_names import MOST_UNITS, portable, windows_takes

DEVICES = ["CON", "prn", "Aux", "nul", "COM1", "com9", "LPT0", "com²", "conin$", "CONOUT$"]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("talk", "talk"),
        ("talk.", "talk"),
        ("talk . ", "talk"),
        ("a:b", "a_b"),
        ("C:\\Users\\me", "C__Users_me"),
        ("\\\\server\\share", "__server_share"),
        ("what?", "what_"),
        ("tab\tbell\x07", "tab_bell_"),
        (".hidden", "hidden"),
        ("a" * 300 + ".wav", "a" * 251 + ".wav"),
        ("aux", "aux_"),
        ("Aux.tar.gz", "Aux_.tar.gz"),
        ("nul .txt", "nul_.txt"),
        ("auxiliary", "auxiliary"),
        ("com10", "com10"),
        ("日本語 – ü", "日本語 – ü"),
        ("\ud800", "_ud800"),
        (" .", ""),
        ("", ""),
    ],
)
def test_the_nearest_name(name: str, made: str) -> None:
    assert portable(name) == made


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("ending", ["", ".wav", " .a.b", "."])
def test_devices_are_no_names(device: str, ending: str) -> None:
    assert not windows_takes(device + ending)
    assert windows_takes(portable(device + ending))


@given(st.one_of(st.text(st.characters(exclude_categories=[]), max_size=400), st.from_regex(
    r"(con|aux|com1|LPT²|nul)? ?[. ]?[\\x00-\\x2e:-?]{0,9}.{0,300}[ .]{0,3}", fullmatch=True
)), st.integers(24, 255))  # fmt: skip
def test_every_name_can_be_had(name: str, most_bytes: int) -> None:
    made = portable(name, most_bytes)
    assert made == "" or windows_takes(made)
    assert len(made.encode()) <= most_bytes <= MOST_UNITS
    assert portable(made, most_bytes) == made

"""What a person finds in their folder of downloads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.artifact import download_name
from ytdubber.domain.file_names import windows_takes


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("talk.wav", "talk.pt.mix.mp3"),
        ("Übung – 1.FLAC", "Übung – 1.pt.mix.mp3"),
        ("Version 2.0", "Version 2.0.pt.mix.mp3"),
        ("Dr. Who: part 1/2", "Dr. Who_ part 1_2.pt.mix.mp3"),
        (".wav", "wav.pt.mix.mp3"),
        ("///", "pt.mix.mp3"),
        ("", "pt.mix.mp3"),
        ("a" * 300, "a" * 160 + ".pt.mix.mp3"),
        ("日" * 90, "日" * 53 + ".pt.mix.mp3"),
        ("aux", "aux_.pt.mix.mp3"),
        ("con.txt", "con_.txt.pt.mix.mp3"),
    ],
)
def test_a_file_is_named_after_its_recording(title: str, name: str) -> None:
    assert download_name(title, "pt/mix.mp3") == name


@given(st.text(max_size=400))
def test_any_title_makes_a_name_of_one_file(title: str) -> None:
    name = download_name(title, "pt/mix.mp3")
    assert name.endswith("pt.mix.mp3")
    assert windows_takes(name)
    assert len(name.encode()) < 200
    assert not name.startswith((".", " "))

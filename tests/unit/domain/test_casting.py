from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.casting import cast
from ytdubber.domain.errors import UnknownVoice
from ytdubber.domain.voice import Gender, Voice

F, M = Gender.FEMALE, Gender.MALE


def voices(*genders: Gender) -> list[Voice]:
    return [Voice(f"v{place}", "pt", gender, "") for place, gender in enumerate(genders)]


def ids(
    speakers: dict[str | None, int], genders: list[Gender], preference: str | None
) -> list[str]:
    """Voices in the order of the speakers given."""
    found = cast(speakers, voices(*genders), preference, "pt")
    return [found[speaker].id for speaker in speakers]


def test_one_speaker_has_the_voice_that_was_wished_for() -> None:
    assert ids({None: 5}, [F, M], None) == ["v0"]
    assert ids({None: 5}, [F, M], "male") == ["v1"]
    assert ids({None: 5}, [F, M], "v1") == ["v1"]
    assert cast({}, voices(F), None, "pt") == {}


def test_speakers_take_turns_by_how_long_they_speak() -> None:
    assert ids({"0": 10, "1": 30, "2": 20, "3": 5}, [F, F, M, M], None) == ["v1", "v0", "v2", "v3"]


def test_a_wished_gender_is_everybodys_and_a_wished_voice_the_main_speakers() -> None:
    assert ids({"0": 9, "1": 5, "2": 1}, [F, M, F, M], "male") == ["v1", "v3", "v1"]
    assert ids({"0": 9, "1": 5, "2": 1}, [F, M, F, M], "v2") == ["v2", "v1", "v0"]


def test_a_wish_nobody_meets_is_refused() -> None:
    with pytest.raises(UnknownVoice):
        cast({"0": 1}, voices(F), "male", "pt")


@given(
    st.dictionaries(st.text("0123456789", min_size=1, max_size=3), st.integers(0, 9), max_size=8),
    st.lists(st.sampled_from(list(Gender)), min_size=1, max_size=8),
)
def test_voices_differ_while_there_are_any_and_never_change(
    speakers: dict[str | None, int], genders: list[Gender]
) -> None:
    chosen = cast(speakers, voices(*genders), None, "pt")
    assert set(chosen) == set(speakers)
    assert len({voice.id for voice in chosen.values()}) == min(len(speakers), len(genders))
    assert chosen == cast(dict(reversed(speakers.items())), voices(*genders), None, "pt")


def test_neighbours_in_speaking_time_have_unlike_voices_while_both_kinds_last() -> None:
    chosen = cast({str(n): -n for n in range(6)}, voices(F, F, F, M, M, M), None, "pt")
    kinds = [chosen[str(n)].gender for n in range(6)]
    assert all(one is not other for one, other in pairwise(kinds))

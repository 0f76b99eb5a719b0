"""Whose words are whose, and who speaks for whom."""

from ytdubber.domain.casting import Speaker, cast_people, sharing
from ytdubber.domain.speakers import SpeakerTurn, person_id, with_speakers
from ytdubber.domain.transcript import Person, Word
from ytdubber.domain.voice import Gender, Voice

TURNS = [SpeakerTurn("A", 0, 2_000), SpeakerTurn("B", 1_800, 4_000), SpeakerTurn("A", 5_000, 9_000)]


def words(*times_ms: tuple[int, int]) -> list[Word]:
    return [Word("x", start, end, 0.9) for start, end in times_ms]


def whose(*times_ms: tuple[int, int]) -> list[str | None]:
    return [word.speaker for word in with_speakers(words(*times_ms), TURNS)]


def test_a_word_is_of_whom_it_overlaps_most_or_is_nearest_to() -> None:
    assert whose((100, 400), (1_700, 2_600), (4_100, 4_200), (4_700, 4_900), (9_500, 9_900)) == [
        "A", "B", "B", "A", "A",
    ]  # fmt: skip
    assert with_speakers(words((0, 9)), []) == words((0, 9))


def test_a_short_word_among_another_s_is_the_other_s() -> None:
    turns = [
        SpeakerTurn("A", 0, 1_000), SpeakerTurn("B", 1_000, 1_300), SpeakerTurn("A", 1_300, 3_000),
    ]  # fmt: skip
    said = with_speakers(words((500, 1_000), (1_000, 1_300), (1_300, 2_000)), turns)
    assert [word.speaker for word in said] == ["A", "A", "A"]
    apart = with_speakers(words((0, 500), (1_000, 1_300), (1_300, 2_000)), turns)
    assert [word.speaker for word in apart] == ["A", "B", "A"]


def test_people_have_letters() -> None:
    assert [person_id(n) for n in (0, 1, 25, 26, 27, 701, 702)] == [
        "A", "B", "Z", "AA", "AB", "ZZ", "AAA",
    ]  # fmt: skip


LOW, HIGH = Voice("m-low", "pt", Gender.MALE, "", 95), Voice("m-high", "pt", Gender.MALE, "", 140)
WOMAN = Voice("f", "pt", Gender.FEMALE, "", 200)
POOL = [WOMAN, HIGH, LOW]
PEOPLE = [
    Person("A", Gender.MALE, 100), Person("B", Gender.FEMALE, 210), Person("C", Gender.MALE, 135),
]  # fmt: skip


def chosen(preference: str | None = None, **wishes: str) -> dict[str | None, str]:
    times: dict[Speaker, int] = {"A": 9, "B": 8, "C": 7}
    found = cast_people(PEOPLE, times, POOL, preference, wishes, "pt")
    assert list(found) == ["A", "B", "C"]
    return {who: voice.id for who, voice in found.items()}


def test_everybody_has_a_voice_of_their_gender_near_their_pitch() -> None:
    assert chosen() == {"A": "m-low", "B": "f", "C": "m-high"}


def test_wishes_come_first_and_leave_other_voices_to_others() -> None:
    assert chosen(C="m-low") == {"A": "m-high", "B": "f", "C": "m-low"}
    assert chosen(B="male") == {"A": "m-low", "B": "m-high", "C": "m-high"}
    assert chosen("f") == {"A": "f", "B": "f", "C": "m-high"}
    assert chosen("male") == {"A": "m-low", "B": "m-high", "C": "m-high"}


def test_those_without_a_voice_of_their_own_share_one() -> None:
    people = [*PEOPLE, Person("D", Gender.FEMALE, 190)]
    times: dict[Speaker, int] = {"A": 9, "B": 8, "C": 7, "D": 6}
    found = cast_people(people, times, POOL, None, {}, "pt")
    assert sharing(found) == [["B", "D"]]

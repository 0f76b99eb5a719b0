"""When cues come and go beside one another."""

from itertools import pairwise

from inline_snapshot import snapshot

from ytdubber.captions.check import passing_share, violations
from ytdubber.captions.cues import Cue, cues
from ytdubber.captions.speech import SpokenText
from ytdubber.domain.media import Interval

Shown = list[tuple[int, int, tuple[str, ...]]]


def shown(spoken: list[SpokenText], language: str = "en", total_ms: int = 20_000) -> Shown:
    made = cues(spoken, language, total_ms)
    assert violations(made, spoken, language) == ()
    for a, b in pairwise(made):
        assert a.end_ms < b.start_ms
    return [(cue.start_ms, cue.end_ms, cue.lines) for cue in made]


def line(text: str, start_ms: int, end_ms: int, speaker: str | None = None) -> SpokenText:
    return SpokenText(text, Interval(start_ms, end_ms), speaker)


def test_two_speakers_at_once_are_one_cue_with_a_line_each() -> None:
    spoken = [line("I never said that.", 0, 2_000, "A"), line("Yes, you did!", 1_000, 2_200, "B")]
    expected = [(0, 2_200, ("-I never said that.", "-Yes, you did!"))]
    assert shown(spoken) == expected
    assert shown(spoken[::-1]) == expected
    assert shown(spoken, "pt")[0][2] == ("- I never said that.", "- Yes, you did!")


def test_two_long_lines_at_once_are_shown_one_after_the_other() -> None:
    first = "I told you a hundred times that the door has to be closed at night, my friend."
    second = "And I told you that I was not even here when all of that happened, remember?"
    made = shown([line(first, 0, 5_000, "A"), line(second, 3_000, 8_000, "B")])
    assert " ".join(" ".join(lines) for _, _, lines in made) == f"{first} {second}"
    assert all(end - start >= 833 for start, end, _ in made)


def test_a_word_thrown_in_stands_where_it_is_said() -> None:
    first = (
        "When we came to the river there was no bridge, no boat, and nobody who could tell us "
        "where the next village was, so we sat down and waited for the morning to come."
    )
    made = shown([line(first, 0, 10_000, "A"), line("Really?", 4_000, 4_600, "B")])
    (at,) = [start for start, _, lines in made if any("Really?" in row for row in lines)]
    assert 2_000 <= at <= 4_600
    said = "".join("".join(lines) for _, _, lines in made)
    assert said.count("Really?") == 1


def test_short_lines_that_follow_closely_are_shown_together() -> None:
    assert shown(
        [line("No.", 0, 300), line("Wait.", 420, 800), line("Come back here!", 950, 2_100)]
    ) == snapshot([(0, 866, ("No. Wait.",)), (950, 2100, ("Come back here!",))])


def test_a_cue_too_short_by_little_takes_from_the_pause_or_its_neighbours() -> None:
    """A gap of two frames, then speech: the cue begins a little early or the next a little late."""
    spoken = [
        line("A first sentence, said at leisure.", 0, 2_500),
        line("Here?", 3_200, 3_600),
        line("That is what it said on the sign, in letters as tall as a man.", 4_080, 8_000),
    ]
    made = shown(spoken)
    assert [end - start >= 833 for start, end, _ in made] == [True] * len(made)


def test_time_within_a_line_is_shared_by_what_there_is_to_read() -> None:
    text = (
        "It was late. The two of them walked along the shore without a word, until the lights of "
        "the harbour came up behind the hill and the older one stopped."
    )
    made = cues([line(text, 0, 8_000)], "en", 8_000)
    assert violations(made, [line(text, 0, 8_000)], "en") == ()


def test_speech_that_is_too_fast_is_said_to_be_and_counts() -> None:
    spoken = [line("This is a sentence that nobody could read in such a short time.", 0, 1_500)]
    made = cues(spoken, "en", 1_500)
    (broken,) = violations(made, spoken, "en")
    assert (broken.rule, broken.inevitable) == ("reading_speed", True)
    assert broken.detail == "41.3 a second, at most 20; the speech itself: 30.2"
    assert passing_share(made, [broken]) == 0.0


def test_captions_that_waste_their_time_are_to_blame_themselves() -> None:
    spoken = [line("This is a sentence that has all the time in the world.", 0, 5_000)]
    made = [Cue(0, 1_000, ("This is a sentence that has", "all the time in the world."), 5_000)]
    assert [(b.rule, b.inevitable) for b in violations(made, spoken, "en")] == [
        ("reading_speed", False)
    ]


def test_a_line_shown_far_from_its_onset_is_found() -> None:
    spoken = [line("One.", 0, 1_000), line("Two.", 3_000, 4_000)]
    made = [Cue(0, 1_000, ("One.",), 1_000), Cue(3_500, 4_500, ("Two.",), 4_000)]
    assert [(b.cue, b.rule) for b in violations(made, spoken, "en")] == [(2, "onset")]


def test_a_cue_that_can_be_read_only_so_comes_two_frames_early() -> None:
    """The guide lets it come two frames before its speech and stay half a second after it."""
    text = "The committee has never once agreed on a single one of them."
    ((start_ms, end_ms, _),) = shown([line(text, 5_000, 7_450)])
    assert 5_000 - 83 <= start_ms < 5_000
    assert end_ms <= 7_450 + 500

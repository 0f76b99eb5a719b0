from ytdubber.adapters.local.whisper_languages import blocks, course
from ytdubber.domain.media import Interval

EN, FR = {"en": 0.97, "fr": 0.01}, {"en": 0.001, "fr": 0.99}


def test_a_change_of_language_is_followed_there_and_back() -> None:
    judged = [EN, EN, FR, FR, EN]
    assert course(judged, [6_000] * 5) == ["en", "en", "fr", "fr", "en"]


def test_one_sentence_in_another_language_is_heard_when_it_is_certain() -> None:
    assert course([EN, FR, EN], [6_000] * 3) == ["en", "fr", "en"]


def test_what_is_not_certain_does_not_change_the_language() -> None:
    unsure = {"en": 0.05, "fr": 0.9}
    assert course([EN, unsure, EN, unsure, EN], [6_000] * 5) == ["en"] * 5


def test_a_single_word_does_not_change_the_language() -> None:
    assert course([EN, FR, EN], [6_000, 500, 6_000]) == ["en"] * 3


def test_a_doubtful_beginning_is_what_follows() -> None:
    assert course([{"es": 0.4, "en": 0.3}, EN, EN], [2_000, 6_000, 6_000]) == ["en"] * 3


def test_nobody_knows_the_language() -> None:
    assert course([], []) == []
    assert course([{"en": 0.1, "fr": 0.2}], [1_000]) == ["fr"]
    assert course([{}], [1_000]) == ["en"]


def test_a_sentence_before_a_change_is_not_judged_with_what_follows() -> None:
    english, french = Interval(24_128, 26_848), Interval(27_840, 33_024)
    assert blocks([english, french]) == [[english], [french]]


def test_single_words_are_judged_together() -> None:
    words = [Interval(at, at + 600) for at in range(0, 6_000, 1_200)]
    assert [len(block) for block in blocks(words)] == [4, 1]


def test_speech_is_judged_in_blocks_that_end_at_pauses() -> None:
    speech = [Interval(0, 1_900), Interval(2_000, 4_500), Interval(5_000, 6_000)]
    speech += [Interval(6_100, 12_000)]
    speech += [Interval(12_300, 13_000), Interval(14_000, 50_000)]
    assert [[each.start_ms for each in block] for block in blocks(speech)] == [
        [0, 2_000],
        [5_000, 6_100, 12_300],
        [14_000],
    ]
    assert blocks([]) == []

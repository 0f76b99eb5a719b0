from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.media import Interval
from ytdubber.domain.segmentation import Segmentation, refine, utterances
from ytdubber.domain.transcript import Word


def word(text: str, start_ms: int, end_ms: int, speaker: str | None = None) -> Word:
    return Word(text, start_ms, end_ms, 1.0, speaker)


@st.composite
def recognized(draw: st.DrawFn) -> list[Word]:
    at, words = 0, []
    for _ in range(draw(st.integers(1, 60))):
        start = at + draw(st.integers(0, 900))
        end = start + draw(st.integers(0, 2_500))
        text = draw(st.sampled_from(["yes", "no,", "end.", "Mr.", "why?", "word"]))
        words.append(word(text, start, end, draw(st.sampled_from(["a", "b"]))))
        at = end
    return words


@st.composite
def activity(draw: st.DrawFn) -> list[Interval]:
    edges = sorted(draw(st.sets(st.integers(0, 60_000), min_size=2, max_size=20)))
    return [Interval(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]


@given(recognized(), activity())
def test_refining_keeps_every_word_in_order(words: list[Word], speech: list[Interval]) -> None:
    refined = refine(words, speech)
    assert [w.text for w in refined] == [w.text for w in words]
    assert all(w.start_ms <= w.end_ms for w in refined)
    assert [w.start_ms for w in refined] == sorted(w.start_ms for w in refined)


@given(recognized())
def test_utterances_hold_every_word_once_and_one_speaker_each(words: list[Word]) -> None:
    said = utterances(words)
    assert [w for u in said for w in u.words] == words
    assert all({w.speaker for w in u.words} == {u.speaker} for u in said)
    assert len({u.id for u in said}) == len(said)
    for u in said:
        assert u.duration_ms <= Segmentation().longest_ms or len(u.words) == 1


def test_a_long_pause_cuts() -> None:
    said = utterances([word("one", 0, 2_000), word("two", 2_600, 4_600)])
    assert [u.text for u in said] == ["one", "two"]


def test_a_short_pause_cuts_only_after_a_sentence() -> None:
    said = utterances(
        [word("One.", 0, 2_000), word("Two", 2_300, 4_000), word("three", 4_300, 6_000)]
    )
    assert [u.text for u in said] == ["One.", "Two three"]


def test_an_ordinal_ends_no_sentence_and_no_space_is_put_between_japanese_words() -> None:
    german = [word("am", 0, 2_000), word("3.", 2_000, 2_300), word("Mai", 2_600, 4_000)]
    assert [u.text for u in utterances(german, language="de")] == ["am 3. Mai"]
    japanese = [word("東京", 0, 900), word("に", 900, 1_200), word("New", 1_200, 1_500)]
    japanese.append(word("York", 1_500, 2_000))
    assert [u.text for u in utterances(japanese, language="ja")] == ["東京にNew York"]


def test_words_move_over_pauses_by_the_abbreviations_of_their_language() -> None:
    words = [word("Es", 0, 300), word("war", 300, 600), word("Nr.", 600, 900)]
    words += [word("fünf", 900, 1_400), word("heute", 2_000, 2_500), word("hier.", 2_500, 3_000)]
    speech = [Interval(0, 1_400), Interval(2_000, 3_000)]
    assert refine(words, speech, "de") == tuple(words)
    assert refine(words, speech, "en")[3].start_ms == 2_000


def test_mister_does_not_end_a_sentence() -> None:
    assert len(utterances([word("Mr.", 0, 2_000), word("John", 2_300, 4_000)])) == 1


def test_a_short_word_joins_the_nearer_neighbour_of_the_same_speaker() -> None:
    said = utterances(
        [
            word("One.", 0, 2_000, "a"),
            word("Yes.", 2_300, 2_600, "a"),
            word("Two.", 2_950, 5_000, "b"),
        ]
    )
    assert [u.text for u in said] == ["One. Yes.", "Two."]


def test_onsets_move_onto_the_sound() -> None:
    refined = refine(
        [word("And", 0, 500), word("then.", 500, 1_900), word("He", 2_300, 3_100)],
        [Interval(240, 2_000), Interval(2_600, 4_000)],
    )
    assert [w.start_ms for w in refined] == [240, 500, 2_600]


def test_the_last_word_before_a_pause_ends_with_the_sound() -> None:
    refined = refine(
        [word("he", 0, 500), word("was.", 500, 700), word("He", 1_400, 1_800)],
        [Interval(0, 1_050), Interval(1_400, 2_300)],
    )
    assert [w.end_ms for w in refined] == [500, 1_050, 1_800], "no word is 400 ms from its end"


@given(recognized(), activity())
def test_no_word_ends_in_a_pause_or_earlier_than_it_was_heard_to(
    words: list[Word], speech: list[Interval]
) -> None:
    for before, after in zip(refine(words, ()), refine(words, speech), strict=True):
        if after.end_ms > max(before.end_ms, after.start_ms + 150):
            assert after.end_ms in {stretch.end_ms for stretch in speech}


def test_a_word_over_a_pause_goes_where_punctuation_says() -> None:
    speech = [Interval(0, 1_000), Interval(1_600, 3_000)]
    before = refine([word("man,", 700, 1_900), word("unless", 1_900, 2_400)], speech)
    assert before[0].end_ms == 1_000
    after = refine([word("man,", 0, 700), word("unless", 800, 2_400)], speech)
    assert after[1].start_ms == 1_600


def test_words_of_a_new_sentence_before_a_pause_move_behind_it() -> None:
    speech = [Interval(0, 2_000), Interval(2_600, 5_000)]
    words = [
        word("all", 0, 900),
        word("done.", 900, 1_500),
        word("He", 1_600, 1_900),
        word("was", 2_600, 3_000),
        word("not", 3_000, 3_400),
    ]
    refined = refine(words, speech)
    assert refined[2].start_ms == 2_600
    assert utterances(refined)[0].text == "all done."


def test_the_last_word_of_a_sentence_after_a_pause_moves_before_it() -> None:
    speech = [Interval(0, 2_000), Interval(2_600, 5_000)]
    words = [
        word("this", 0, 900),
        word("is", 900, 1_900),
        word("all.", 2_600, 2_900),
        word("He", 2_950, 3_300),
        word("was", 3_300, 3_800),
    ]
    refined = refine(words, speech)
    assert refined[2].end_ms <= 2_000
    assert refined[3].start_ms == 2_600


class CountedInterval(Interval):
    """A stretch of speech that counts how often anything of any of them is looked at."""

    looks: ClassVar[int] = 0

    def __getattribute__(self, name: str) -> object:
        CountedInterval.looks += 1
        return super().__getattribute__(name)


def test_refining_takes_as_much_longer_as_the_recording_is() -> None:
    def looks(minutes: int) -> int:
        words = [word("word", at, at + 380) for at in range(0, minutes * 60_000, 400)]
        speech = [CountedInterval(at, at + 2_700) for at in range(0, minutes * 60_000, 3_000)]
        CountedInterval.looks = 0
        refine(words, speech)
        return CountedInterval.looks

    assert looks(30) < 3.6 * looks(10)

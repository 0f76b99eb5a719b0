import dataclasses

from ytdubber.adapters.local.whisper_decoding import Decoded
from ytdubber.adapters.local.whisper_words import Piece


def decoded(words: int, window_ms: int, each_ms: int = 300, **found: float) -> Decoded:
    """So many words of five letters, one after the other from the beginning."""
    pieces = tuple(Piece(" words", i * each_ms, (i + 1) * each_ms, 0.9) for i in range(words))
    values = {"likely": -0.1, "quiet": 0.0, "repetitive": 3.0, **found}
    return Decoded(pieces, window_ms, **values)


def test_a_speaker_who_repeats_sentences_is_no_loop() -> None:
    assert not decoded(80, 29_000, likely=-0.05).loop


def test_a_text_that_repeats_itself_without_any_likelihood_is_a_loop() -> None:
    assert decoded(80, 29_000, likely=-0.8).loop
    assert not decoded(80, 29_000, likely=-0.8, repetitive=1.5).loop


def test_a_text_faster_than_anybody_speaks_is_a_loop() -> None:
    assert decoded(220, 29_000, each_ms=130).loop


def test_words_without_a_sound_of_their_own_are_a_loop() -> None:
    assert decoded(100, 29_000, each_ms=20).loop


def test_the_better_decoding_covers_more_and_is_likelier() -> None:
    whole, half = decoded(90, 29_000), decoded(40, 29_000)
    assert whole.merit > half.merit
    assert dataclasses.replace(whole, likely=-0.9, repetitive=1.0).merit < whole.merit
    assert decoded(90, 29_000, likely=-1.8).merit < half.merit


def test_a_word_stretched_over_what_was_not_made_out_covers_little() -> None:
    even, stretched = decoded(30, 29_000), decoded(3, 29_000, each_ms=9_000)
    assert even.merit > stretched.merit


def test_a_loop_is_worse_than_any_speech() -> None:
    assert (
        decoded(220, 29_000, each_ms=130).merit
        < decoded(10, 29_000, likely=-0.9, repetitive=1).merit
    )


def test_an_unlikely_text_is_doubtful_though_it_is_speech_and_no_loop() -> None:
    unlikely = decoded(90, 29_000, likely=-0.8, repetitive=1.5)
    assert unlikely.speech
    assert not unlikely.loop
    assert unlikely.doubtful
    assert not decoded(90, 29_000, likely=-0.6, repetitive=1.5).doubtful
    assert not decoded(80, 29_000, likely=-0.05).doubtful, "sentences that are repeated"


def test_noise_is_no_speech() -> None:
    assert not decoded(3, 10_000, likely=-1.8).speech
    assert not decoded(3, 10_000, likely=-1.2, quiet=0.9).speech
    assert decoded(3, 10_000, likely=-1.2, quiet=0.1).speech

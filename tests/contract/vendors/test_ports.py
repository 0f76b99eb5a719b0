"""The tests every recognizer and every voice passes, with the vendors' adapters at the double."""

from tests.contract.test_speech_synthesizer import (  # noqa: F401  # collected for this folder
    test_a_cancelled_call_stops,
    test_a_closed_engine_speaks_again,
    test_a_line_is_spoken_into_a_trimmed_wav,
    test_every_language_has_its_default_voice_first,
    test_two_threads_give_the_bytes_of_one,
    test_what_cannot_be_spoken_says_why,
)
from tests.contract.test_speech_to_text import (  # noqa: F401  # collected for this folder
    test_a_closed_engine_hears_again,
    test_an_unknown_language_is_unsupported,
    test_silence_has_no_words,
    test_the_example_is_heard_in_its_language,
    test_words_follow_one_another,
)

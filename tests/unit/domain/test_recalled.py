from ytdubber.domain import errors


def test_an_error_is_recalled_as_what_it_was() -> None:
    error = errors.DurationMismatch(
        voice="a", voice_s=61.9, background="b", background_s=64.2, tolerance_ms=1000
    )
    again = errors.recalled(error.code, str(error), error.facts)
    assert (type(again), str(again), again.facts) == (type(error), str(error), error.facts)


def test_one_that_no_class_has_any_more_keeps_its_words() -> None:
    error = errors.recalled("of_another_version", "It cannot be dubbed.", {})
    assert (error.code, str(error)) == ("of_another_version", "It cannot be dubbed.")
    assert isinstance(error, errors.BadInput)

import pytest

from ytdubber.domain.transcript import Transcript, Utterance


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "你好。New York很大"), ("en", "你好。 New York很大")],
)
def test_all_that_was_said_is_joined_as_its_language_writes(language: str, text: str) -> None:
    said = [
        Utterance(f"u{n}", each, n, n + 1, None, ())
        for n, each in enumerate(["你好。", "New York很大"])
    ]
    assert Transcript(language, tuple(said)).text == text

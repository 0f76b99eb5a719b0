"""What the vendors' double hears and says here: every recording has a word of its own, so that no
two jobs ask for the same, and what is asked for twice was paid for twice.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace

from ytdubber.ports.translator import Line, TranslatedLine
from ytdubber.testing.vendor_double.canned import CannedContent
from ytdubber.testing.vendor_double.content import Heard, Sound

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Distinct(CannedContent):
    """As canned, with the recording's word at the end of every line."""

    def transcribe(self, sound: Sound, language: str | None, terms: Sequence[str]) -> Heard:
        heard = super().transcribe(sound, language, terms)
        mark = _word(zlib.crc32(sound.samples.tobytes()))
        words = [replace(word, text=mark) if n % 2 else word for n, word in enumerate(heard.words)]
        return replace(heard, words=tuple(words))

    def translate(
        self, lines: Sequence[Line], source: str, target: str
    ) -> Sequence[TranslatedLine]:
        return [
            replace(made, text=f"{made.text} {_marked(line.text)}", alternatives=())
            for line, made in zip(lines, super().translate(lines, source, target), strict=True)
        ]


def _marked(text: str) -> str:
    """The word of its own that a line was heard with."""
    words = text.lower().rstrip(".").split()
    return max(words, key=lambda word: (len(word) == MARK_LETTERS, words.count(word)))


MARK_LETTERS = 12


def _word(number: int) -> str:
    letters = ""
    while len(letters) < MARK_LETTERS:
        number, rest = divmod(number * 1103515245 + 12345, 26)
        letters += LETTERS[rest]
        number %= 2**48
    return letters

"""From whisper's pieces of words to words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ytdubber.domain.languages import language_of
from ytdubber.domain.transcript import Word

LEAST_WORD_MS = 20
"""No word is shorter: whisper's own time step."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word as whisper gives it: with the space before it, if there was one."""

    text: str
    start_ms: int
    end_ms: int
    probability: float


def words_of(
    windows: Iterable[Sequence[Piece]], language: str, duration_ms: int
) -> tuple[Word, ...]:
    """Words in order, none before the end of the one before it, all within the recording.

    faster-whisper begins a piece at every hyphen and decimal point: `ill` and `-disposed`, `3` and
    `.5`. A piece without a leading space belongs to the word before it, in languages that write
    spaces at all.
    """
    spaced = language_of(language).spaces
    joined: list[Piece] = []
    for pieces in windows:
        for position, piece in enumerate(pieces):
            stripped = replace(piece, text=piece.text.strip())
            if not stripped.text:
                continue
            if position and joined and spaced and not piece.text[0].isspace():
                stripped = _together(joined.pop(), stripped)
            joined.append(stripped)
    return _monotonic(joined, duration_ms)


def _together(left: Piece, right: Piece) -> Piece:
    return Piece(
        text=left.text + right.text,
        start_ms=left.start_ms,
        end_ms=max(left.end_ms, right.end_ms),
        probability=min(left.probability, right.probability),
    )


def _monotonic(pieces: Sequence[Piece], duration_ms: int) -> tuple[Word, ...]:
    forward: list[Piece] = []
    reached = 0
    for piece in pieces:
        start = max(piece.start_ms, reached)
        reached = max(piece.end_ms, start + LEAST_WORD_MS)
        forward.append(replace(piece, start_ms=start, end_ms=reached))
    words: list[Word] = []
    limit = duration_ms
    for piece in reversed(forward):
        end = min(piece.end_ms, limit)
        limit = max(0, min(piece.start_ms, end - LEAST_WORD_MS))
        words.append(Word(piece.text, limit, end, round(piece.probability, 4)))
    return tuple(reversed(words))

"""From whisper's pieces of words to words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ytdubber.domain.spacing import needs_space
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


@dataclass(frozen=True, slots=True)
class TranscribedWindow:
    """What was heard in one window, and in which language."""

    language: str
    pieces: Sequence[Piece]


def words_of(
    windows: Iterable[TranscribedWindow], language: str, duration_ms: int
) -> tuple[Word, ...]:
    """Words in order, none before the end of the one before it, all within the recording.

    faster-whisper begins a piece at every hyphen and decimal point: `ill` and `-disposed`, `3` and
    `.5`. A piece without a leading space belongs to the word before it where the language would
    write one: not among Chinese letters, but within `Microsoft` there. Words in another
    language than the given one name theirs.
    """
    joined: list[Piece] = []
    spoken: list[str | None] = []
    for window in windows:
        for position, piece in enumerate(window.pieces):
            stripped = replace(piece, text=piece.text.strip())
            if not stripped.text:
                continue
            if position and joined and _goes_on(joined[-1], piece, window.language):
                joined[-1] = _together(joined[-1], stripped)
                continue
            joined.append(stripped)
            spoken.append(None if window.language == language else window.language)
    words = _monotonic(joined, duration_ms)
    return tuple(map(lambda word, code: replace(word, language=code), words, spoken))


def _goes_on(before: Piece, piece: Piece, language: str) -> bool:
    """Whether a piece belongs to the word before it."""
    return not piece.text[0].isspace() and needs_space(before.text, piece.text, language)


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

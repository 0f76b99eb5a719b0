"""Whisper at work on the windows of one recording."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .recording import RATE_HZ, Recording
from .whisper_windows import Window
from .whisper_words import Piece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_REPETITIVE = 2.4
"""A text that compresses better than this repeats itself (whisper's own limit): people do so, and a
decoder caught in a loop does."""

UNSURE = -0.7
"""The mean log probability under which a text is doubtful, and one that repeats itself a loop:
between whisper's own limit for any text, -1, and the -0.05 of telephone announcements that do
repeat themselves."""

MOST_LETTERS_A_SECOND = 28
"""More letters and figures in a second of sound are a loop: nearly twice the 15 of ordinary
speech."""

CRAMMED_MS, MOST_CRAMMED = 40, 0.3
"""Words no longer than this have no sound of their own; a text with a larger share of them is a
loop, which goes on after the sound has ended."""

UNLIKELY = -1.0
QUIET = 0.6
"""A mean log probability under UNLIKELY with more than QUIET for "no speech" is not speech
(whisper's own rule)."""

HOPELESS = -1.5
"""A mean log probability under this is not speech either: music and noise were seen to get -1.8 to
-2.4, one second of speech -0.6."""

SLOWEST_MS = 1_500
"""A word covers no more sound than this, however far it is stretched over what was not made out."""

_CAREFULLY = {"beam_size": 5}
_AGAINST_LOOPS = {"beam_size": 5, "no_repeat_ngram_size": 4, "repetition_penalty": 1.1}
"""How a doubtful window is decoded a second time, and one whose text runs in circles."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What whisper made of one window.

    Attributes:
        pieces: The words, at their times in the window.
        window_ms: How long the window is.
        likely: The mean log probability of the text.
        quiet: How likely it is that nobody speaks.
        repetitive: The text's length over its compressed length.
    """

    pieces: tuple[Piece, ...]
    window_ms: int
    likely: float = -10.0
    quiet: float = 1.0
    repetitive: float = 1.0

    @property
    def speech(self) -> bool:
        """Whether it is speech, and not noise that was taken for it."""
        return self.likely >= UNLIKELY or (self.likely >= HOPELESS and self.quiet <= QUIET)

    @property
    def loop(self) -> bool:
        """Whether the text repeats itself as nobody does who speaks."""
        if self.repetitive <= MOST_REPETITIVE:
            return False
        return self.likely < UNSURE or self._too_fast

    @property
    def doubtful(self) -> bool:
        """Whether a more careful decoding may find better words."""
        return self.loop or self.likely < UNSURE

    @property
    def merit(self) -> tuple[bool, bool, float]:
        """What makes one decoding better than another: that it is speech and no loop, then how much
        of the window its words cover and how likely they are.
        """
        return self.speech, not self.loop, self._covered + self.likely

    @property
    def _too_fast(self) -> bool:
        letters = sum(map(str.isalnum, "".join(piece.text for piece in self.pieces)))
        crammed = sum(piece.end_ms - piece.start_ms <= CRAMMED_MS for piece in self.pieces)
        return (
            letters * 1000 > MOST_LETTERS_A_SECOND * self.window_ms
            or crammed > MOST_CRAMMED * len(self.pieces)
        )

    @property
    def _covered(self) -> float:
        """The share of the window in which words sound."""
        reached = covered = 0
        for piece in self.pieces:
            start = max(reached, piece.start_ms)
            end = min(piece.end_ms, start + SLOWEST_MS)
            covered += max(0, end - start)
            reached = max(reached, piece.end_ms)
        return covered / max(1, self.window_ms)


def transcribe_windows(
    whisper: Any, recording: Recording, windows: Sequence[Window], hints: str | None
) -> list[list[Piece]]:
    """What is said in each window, decoded together; nothing where it is not speech.

    A window whose text is unlikely, or runs in circles, is decoded once more, and the better of
    both is kept.

    Args:
        whisper: The model.
        recording: What is listened to.
        windows: What is decoded, all of one language.
        hints: What may be said in them.
    """
    language = windows[0].language
    sounds = [sound_of(recording, window) for window in windows]
    transcribed: list[list[Piece]] = []
    first = _decoded(whisper, sounds, language, hints)
    for window, sound, decoded in zip(windows, sounds, first, strict=True):
        best = decoded
        if decoded.doubtful:
            manner = _AGAINST_LOOPS if decoded.loop else _CAREFULLY
            (again,) = _decoded(whisper, [sound], language, None, **manner)
            best = max(decoded, again, key=lambda each: each.merit)
        transcribed.append(_in_recording(best.pieces, window) if best.speech else [])
    return transcribed


def sound_of(recording: Recording, window: Window) -> "NDArray[np.float32]":
    """The window's parts, one after another."""
    import numpy as np

    return np.concatenate([recording.part(part) for part in window.parts])


def _decoded(
    whisper: Any,
    sounds: Sequence["NDArray[np.float32]"],
    language: str,
    hints: str | None,
    **options: Any,
) -> list[Decoded]:
    """What whisper makes of each sound."""
    import numpy as np
    from faster_whisper import BatchedInferencePipeline

    ends = np.cumsum([len(sound) for sound in sounds]) / RATE_HZ
    starts = [0.0, *ends[:-1].tolist()]
    segments, _ = BatchedInferencePipeline(whisper).transcribe(
        np.concatenate(sounds),
        **{
            "language": language,
            "beam_size": 1,
            "batch_size": len(sounds),
            "word_timestamps": True,
            "condition_on_previous_text": False,
            "hotwords": hints,
            "clip_timestamps": [
                {"start": start, "end": float(end)} for start, end in zip(starts, ends, strict=True)
            ],
            **options,
        },
    )
    found = [Decoded((), len(sound) * 1000 // RATE_HZ) for sound in sounds]
    for segment in segments:
        index = min(range(len(starts)), key=lambda i: abs(starts[i] - segment.seek / 100))
        found[index] = Decoded(
            pieces=tuple(_pieces(segment)),
            window_ms=found[index].window_ms,
            likely=segment.avg_logprob,
            quiet=segment.no_speech_prob,
            repetitive=segment.compression_ratio,
        )
    return found


def _pieces(segment: Any) -> Iterable[Piece]:
    """The segment's words at their times in the window."""
    began = segment.seek / 100
    for word in segment.words or ():
        start, end = (round((float(at) - began) * 1000) for at in (word.start, word.end))
        yield Piece(word.word, start, end, float(word.probability))


def _in_recording(pieces: Sequence[Piece], window: Window) -> list[Piece]:
    """The pieces at their times in the recording."""
    found = []
    for piece in pieces:
        middle = (piece.start_ms + piece.end_ms) / 2
        start = window.original_ms(piece.start_ms, middle)
        end = window.original_ms(piece.end_ms, middle)
        found.append(Piece(piece.text, start, end, piece.probability))
    return found

"""Whisper at work on the windows of one recording."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ytdubber.domain.errors import UnknownLanguage
from ytdubber.domain.languages import normalize

from .recording import RATE_HZ, Recording
from .whisper_windows import Window
from .whisper_words import Piece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DETECTION_TRIES = 4
"""How many windows are heard, the fullest first, while the language is not sure."""

SURE = 0.5

MOST_REPETITIVE = 2.4
"""A text that compresses better than this is a decoder caught in a loop (whisper's own limit)."""

UNLIKELY = -1.0
QUIET = 0.6
"""A mean log probability under UNLIKELY with more than QUIET for "no speech" is not speech
(whisper's own rule)."""

HOPELESS = -1.5
"""A mean log probability under this is not speech either: music and noise were seen to get -1.8 to
-2.4, one second of speech -0.6."""


def language_of(whisper: Any, recording: Recording, windows: Sequence[Window]) -> str:
    """The language that sounds likeliest among those we know."""
    if not whisper.model.is_multilingual:
        return "en"
    votes: dict[str, float] = {}
    fullest = sorted(windows, key=lambda window: -window.duration_ms)
    for window in fullest[:DETECTION_TRIES]:
        _, _, likelihoods = whisper.detect_language(audio=sound_of(recording, window))
        heard: dict[str, float] = {}
        for code, probability in likelihoods:
            try:
                known = normalize(code)
            except UnknownLanguage:
                continue
            heard[known] = heard.get(known, 0.0) + probability
        for code, probability in heard.items():
            votes[code] = votes.get(code, 0.0) + probability
        if max(heard.values()) >= SURE:
            break
    return max(votes, key=lambda code: votes[code])


def hear(
    whisper: Any,
    recording: Recording,
    windows: Sequence[Window],
    language: str,
    hints: str | None,
) -> list[list[Piece]]:
    """What is said in each window, decoded together; nothing where it is not speech."""
    heard: list[list[Piece]] = [[] for _ in windows]
    sounds = [sound_of(recording, window) for window in windows]
    for index, segment in _segments(whisper, sounds, language, hints):
        if segment.compression_ratio > MOST_REPETITIVE:
            again = _segments(whisper, [sounds[index]], language, None, **_AGAINST_LOOPS)
            heard[index] = [piece for _, each in again for piece in _pieces(each, windows[index])]
        else:
            heard[index] += _pieces(segment, windows[index])
    return heard


_AGAINST_LOOPS = {"beam_size": 5, "no_repeat_ngram_size": 4, "repetition_penalty": 1.1}
"""How a window whose text ran in circles is decoded a second time."""


def sound_of(recording: Recording, window: Window) -> "NDArray[np.float32]":
    """The window's parts, one after another."""
    import numpy as np

    per_ms = RATE_HZ // 1000
    return np.concatenate(
        [recording.read(p.start_ms * per_ms, p.duration_ms * per_ms) for p in window.parts]
    )


def _segments(
    whisper: Any,
    sounds: Sequence["NDArray[np.float32]"],
    language: str,
    hints: str | None,
    **options: Any,
) -> list[tuple[int, Any]]:
    """Segments, each with the index of the sound it was heard in."""
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
    return [
        (min(range(len(starts)), key=lambda i: abs(starts[i] - segment.seek / 100)), segment)
        for segment in segments
    ]


def _pieces(segment: Any, window: Window) -> list[Piece]:
    """The segment's words at their times in the recording; none for what is not speech."""
    likely = segment.avg_logprob
    if likely < HOPELESS or (likely < UNLIKELY and segment.no_speech_prob > QUIET):
        return []
    began = segment.seek / 100
    pieces = []
    for word in segment.words or ():
        start, end = (float(word.start) - began) * 1000, (float(word.end) - began) * 1000
        middle = (start + end) / 2
        pieces.append(
            Piece(
                word.word,
                window.original_ms(start, middle),
                window.original_ms(end, middle),
                float(word.probability),
            )
        )
    return pieces

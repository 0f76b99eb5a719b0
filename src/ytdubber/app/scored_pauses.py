"""Pauses within the lines of a finished dub and of its original, as its files have them."""

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ytdubber.audio.files import read_mono
from ytdubber.audio.speech import pauses
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.scoreboard import PAUSE_MS, ScoredLine, pauses_between


def words_of(transcript: Path) -> tuple[Interval, ...]:
    """When each word of a `transcript.json` sounds, in order; none where there is no such file."""
    if not transcript.exists():
        return ()
    utterances = json.loads(transcript.read_bytes())["utterances"]
    words = (word for each in utterances for word in each["words"])
    return tuple(sorted(Interval(int(w["start_ms"]), int(w["end_ms"])) for w in words))


def with_pauses(
    lines: Sequence[ScoredLine], words: Sequence[Interval], voice: AudioFile
) -> tuple[ScoredLine, ...]:
    """The lines with their pauses, where the original's words are known.

    Args:
        lines: As they are placed.
        words: The original's, in order.
        voice: The dub's voice.
    """
    return tuple(_with_pauses(line, words, voice) for line in lines) if words else tuple(lines)


def _with_pauses(line: ScoredLine, words: Sequence[Interval], voice: AudioFile) -> ScoredLine:
    first = bisect_left(words, Interval(line.source_start_ms, 0))
    last = bisect_left(words, Interval(line.source_end_ms, 0))
    rate_hz, start_ms = voice.sample_rate_hz, line.dub_start_ms
    sound = read_mono(voice, start_ms * rate_hz // 1000, line.dub_end_ms * rate_hz // 1000)
    heard = pauses(sound, rate_hz, PAUSE_MS)
    return replace(
        line,
        source_pauses=pauses_between(words[first:last]),
        dub_pauses=tuple(
            Interval(start_ms + each.start_ms, start_ms + each.end_ms) for each in heard
        ),
    )

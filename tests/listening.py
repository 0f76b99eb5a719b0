"""Ears for tests: what a file holds, and what is said in it."""

import re
from pathlib import Path

import av
import jiwer
import numpy as np
from numpy.typing import NDArray

EXAMPLE_TEXT = (
    "And Mr. John Dashwood had then leisure to consider how much there might be prudently in his"
    " power to do for them. He was not an ill-disposed young man, unless to be rather cold-hearted"
    " and rather selfish is to be ill-disposed. Had he married a more amiable woman, he might have"
    " been made still more respectable than he was; he might even have been made amiable himself."
)
EXAMPLE_ONSETS_MS = (240, 7_960, 11_560, 17_490, 24_110)
"""Where the five utterances of the example begin, read by hand from the energy."""


def plain(text: str) -> str:
    """Lower case without punctuation, titles written out: what word error rates compare."""
    text = text.lower().replace("-", " ").replace("’", "'")
    for short, word in (("sr", "senhor"), ("sra", "senhora"), ("mr", "mister")):
        text = re.sub(rf"\b{short}\b", word, text)
    return " ".join(re.sub(r"[^\w' ]", " ", text).split())


def word_error_rate(reference: str, heard: str) -> float:
    """Errors per word of the reference."""
    return float(jiwer.wer(plain(reference), plain(heard)))


def decoded(path: Path) -> tuple[NDArray[np.float32], int]:
    """All samples float32[channels, n] and their rate, by FFmpeg."""
    resampler = av.AudioResampler("fltp")
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        frames = [each for frame in container.decode(stream) for each in resampler.resample(frame)]
        frames += resampler.resample(None)
        parts = [np.asarray(frame.to_ndarray(), dtype=np.float32) for frame in frames]
        return np.concatenate(parts, axis=1), stream.rate

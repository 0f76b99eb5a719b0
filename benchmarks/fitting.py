"""Lines made to fit by this project and by the rules other systems publish, on the same segments.

The functions named after other systems are short reference versions of the rule each publishes for
placing speech, written for this comparison; none is that system's code.
"""

import math
import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.segments import FitJob, real, synthetic
from benchmarks.whole_dub import dub_example
from ytdubber.domain.scoreboard import ScoredLine, TimingScore, score
from ytdubber.domain.timing import RULES, plan

TITLE = "Fit: the same segments through other systems' rules"
SEEDS = range(1, 11)
SHORTEST = 0.72
"""A translator that can shorten takes away up to 28 % of a line."""
ROUNDS = 2

Placed = list[tuple[float, float, float, float]]
"""For each line: start, end, rate, and how much was cut off, in milliseconds."""


def lines_of(job: FitJob, placed: Placed, offset_ms: int = 0) -> list[ScoredLine]:
    """A placement as the scoreboard counts it, moved to begin at an offset."""
    return [
        ScoredLine(
            speaker=slot.speaker,
            source_start_ms=offset_ms + slot.start_ms,
            source_end_ms=offset_ms + slot.source_end_ms,
            room_ms=slot.room_ms,
            dub_start_ms=offset_ms + round(start),
            dub_end_ms=offset_ms + round(end),
            rate=rate,
            lost_ms=round(lost),
        )
        for slot, (start, end, rate, lost) in zip(job.slots, placed, strict=True)
    ]


def scored(jobs: Sequence[FitJob], system: "System") -> TimingScore:
    """The figures of a system over several jobs, one after the other."""
    lines, offset_ms = list[ScoredLine](), 0
    for job in jobs:
        lines += lines_of(job, system(job), offset_ms)
        offset_ms += job.total_ms + 60_000
    return score(lines)


def asked(length: int, wanted: int, original: int, chance: random.Random) -> int:
    """The length of a line whose translator was asked for `wanted`: it meets a wish to about 4 %,
    and never takes away more than 28 % of the line it first had.
    """
    if length <= wanted:
        return length
    met = round(wanted * chance.gauss(1.0, 0.04))
    return max(math.ceil(original * SHORTEST), min(length, met))


def ours(job: FitJob, *, shortening: bool) -> Placed:
    """This project's: a text of the right length where there is one, borrowed time, then shorter
    texts for what is still fast, then speed.
    """
    chance = random.Random(len(job.utterances))  # noqa: S311 -- no secret depends on it
    natural = list(job.natural_ms)
    if shortening:
        natural = [
            asked(length, slot.source_ms, length, chance)
            for slot, length in zip(job.slots, natural, strict=True)
        ]
    lines = plan(job.slots, natural, job.total_ms)
    for _ in range(ROUNDS if shortening else 0):
        for index, (slot, line) in enumerate(zip(job.slots, lines, strict=True)):
            if line.rate > RULES.comfortable_rate and natural[index] > slot.source_ms:
                natural[index] = asked(
                    natural[index], slot.source_ms, job.natural_ms[index], chance
                )
        lines = plan(job.slots, natural, job.total_ms)
    return [(line.start_ms, line.start_ms + line.duration_ms, line.rate, 0.0) for line in lines]


def open_dubbing(job: FitJob) -> Placed:
    """Speeds up to 1.3, rounded up to a tenth, and lets what is left run over the next line."""
    placed: Placed = []
    for slot, length in zip(job.slots, job.natural_ms, strict=True):
        ratio = length / slot.source_ms
        rate = 1.0 if ratio <= 1 else min(1.3, math.ceil(ratio * 10) / 10)
        placed.append((slot.start_ms, slot.start_ms + length / rate, rate, 0.0))
    return placed


def exact_slots(job: FitJob) -> Placed:
    """Auto-Synced-Translated-Dubs, videopython: every line takes exactly its slot, at any speed."""
    return [
        (slot.start_ms, slot.source_end_ms, length / slot.source_ms, 0.0)
        for slot, length in zip(job.slots, job.natural_ms, strict=True)
    ]


def pyvideotrans(job: FitJob) -> Placed:
    """Takes the pause up to the next line, then any speed it needs."""
    placed: Placed = []
    for index, (slot, length) in enumerate(zip(job.slots, job.natural_ms, strict=True)):
        following = job.slots[index + 1].start_ms if index + 1 < len(job.slots) else job.total_ms
        rate = max(1.0, length / (following - slot.start_ms))
        placed.append((slot.start_ms, slot.start_ms + length / rate, rate, 0.0))
    return placed


def sonitranslate(job: FitJob) -> Placed:
    """Speeds up to 2.1 and slows down to 0.8; what is left runs over the next line."""
    placed: Placed = []
    for slot, length in zip(job.slots, job.natural_ms, strict=True):
        rate = min(2.1, max(0.8, length / slot.source_ms))
        placed.append((slot.start_ms, slot.start_ms + length / rate, rate, 0.0))
    return placed


def videolingo(job: FitJob) -> Placed:
    """Speeds up to 1.2 with drift inside runs of lines, and to anything when a run is too long."""
    placed: Placed = []
    free = 0.0
    for index, (slot, length) in enumerate(zip(job.slots, job.natural_ms, strict=True)):
        following = job.slots[index + 1].start_ms if index + 1 < len(job.slots) else job.total_ms
        start = max(slot.start_ms, free)
        room = max(200.0, following + 600 - start)
        ratio = length / max(1.0, slot.source_end_ms - start)
        rate = max(min(1.2, max(1.0, ratio)), length / room)
        placed.append((start, start + length / rate, rate, 0.0))
        free = placed[-1][1]
    return placed


def persodub(job: FitJob) -> Placed:
    """Its own pace; what passes the slot is faded out and lost."""
    return [
        (
            slot.start_ms,
            slot.start_ms + min(length, slot.source_ms),
            1.0,
            max(0.0, length - slot.source_ms),
        )
        for slot, length in zip(job.slots, job.natural_ms, strict=True)
    ]


System = Callable[[FitJob], Placed]

SYSTEMS: dict[str, System] = {
    "**ytdubber, translator shortens**": lambda job: ours(job, shortening=True),
    "**ytdubber, translator cannot**": lambda job: ours(job, shortening=False),
    "open-dubbing's rule": open_dubbing,
    "exact slots (Auto-Synced, videopython)": exact_slots,
    "pyvideotrans' rule": pyvideotrans,
    "SoniTranslate's rule": sonitranslate,
    "VideoLingo's rule": videolingo,
    "PersoDub's rule": persodub,
}


def row(name: str, found: TimingScore) -> str:
    """A system's figures."""
    cells = (
        f"{found.speech_overlap:.3f}",
        f"{found.double_talk_s:.1f}",
        f"{found.lost_speech_s:.1f}",
        f"{found.rate_p95:.2f} / {found.rate_max:.2f}",
        f"{found.rate_over_1_2_share:.1%}",
        f"{found.rate_step_p95:.0%}",
        f"{found.onset_drift_p95_s:.2f} / {found.onset_drift_max_s:.2f}",
        f"{found.duration_fit_share:.0%}",
        f"{found.flagged}",
    )
    return f"| {name} | " + " | ".join(cells) + " |"


def table(jobs: Sequence[FitJob]) -> list[str]:
    """Every system's row over these jobs."""
    head = (
        "| system | overlap | double-talk s | lost s | rate p95 / max | over 1.2 | step p95"
        " | drift p95 / max s | duration fit | over 1.25 |"
    )
    rows = [row(name, scored(jobs, system)) for name, system in SYSTEMS.items()]
    return [head, "|" + " --- |" * 10, *rows]


def run() -> str:
    """A table over synthetic jobs of four minutes, and one over the example."""
    jobs = [synthetic(seed) for seed in SEEDS]
    lines = sum(len(job.utterances) for job in jobs)
    with tempfile.TemporaryDirectory() as folder:
        dub_example(Path(folder) / "dub", home=Path(folder) / "home")
        example = real(Path(folder) / "dub", "pt")
    return "\n".join(
        [
            f"{len(jobs)} jobs of four minutes (seeds {SEEDS[0]} to {SEEDS[-1]}), {lines} lines in"
            " all; the dub of a line takes 1.17 times its original on average, and 30 % of lines"
            " more than 1.3 times.",
            "",
            *table(jobs),
            "",
            f"The example in Portuguese, {len(example.utterances)} lines as its voice spoke them:",
            "",
            *table([example]),
        ]
    )

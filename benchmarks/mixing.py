"""The mix engine against the usual ways, on the same background and the same clips, in one run.

Every way runs in a process of its own, so that its peak memory is its own.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Cost, measured
from benchmarks.mixing_worker import CLIPS_A_MINUTE

TITLE = "Mix: a stereo background with six clips a minute, FLAC voice and FLAC mix"
MINUTES = tuple(map(int, os.environ.get("BENCH_MINUTES", "10,60,180").split(",")))
LANGUAGES = 5
PYDUB_MINUTES = 60
"""The longest job pydub is given; its time grows with the square of the length."""
PYDUB_SAMPLE = 36
"""Over 10 minutes pydub places this many clips; the rest would take as long each."""
FILTER_GRAPH_MINUTES = 10
WORKER = "benchmarks.mixing_worker"
OURS = "**ytdubber**"
OURS_MANY = f"**ytdubber, {LANGUAGES} languages, two at a time**"
OURS_BOTH = "**ytdubber, FLAC and MP3**"
PYDUB = "pydub overlay"


@dataclass(frozen=True)
class Run:
    """One way at one length; `limit` is what decoding and encoding alone cost."""

    name: str
    minutes: int
    languages: int
    cost: Cost
    limit: Cost | None = None

    @property
    def speed(self) -> float:
        """Seconds of finished language a second."""
        return self.minutes * 60 * self.languages / self.cost.wall_s

    def row(self) -> str:
        """A line of the table."""
        cells = (
            self.name,
            f"{self.minutes}",
            f"{self.languages}",
            f"{self.cost.wall_s:.1f} s",
            f"{self.speed:.0f} x",
            f"{self.cost.cpu_s:.1f} s",
            f"{self.cost.peak_mb:.0f} MB",
            f"{self.cost.wall_s / self.limit.wall_s:.2f} x" if self.limit else "",
        )
        return "| " + " | ".join(cells) + " |"


def worker(folder: Path, way: str, minutes: int, **choices: object) -> Cost:
    """Run one way in its own process; what it wrote is removed, but for what all ways read."""
    order = {"way": way, "folder": str(folder), "minutes": minutes, **choices}
    cost = measured([sys.executable, "-m", WORKER, json.dumps(order)])
    for path in folder.iterdir():
        if path.name != "background.flac" and not path.name.startswith("clip"):
            path.unlink()
    return cost


def pydub(folder: Path, minutes: int) -> Cost:
    """pydub's cost; for long jobs that of reading and writing, and the rest by a sample."""
    if minutes <= 10:
        return worker(folder, "pydub", minutes)
    idle = worker(folder, "pydub", minutes, clips_placed=0)
    some = worker(folder, "pydub", minutes, clips_placed=PYDUB_SAMPLE)
    times = minutes * CLIPS_A_MINUTE / PYDUB_SAMPLE
    return Cost(
        idle.wall_s + (some.wall_s - idle.wall_s) * times,
        idle.cpu_s + (some.cpu_s - idle.cpu_s) * times,
        some.peak_mb,
    )


def runs_at(folder: Path, minutes: int) -> Iterator[Run]:
    """Every way at one length."""
    worker(folder, "make", minutes)
    limit = worker(folder, "limit", minutes)
    yield Run("decode and encode alone: the limit", minutes, 1, limit, limit)
    yield Run(OURS, minutes, 1, worker(folder, "ours", minutes), limit)
    cost = worker(folder, "ours", minutes, languages=LANGUAGES)
    yield Run(OURS_MANY, minutes, LANGUAGES, cost)
    formats = ["flac", "mp3"]
    both = worker(folder, "limit", minutes, formats=formats)
    yield Run("decode and encode alone, FLAC and MP3", minutes, 1, both, both)
    cost = worker(folder, "ours", minutes, formats=formats)
    yield Run(OURS_BOTH, minutes, 1, cost, both)
    if minutes <= FILTER_GRAPH_MINUTES:
        cost = worker(folder, "filter_graph", minutes)
        yield Run("one FFmpeg graph, adelay and amix", minutes, 1, cost, limit)
    if minutes <= PYDUB_MINUTES:
        yield Run(PYDUB, minutes, 1, pydub(folder, minutes), limit)


def one_core_runs(folder: Path, minutes: int) -> Iterator[Run]:
    """Ours again with a single core to run on."""
    for name, languages, formats in (
        (OURS, 1, ["flac"]),
        (OURS_MANY, LANGUAGES, ["flac"]),
        (OURS_BOTH, 1, ["flac", "mp3"]),
    ):
        cost = worker(folder, "ours", minutes, languages=languages, formats=formats, cores=1)
        yield Run(name, minutes, languages, cost)


def cores_table(runs: Sequence[Run], alone: Sequence[Run]) -> list[str]:
    """What all cores give over one."""
    if not alone:
        return ["This system cannot keep a process on one core."]
    all_cores = {(run.name, run.minutes): run for run in runs}
    rows = [
        f"| way, at {alone[0].minutes} min | one core | {os.cpu_count()} cores | gain |",
        "|" + " --- |" * 4,
    ]
    for run in alone:
        together = all_cores[run.name, run.minutes]
        rows.append(
            f"| {run.name} | {run.cost.wall_s:.1f} s, {run.speed:.0f} x"
            f" | {together.cost.wall_s:.1f} s, {together.speed:.0f} x"
            f" | {run.cost.wall_s / together.cost.wall_s:.2f} x |"
        )
    return rows


def growth(runs: Sequence[Run]) -> list[str]:
    """How peak memory grows with length, and how far ahead of pydub ours is."""
    found = {(run.name, run.minutes): run.cost for run in runs}
    least, most = min(MINUTES), max(MINUTES)
    facts = [
        f"{name}: peak memory at {most} min is"
        f" {found[name, most].peak_mb / found[name, least].peak_mb:.2f} times that at {least}."
        for name in (OURS, OURS_MANY, OURS_BOTH)
        if most > least
    ]
    facts += [
        f"At {minutes} min pydub overlay takes"
        f" {found[PYDUB, minutes].wall_s / found[OURS, minutes].wall_s:.1f} times as long as ours."
        for minutes in MINUTES
        if (PYDUB, minutes) in found
    ]
    return [f"- {fact}" for fact in facts]


NOTES = (
    "Speed is seconds of finished language a second. Only ytdubber measures loudness, limits the"
    " true peak and keeps the length to the sample. pydub and the filter graph place the clips"
    " over the background and write one FLAC file; longer jobs of theirs are left out because"
    " their time grows with the square of the length. Over 10 minutes pydub's time is reckoned"
    f" from its first {PYDUB_SAMPLE} clips. The processor column is the parent's with its"
    " decoding child's. In the limit of FLAC and MP3 the stereo MP3 keeps one core busy from the"
    " first block to the last, and a second core has time to spare."
)


def run() -> str:
    """The tables."""
    runs, alone = list[Run](), list[Run]()
    for minutes in MINUTES:
        with tempfile.TemporaryDirectory() as folder:
            runs += runs_at(Path(folder), minutes)
            if minutes == min(MINUTES) and hasattr(os, "sched_setaffinity"):
                alone += one_core_runs(Path(folder), minutes)
    columns = "way minutes languages wall speed processor peak-memory against-the-limit".split()
    table = [
        "| " + " | ".join(column.replace("-", " ") for column in columns) + " |",
        "|" + " --- |" * len(columns),
        *(run.row() for run in runs),
    ]
    return "\n".join([*table, "", NOTES, "", *growth(runs), "", *cores_table(runs, alone)])

"""The mix engine against the usual ways, on the same background and the same clips, in one run.

Every way runs in a process of its own, so that its peak memory is its own.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import Cost, measured
from benchmarks.mixing_worker import CLIPS_A_MINUTE

TITLE = "Mix: a stereo background with six clips a minute, FLAC voice and FLAC mix"
MINUTES = tuple(map(int, os.environ.get("BENCH_MINUTES", "10,60,180").split(",")))
LANGUAGES = 5
PYDUB_MINUTES = (10, 60)
PYDUB_SAMPLE = 36
"""At 60 minutes pydub places this many of the 360 clips; the rest would take as long each."""
FILTER_GRAPH_MINUTES = (10,)
WORKER = "benchmarks.mixing_worker"


def worker(folder: Path, way: str, minutes: int, **choices: object) -> Cost:
    """Run one way in its own process."""
    order = {"way": way, "folder": str(folder), "minutes": minutes, **choices}
    return measured([sys.executable, "-m", WORKER, json.dumps(order)])


def row(name: str, minutes: int, languages: int, cost: Cost, limit: Cost | None) -> str:
    """A line of the table: speed in seconds of finished language a second."""
    speed = minutes * 60 * languages / cost.wall_s
    against = f"{cost.wall_s / limit.wall_s:.2f} x" if limit else ""
    cells = (
        f"{cost.wall_s:.1f} s",
        f"{speed:.0f} x",
        f"{cost.cpu_s:.1f} s",
        f"{cost.peak_mb:.0f} MB",
    )
    return f"| {name} | {minutes} | {languages} | " + " | ".join(cells) + f" | {against} |"


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


def rows_for(folder: Path, minutes: int) -> list[str]:
    """Every way at one length."""
    worker(folder, "make", minutes)
    limit = worker(folder, "limit", minutes)
    rows = [
        row("decode and encode alone: the limit", minutes, 1, limit, limit),
        row("**ytdubber**", minutes, 1, worker(folder, "ours", minutes, languages=1), limit),
        row(
            f"**ytdubber, {LANGUAGES} languages, two at a time**",
            minutes,
            LANGUAGES,
            worker(folder, "ours", minutes, languages=LANGUAGES),
            None,
        ),
    ]
    both = worker(folder, "limit", minutes, formats=["flac", "mp3"])
    cost = worker(folder, "ours", minutes, languages=1, formats=["flac", "mp3"])
    rows.append(row("decode and encode alone, FLAC and MP3", minutes, 1, both, both))
    rows.append(row("**ytdubber, FLAC and MP3**", minutes, 1, cost, both))
    if minutes in FILTER_GRAPH_MINUTES:
        cost = worker(folder, "filter_graph", minutes)
        rows.append(row("one FFmpeg graph, adelay and amix", minutes, 1, cost, limit))
    if minutes in PYDUB_MINUTES:
        rows.append(row("pydub overlay", minutes, 1, pydub(folder, minutes), limit))
    return rows


def run() -> str:
    """The table."""
    table = [
        "| way | minutes | languages | wall | speed | processor | peak memory | against the limit |",
        "|" + " --- |" * 8,
    ]
    for minutes in MINUTES:
        with tempfile.TemporaryDirectory() as folder:
            table += rows_for(Path(folder), minutes)
    notes = (
        "Speed is seconds of finished language a second. Only ytdubber measures loudness, limits the"
        " true peak and keeps the length to the sample. pydub and the filter graph place the clips"
        " over the background and write one FLAC file; longer jobs of theirs are left out because"
        " their time grows with the square of the length. At 60 minutes pydub's time is reckoned"
        f" from its first {PYDUB_SAMPLE} clips. The processor column is the parent's with its"
        " decoding child's."
    )
    return "\n".join([*table, "", notes])

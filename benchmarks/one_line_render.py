"""A dub of a long recording, and one line of it made anew: what the second costs of the first."""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import Cost, measured

TITLE = "One line made anew: a render against the first mix of a long recording"
MINUTES = tuple(map(int, os.environ.get("BENCH_MINUTES", "10,60").split(",")))
FORMATS = (("flac",), ("flac", "mp3"))
WORKER = "benchmarks.one_line_render_worker"


def step(way: str, folder: Path, minutes: int, **more: object) -> Cost:
    """One step in a process of its own."""
    order = {"way": way, "folder": str(folder), "minutes": minutes} | more
    return measured([sys.executable, "-m", WORKER, json.dumps(order)])


def rows(folder: Path, minutes: int, formats: tuple[str, ...]) -> list[str]:
    """The first dub and a render of one line, in these formats."""
    for name in ("out", "results", "recordings"):
        shutil.rmtree(folder / name, ignore_errors=True)
    made = step("first", folder, minutes, formats=formats)
    anew = step("render", folder, minutes, formats=formats)
    head = f"| {minutes} | {' and '.join(formats).upper()}"
    wall, cpu = anew.wall_s / made.wall_s, anew.cpu_s / made.cpu_s
    return [
        f"{head} | the first mix | {_told(made)} | |",
        f"{head} | **one line** | {_told(anew)} | {wall:.0%} of the time, {cpu:.0%} of the processor |",
    ]


def _told(cost: Cost) -> str:
    return f"{cost.wall_s:.1f} s | {cost.cpu_s:.1f} s | {cost.peak_mb:.0f} MB"


def run() -> str:
    """A table, and what is in it."""
    found = list[str]()
    for minutes in MINUTES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            step("make", folder, minutes)
            for formats in FORMATS:
                found += rows(folder, minutes, formats)
    return "\n".join(
        [
            "| minutes | formats | what | wall | processor | peak memory | |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *found,
            "",
            "Voice and mix of six lines a minute over a stereo background of noise and tones, by"
            " engines that take no time: decoding, stretching, mixing, levelling, encoding, captions"
            " and the start of the process are in it; hearing, translating and speaking are not. Of"
            " FLAC only what changed is mixed and encoded (ADR 78); MP3 is encoded as a whole. The"
            " noise makes FLAC files as large as they get: 860 MB an hour.",
        ]
    )

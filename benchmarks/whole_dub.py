"""A whole local dub of the example, against the time its engines take by themselves."""

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.measuring import Cost, measured

TITLE = "A whole dub: 27.7 s of English into Portuguese, models on disk, nothing remembered"
ROUNDS = 3
EXAMPLES = Path(__file__).parents[1] / "examples"
ENGINES = ("transcribe", "translate", "speak")


def dub_example(out: Path, home: Path) -> Cost:
    """Dub the example into Portuguese in a process of its own."""
    words = [
        sys.executable, "-m", "ytdubber", "dub", EXAMPLES / "voice.flac",
        "--background", EXAMPLES / "background.flac", "--to", "pt", "--out", out,
    ]  # fmt: skip
    return measured(words, YTDUBBER_HOME=str(home))


def once(folder: Path, number: int) -> tuple[Cost, dict[str, float]]:
    """One dub: its cost, and the seconds of each stage."""
    out = folder / str(number)
    cost = dub_example(out, folder / f"home{number}")
    manifest = json.loads((out / "manifest.json").read_bytes())
    stages = manifest["timings_ms"] | manifest["languages"]["pt"]["timings_ms"]
    return cost, {name: ms / 1000 for name, ms in stages.items()}


def run() -> str:
    """A table of the median of three dubs."""
    with tempfile.TemporaryDirectory() as folder:
        rounds = [once(Path(folder), number) for number in range(ROUNDS)]
    wall_s = median(cost.wall_s for cost, _ in rounds)
    stages = {name: median(each[name] for _, each in rounds) for name in rounds[0][1]}
    engines_s = sum(stages[name] for name in ENGINES)
    all_s = sum(stages.values())
    rows = [f"| {name} | {seconds:.2f} s | |" for name, seconds in stages.items()]
    return "\n".join(
        [
            "| stage | median of three | |",
            "| --- | --- | --- |",
            *rows,
            f"| all stages | {all_s:.2f} s | {all_s / engines_s:.2f} x the engines' {engines_s:.2f} s |",
            f"| the command, from start to end | {wall_s:.2f} s | {wall_s / engines_s:.2f} x the engines', {27.73 / wall_s:.2f} x real time |",
            f"| peak memory | {max(cost.peak_mb for cost, _ in rounds):.0f} MB | |",
        ]
    )

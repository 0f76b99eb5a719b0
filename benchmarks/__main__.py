"""Measure everything and write benchmarks/README.md. Run by `make bench`."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    connections,
    fairness,
    fitting,
    growth,
    long_page,
    mixing,
    one_line_render,
    plans,
    service,
    stretching,
    tracing,
    vendors,
    whole_dub,
    workers,
)

SECTIONS = (
    whole_dub,
    fitting,
    stretching,
    growth,
    mixing,
    one_line_render,
    service,
    plans,
    vendors,
    workers,
    fairness,
    connections,
    tracing,
    long_page,
)
REPORT = Path(__file__).parent / "README.md"
SETTINGS = ("BENCH_SECTIONS", "BENCH_MINUTES", "BENCH_SECONDS", "BENCH_BEFORE")
"""Which sections, by their modules' names; how long what is mixed; how long clients ask."""
HEAD = """# Benchmarks

Written by `make bench`, section by section, each with its command. Other work on the machine makes
absolute times worse; read the ratios. Beside it: [the watermark](watermark.md), [speakers told apart](speakers.md),
[real recordings](recordings.md), [separation](separation.md)."""


def machine() -> str:
    """The processor and what runs on it."""
    cpu = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = f"{len(lines)} x {lines[0].partition(':')[2].strip()}" if lines else cpu
    return f"{cpu}, {platform.system()}, Python {platform.python_version()}"


def kept() -> dict[str, str]:
    """What the report has now, by section."""
    if not REPORT.exists():
        return {}
    chunks = REPORT.read_text(encoding="utf-8").split("\n## ")[1:]
    return {title: text.strip() for title, _, text in (chunk.partition("\n") for chunk in chunks)}


def _told(setting: tuple[str, str]) -> str:
    """A setting as the report has it: an older tree by its commit, wherever it lies here."""
    name, value = setting
    if name != "BENCH_BEFORE":
        return f"{name}={value}"
    words = ["git", "-C", value, "rev-parse", "--short=7", "HEAD"]
    commit = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    return f"{name}=<the tree of {commit}>"


def main() -> None:
    settings = {name: os.environ[name] for name in SETTINGS if name in os.environ}
    command = " ".join([*map(_told, settings.items()), "make bench"])
    chosen = settings.get("BENCH_SECTIONS", "").split()
    written = kept()
    for section in SECTIONS:
        if chosen and section.__name__.rpartition(".")[2] not in chosen:
            continue
        print(f"== {section.TITLE}", flush=True)
        written[section.TITLE] = (
            f"`{command}` on {datetime.now(UTC).date()}: {machine()}.\n\n{section.run()}"
        )
        print(written[section.TITLE], flush=True)
    titles = [section.TITLE for section in SECTIONS if section.TITLE in written]
    parts = [f"## {title}\n\n{written[title]}" for title in titles]
    REPORT.write_text("\n\n".join([HEAD, *parts]) + "\n", encoding="utf-8")
    print(f"written to {REPORT}")


if __name__ == "__main__":
    main()

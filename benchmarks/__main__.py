"""Measure everything and write benchmarks/README.md. Run by `make bench`."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import fitting, mixing, service, vendors, whole_dub

SECTIONS = (whole_dub, fitting, mixing, service, vendors)
REPORT = Path(__file__).parent / "README.md"


def machine() -> str:
    """The processor and what runs on it."""
    cpu = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = f"{len(lines)} x {lines[0].partition(':')[2].strip()}" if lines else cpu
    return f"{cpu}, {platform.system()}, Python {platform.python_version()}"


def main() -> None:
    chosen = os.environ.get("BENCH_MINUTES")
    command = f"BENCH_MINUTES={chosen} make bench" if chosen else "make bench"
    parts = [
        "# Benchmarks",
        f"Written by `{command}` on {datetime.now(UTC).date()}: {machine()}. Other work on the"
        " machine makes absolute times worse; read the ratios.",
    ]
    for section in SECTIONS:
        print(f"== {section.TITLE}", flush=True)
        text = section.run()
        print(text, flush=True)
        parts += [f"## {section.TITLE}", text]
    REPORT.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(f"written to {REPORT}")


if __name__ == "__main__":
    main()

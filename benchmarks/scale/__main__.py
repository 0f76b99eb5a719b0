"""Writes the tables of docs/scale.md."""

import json
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.__main__ import machine
from benchmarks.scale.inputs import Prices, Times
from benchmarks.scale.real import EACH, JOBS, WORKERS, Compared, measure
from benchmarks.scale.report import assumed, tables
from benchmarks.site import THREADS

MEASURED = Path(__file__).parent / "measured.json"
PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
BEGIN, END = "<!-- tables: python -m benchmarks.scale -->", "<!-- end of tables -->"
COSTS = ("ingest_cpu_s", "ingest_cpu_per_min_s", "finish_cpu_s", "finish_cpu_per_min_s")


def main() -> None:
    if "--real" in sys.argv[1:]:
        _measure()
    known = json.loads(MEASURED.read_text(encoding="utf-8"))
    times = replace(Times(), **{name: known["costs"][name] for name in COSTS})
    parts = [tables(times, Prices()), assumed(times), _compared(known)]
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = "\n\n".join([before.rstrip(), BEGIN, *parts, END]) + after
    PAGE.write_text(text, encoding="utf-8")
    print(f"written to {PAGE}")


def _measure() -> None:
    costs, against = measure()
    known = {
        "date": str(datetime.now(UTC).date()),
        "machine": machine(),
        "costs": {name: round(value, 3) for name, value in asdict(costs).items() if name in COSTS},
        "against": {name: round(value, 2) for name, value in asdict(against).items()},
    }
    MEASURED.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def _compared(known: dict[str, dict[str, float]]) -> str:
    against = Compared(**known["against"])
    return (
        f"Against a real service ({known['machine']}, {known['date']}): {JOBS} jobs of {EACH}"
        f" languages at once over {WORKERS} workers of {THREADS} threads and a double of the vendors"
        f" took {against.real_s:.1f} s, the model says {against.model_s:.1f} s"
        f" ({against.model_s / against.real_s - 1:+.0%}); a job on average"
        f" {against.real_mean_s:.1f} s, the model says {against.model_mean_s:.1f} s"
        f" ({against.model_mean_s / against.real_mean_s - 1:+.0%})."
    )


if __name__ == "__main__":
    main()

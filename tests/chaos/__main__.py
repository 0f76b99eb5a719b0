"""See `tests.chaos.storm`."""

import argparse
import sys
from pathlib import Path

from tests.chaos.faults import BRISK, STEADY
from tests.chaos.storm import storm

if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("--minutes", type=float, default=30.0)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--brisk", action="store_true", help="as in tests: all kinds in a minute")
    words.add_argument("--logs", type=Path)
    asked = words.parse_args()
    pace = BRISK if asked.brisk else STEADY
    outcome = storm(asked.minutes * 60, asked.seed, asked.logs, pace=pace)
    print(outcome)
    sys.exit(1 if outcome.broken else 0)

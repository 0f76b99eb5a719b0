"""See `tests.chaos.storm`."""

import argparse
import sys
from pathlib import Path

from tests.chaos.storm import storm

if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("--minutes", type=float, default=30.0)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--logs", type=Path)
    asked = words.parse_args()
    outcome = storm(asked.minutes * 60, asked.seed, asked.logs)
    print(outcome)
    sys.exit(1 if outcome.broken else 0)

"""What benchmarks tell of a program is the program's own."""

import sys

import numpy as np
import pytest
from benchmarks.measuring import measured

LARGE_MB = 300
HOLDS = "import time; held = b'x' * (80 << 20); time.sleep(0.5)"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are measured by wait4")


def test_the_peak_is_not_that_of_whoever_started_it() -> None:
    large = np.ones(LARGE_MB << 17)
    assert large.nbytes >> 20 == LARGE_MB
    cost = measured([sys.executable, "-S", "-c", "pass"])
    assert 0 < cost.peak_mb < LARGE_MB / 3


def test_what_a_program_holds_is_told() -> None:
    cost = measured([sys.executable, "-S", "-c", HOLDS])
    assert cost.peak_mb > 80
    assert cost.held_mb["command"] > 80


def test_a_program_that_fails_is_raised_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="no such luck"):
        measured([sys.executable, "-c", "raise SystemExit('no such luck')"])

"""Every kind of fault once, in every run; `make chaos` is half an hour of it."""

import sys
from pathlib import Path

import pytest
from tests import debian
from tests.chaos.faults import BRISK
from tests.chaos.storm import storm

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("storm"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


def test_every_promise_holds_while_everything_breaks(tmp_path: Path) -> None:
    if debian.program("redis-server") is None:
        pytest.skip(debian.MISSING.format("redis-server"))
    outcome = storm(60.0, seed=1, logs=tmp_path, pace=BRISK)
    print(outcome)
    assert not outcome.broken, str(outcome)

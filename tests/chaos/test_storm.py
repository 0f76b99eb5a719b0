"""Two minutes of it in every run; `make chaos` for longer."""

from pathlib import Path

import pytest
from tests.chaos.storm import storm

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("storm")]


def test_every_promise_holds_while_everything_breaks(tmp_path: Path) -> None:
    outcome = storm(120.0, seed=1, logs=tmp_path)
    print(outcome)
    assert not outcome.broken, str(outcome)
    assert outcome.jobs["complete"] > 0, str(outcome)
    assert all(outcome.failed.values()), str(outcome)

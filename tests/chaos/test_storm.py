"""Two minutes of it in every run; `make chaos` for longer."""

from tests.chaos.storm import storm


def test_every_promise_holds_while_everything_breaks() -> None:
    outcome = storm(120.0, seed=1)
    assert not outcome.broken, str(outcome)
    assert outcome.jobs["complete"] > 0, str(outcome)
    assert len(outcome.happened) > 5, str(outcome)

"""The service that a storm strikes."""

from pathlib import Path

import pytest
from tests.chaos.clock import Clock
from tests.chaos.database import embedded
from tests.chaos.processes import Role
from tests.chaos.stack import Stack, tended


def test_a_service_that_does_not_start_is_told_at_once(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock", None)
    role = Role("api", ["serve", "--no-such-option"], {}, tmp_path / "api.log", clock)
    running = Stack(
        home=tmp_path / "home",
        url="http://127.0.0.1:1",
        database=embedded(tmp_path / "home"),
        roles={"api": role},
        variables={},
        disk=False,
        clocks=False,
        redis=None,
        ways={},
    )
    with pytest.raises(AssertionError, match="api ended at its start") as raised, tended(running):
        pass
    assert "--no-such-option" in str(raised.value)

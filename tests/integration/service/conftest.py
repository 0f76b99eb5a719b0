from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.vendors.harness import ServiceHarness

from ytdubber.settings import load_settings, variables


@pytest.fixture
def harness(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ServiceHarness]:
    """The service of a machine with one core and its own engines."""
    models = load_settings().models
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    home = {"YTDUBBER_HOME": str(tmp_path / "home"), "YTDUBBER_MODELS": str(models)}
    for name, value in (home | {"DATABASE_URL": database_url, "YTDUBBER_CORES": "1"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    with ServiceHarness.opened(tmp_path) as opened:
        yield opened

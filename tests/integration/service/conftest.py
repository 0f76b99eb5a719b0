from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.vendors.office import Office

from ytdubber.settings import load_settings, variables


@pytest.fixture
def office(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The service of a machine with one core and its own engines."""
    models = load_settings().models
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    home = {"YTDUBBER_HOME": str(tmp_path / "home"), "YTDUBBER_MODELS": str(models)}
    for name, value in (home | {"DATABASE_URL": database_url, "YTDUBBER_CORES": "1"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    with Office.opened(tmp_path) as opened:
        yield opened

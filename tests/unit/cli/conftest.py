from pathlib import Path

import pytest
from tests.unit.app.conftest import FakeDubbing


@pytest.fixture
def fakes(tmp_path: Path) -> FakeDubbing:
    return FakeDubbing(tmp_path)

from collections.abc import Iterator

import pytest
from tests.unit.models.loopback import Hub, serving


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving() as server:
        yield server

from uuid import UUID

import pytest

from ytdubber.ports.call import Call


@pytest.fixture
def call() -> Call:
    return Call(UUID(int=1))

from uuid import UUID

import pytest

from ytdubber.ports.call_context import CallContext


@pytest.fixture
def call() -> CallContext:
    return CallContext(UUID(int=1))

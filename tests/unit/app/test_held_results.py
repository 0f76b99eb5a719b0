"""Results that wait in memory for a storage that is away."""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from tests.log_lines import fields
from tests.waiting import PATIENCE_S

from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.app.vendors.held_results import HeldResults, held_outage
from ytdubber.domain.errors import StorageNotWorking

AWAY = StorageNotWorking("it does not answer", away=True)
REFUSED = StorageNotWorking("the file is too large")
DATA = {f"key-{number}": bytes([number]) for number in range(4)}


class Storage(FolderResultStore):
    """Raises this as long as there is something to raise."""

    error: StorageNotWorking | None = None

    def save(self, key: str, data: bytes) -> None:
        if self.error is not None:
            raise self.error
        super().save(key, data)


def events(records: Iterable[logging.LogRecord]) -> list[str]:
    return [record.getMessage().partition(" ")[0] for record in records]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path)


def test_results_are_kept_when_the_storage_is_back(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    """All are held, whoever asked for one need not wait, and there is one line for all."""
    told = {key: Event() for key in DATA}
    outage = held_outage()

    def keep(key: str) -> None:
        def delayed(error: StorageNotWorking) -> None:
            assert error is AWAY
            assert not told[key].is_set()  # once
            told[key].set()

        HeldResults(storage, outage, delayed, poll_interval_s=0.01).save(key, DATA[key])

    storage.error = AWAY
    with ThreadPoolExecutor(len(DATA)) as pool:
        keeping = [pool.submit(keep, key) for key in DATA]
        assert all(each.wait(PATIENCE_S) for each in told.values())
        assert not any(each.done() for each in keeping)
        storage.error = None
        for each in keeping:
            each.result(PATIENCE_S)
    assert {key: storage.load(key) for key in DATA} == DATA
    assert events(caplog.records) == ["result_storage.away", "result_storage.back"]
    assert fields(caplog.records[0])["holds"] == "what vendors were paid for"


def test_a_result_is_not_held_for_ever(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    storage.error = AWAY
    with pytest.raises(StorageNotWorking):
        HeldResults(storage, held_outage(), lambda _: None, wait_s=0.0).save("key", b"1")
    assert events(caplog.records) == ["result.lost"]


def test_what_the_storage_refuses_for_good_is_not_held(storage: Storage) -> None:
    storage.error = REFUSED
    told: list[StorageNotWorking] = []
    with pytest.raises(StorageNotWorking, match="too large"):
        HeldResults(storage, held_outage(), told.append).save("key", b"1")
    assert not told

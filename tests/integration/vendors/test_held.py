"""The storage goes away just when vendors have done what they are paid for."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from tests.integration.vendors.conftest import Open, Serve
from tests.integration.vendors.harness import billed, bursts
from tests.waiting import PATIENCE_S, until

from ytdubber.domain.errors import PutOff
from ytdubber.ports.leases import Kind
from ytdubber.testing.storage_double import (
    SECRET_KEY,
    Operation,
    StorageDouble,
    StorageFault,
    running,
)


@dataclass
class Weather:
    """What the storage answers to what it is asked to do, if it is not well."""

    away: frozenset[Operation] = frozenset()
    refused: int = 0

    def __call__(self, operation: Operation) -> StorageFault | None:
        if operation not in self.away:
            return None
        self.refused += operation is Operation.UPLOAD
        return StorageFault(status=503)


@pytest.fixture
def weather(monkeypatch: pytest.MonkeyPatch) -> Iterator[Weather]:
    """The weather of the storage in force."""
    weather = Weather()
    with running(StorageDouble(weather=weather)) as url:
        monkeypatch.setenv("SUPABASE_URL", url)
        monkeypatch.setenv("SUPABASE_SERVICE_KEY", SECRET_KEY)
        yield weather


@pytest.mark.parametrize(
    ("route", "away"),
    [
        ("listen", frozenset(Operation)),
        ("responses", frozenset(Operation)),
        ("speak", frozenset(Operation)),
        ("speak", frozenset({Operation.UPLOAD})),  # what it has can be read
    ],
    ids=["hearing", "translating", "speaking", "speaking, and it can be read"],
)
def test_nothing_is_paid_for_again_when_the_storage_goes_away(
    serve: Serve, harness: Open, weather: Weather, route: str, away: frozenset[Operation]
) -> None:
    double = serve(latency_s={route: 1.0})
    service = harness()
    job_id = service.send("es", recording=bursts())
    with ThreadPoolExecutor(1) as pool:
        dubbing = pool.submit(service.dub, job_id)
        until(lambda: any(call.route == route for call in double.calls) or dubbing.done())
        weather.away = away
        with pytest.raises(PutOff):  # no thread waits for the storage
            dubbing.result(PATIENCE_S)
    assert weather.refused > 0
    weather.away = frozenset()
    if route == "listen":
        service.prepare(job_id)
    (task_id,) = service.tasks(job_id).values()
    service.work(Kind.TASK, task_id)
    assert service.manifest(job_id).languages["es"].status == "complete"
    assert not double.repeated
    assert 0 < service.cost_usd() == billed(double)

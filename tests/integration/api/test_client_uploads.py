"""Large files that the Python client sends to a running service over a connection that is cut."""

import asyncio
import hashlib
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from tests.cut_proxy import CutProxy, cut_proxy
from tests.integration.api.api_user import ApiUser
from tests.integration.api.programs import token
from tests.plain_http import NO_TLS
from tests.waiting import until

from ytdubber.client import AsyncClient, Client, Transfer

MIB = 2**20
SIZE = 14 * MIB


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    path.write_bytes(random.Random(2).randbytes(SIZE))  # noqa: S311  # content, no secret
    return path


class Way:
    """Every request takes the way that can be cut, and is written down."""

    def __init__(self, proxy: CutProxy) -> None:
        self.proxy = proxy
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> None:
        request.url = request.url.copy_with(port=httpx.URL(self.proxy.url).port)
        self.asked.append(request.method)

    async def beside(self, request: httpx.Request) -> None:
        self(request)


def create(ann: ApiUser, way: Way, file: Path, told: list[Transfer]) -> str:
    with httpx.Client(verify=NO_TLS, event_hooks={"request": [way]}) as http:
        client = Client(ann.harness.url, token(ann), http=http, attempts=50)
        return client.create(file, to="pt", on_transfer=told.append)


def create_beside(ann: ApiUser, way: Way, file: Path, told: list[Transfer]) -> str:
    async def created() -> str:
        hooks = {"request": [way.beside]}
        async with httpx.AsyncClient(verify=NO_TLS, event_hooks=hooks) as http:
            client = AsyncClient(ann.harness.url, token(ann), http=http, attempts=50)
            return await client.create(file, to="pt", on_transfer=told.append)

    return asyncio.run(created())


Creates = Callable[[ApiUser, Way, Path, list[Transfer]], str]


@pytest.mark.parametrize("creates", [create, create_beside])
def test_a_large_file_goes_on_where_it_was_cut(ann: ApiUser, file: Path, creates: Creates) -> None:
    told: list[Transfer] = []
    with cut_proxy(ann.harness.url) as proxy, ThreadPoolExecutor(1) as pool:
        way = Way(proxy)
        proxy.cut_after(9 * MIB)
        sent = pool.submit(creates, ann, way, file, told)
        until(lambda: proxy.is_down)
        proxy.mend()
        job_id = sent.result()
        assert proxy.sent_bytes < SIZE + 7 * MIB
    assert "HEAD" in way.asked
    assert "PUT" not in way.asked
    rows = ann.harness.rows("select key from ytdubber.uploads where job_id = :id", id=job_id)
    stored = ann.harness.backend.media.stat(str(rows[0][0]))
    assert stored is not None
    assert stored.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert told[-1] == Transfer(file, SIZE, SIZE)
    assert max(each.done_bytes for each in told) == SIZE

"""The Python client's links and webhooks, against a running service and a receiver."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from tests.integration.alerts.receiving import Hook, hook
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness, api
from tests.integration.api.programs import client_of, token
from tests.plain_http import NO_TLS

from ytdubber.client import AsyncClient, Client, NotFound, Refused, Unavailable


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    """A service that only its owner uses: webhooks may lead to this machine."""
    with api(tmp_path_factory.mktemp("notices"), webhook_private_addresses=True) as harness:
        yield harness


@pytest.fixture
def ann(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as ann:
        yield ann


@pytest.fixture
def client(ann: ApiUser) -> Iterator[Client]:
    with client_of(ann) as client:
        yield client


@pytest.fixture
def received() -> Iterator[Hook]:
    with hook() as received:
        yield received


def test_a_dub_is_shared_by_a_link_and_taken_back(ann: ApiUser, client: Client) -> None:
    job_id = str(ann.dubbed("pt", background=False))
    made = client.share(job_id, "pt", hours=2)
    assert made.language == "pt"
    assert made.expires_at - made.created_at <= timedelta(hours=2)
    secret = str(made.url).partition("#")[2]
    opened = f"/api/shared/{secret}"
    assert ann.harness.url in str(made.url)
    assert httpx.get(ann.harness.url + opened, verify=NO_TLS).json()["language"] == "pt"
    (listed,) = client.share_links(job_id)
    assert (listed.id, listed.url) == (made.id, None)
    with pytest.raises(Refused) as hours:
        client.share(job_id, "pt", hours=49)
    assert "Hours must be 48 or less" in str(hours.value)
    with pytest.raises(Refused):
        client.share(job_id, "de")
    client.unshare(job_id, made.id)
    assert client.share_links(job_id) == ()
    assert httpx.get(ann.harness.url + opened, verify=NO_TLS).status_code in (404, 410)
    with pytest.raises(NotFound):
        client.unshare(job_id, made.id)


def test_an_endpoint_is_added_tried_out_and_removed(client: Client, received: Hook) -> None:
    made = client.add_webhook(received.url)
    assert (made.url, made.enabled, made.last) == (received.url, True, None)
    assert str(made.secret).startswith("whsec_")
    tried = client.test_webhook(made.id)
    assert (tried.taken, tried.status) == (True, 200)
    (message,) = [json.loads(body) for _, body in received.requests]
    assert message["type"] == "webhook.test"
    (listed,) = client.webhooks()
    assert (listed.id, listed.secret, listed.waiting) == (made.id, None, 0)
    assert listed.last
    assert (listed.last.status, listed.last.at >= made.created_at) == (200, True)
    client.remove_webhook(made.id)
    assert client.webhooks() == ()
    for gone in (client.remove_webhook, client.test_webhook):
        with pytest.raises(NotFound):
            gone(made.id)
    with pytest.raises(Refused) as refused:
        client.add_webhook("ftp://example.org")
    assert refused.value.code == "webhook_address_refused"


def test_what_each_request_makes_anew_is_asked_for_once(ann: ApiUser, received: Hook) -> None:
    lost: list[str] = []

    def drop(response: httpx.Response) -> None:
        if response.request.method in ("POST", "DELETE") and not lost:
            lost.append(response.request.method)
            raise httpx.ReadError("lost")

    with httpx.Client(verify=NO_TLS, event_hooks={"response": [drop]}) as http:
        client = Client(ann.harness.url, token(ann), http=http)
        with pytest.raises(Unavailable):
            client.add_webhook(received.url)
        (made,) = client.webhooks()
        lost.clear()
        client.remove_webhook(made.id)
        assert lost == ["DELETE"], "the second answer says that there is none"
        assert client.webhooks() == ()


def test_coroutines_share_and_are_told_too(ann: ApiUser, received: Hook) -> None:
    job_id = str(ann.dubbed("pt", background=False))

    async def used() -> None:
        async with AsyncClient(ann.harness.url, token(ann)) as client:
            link, endpoint = await asyncio.gather(
                client.share(job_id, "pt"), client.add_webhook(received.url)
            )
            assert [each.id for each in await client.share_links(job_id)] == [link.id]
            assert (await client.test_webhook(endpoint.id)).taken
            await client.unshare(job_id, link.id)
            await client.remove_webhook(endpoint.id)
            assert (await client.share_links(job_id), await client.webhooks()) == ((), ())

    asyncio.run(used())

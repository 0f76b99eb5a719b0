import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe
from stripe import StripeClient
from tests.integration.vendor_double.conftest import Served
from tests.waiting import PATIENCE_S

from ytdubber.testing.vendor_double import KEY, Fault, signed_event

Connect = Callable[..., StripeClient]


@pytest.fixture
def client() -> Iterator[Connect]:
    """Makes clients at a URL, with the right key or another."""
    connections = stripe.RequestsClient(timeout=PATIENCE_S)
    yield lambda url, key=KEY: StripeClient(
        key, base_addresses={"api": url}, max_network_retries=0, http_client=connections
    )
    connections.close()  # type: ignore[no-untyped-call] # stripe does not type this method


def report(sc: StripeClient, value: str = "3", key: str = "job-1:minutes", **more: Any) -> Any:
    params: Any = {
        "event_name": "dub_minutes",
        "payload": {"stripe_customer_id": "cus_1", "value": value},
        "identifier": "job-1:minutes",
        "timestamp": int(time.time()) - 60,
    }
    return sc.v1.billing.meter_events.create(params | more, {"idempotency_key": key})


def test_a_meter_event_counts_once(client: Connect, served: Served) -> None:
    sc = client(served.url)
    at = int(time.time())
    first = report(sc, timestamp=at)
    again = report(sc, timestamp=at)
    assert first.identifier == again.identifier == "job-1:minutes"
    (event,) = served.double.stripe.meter_events
    assert event["payload"] == {"stripe_customer_id": "cus_1", "value": "3"}
    assert served.double.books == {}
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        report(sc, key="another", timestamp=at)
    with pytest.raises(stripe.InvalidRequestError, match="same parameters"):
        report(sc, value="4", timestamp=at)


def test_a_call_that_failed_can_be_made_again(client: Connect, served: Served) -> None:
    sc = client(served.url)
    served.double.script("stripe.meter_events", Fault.status(500), Fault.disconnect())
    at = int(time.time())
    for failure in (stripe.APIError, stripe.APIConnectionError):
        with pytest.raises(failure):
            report(sc, timestamp=at)
    report(sc, timestamp=at)
    assert len(served.double.stripe.meter_events) == 1


def test_credits_are_bought_with_a_payment_intent(client: Connect, served: Served) -> None:
    sc = client(served.url)
    customer = sc.v1.customers.create({"email": "a@example.com", "metadata": {"user": "u-1"}})
    assert [c.id for c in sc.v1.customers.list({"email": "a@example.com"}).data] == [customer.id]
    kept = sc.v1.customers.retrieve(customer.id).metadata
    assert kept is not None
    assert kept["user"] == "u-1"
    intent = sc.v1.payment_intents.create(
        {
            "amount": 1_000,
            "currency": "usd",
            "customer": customer.id,
            "metadata": {"pack": "small"},
            "automatic_payment_methods": {"enabled": True},
        }
    )
    assert intent.client_secret is not None
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    assert sc.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"identifier": "x" * 101}, "at most 100"),
        ({"payload": {"value": "3"}}, "stripe_customer_id"),
        ({"timestamp": 1_700_000_000}, "35 days"),
        ({"colour": "red"}, "colour: unknown"),
    ],
)
def test_what_stripe_refuses(
    client: Connect, served: Served, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=says):
        report(client(served.url), **more)
    assert not served.double.stripe.meter_events


def test_a_wrong_key_and_what_is_not_there(client: Connect, served: Served) -> None:
    with pytest.raises(stripe.AuthenticationError):
        report(client(served.url, "wrong"))
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        client(served.url).v1.payment_intents.retrieve("pi_none")


def test_a_signed_event_is_one_of_stripes_own() -> None:
    intent = {"id": "pi_1", "object": "payment_intent", "amount": 1_000}
    body, signature = signed_event("payment_intent.succeeded", intent, "whsec_1")
    event = stripe.Webhook.construct_event(body, signature, "whsec_1")
    assert (event.type, event.data.object["id"]) == ("payment_intent.succeeded", "pi_1")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, signature, "whsec_2")
    old, signature = signed_event("x", intent, "whsec_1", at=int(time.time()) - 600)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        stripe.Webhook.construct_event(old, signature, "whsec_1")

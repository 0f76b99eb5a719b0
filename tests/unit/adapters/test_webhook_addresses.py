"""No address of anybody's own network is connected to, whatever a name says and when."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from ytdubber.adapters.webhooks.addresses import NotPublic, PublicBackend, is_public
from ytdubber.adapters.webhooks.sender import HttpWebhookSender
from ytdubber.domain.webhook import pause_s
from ytdubber.ports.webhooks import Target

PUBLIC = "93.184.215.14"
SECRET = "whsec_" + "QUFB" * 8


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.0.1",
        "168.63.129.16", "169.254.169.254", "172.16.0.1", "192.0.0.192", "192.0.2.1", "192.168.1.1",
        "198.18.0.1", "198.51.100.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
        "2001:0:1::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1",
        "fe80::1%eth0", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_of_networks_of_ones_own_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:4700::6810:84e5", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


class Inner:
    """A network that notes whom it was to connect to, and reaches nobody but the last."""

    def __init__(self, reached: str = "") -> None:
        self.asked: list[tuple[str, int]] = []
        self._reached = reached

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **how: Any) -> str:
        self.asked.append((host, port))
        if host != self._reached:
            raise OSError("refused")
        return f"a connection to {host}"


def test_the_address_that_was_looked_at_is_connected_to() -> None:
    inner = Inner("2606:4700::1")
    answers = iter([[PUBLIC, "2606:4700::1"], ["127.0.0.1"]])
    backend = PublicBackend(inner, lambda *_: next(answers))
    assert backend.connect_tcp("hooks.test", 443) == "a connection to 2606:4700::1"
    assert inner.asked == [(PUBLIC, 443), ("2606:4700::1", 443)]
    with pytest.raises(NotPublic):
        backend.connect_tcp("hooks.test", 443)
    with pytest.raises(NotPublic):
        backend.connect_unix_socket("/run/docker.sock")
    assert len(inner.asked) == 2


def test_one_address_of_ones_own_among_public_ones_is_enough_to_refuse() -> None:
    inner = Inner(PUBLIC)
    for found in ([PUBLIC, "10.0.0.1"], ["::1", PUBLIC], []):
        with pytest.raises(NotPublic):
            PublicBackend(inner, lambda *_, found=found: found).connect_tcp("hooks.test", 443)
    assert inner.asked == []


def test_a_name_that_leads_elsewhere_once_it_was_looked_at_leads_nowhere() -> None:
    answers: list[Sequence[str]] = [[PUBLIC], ["127.0.0.1"]]
    sender = HttpWebhookSender(resolve=lambda *_: answers.pop(0))
    sender.check("https://hooks.test/")
    target = Target(uuid4(), "https://hooks.test/", SECRET)
    attempt = sender.send(target, uuid4(), datetime.now(UTC), {})
    assert (attempt.taken, attempt.status) == (False, None)
    assert attempt.message == (
        "Nothing is sent to this address: it is an address of a private network or of this machine."
    )
    assert answers == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would look the name up itself."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(f"{host}:{port}")
        return ["10.0.0.1"]

    target = Target(uuid4(), "https://hooks.test:8443/", SECRET)
    HttpWebhookSender(resolve=resolve).send(target, uuid4(), datetime.now(UTC), {})
    assert asked == ["hooks.test:8443"]
    assert httpx.Client(trust_env=True)._mounts  # it would be, otherwise


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_s(failed) for failed in (1, 2, 3, 10, 11, 5_000)] == [
        5,
        10,
        20,
        2_560,
        3_600,
        3_600,
    ]

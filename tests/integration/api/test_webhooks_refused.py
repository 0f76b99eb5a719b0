"""Webhooks lead to nobody's own network."""

import pytest
from tests.integration.api.api_user import ApiUser


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.org/", "it must begin with https://"),
        ("ftp://example.org/", "it must begin with https://"),
        ("https:///dubs", "it names no host"),
        ("https://ann:word@93.184.215.14/", "it may hold no user name, password or #"),
        ("https://93.184.215.14:99999/", "it is not an address"),
        ("https://127.0.0.1/", "it is an address of a private network or of this machine"),
        ("https://localhost:8443/", "it is an address of a private network or of this machine"),
        ("https://[::1]/", "it is an address of a private network or of this machine"),
        ("https://[::ffff:10.0.0.1]/", "it is an address of a private network or of this machine"),
        ("https://2130706433/", "it is an address of a private network or of this machine"),
        ("https://0x7f.1/", "it is an address of a private network or of this machine"),
        ("https://169.254.169.254/latest", "it is an address of a private network or of this mach"),
        ("https://hooks.invalid/", "its name is not known"),
    ],
)
def test_addresses_that_nothing_is_sent_to_are_refused(url: str, says: str, ann: ApiUser) -> None:
    reply = ann.http.post("/api/webhooks", json={"url": url})
    assert reply.status_code == 400, reply.text
    assert reply.json()["error"] == "webhook_address_refused"
    assert reply.json()["message"].startswith(f"Nothing is sent to this address: {says}")
    assert ann.http.get("/api/webhooks").json() == []

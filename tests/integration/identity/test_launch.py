"""Signing in on one's own machine, over real HTTP."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from tests.integration.identity.asking import FROM_PAGE, serving, shape
from tests.integration.identity.issuer import SECRET, USER
from tests.integration.storage.serving import ManualClock, free_port, running, web_app
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.adapters.identity.tokens import TokenIdentity, local_session
from ytdubber.api import auth
from ytdubber.api.launch import CODE_MS, LaunchCodes, LoopbackHost, launch_router, loopback_hosts
from ytdubber.domain.errors import LaunchCodeSpent
from ytdubber.ports.identity import Session


def test_a_launch_code_is_exchanged_once() -> None:
    clock = ManualClock()
    codes = LaunchCodes(clock)

    def sign_in() -> Session:
        return local_session(SECRET, UUID(USER), "me@localhost", timedelta(hours=1))

    app = web_app()
    app.include_router(launch_router(codes, sign_in))
    with serving(app) as http:
        code = codes.new()
        reply = http.post("/api/launch", json={"code": code}, headers=FROM_PAGE)
        assert reply.status_code == 200
        assert reply.headers["cache-control"] == "no-store"
        body = reply.json()
        assert body["user"] == {"id": USER, "email": "me@localhost"}
        assert datetime.fromisoformat(body["expires_at"]) > datetime.now(UTC)
        found = TokenIdentity(SECRET, None, None, clock).verify(body["access_token"])
        assert found.user_id == UUID(USER)
        for spent in (code, "guess", "", codes.new() + "x"):
            reply = http.post("/api/launch", json={"code": spent}, headers=FROM_PAGE)
            assert shape(reply) == (403, "launch_code_spent")
        for wrong in (
            b"{}",
            b'{"code": "\\ud83d"}',
            b'{"code": 7}',
            b'{"code": "%s"}' % (b"x" * 999),
        ):
            reply = http.post("/api/launch", content=wrong, headers=FROM_PAGE)
            assert shape(reply) == (400, "invalid_request")


def test_a_session_is_renewed_by_its_own_user_alone() -> None:
    clock = ManualClock()

    def sign_in() -> Session:
        return local_session(SECRET, UUID(USER), "me@localhost", timedelta(hours=12))

    app = web_app()
    auth.install(app, TokenIdentity(SECRET, None, None, clock))
    app.include_router(launch_router(LaunchCodes(clock), sign_in))
    with serving(app) as http:

        def renewed(user_id: UUID) -> httpx.Response:
            session = local_session(SECRET, user_id, "who@localhost", timedelta(minutes=5))
            headers = {"Authorization": f"Bearer {session.access_token}", **FROM_PAGE}
            return http.post("/api/launch/renew", headers=headers)

        mine = renewed(UUID(USER))
        assert mine.status_code == 200
        assert mine.headers["cache-control"] == "no-store"
        ends_at = datetime.fromisoformat(mine.json()["expires_at"])
        assert ends_at > datetime.now(UTC) + timedelta(hours=11)
        assert shape(renewed(UUID(int=7))) == (403, "forbidden")
        assert shape(http.post("/api/launch/renew", headers=FROM_PAGE)) == (401, "unauthorized")


def test_launch_codes_end_and_are_not_kept_for_ever() -> None:
    clock = ManualClock()
    codes = LaunchCodes(clock)
    late, forgotten = codes.new(), codes.new()
    clock.turn(CODE_MS / 1000)
    with pytest.raises(LaunchCodeSpent):
        codes.redeem(late)
    fresh = [codes.new() for _ in range(40)]
    with pytest.raises(LaunchCodeSpent):
        codes.redeem(forgotten)
    with pytest.raises(LaunchCodeSpent):
        codes.redeem(fresh[0])
    codes.redeem(fresh[-1])
    with pytest.raises(LaunchCodeSpent):
        codes.redeem(fresh[-1])


@pytest.fixture(scope="module")
def local() -> Iterator[httpx.Client]:
    listener, url = free_port()
    app = web_app()
    app.add_middleware(LoopbackHost, allowed=loopback_hosts(listener.getsockname()[1]))
    with (
        running(app, listener),
        httpx.Client(verify=NO_TLS, base_url=url, timeout=PATIENCE_S) as client,
    ):
        yield client


def test_this_machines_own_names_are_served(local: httpx.Client) -> None:
    port = local.base_url.port
    for name in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert local.get("/nowhere", headers={"Host": f"{name}:{port}"}).status_code == 404
    assert "localhost" in loopback_hosts(80)
    assert "localhost" not in loopback_hosts(8000)


@pytest.mark.parametrize(
    "hosts",
    [
        ["evil.example"],
        ["evil.example:{port}"],
        ["localhost"],
        ["localhost:1"],
        ["localhost.:{port}"],
        ["127.0.0.1.evil.example:{port}"],
        ["0.0.0.0:{port}"],
        ["localhost:{port}@evil.example"],
        [""],
        ["127.0.0.1:{port}", "evil.example"],
        [],
    ],
)
def test_any_other_host_is_refused(local: httpx.Client, hosts: list[str]) -> None:
    port = local.base_url.port
    assert port
    named = "".join(f"Host: {host.format(port=port)}\r\n" for host in hosts)
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as wire:
        wire.sendall(f"GET /nowhere HTTP/1.1\r\nConnection: close\r\n{named}\r\n".encode())
        reply = wire.makefile("rb").read()
    assert reply.startswith(b"HTTP/1.1 403")
    assert b'"error": "wrong_host"' in reply

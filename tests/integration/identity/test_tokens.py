"""Which tokens are taken, and which are not."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

import jwt
import pytest
from tests.integration.identity.issuer import (
    EC_KEY,
    ISSUER,
    JWKS_URL,
    NEW_KEY,
    RSA_KEY,
    SECRET,
    USER,
    Jwks,
    NowClock,
    claims,
    handmade,
    pem,
    published,
    refused,
    shared,
    signed,
)
from tests.waiting import PATIENCE_S

from ytdubber.adapters.identity.keys import FRESH_MS, PAUSE_MS, fetch_over_http
from ytdubber.adapters.identity.tokens import TokenIdentity, local_session, mint
from ytdubber.domain.errors import SignInUnavailable, Unauthorized
from ytdubber.ports.identity import Claims


@pytest.mark.parametrize(
    "make",
    [
        shared,
        lambda: shared(kid="of-the-legacy-secret"),
        lambda: signed(EC_KEY, "ec"),
        lambda: signed(RSA_KEY, "rsa"),
        lambda: signed(EC_KEY, "ec", aud=["other", "authenticated"]),
        lambda: shared(iat=None, email=None, amr=None),
    ],
)
def test_a_users_token_is_taken(identity: TokenIdentity, make: Callable[[], str]) -> None:
    token = make()
    found = identity.verify(token)
    assert (found.user_id, found.role) == (UUID(USER), "authenticated")
    assert found.email in ("user@example.org", None)
    assert found.raw == jwt.decode(token, options={"verify_signature": False})
    assert not found.is_admin  # what users write into their own metadata makes nobody one


def test_an_administrator_is_who_the_owner_made_one(identity: TokenIdentity) -> None:
    assert identity.verify(shared(app_metadata={"role": "admin"})).is_admin
    for other in ({"role": "user"}, {"role": ["admin"]}, "admin", ["admin"], {}):
        assert not identity.verify(shared(app_metadata=other)).is_admin


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "anon"},
        {"aud": None},
        {"aud": ["other"]},
        {"aud": {"a": 1}},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 99_999_999_999},
        {"nbf": 99_999_999_999},
        {"sub": None},
        {"sub": "admin"},
        {"sub": USER.replace("-", "")},
        {"sub": f"{{{USER}}}"},
        {"sub": f"urn:uuid:{USER}"},
        {"role": "anon"},
        {"role": "service_role"},
        {"role": None},
        {"role": ["authenticated"]},
    ],
)
def test_a_token_that_says_anything_else_is_refused(
    identity: TokenIdentity, changes: dict[str, object]
) -> None:
    message = refused(identity, handmade({"alg": "HS256"}, claims(**changes), SECRET.encode()))
    assert "Sign in and try again" in message
    assert not {"aud", "iss", "claim", "JWT", "jwt"} & set(message.split())


def test_a_token_ends_with_thirty_seconds_of_patience(identity: TokenIdentity) -> None:
    now = int(datetime.now(UTC).timestamp())
    identity.verify(shared(exp=now - 20))
    assert "has expired" in refused(identity, shared(exp=now - 40))


def rsa_as_secret() -> str:
    return handmade({"alg": "HS256", "typ": "JWT", "kid": "rsa"}, claims(), pem(RSA_KEY))


@pytest.mark.parametrize(
    "make",
    [
        lambda: jwt.encode(claims(), "", algorithm="none"),
        lambda: handmade({"alg": "none"}, claims(), b"").rpartition(".")[0] + ".",
        lambda: handmade({"alg": "None", "kid": "rsa"}, claims(), SECRET.encode()),
        rsa_as_secret,
        lambda: handmade({"alg": "HS256"}, claims(), pem(RSA_KEY)),
        lambda: shared(SECRET[::-1]),
        lambda: shared(kid="rsa"),
        lambda: jwt.encode(claims(), SECRET.ljust(64, "x"), algorithm="HS512"),
        lambda: jwt.encode(
            claims(), SECRET.ljust(64, "x"), algorithm="HS512", headers={"kid": "ec"}
        ),
        lambda: signed(EC_KEY, None),
        lambda: signed(EC_KEY, "rsa"),
        lambda: signed(RSA_KEY, "ec"),
        lambda: signed(NEW_KEY, "ec"),
        lambda: jwt.encode(claims(), RSA_KEY, algorithm="PS256", headers={"kid": "rsa"}),
        lambda: jwt.encode(claims(), RSA_KEY, algorithm="RS512", headers={"kid": "rsa"}),
        lambda: handmade({"alg": "HS256", "crit": ["x"], "x": 1}, claims(), SECRET.encode()),
        lambda: handmade({"alg": ["HS256"]}, claims(), SECRET.encode()),
        lambda: handmade({"alg": "ES256", "kid": ["ec"]}, claims(), SECRET.encode()),
        lambda: handmade({"alg": "HS256"}, claims(exp=float("inf")), SECRET.encode()),
        lambda: handmade({"alg": "HS256"}, claims(sub=["x"]), SECRET.encode()),
        lambda: shared() + "x" * 20_000,
        lambda: "",
        lambda: "a.b.c",
        lambda: "\ud800",
    ],
)
def test_a_token_under_no_key_of_ours_is_refused(
    identity: TokenIdentity, make: Callable[[], str]
) -> None:
    identity.verify(signed(EC_KEY, "ec"))  # the keys are here
    assert refused(identity, make()).startswith("You are not signed in")


def test_without_a_secret_no_shared_token_is_taken(jwks: Jwks, clock: NowClock) -> None:
    identity = TokenIdentity(None, JWKS_URL, None, clock, fetch=jwks.fetch)
    identity.verify(signed(RSA_KEY, "rsa", iss="anything"))
    refused(identity, shared())
    refused(identity, rsa_as_secret())


def test_without_published_keys_only_shared_tokens_are_taken(clock: NowClock) -> None:
    identity = TokenIdentity(SECRET, None, ISSUER, clock)
    identity.verify(shared())
    refused(identity, signed(EC_KEY, "ec"))


def test_what_could_verify_nothing_is_not_made(clock: NowClock) -> None:
    with pytest.raises(ValueError, match="no token could be verified"):
        TokenIdentity(None, None, None, clock)
    with pytest.raises(ValueError, match="32 bytes"):
        TokenIdentity("short", None, None, clock)
    with pytest.raises(ValueError, match="32 bytes"):
        TokenIdentity(SECRET, None, None, clock, second_secret="x" * 31)


@pytest.mark.parametrize(
    "entry",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "bad"},
        published(RSA_KEY, "bad", alg="RS512"),
        published(RSA_KEY, "bad", alg="HS256"),
        published(RSA_KEY, "bad", use="enc"),
        {**published(EC_KEY, "bad"), "crv": "P-384"},
        {**published(EC_KEY, "bad"), "x": "!!"},
        {**published(EC_KEY, "bad"), "kid": 7},
        "text",
        {},
    ],
)
def test_published_keys_of_other_kinds_are_passed_over(
    identity: TokenIdentity, jwks: Jwks, entry: dict[str, object]
) -> None:
    jwks.keys.insert(0, entry)
    identity.verify(signed(EC_KEY, "ec"))
    refused(identity, signed(RSA_KEY, "bad"))
    refused(identity, signed(EC_KEY, "bad"))


def test_keys_are_fetched_once_and_again_when_old(
    identity: TokenIdentity, jwks: Jwks, clock: NowClock
) -> None:
    assert identity.verify_now(signed(EC_KEY, "ec")) is None
    assert jwks.fetched == 0
    for _ in range(3):
        identity.verify(signed(EC_KEY, "ec"))
        assert identity.verify_now(signed(RSA_KEY, "rsa"))
    assert jwks.fetched == 1
    clock.turn(FRESH_MS / 1000)
    identity.verify(signed(EC_KEY, "ec", aal="aal2"))
    assert jwks.fetched == 2


def test_a_new_key_is_found_and_an_old_one_forgotten(
    identity: TokenIdentity, jwks: Jwks, clock: NowClock
) -> None:
    identity.verify(signed(EC_KEY, "ec"))
    jwks.keys = [published(NEW_KEY, "new")]
    clock.turn(PAUSE_MS / 1000)
    assert identity.verify_now(signed(NEW_KEY, "new")) is None
    identity.verify(signed(NEW_KEY, "new"))
    assert jwks.fetched == 2
    refused(identity, signed(EC_KEY, "ec", aal="aal2"))


def test_unknown_names_do_not_make_us_fetch_all_the_time(
    identity: TokenIdentity, jwks: Jwks, clock: NowClock
) -> None:
    identity.verify(signed(EC_KEY, "ec"))
    clock.turn(PAUSE_MS / 1000)
    for n in range(50):
        with pytest.raises(Unauthorized):
            identity.verify(signed(NEW_KEY, f"unknown-{n}"))
    assert jwks.fetched == 2
    assert isinstance(identity.verify_now(signed(EC_KEY, "ec", aal="aal2")), Claims)


@pytest.mark.parametrize("trouble", ["down", "not json", "no keys"])
def test_an_outage_keeps_the_keys_known_so_far(
    identity: TokenIdentity, jwks: Jwks, clock: NowClock, trouble: str
) -> None:
    identity.verify(signed(EC_KEY, "ec"))
    jwks.down = trouble == "down"
    jwks.broken = {"not json": b"<html>", "no keys": b'{"error": "x"}'}.get(trouble)
    clock.turn(FRESH_MS / 1000)
    for n in range(5):
        identity.verify(signed(EC_KEY, "ec", aal=f"aal{n}"))
    assert jwks.fetched == 2
    with pytest.raises(SignInUnavailable):
        identity.verify(signed(NEW_KEY, "new"))
    jwks.down, jwks.broken = False, None
    jwks.keys.append(published(NEW_KEY, "new"))
    clock.turn(PAUSE_MS / 1000)
    identity.verify(signed(NEW_KEY, "new"))


def test_while_keys_are_fetched_others_wait_or_go_on_with_the_old_ones(
    identity: TokenIdentity, jwks: Jwks, clock: NowClock
) -> None:
    jwks.gate = threading.Event()
    results: list[Claims] = []
    waiting = [
        threading.Thread(
            target=lambda n=n: results.append(identity.verify(signed(EC_KEY, "ec", n=n)))
        )
        for n in range(4)
    ]
    for thread in waiting:
        thread.start()
    assert jwks.asked.wait(PATIENCE_S)
    assert identity.verify_now(signed(EC_KEY, "ec", n=9)) is None  # told to wait, not refused
    jwks.gate.set()
    for thread in waiting:
        thread.join()
    assert len(results) == 4
    assert jwks.fetched == 1

    jwks.gate, jwks.asked = threading.Event(), threading.Event()
    clock.turn(FRESH_MS / 1000)
    late = threading.Thread(
        target=lambda: results.append(identity.verify(signed(EC_KEY, "ec", n=5)))
    )
    late.start()
    assert jwks.asked.wait(PATIENCE_S)
    assert identity.verify_now(signed(EC_KEY, "ec", n=6))  # old keys are good enough meanwhile
    jwks.gate.set()
    late.join()
    assert len(results) == 5


def test_a_token_seen_a_moment_ago_is_remembered_for_a_minute(
    identity: TokenIdentity, jwks: Jwks, clock: NowClock
) -> None:
    token = signed(EC_KEY, "ec")
    first = identity.verify(token)
    assert identity.verify_now(token) is first
    clock.turn(60)
    again = identity.verify_now(token)
    assert again == first
    assert again is not first


def test_a_remembered_token_ends_when_it_expires(identity: TokenIdentity, clock: NowClock) -> None:
    token = shared(exp=int(clock.now().timestamp()) + 5)
    first = identity.verify(token)
    clock.turn(6)
    assert identity.verify(token) is not first  # judged again


def test_keys_are_fetched_over_http(clock: NowClock) -> None:
    body = json.dumps({"keys": [published(EC_KEY, "ec")]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/jwks" else 500)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            TokenIdentity(None, f"{url}/jwks", ISSUER, clock).verify(signed(EC_KEY, "ec"))
            with pytest.raises(OSError, match="500"):
                fetch_over_http(f"{url}/other")
        finally:
            server.shutdown()
            thread.join()
    with pytest.raises(OSError, match=r".+"):
        fetch_over_http(f"{url}/jwks")


def test_what_we_mint_we_take(clock: NowClock) -> None:
    identity = TokenIdentity(SECRET, None, ISSUER, clock)
    token = mint(SECRET, UUID(USER), "a@example.org", timedelta(hours=1), issuer=ISSUER)
    found = identity.verify(token)
    assert (found.user_id, found.email, found.is_admin) == (UUID(USER), "a@example.org", False)
    session = local_session(SECRET, UUID(USER), None, timedelta(hours=1), admin=True, issuer=ISSUER)
    assert identity.verify(session.access_token) == session.claims
    assert session.claims.is_admin
    assert session.claims.email is None
    assert session.expires_at.timestamp() == session.claims.raw["exp"]
    refused(identity, mint(SECRET, UUID(USER), None, timedelta(hours=-1), issuer=ISSUER))


@pytest.mark.parametrize("email", ["a\0@b.org", "\ud800@b.org", "a\x1b[2J@b.org", "a" * 321])
def test_an_address_that_can_be_no_text_is_nobodys(identity: TokenIdentity, email: str) -> None:
    with pytest.raises(Unauthorized):
        identity.verify(shared(email=email))


@pytest.mark.parametrize("exp", [float("inf"), float("nan"), [], {}])
def test_times_that_are_none(identity: TokenIdentity, exp: object) -> None:
    with pytest.raises(Unauthorized):
        identity.verify(shared(exp=exp))

"""Whatever comes as a token is taken for what it is, or refused; nothing else happens."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.integration.identity.issuer import (
    EC_KEY,
    ISSUER,
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
)

from ytdubber.adapters.identity.tokens import TokenIdentity
from ytdubber.domain.errors import Unauthorized

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
HEADERS = st.dictionaries(
    st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jku", "jwk", "x5u"]),
    JSON | st.sampled_from(["HS256", "ES256", "RS256", "none", "ec", "rsa"]),
)
CLAIMS = st.dictionaries(
    st.sampled_from(["iss", "sub", "aud", "exp", "iat", "nbf", "role", "email", "jti"]),
    JSON | st.sampled_from([ISSUER, USER, "authenticated", 10**400, -1]),
)


@pytest.fixture(scope="module")
def standing() -> TokenIdentity:
    jwks = Jwks(published(EC_KEY, "ec"), published(RSA_KEY, "rsa"))
    return TokenIdentity(SECRET, "https://keys", ISSUER, NowClock(), fetch=jwks.fetch)


@given(header=HEADERS, payload=CLAIMS, secret=st.sampled_from([b"", pem(RSA_KEY), b"x" * 32]))
@settings(max_examples=300, deadline=None)
def test_no_token_under_another_secret_is_taken(
    standing: TokenIdentity, header: dict[str, object], payload: dict[str, object], secret: bytes
) -> None:
    refused(standing, handmade(header, payload, secret))


@given(changes=CLAIMS)
@settings(max_examples=300, deadline=None)
def test_whatever_a_well_signed_token_says_it_is_taken_or_refused(
    standing: TokenIdentity, changes: dict[str, object]
) -> None:
    token = handmade({"alg": "HS256"}, {**claims(), **changes}, SECRET.encode())
    try:
        found = standing.verify(token)
    except Unauthorized:
        return
    assert found.role == "authenticated"
    assert str(found.user_id) == str(found.raw["sub"]).lower()


@given(text=st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
@settings(max_examples=300, deadline=None)
def test_no_other_text_is_taken(standing: TokenIdentity, text: str) -> None:
    refused(standing, text)
    refused(standing, f"{text}.{text}.{text}")
    head, _, tail = shared().partition(".")
    refused(standing, f"{head}.{text}.{tail}")

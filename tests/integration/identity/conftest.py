import pytest
from tests.integration.identity.issuer import (
    EC_KEY,
    ISSUER,
    JWKS_URL,
    RSA_KEY,
    SECRET,
    Jwks,
    NowClock,
    published,
)

from ytdubber.adapters.identity.tokens import TokenIdentity


@pytest.fixture
def clock() -> NowClock:
    return NowClock()


@pytest.fixture
def jwks() -> Jwks:
    return Jwks(published(EC_KEY, "ec"), published(RSA_KEY, "rsa", alg="RS256", use="sig"))


@pytest.fixture
def identity(jwks: Jwks, clock: NowClock) -> TokenIdentity:
    return TokenIdentity(SECRET, JWKS_URL, ISSUER, clock, fetch=jwks.fetch)

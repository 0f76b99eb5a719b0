"""Keys and secrets that are changed while tokens of both are about."""

from uuid import UUID

from tests.integration.identity.issuer import (
    EC_KEY,
    ISSUER,
    NEW_KEY,
    SECRET,
    USER,
    Jwks,
    NowClock,
    claims,
    handmade,
    published,
    refused,
    signed,
)

from ytdubber.adapters.identity.keys import FRESH_MS
from ytdubber.adapters.identity.tokens import TokenIdentity


def test_while_a_secret_is_changed_tokens_of_both_are_taken(clock: NowClock) -> None:
    old, third = f"old-{SECRET}", f"third-{SECRET}"
    identity = TokenIdentity(SECRET, None, ISSUER, clock, second_secret=old)

    def signed_by(secret: str, **changes: object) -> str:
        return handmade({"alg": "HS256"}, claims(**changes), secret.encode())

    for secret in (SECRET, old):
        assert identity.verify(signed_by(secret)).user_id == UUID(USER)
        assert "has expired" in refused(identity, signed_by(secret, exp=1))
        refused(identity, signed_by(secret, aud="anon"))
    refused(identity, signed_by(third))
    refused(identity, signed_by(""))
    refused(TokenIdentity(SECRET, None, ISSUER, clock), signed_by(old))


def test_two_keys_hold_side_by_side_while_one_takes_over(
    identity: TokenIdentity, jwks: Jwks, clock: NowClock
) -> None:
    """As Supabase rotates: the next is published first, the one before is revoked last."""
    old, new = published(EC_KEY, "ec"), published(NEW_KEY, "new")
    jwks.keys = [old]
    identity.verify(signed(EC_KEY, "ec"))
    jwks.keys = [new, old]
    clock.turn(FRESH_MS / 1000)
    identity.verify(signed(EC_KEY, "ec", session_id="a"))
    assert identity.verify_now(signed(NEW_KEY, "new", session_id="b")), "known before it is used"
    identity.verify(signed(EC_KEY, "ec", session_id="c"))
    assert jwks.fetched == 2
    refused(identity, signed(NEW_KEY, "ec", session_id="d"))
    jwks.keys = [new]
    clock.turn(FRESH_MS / 1000)
    identity.verify(signed(NEW_KEY, "new", session_id="e"))
    refused(identity, signed(EC_KEY, "ec", session_id="f"))

"""An auth server of tests: it has keys, publishes them and signs tokens with them."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.integration.storage.serving import ManualClock
from tests.waiting import PATIENCE_S

from ytdubber.adapters.identity.tokens import TokenIdentity
from ytdubber.domain.errors import Unauthorized

ISSUER = "https://ref.supabase.co/auth/v1"
JWKS_URL = f"{ISSUER}/.well-known/jwks.json"
SECRET = "a-shared-secret-of-more-than-32-bytes"  # noqa: S105  # of these tests only
USER = "7b0c1a52-0d2f-4d0e-9f2b-0a4b6c1d2e3f"

RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
NEW_KEY = ec.generate_private_key(ec.SECP256R1())

PrivateKey = EllipticCurvePrivateKey | RSAPrivateKey


def claims(**changes: object) -> dict[str, object]:
    """Claims as Supabase Auth makes them; one that is changed to None is left out."""
    now = int(time.time())
    normal: dict[str, object] = {
        "iss": ISSUER,
        "sub": USER,
        "aud": "authenticated",
        "exp": now + 3600,
        "iat": now,
        "email": "user@example.org",
        "phone": "",
        "app_metadata": {"provider": "email"},
        "user_metadata": {"role": "admin"},
        "role": "authenticated",
        "aal": "aal1",
        "amr": [{"method": "password", "timestamp": now}],
        "session_id": "0c0f1d5e-98c7-4a4f-8a3e-1f0a7f4b9a11",
        "is_anonymous": False,
    }
    return {name: value for name, value in {**normal, **changes}.items() if value is not None}


def shared(secret: str = SECRET, kid: str | None = None, **changes: object) -> str:
    """A token under the shared secret."""
    headers = {"kid": kid} if kid is not None else None
    return jwt.encode(claims(**changes), secret, algorithm="HS256", headers=headers)


def signed(key: PrivateKey, kid: str | None, **changes: object) -> str:
    """A token under a private key."""
    algorithm = "RS256" if isinstance(key, RSAPrivateKey) else "ES256"
    headers = {"kid": kid} if kid is not None else None
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=headers)


def handmade(header: Mapping[str, object], payload: Mapping[str, object], secret: bytes) -> str:
    """A token put together by hand and signed as HS256 with any bytes."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(x).encode()).rstrip(b"=") for x in (header, payload)
    ]
    signature = hmac.digest(secret, b".".join(parts), hashlib.sha256)
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def pem(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def published(key: PrivateKey, kid: str, **changes: object) -> dict[str, object]:
    """A public key as an entry of a key set."""
    if isinstance(key, RSAPrivateKey):
        entry = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        entry = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**entry, "kid": kid, **changes}


class Jwks:
    """What the key set's address answers; `gate` holds an answer back."""

    def __init__(self, *keys: dict[str, object]) -> None:
        self.keys: list[dict[str, object]] = list(keys)
        self.broken: bytes | None = None
        self.down = False
        self.fetched = 0
        self.gate: threading.Event | None = None
        self.asked = threading.Event()

    def fetch(self, url: str) -> bytes:
        del url
        self.fetched += 1
        self.asked.set()
        if self.gate:
            self.gate.wait(PATIENCE_S)
        if self.down:
            raise OSError("no route to host")
        return self.broken or json.dumps({"keys": self.keys}).encode()


class NowClock(ManualClock):
    """Begins now: tokens are judged by the machine's own clock."""

    def reset(self) -> None:
        self._now = datetime.now(UTC)


def refused(identity: TokenIdentity, token: str) -> str:
    """The message a token is refused with; it is the same by both ways."""
    with pytest.raises(Unauthorized) as caught:
        identity.verify(token)
    with pytest.raises(Unauthorized):
        identity.verify_now(token)
    return str(caught.value)

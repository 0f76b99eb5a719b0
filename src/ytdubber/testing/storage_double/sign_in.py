"""Users of the project: tokens under a key that it publishes, as Supabase Auth makes them."""

import time
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.requests import Request
from starlette.responses import JSONResponse

AUTH = "/auth/v1"
_LASTS_S = 3_600


class SignIn:
    """Signs tokens with ES256."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._kid = str(uuid4())

    def token(self, project_url: str, user_id: UUID, email: str) -> str:
        """An access token, good for an hour."""
        now = int(time.time())
        claims = {
            "iss": project_url + AUTH,
            "sub": str(user_id),
            "aud": "authenticated",
            "exp": now + _LASTS_S,
            "iat": now,
            "email": email,
            "phone": "",
            "app_metadata": {"provider": "email", "providers": ["email"]},
            "user_metadata": {},
            "role": "authenticated",
            "aal": "aal1",
            "amr": [{"method": "password", "timestamp": now}],
            "session_id": str(uuid4()),
            "is_anonymous": False,
        }
        return jwt.encode(claims, self._key, "ES256", {"kid": self._kid})

    async def keys(self, request: Request) -> JSONResponse:
        """`GET /auth/v1/.well-known/jwks.json`: the public key."""
        entry = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        entry |= {"kid": self._kid, "alg": "ES256", "use": "sig", "key_ops": ["verify"]}
        return JSONResponse({"keys": [entry]}, headers={"cache-control": "public, max-age=600"})

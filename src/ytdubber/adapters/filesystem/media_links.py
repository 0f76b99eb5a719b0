"""Links that carry their own credential: an HMAC-SHA256 over everything that matters in them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from ytdubber.domain.errors import BadSignature, LinkExpired
from ytdubber.ports.clock import Clock

SECRET_BYTES = 32
"""The least a secret may have: as much as the hash gives."""

_MOST_FIELDS = 16


class LinkSigner:
    """Signs and verifies the query strings of links.

    The signature covers the method, the key and every field of the query, so a link says nothing
    that we did not say.

    Args:
        secret: Signs, and verifies.
        clock: Tells when links end.
        second: Only verifies, beside it, while one takes the place of the other.
    """

    def __init__(self, secret: bytes, clock: Clock, second: bytes | None = None) -> None:
        self._secret = _derived(secret)
        self._verifying = (self._secret, *([] if second is None else [_derived(second)]))
        self._clock = clock

    def sign(
        self, method: str, key: str, fields: Mapping[str, str | None], expires_at: datetime
    ) -> str:
        """The query string; fields that are None are left out."""
        said = {name: value for name, value in fields.items() if value is not None}
        said["expires"] = str(int(expires_at.timestamp()))
        signature = _signature(self._secret, method, key, said)
        return urlencode({**said, "signature": signature})

    def verify(self, method: str, key: str, query: str) -> Mapping[str, str]:
        """The fields of a query string that `sign` made.

        Raises:
            BadSignature: it did not, or not for this method and key.
            LinkExpired: it did, for a time that is over.
        """
        try:
            pairs = parse_qsl(
                query,
                keep_blank_values=True,
                strict_parsing=True,
                errors="strict",
                max_num_fields=_MOST_FIELDS,
            )
        except ValueError:
            raise BadSignature from None
        fields = dict(pairs)
        given = fields.pop("signature", "").encode()
        signed = [
            hmac.compare_digest(given, _signature(secret, method, key, fields).encode())
            for secret in self._verifying
        ]
        if len(pairs) != len(fields) + 1 or not any(signed):
            raise BadSignature
        if self._clock.now().timestamp() >= int(fields["expires"]):
            raise LinkExpired
        return fields


def _derived(secret: bytes) -> bytes:
    """What signs links, in place of a secret that is used elsewhere, too."""
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"the secret needs at least {SECRET_BYTES} bytes")
    return hmac.digest(secret, b"ytdubber storage links v1", hashlib.sha256)


def _signature(secret: bytes, method: str, key: str, fields: Mapping[str, str]) -> str:
    said = json.dumps([method, key, sorted(fields.items())])
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()

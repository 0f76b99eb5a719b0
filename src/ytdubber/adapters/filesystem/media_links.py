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
    """

    def __init__(self, secret: bytes, clock: Clock) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"the secret needs at least {SECRET_BYTES} bytes")
        self._secret = hmac.digest(secret, b"ytdubber storage links v1", hashlib.sha256)
        self._clock = clock

    def sign(
        self, method: str, key: str, fields: Mapping[str, str | None], expires_at: datetime
    ) -> str:
        """The query string; fields that are None are left out."""
        said = {name: value for name, value in fields.items() if value is not None}
        said["expires"] = str(int(expires_at.timestamp()))
        return urlencode({**said, "signature": self._signature(method, key, said)})

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
        given = fields.pop("signature", "")
        expected = self._signature(method, key, fields)
        if len(pairs) != len(fields) + 1 or not hmac.compare_digest(
            given.encode(), expected.encode()
        ):
            raise BadSignature
        if self._clock.now().timestamp() >= int(fields["expires"]):
            raise LinkExpired
        return fields

    def _signature(self, method: str, key: str, fields: Mapping[str, str]) -> str:
        said = json.dumps([method, key, sorted(fields.items())])
        return hmac.new(self._secret, said.encode(), hashlib.sha256).hexdigest()

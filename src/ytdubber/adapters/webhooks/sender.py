"""Messages to users' endpoints, each a POST that is signed."""

import json
import ssl
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from ytdubber.app.vendors.call_limits import AnswerLimits, AnswerOverran, bounded, within
from ytdubber.domain.errors import WebhookAddressRefused
from ytdubber.domain.webhook import signature
from ytdubber.ports.webhooks import Attempt, Target

from .addresses import NotPublic, PublicBackend, Resolve, public_addresses, resolved

CONNECT_S, ANSWER_S = 5.0, 15.0
"""For a connection; for all of it."""
_ANSWER_BYTES = 65_536
"""Of an answer's head; its body is not read."""
_MOST_URL = 2_000


class HttpWebhookSender:
    """A `WebhookSender`. Redirects are not followed, proxies of the environment not used.

    Args:
        private: Whether any address may be reached, also without encryption: for endpoints on one's
            own machine or network.
        answer_s: How long all of it may take.
        resolve: Finds the addresses of a name.
        trust: What certificates are checked by; the system's when None.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        resolve: Resolve = resolved,
        answer_s: float = ANSWER_S,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._private = private
        self._resolve = resolve
        self._answer_s = answer_s
        self._trust = trust or ssl.create_default_context()

    def check(self, url: str) -> None:
        host, port = _parts(url, private=self._private)
        if not self._private:
            try:
                public_addresses(host, port, self._resolve)
            except NotPublic as error:
                raise WebhookAddressRefused(reason=str(error)) from None

    def send(
        self, target: Target, message_id: UUID, now: datetime, payload: Mapping[str, object]
    ) -> Attempt:
        body = json.dumps(payload, ensure_ascii=False).encode()
        sent_at = str(int(now.timestamp()))
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "ytdubber",
            "webhook-id": str(message_id),
            "webhook-timestamp": sent_at,
            "webhook-signature": signature(target.secret, str(message_id), sent_at, body),
        }
        try:
            _parts(target.url, private=self._private)
            return _told(self._post(target.url, body, headers))
        except WebhookAddressRefused as error:
            return Attempt(str(error))
        except NotPublic as error:
            return Attempt(f"Nothing is sent to this address: {error}.")
        except (httpx.TimeoutException, AnswerOverran):
            return Attempt("It did not answer in time.")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return Attempt(f"It cannot be reached ({type(error).__name__}).")

    def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        timeout = httpx.Timeout(self._answer_s, connect=CONNECT_S)
        with httpx.Client(
            timeout=timeout, follow_redirects=False, trust_env=False, verify=self._trust
        ) as client:
            if not self._private:
                pool = client._transport._pool  # type: ignore[attr-defined]  # no other way in
                pool._network_backend = PublicBackend(pool._network_backend, self._resolve)
            bounded(client)
            with (
                within(AnswerLimits(self._answer_s, _ANSWER_BYTES)),
                # What it answers is not read: it may have no end.
                client.stream("POST", url, content=body, headers=headers) as answer,
            ):
                return answer.status_code


def _told(status: int) -> Attempt:
    if 200 <= status < 300:
        return Attempt(f"It was taken ({status}).", status, taken=True)
    if status == 410:
        return Attempt("It wants nothing any more (410).", status, unwanted=True)
    if 300 <= status < 400:
        return Attempt(f"It answered {status}: redirects are not followed.", status)
    return Attempt(f"It answered {status}.", status)


def _parts(url: str, *, private: bool) -> tuple[str, int]:
    """Host and port of an address.

    Raises:
        WebhookAddressRefused: it is none that is sent to.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        raise WebhookAddressRefused(reason="it is not an address") from None
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise WebhookAddressRefused(reason="it must begin with https://")
    if not parts.hostname:
        raise WebhookAddressRefused(reason="it names no host")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise WebhookAddressRefused(reason="it may hold no user name, password or #")
    if len(url) > _MOST_URL:
        raise WebhookAddressRefused(reason=f"it is longer than {_MOST_URL} characters")
    return parts.hostname, port or (443 if parts.scheme == "https" else 80)

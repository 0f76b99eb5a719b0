"""Alerts as a POST that chats take, and any program of one's own.

The text is there under the names that Slack, Mattermost and Teams (`text`) and Discord (`content`)
look for. With a secret it is signed as Standard Webhooks 1.0 has it (standardwebhooks.com): the
signature is over id, time and body, so that a receiver can tell ours from others', and a repetition
from what is new.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import httpx

from ytdubber.domain.alerts import Message
from ytdubber.domain.errors import AlertNotSent
from ytdubber.domain.webhook import signature

CONNECT_S, ANSWER_S = 5.0, 10.0
_NAME = "webhook"


class Webhook:
    """An `AlertReceiver` at an address.

    Args:
        url: Where; often a secret itself, so it is in no error.
        secret: What is signed with; nothing is when None.
        now: Tells the time.
    """

    def __init__(
        self,
        url: str,
        secret: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._url = url
        self._secret = secret
        self._now = now

    def send(self, message: Message) -> None:
        body = json.dumps(content(message), ensure_ascii=False).encode()
        headers = self._headers(message.id, body)
        try:
            timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
            with (
                httpx.Client(timeout=timeout, follow_redirects=False) as client,
                # What it answers is not read: it may have no end.
                client.stream("POST", self._url, content=body, headers=headers) as answer,
            ):
                status = answer.status_code
        except httpx.TimeoutException:
            raise AlertNotSent(receiver=_NAME, reason="it did not answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            reason = f"it cannot be reached ({type(error).__name__})"
            raise AlertNotSent(receiver=_NAME, reason=reason) from None
        if not 200 <= status < 300:
            raise AlertNotSent(receiver=_NAME, reason=f"it answered {status}")

    def _headers(self, message_id: str, body: bytes) -> Mapping[str, str]:
        sent_at = str(int(self._now().timestamp()))
        headers = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "ytdubber",
            "webhook-id": message_id,
            "webhook-timestamp": sent_at,
        }
        if self._secret:
            headers["webhook-signature"] = signature(self._secret, message_id, sent_at, body)
        return headers


def content(message: Message) -> Mapping[str, object]:
    """What is posted."""
    alert = message.alert
    return {
        "text": message.text,
        "content": message.text,
        "alert": {
            "id": message.id,
            "news": message.news.value,
            "name": message.rule.name,
            "severity": message.rule.severity.value,
            "about": alert.about,
            "summary": alert.words,
            "since": alert.since.isoformat(),
            "until": alert.seen_at.isoformat() if alert.over_at else None,
            "runbook": message.runbook,
        },
    }

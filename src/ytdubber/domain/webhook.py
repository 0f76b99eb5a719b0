"""What a user's program is told of their jobs, and how it is signed: Standard Webhooks 1.0
(standardwebhooks.com).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from .stage import Stage

SECRET_PREFIX = "whsec_"  # noqa: S105  # how such secrets begin
GIVEN_UP_AFTER = timedelta(days=3)
"""For how long an endpoint that takes nothing is told again, before it is switched off."""
INITIAL_BACKOFF_S, MAX_BACKOFF_S = 5.0, 3600.0
"""The pause after the first failure; it doubles with each, up to the longest."""
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """Something happened to a job. It names things and holds no text of a user's.

    Attributes:
        type: What: `job.complete`, `job.failed`, `job.cancelled`, `language.complete`.
        at: When.
        data: Of what.
    """

    type: str
    at: datetime
    data: Mapping[str, object]

    @property
    def payload(self) -> dict[str, object]:
        """What is posted, as JSON."""
        return {"type": self.type, "timestamp": self.at.isoformat(), "data": dict(self.data)}


def job_ended(
    job_id: UUID, stage: Stage, languages: Mapping[str, Stage], at: datetime
) -> WebhookEvent:
    """A job has ended, each of its languages in a stage."""
    stages = {language: each.value for language, each in languages.items()}
    data = {"job_id": str(job_id), "stage": stage.value, "languages": stages}
    return WebhookEvent(f"job.{stage.value}", at, data)


def language_complete(job_id: UUID, language: str, at: datetime) -> WebhookEvent:
    """A language of a job is complete; its files can be fetched."""
    data = {"job_id": str(job_id), "language": language, "stage": Stage.COMPLETE.value}
    return WebhookEvent("language.complete", at, data)


def tried_out(webhook_id: UUID, at: datetime) -> WebhookEvent:
    """Nothing happened: a user wants to see whether it arrives."""
    return WebhookEvent("webhook.test", at, {"webhook_id": str(webhook_id)})


def new_secret() -> str:
    """A secret to sign with."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, sent_at: str, body: bytes) -> str:
    """Of a message.

    Args:
        secret: Its bytes are the key, or those in base64 behind `whsec_`.
        message_id: The header `webhook-id`.
        sent_at: The header `webhook-timestamp`: seconds since 1970.
        body: What is posted.
    """
    key = secret.encode()
    if secret.startswith(SECRET_PREFIX):
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = b".".join((message_id.encode(), sent_at.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def pause_s(failed: int) -> float:
    """How long to wait after so many failures of one message."""
    return float(min(MAX_BACKOFF_S, INITIAL_BACKOFF_S * 2.0 ** min(failed - 1, 20)))

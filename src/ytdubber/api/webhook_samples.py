"""Answers about webhooks made up, as examples for the OpenAPI document."""

from collections.abc import Mapping

_WEBHOOK = {
    "id": "3c8f0a52-9b0e-4d8e-8a55-6f2d9f0b1c22",
    "url": "https://example.org/dubs",
    "created_at": "2026-11-28T12:00:00+00:00",
    "enabled": True,
    "failing_since": None,
    "switched_off_at": None,
    "waiting": 0,
    "last": {
        "at": "2026-11-28T12:04:30+00:00",
        "status": 204,
        "message": "It was taken (204).",
    },
}
WEBHOOK_ANSWERS: Mapping[str, object] = {
    "GET /api/webhooks": [_WEBHOOK],
    "POST /api/webhooks": _WEBHOOK
    | {"last": None, "secret": "whsec_WkhQbWJ3c0V4YW1wbGVPbmx5Tm90QVNlY3JldCEhISE="},
    "POST /api/webhooks/{webhook_id}/test": {
        "taken": True,
        "status": 204,
        "message": "It was taken (204).",
    },
}
"""By method and path."""

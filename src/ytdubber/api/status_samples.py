"""How the service is, made up, as an example for the OpenAPI document."""

_BEGUN = "2026-11-28T12:00:00+00:00"
_ENDED = "2026-11-28T12:04:30+00:00"
_FILE_ID = "3c8f0a52-9b0e-4d8e-8a55-6f2d9f0b1c22"
_JOB_ID = "0b9c2f0e-7c55-4f1c-9a53-0d5a4a3f6a11"
_USER_ID = "6f1d1f0a-52a6-4a2b-8a36-2f0c1f4b7c10"

_PIECE = {
    "job_id": _JOB_ID,
    "user_id": _USER_ID,
    "language": "pt",
    "lane": "io",
    "stage": "dubbing",
    "progress": 0.5,
    "retries": 0,
    "since": _BEGUN,
    "again_at": None,
    "waits_for": None,
}
STATUS_ANSWER = {
    "at": _ENDED,
    "version": "1.0.0",
    "conditions": [
        {
            "name": "DeadLetters",
            "about": "",
            "severity": "warning",
            "sentence": "Dead letters: 1. Replay or discard them.",
            "runbook": "dead-letters",
        }
    ],
    "parts": [
        {"name": name, "fault": None, "since": None}
        for name in ("database", "migrations", "storage", "queue")
    ],
    "disks": {"data": {"free": 40_000_000_000, "size": 80_000_000_000}},
    "vendors_set_up": ["deepgram", "openai"],
    "vendor_names": {"deepgram": "Deepgram", "openai": "OpenAI"},
    "service": {
        "queues": {
            "io": {
                "waiting": 12,
                "oldest_s": 41.5,
                "in_hand": 1,
                "workers": 1,
                "threads": 8,
                "done_a_minute": 33.0,
                "users": 3,
                "largest_share": 0.5,
            }
        },
        "languages": {"queued": 12, "dubbing": 1},
        "workers": [
            {
                "id": "b7f0a1de-33d1-4d1c-8a51-1d6a7a0c9e55",
                "lives": True,
                "heard_at": _ENDED,
                "threads": {"io": 8},
                "in_hand": [_PIECE],
            }
        ],
        "waiting": [_PIECE | {"stage": "queued", "progress": 0.0}],
        "vendors": [
            {
                "name": "deepgram",
                "waiting": 0,
                "since": None,
                "again_at": None,
                "calls": 310,
                "failed": 2,
                "fault": "timeout",
            }
        ],
        "ended": [
            {"stage": "complete", "code": None, "hour": 55, "half_hour": 30, "last_at": _ENDED}
        ],
        "dead_letters": {
            "count": 1,
            "newest": [
                {
                    "id": _FILE_ID,
                    "job_id": _JOB_ID,
                    "user_id": _USER_ID,
                    "language": "es",
                    "failed_at": _ENDED,
                    "attempts": 3,
                    "error": "VendorError",
                    "code": "vendor_error",
                    "vendor": "openai",
                    "fault": "quota",
                }
            ],
        },
        "money": {
            "spent_today_usd": {"deepgram": "12.3456"},
            "total_today_usd": "12.3456",
            "budgets_usd": {"day": "100"},
            "day_left_usd": "87.6544",
        },
        "storage": {
            "bytes": {"uploads": 5_941_244, "results": 1_482_211},
            "retention_lag_s": {"ended": 0.0},
        },
        "outbox_waiting": 0,
        "connections": 22,
        "connections_limit": 97,
    },
}

"""Requests and answers made up, as examples for the OpenAPI document: by method and path."""

from collections.abc import Mapping

from ytdubber.api.download_samples import download_answers
from ytdubber.api.line_samples import line_answers

from .share_samples import share_answers
from .status_samples import STATUS_ANSWER
from .webhook_samples import WEBHOOK_ANSWERS

_JOB_ID = "0b9c2f0e-7c55-4f1c-9a53-0d5a4a3f6a11"
_USER_ID = "6f1d1f0a-52a6-4a2b-8a36-2f0c1f4b7c10"
_FILE_ID = "3c8f0a52-9b0e-4d8e-8a55-6f2d9f0b1c22"
_API = "https://api.example.org"
_LINK = f"{_API}/storage/{_JOB_ID}/{_FILE_ID}?expires=1795000000&signature=q8Jm2Yc0"
_RESUMABLE = {
    "url": f"{_API}/storage/upload/resumable/sign",
    "headers": {"x-signature": "max=104857600&expires=1795000000&signature=q8Jm2Yc0"},
    "metadata": {"objectName": f"{_JOB_ID}/{_FILE_ID}", "contentType": "audio/wav"},
    "chunk_bytes": 6_291_456,
}
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_BEGUN, _ENDED = "2026-11-28T12:00:00+00:00", "2026-11-28T12:04:30+00:00"
_EXPIRES = "2026-11-30T12:04:30+00:00"

_LANGUAGE = {
    "languageCode": "pt",
    "languageName": "Portuguese",
    "flag": "🇵🇹",
    "status": "complete",
    "stage": "complete",
    "inLine": False,
    "revision": 1,
    "rendering": None,
    "stages": [
        {"stage": "queued", "entered_at": _BEGUN},
        {"stage": "complete", "entered_at": _ENDED},
    ],
    "progress": 100,
    "message": "Done.",
    "error": None,
    "waiting": None,
    "needsReview": 1,
    "review": {"too_fast": 1},
    "estimatedTimeRemaining": 0,
    "fileSize": 1_482_211,
    "downloadUrl": _LINK,
}
_SUMMARY = {
    "id": _JOB_ID,
    "title": "talk.wav",
    "status": "complete",
    "stage": "complete",
    "progress": 100,
    "message": "Done.",
    "error": None,
    "languages": [_LANGUAGE],
    "target_languages": ["pt"],
    "source_language": "en",
    "totalLanguages": 1,
    "completedLanguages": 1,
    "startedAt": _BEGUN,
    "estimatedCompletion": _ENDED,
    "estimatedTimeRemaining": 0,
    "created_at": "2026-11-28T11:58:10+00:00",
    "updated_at": _ENDED,
    "finished_at": _ENDED,
    "expires_at": _EXPIRES,
    "voice_track_duration": 61.9,
    "background_track_uploaded": True,
    "separated": False,
    "people": [
        {
            "id": "A",
            "seconds": 41.2,
            "gender": "male",
            "pitch_hz": 118.4,
            "voices": {"pt": "pm_alex"},
        }
    ],
    "editable": True,
    "notes": ["Most of it is spoken in English, parts in French."],
    "uncovered": [{"start_ms": 41_200, "end_ms": 42_900}],
    "cost_usd": 0.0431,
    "costs": {"total_usd": 0.0431, "languages": {"pt": 0.0331}, "shared_usd": 0.01},
    "download_urls": {"pt": {"voice": _LINK, "full": _LINK, "captions": _LINK}},
    "queue": None,
}
_FILE = {
    "path": "pt/mix.mp3",
    "language": "pt",
    "kind": "mix",
    "format": "mp3",
    "bytes": 1_482_211,
    "sha256": _SHA256,
}
_JOB = _SUMMARY | {
    "files": [
        {"id": _FILE_ID}
        | _FILE
        | {"mime": "audio/mpeg", "duration_ms": 61_900, "synthetic": True, "url": _LINK}
    ]
}
_STATS = {
    "totalJobs": 12,
    "completedJobs": 10,
    "processingJobs": 1,
    "failedJobs": 1,
    "totalLanguages": 31,
    "totalMinutesProcessed": 84.5,
    "accountAge": 41,
    "lastActivity": _ENDED,
}
_ME = {
    "id": _USER_ID,
    "email": "ann@example.org",
    "fullName": "Ann Example",
    "avatarUrl": None,
    "timezone": "Europe/Lisbon",
    "languagePreference": "pt",
    "createdAt": "2026-10-18T08:00:00+00:00",
    "creditBalance": 1250,
    "stats": _STATS,
}
_SESSION = {
    "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI2ZjFkMWYwYSJ9.c2lnbmF0dXJl",
    "expires_at": "2026-11-28T20:00:00+00:00",
    "user": {"id": _USER_ID, "email": None},
}

REQUESTS: Mapping[str, object] = {
    "POST /api/jobs/upload-urls": {
        "languages": ["pt", "es"],
        "voice_track_name": "talk.wav",
        "background_track_name": "music.wav",
    },
    "POST /api/jobs": {
        "job_id": _JOB_ID,
        "voice_track_uploaded": True,
        "background_track_uploaded": True,
        "languages": ["pt", "es"],
    },
    "POST /api/jobs/{job_id}/languages/{language}/lines": {
        "text": "Aplausos.",
        "start_ms": 20_000,
        "end_ms": 21_500,
    },
    "POST /api/jobs/{job_id}/languages/{language}/lines/{line}/split": {"at": 12},
    "POST /api/jobs/{job_id}/languages/{language}/lines/{line}/preview": {
        "change": {"text": "Seja gentil consigo mesmo."}
    },
    "POST /api/jobs/{job_id}/languages/{language}/lines/{line}/preview/quote": {
        "change": {"text": "Seja gentil consigo mesmo."}
    },
    "PATCH /api/jobs/{job_id}/languages/{language}/lines": {
        "lines": {"u0005": {"text": "Seja gentil consigo mesmo."}, "7": {"gain_db": -3.0}}
    },
    "POST /api/jobs/{job_id}/languages/{language}/shares": {"hours": 24},
    "PATCH /api/jobs/{job_id}": {"title": "Morning talk"},
    "POST /api/jobs/quote": {"seconds": 61.9, "languages": ["pt"], "source_language": "en"},
    "PUT /api/users/me": {"fullName": "Ann Example", "timezone": "Europe/Lisbon"},
    "POST /api/billing/create-payment-intent": {"amount": 1_000},
    "POST /api/webhooks": {"url": "https://example.org/dubs"},
    "POST /api/admin/dead-letters/replay": {"ids": [_FILE_ID]},
    "POST /api/launch": {"code": "hV0Q2k3nJ0d0v8m1yq3mJt0mH3J9x2uV4w5p"},
}
"""Bodies of requests."""

ANSWERS: Mapping[str, object] = {
    "POST /api/jobs/upload-urls": {
        "job_id": _JOB_ID,
        "upload_urls": {"voice_track": _LINK, "background_track": _LINK},
        "resumable": {"voice_track": _RESUMABLE, "background_track": None},
        "voice_track_path": f"{_JOB_ID}/{_FILE_ID}",
        "background_track_path": f"{_JOB_ID}/{_FILE_ID}",
    },
    "POST /api/jobs": {
        "job_id": _JOB_ID,
        "status": "processing",
        "message": "Waiting for a free worker.",
    },
    "GET /api/jobs": [_SUMMARY],
    "GET /api/jobs/{job_id}": _JOB,
    "PATCH /api/jobs/{job_id}": _JOB,
    "POST /api/jobs/{job_id}/cancel": _JOB,
    "GET /api/jobs/{job_id}/events": (
        'retry: 2000\n\nid: 41\nevent: stage\ndata: {"kind": "stage", "stage": "translating"}\n\n'
    ),
    **line_answers(_JOB, _FILE | {"url": _LINK}, _BEGUN, _ENDED),
    **download_answers(_JOB_ID, _FILE, _API, _LINK, _ENDED, _EXPIRES),
    **share_answers(_API, _LINK),
    "GET /api/users/me": _ME,
    "PUT /api/users/me": _ME,
    "GET /api/users/me/stats": _STATS,
    "POST /api/jobs/quote": {
        "seconds": 61.9,
        "voice_tier": "standard",
        "total": {"low_usd": 0.03, "high_usd": 0.08},
        "shared": {"low_usd": 0.01, "high_usd": 0.02},
        "languages": {"pt": {"low_usd": 0.02, "high_usd": 0.06}},
        "credit_cents": 42,
        "unpriced": [],
        "price_book": "2026-11-21",
        "assumptions": ["Where sources disagree on a price, the high end takes the highest."],
    },
    "GET /api/billing/transactions": [
        {
            "id": _FILE_ID,
            "amount": -42,
            "currency": "usd",
            "status": "succeeded",
            "created_at": _BEGUN,
            "description": "talk.wav: Portuguese",
        }
    ],
    "POST /api/billing/create-payment-intent": {"client_secret": "pi_3Q_secret_8c1f"},
    "POST /api/billing/webhook": {"received": True},
    **WEBHOOK_ANSWERS,
    "GET /api/admin/costs": {
        "by": "vendor",
        "first": "2026-11-01",
        "last": "2026-11-28",
        "total_usd": "12.3456",
        "count": 1,
        "rows": [
            {
                "key": "deepgram",
                "calls": 310,
                "amount_usd": "12.3456",
                "unknown_usd": "0.02",
                "unpriced": 0,
            }
        ],
    },
    "GET /api/admin/status": STATUS_ANSWER,
    "POST /api/admin/dead-letters/replay": {
        "replayed": [_FILE_ID],
        "refused": [],
        "following": None,
    },
    "GET /health": {"status": "ok"},
    "GET /ready": {
        "status": "ready",
        "feed": "listen",
        "checks": {"database": "ok", "storage": "ok"},
        "lanes": {
            "io": {
                "waiting": 12,
                "oldest_s": 41.5,
                "in_hand": 17,
                "workers": 2,
                "threads": 16,
                "done_a_minute": 33.0,
            }
        },
    },
    "GET /api/limits": {
        "upload_bytes": 104_857_600,
        "video_bytes": 524_288_000,
        "upload_minutes": 180,
        "video_minutes": 180,
        "types": ["audio/*", "video/mp4"],
    },
    "GET /api/languages": [
        {
            "code": "pt",
            "name": "Portuguese",
            "flag": "🇵🇹",
            "sources": ["en", "es"],
            "voices": [
                {"id": "pf_dora", "name": "Dora", "gender": "female", "tiers": ["standard"]}
            ],
        }
    ],
    "POST /api/launch": _SESSION,
    "POST /api/launch/renew": _SESSION,
    "PUT /storage/{folder}/{name}": {"bytes": 5_941_244, "sha256": _SHA256},
}
"""Bodies of answers that carry out what was asked."""

FAILED_ANSWERS: Mapping[str, object] = {
    "GET /ready": {
        "status": "not ready",
        "feed": "poll",
        "checks": {"database": "does not work", "storage": "ok"},
        "lanes": None,
    }
}
"""Bodies of a refusal that has a shape of its own."""

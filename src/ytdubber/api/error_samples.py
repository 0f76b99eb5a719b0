"""Errors with facts made up, as examples for the OpenAPI document."""

from collections.abc import Mapping
from dataclasses import MISSING, fields

from ytdubber.domain import errors
from ytdubber.ports.media_store import ACCEPTED_TYPES

_SAMPLE_FACTS: Mapping[str, object] = {
    "background": "The background",
    "background_s": 64.2,
    "balance": "1.20 USD",
    "bytes": 48_000,
    "file": "voice.wav",
    "format": "aiff",
    "hosts": "127.0.0.1:8000 and localhost:8000",
    "job_id": "0b9c2f0e-7c55-4f1c-9a53-0d5a4a3f6a11",
    "kind": "captions",
    "language": "tlh",
    "languages": "de, en, pt",
    "given": 0,
    "limit": 20,
    "limit_bytes": 104_857_600,
    "limit_gb": 20,
    "limit_min": 180,
    "limit_s": 60,
    "number": 2,
    "offset": 6_291_456,
    "models": "firefox-en-sw",
    "price": "4.50 USD",
    "problem": "Languages is missing",
    "retry_after_s": 30,
    "source": "en",
    "target": "sw",
    "tolerance_ms": 1000,
    "track": "voice",
    "voice": "The voice",
    "voice_s": 61.9,
}
_SAMPLE_FACTS_OF: Mapping[type[errors.YtDubberError], Mapping[str, object]] = {
    errors.LineNotThere: {"line": "u0007", "language": "pt", "lines": 6},
    errors.LineNotSpoken: {"line": "5", "reason": "Whoever speaks it did not answer."},
    errors.NobodySpeaks: {"limit_s": 20},
    errors.LinesChanged: {"expected": "3", "actual": "4"},
    errors.NoSuchTrack: {"track": "de", "tracks": "1 (en), 2 (pt)"},
    errors.PaymentRefused: {"reason": "the amount is too small"},
    errors.ScriptNotReadable: {"file": "script", "reason": "line 3: not well-formed"},
    errors.TranslationNotAsked: {"file": "translation de", "language": "de"},
    errors.ScriptOutOfStep: {"seconds": 20.0, "how": "late"},
    errors.StorageNotWorking: {"reason": "no space left on device"},
    errors.TusVersionUnknown: {"version": "1.0.0"},
    errors.Unauthorized: {"reason": "the token has expired"},
    errors.UploadMismatch: {"what": "size in bytes", "expected": 48_000, "actual": 47_104},
    errors.WebhookAddressRefused: {
        "reason": "it is an address of a private network or of this machine"
    },
    errors.WebhookRefused: {"reason": "its signature is not right"},
    errors.UploadRefused: {"reason": "it holds no bytes; choose the file again"},
    errors.WrongContentType: {
        "content_type": "application/zip",
        "expected": ACCEPTED_TYPES,
    },
}


def sample(cls: type[errors.YtDubberError]) -> errors.YtDubberError:
    """An error of the class with facts made up, for examples."""
    known = {**_SAMPLE_FACTS, **_SAMPLE_FACTS_OF.get(cls, {})}
    named = [each.name for each in fields(cls) if each.default is MISSING or each.name in known]
    return cls(**{name: known.get(name, "...") for name in named})

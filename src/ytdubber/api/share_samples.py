"""Answers about shared dubs made up, as examples for the OpenAPI document."""

from collections.abc import Mapping

_SHARE = {
    "id": "3c8f0a52-9b0e-4d8e-8a55-6f2d9f0b1c22",
    "language": "pt",
    "created_at": "2026-11-28T12:05:00+00:00",
    "expires_at": "2026-11-29T12:05:00+00:00",
}


def share_answers(api: str, link: str) -> Mapping[str, object]:
    """What is answered about them, by method and path.

    Args:
        api: Where the API is.
        link: A link that lasts a while.
    """
    return {
        "GET /api/jobs/{job_id}/shares": [_SHARE],
        "POST /api/jobs/{job_id}/languages/{language}/shares": _SHARE
        | {"url": f"{api}/shared#hV0Q2k3nJ0d0v8m1yq3mJt0mH3J9x2uV4w5p7z1A0bE"},
        "GET /api/shared/{token}": {
            "title": "talk.wav",
            "language": "pt",
            "language_name": "Portuguese",
            "kind": "sound",
            "mime": "audio/mpeg",
            "url": link,
            "captions_url": link,
            "duration_s": 61.9,
            "expires_at": _SHARE["expires_at"],
        },
    }

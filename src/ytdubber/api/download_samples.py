"""The same of links and downloads."""

from collections.abc import Mapping
from typing import Any


def download_answers(
    job_id: str, file: Mapping[str, Any], api: str, link: str, at: str, expires_at: str
) -> Mapping[str, object]:
    """What is answered about a finished file of a job.

    Args:
        job_id: The job.
        file: The file, as links tell of it.
        api: Where the API is.
        link: A link that lasts a while.
        at: When it was fetched.
        expires_at: When it ends.
    """
    return {
        "GET /api/jobs/{job_id}/bundle": {
            "job_id": job_id,
            "file_name": "talk.zip",
            "files": 9,
            "bytes": 4_201_733,
            "url": f"{api}/api/downloads/bundles/7d1xUO8oB2cJ5sEoqzv1kVqj9hM",
            "expires_at": expires_at,
            "notes": [],
        },
        "GET /api/jobs/{job_id}/download": {
            "job_id": job_id,
            "links": [
                {
                    **file,
                    "url": f"{api}/api/downloads/hV0Q2k3nJ0d0v8m1yq3mJt0mH3J9",
                    "expires_at": expires_at,
                }
            ],
        },
        "GET /api/downloads": [
            {
                "id": "3c8f0a52-9b0e-4d8e-8a55-6f2d9f0b1c22",
                "job_id": job_id,
                "job_title": "talk.wav",
                "language_code": "pt",
                "language_name": "Portuguese",
                "file_type": "full",
                "file_name": "talk.pt.mix.mp3",
                "file_size": 1_482_211,
                "downloaded_at": at,
                "expires_at": expires_at,
                "is_expired": False,
                "download_url": link,
            }
        ],
    }

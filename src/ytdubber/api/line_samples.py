"""The same of lines and revisions."""

from collections.abc import Mapping

_LINES = {
    "language": "pt",
    "version": 3,
    "revision": 2,
    "rendering": None,
    "editable": True,
    "edited": 1,
    "spoken_as": {"LUFS": "lufis"},
    "lines": [
        {
            "id": "u0005",
            "number": 5,
            "speaker": None,
            "source": "Be kind to yourself.",
            "translated": "Feito amiable a si mesmo.",
            "spoken": "Feito amiable a si mesmo.",
            "text": "Seja gentil consigo mesmo.",
            "edit": {
                "text": "Seja gentil consigo mesmo.",
                "voice": None,
                "shift_ms": 0,
                "gain_db": 0.0,
                "speed": 1.0,
                "source": None,
                "removed": False,
                "keep_original": False,
                "start_ms": None,
                "end_ms": None,
                "speaker": None,
                "spoken_as": {},
            },
            "edited": True,
            "state": "edited",
            "source_start_ms": 14_200,
            "source_end_ms": 15_900,
            "room_ms": 2_100,
            "dub_start_ms": 14_200,
            "dub_end_ms": 15_800,
            "natural_ms": 1_648,
            "rate": 1.03,
            "review": [],
        }
    ],
}

_QUOTE = {
    "spoken": 1,
    "translated": 0,
    "characters": 26,
    "total": {"low_usd": 0.0, "high_usd": 0.01},
    "unpriced": [],
    "price_book": "2026-11-20",
}


def line_answers(
    job: Mapping[str, object], file: Mapping[str, object], begun: str, ended: str
) -> dict[str, object]:
    """Bodies by method and path, from what other samples say of a job and of a file."""
    return {
        "GET /api/jobs/{job_id}/languages/{language}/lines": _LINES,
        "PATCH /api/jobs/{job_id}/languages/{language}/lines": _LINES,
        "POST /api/jobs/{job_id}/languages/{language}/lines": _LINES,
        "DELETE /api/jobs/{job_id}/languages/{language}/lines/{line}": _LINES,
        "POST /api/jobs/{job_id}/languages/{language}/lines/{line}/split": _LINES,
        "POST /api/jobs/{job_id}/languages/{language}/lines/{line}/merge": _LINES,
        "POST /api/jobs/{job_id}/languages/{language}/lines/{line}/preview": {
            "line": "u0005",
            "text": "Seja gentil consigo mesmo.",
            "voice": "pf_dora",
            "natural_ms": 1_648,
            "spoken_ms": 1_600,
            "start_ms": 14_200,
            "rate": 1.03,
            "review": [],
            "url": file["url"],
            "mime": "audio/wav",
        },
        "POST /api/jobs/{job_id}/languages/{language}/lines/{line}/preview/quote": _QUOTE,
        "POST /api/jobs/{job_id}/languages/{language}/render": job,
        "GET /api/jobs/{job_id}/languages/{language}/render/quote": _QUOTE,
        "GET /api/jobs/{job_id}/languages/{language}/revisions": [
            {
                "revision": 2,
                "shown": True,
                "made": True,
                "edited_lines": 1,
                "error": None,
                "created_at": begun,
                "finished_at": ended,
                "files": [{key: value for key, value in file.items() if key != "language"}],
            }
        ],
        "POST /api/jobs/{job_id}/languages/{language}/revisions/{number}/restore": job,
    }

"""A job with a word of its own in everything that a user writes and says, deleted: every row and
every file of the service is looked through.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import soundfile as sf
from psycopg import sql
from tests.integration.vendors.conftest import Open, Serve
from tests.integration.vendors.harness import FLAC, RATE_HZ, USER, ServiceHarness, brief

from ytdubber.app.uploads.job_options import JobOptions
from ytdubber.app.uploads.request_uploads import UploadMetadata
from ytdubber.domain.errors import BadInput
from ytdubber.domain.upload import Track

WRITTEN = {"title": "Quagga", "voice": "Okapi", "background": "Numbat", "glossary": "Dashwood"}
"""What only a user's own words can be, by where they write it."""
SAID = "leisure"
TABLES = """
select schemaname, tablename from pg_tables
where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2
"""


def _sent(harness: ServiceHarness, *languages: str) -> UUID:
    glossary = replace(FLAC, glossary=(WRITTEN["glossary"],))
    job_options = JobOptions(languages, options=glossary, title=f"All about the {WRITTEN['title']}")
    stems = {
        Track.VOICE: UploadMetadata(f"{WRITTEN['voice']}.flac", "audio/flac"),
        Track.BACKGROUND: UploadMetadata(f"{WRITTEN['background']}.flac", "audio/flac"),
    }
    job_id, links = harness.service.request_uploads(USER, job_options, stems)
    for track, link in links.items():
        path = harness.folder / f"{uuid4()}.flac"
        sf.write(path, brief() * (1 if track is Track.VOICE else 0.01), RATE_HZ)
        harness.shared.media.put(link.key, path, "audio/flac")
    return job_id


def _told(harness: ServiceHarness, words: Sequence[str]) -> dict[str, set[str]]:
    """Where each word still is: tables, and files below the service's data folder."""
    rows = {
        f"{schema}.{table}": " ".join(
            str(row)
            for row in harness.rows(
                sql.SQL("select t::text from {} as t").format(sql.Identifier(schema, table))
            )
        )
        for schema, table in harness.rows(TABLES)
    }
    data = harness.shared.settings.data
    files = {
        f"{path.relative_to(data)}": f"{path.relative_to(data)} {path.read_bytes()!r}"
        for path in _files(data)
    }
    return {
        word: {where for where, text in (rows | files).items() if word.lower() in text.lower()}
        for word in words
    }


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_no_word_is_left_of_a_job_that_was_dubbed(serve: Serve, harness: Open) -> None:
    serve()
    opened = harness()
    job_id = _sent(opened, "es")
    opened.service.submit_job(USER, job_id, None)
    opened.dub(job_id)
    words = [*WRITTEN.values(), SAID]
    before = _told(opened, words)
    assert all(before.values()), before
    opened.service.end_job.delete(USER, job_id)
    assert _told(opened, words) == {word: set() for word in words}


def test_no_word_is_left_of_a_job_that_was_refused(serve: Serve, harness: Open) -> None:
    serve()
    opened = harness()
    job_id = _sent(opened, "es")
    for key in list(opened.shared.media.keys(f"{job_id}/")):
        path = opened.folder / f"{uuid4()}.txt"
        path.write_text("no sound")
        opened.shared.media.put(key, path, "audio/flac")
    with pytest.raises(BadInput, match=r"Okapi|Numbat"):
        opened.service.submit_job(USER, job_id, None)
    words = [WRITTEN[where] for where in ("title", "voice", "background")]
    assert all(_told(opened, words).values())
    opened.service.end_job.delete(USER, job_id)
    assert _told(opened, words) == {word: set() for word in words}

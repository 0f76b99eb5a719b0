"""What was said in each job."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select

from ytdubber.adapters.db.schema.tables import dubbing_jobs, transcripts, utterances
from ytdubber.domain.media import Interval
from ytdubber.domain.transcript import Transcript, Utterance, Word


class SqlTranscripts:
    """`Transcripts`: a row each, and a row for every utterance."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, job_id: UUID, transcript: Transcript) -> None:
        self._connection.execute(delete(transcripts).where(transcripts.c.job_id == job_id))
        owner = select(dubbing_jobs.c.user_id).where(dubbing_jobs.c.id == job_id)
        user_id = self._connection.execute(owner).scalar_one()
        self._connection.execute(
            insert(transcripts).values(
                job_id=job_id,
                user_id=user_id,
                language=transcript.language,
                uncovered=[asdict(stretch) for stretch in transcript.uncovered],
            )
        )
        rows = [
            {
                "job_id": job_id,
                "position": position,
                "user_id": user_id,
                "utterance_id": utterance.id,
                "start_ms": utterance.start_ms,
                "end_ms": utterance.end_ms,
                "speaker": utterance.speaker,
                "text": utterance.text,
                "words": [asdict(word) for word in utterance.words],
            }
            for position, utterance in enumerate(transcript.utterances)
        ]
        if rows:
            self._connection.execute(insert(utterances), rows)

    def get(self, job_id: UUID) -> Transcript | None:
        query = select(transcripts).where(transcripts.c.job_id == job_id)
        found = self._connection.execute(query).one_or_none()
        if found is None:
            return None
        said = select(utterances).where(utterances.c.job_id == job_id)
        rows = self._connection.execute(said.order_by(utterances.c.position))
        uncovered = tuple(Interval(**stretch) for stretch in found.uncovered)
        return Transcript(found.language, tuple(_utterance(row) for row in rows), uncovered)


def _utterance(row: Row[Any]) -> Utterance:
    words = tuple(Word(**word) for word in row.words)
    return Utterance(row.utterance_id, row.text, row.start_ms, row.end_ms, row.speaker, words)

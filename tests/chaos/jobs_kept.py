"""What users were promised of their jobs."""

from collections.abc import Iterator

from tests.chaos.aftermath import Aftermath
from tests.chaos.load import ENDED, ORDER, Noted


def answered(after: Aftermath) -> Iterator[str]:
    for person in after.people:
        yield from person.wrong
        for status, count in person.answers.items():
            if status >= 500 and status != 503:
                yield f"{count} answers {status}"


def ended(after: Aftermath) -> Iterator[str]:
    for job in after.jobs:
        stage = job.last.get("stage")
        if stage not in ENDED:
            yield f"{job.job_id} has not ended: {stage}"
        elif stage != "complete" and not job.last.get("error"):
            yield f"{job.job_id} is {stage} and does not say why"
        for language in job.last.get("languages", []):
            if language["status"] == "error" and not language.get("message"):
                yield f"{job.job_id}: {language['languageCode']} failed and does not say why"


def fetched(after: Aftermath) -> Iterator[str]:
    for job in after.jobs:
        yield from (f"{job.job_id}: {path} has another hash" for path in job.damaged)
        if job.last.get("stage") == "complete" and not job.files:
            yield f"{job.job_id} is complete and has no files"


def forwards(after: Aftermath) -> Iterator[str]:
    for job in after.jobs:
        if job.progress != sorted(job.progress):
            yield f"{job.job_id}: progress went backwards: {job.progress}"
        for language in job.languages:
            stages = _stages(job, language)
            if stages != sorted(stages, key=ORDER.index):
                yield f"{job.job_id}: {language} went backwards: {stages}"


def told(after: Aftermath) -> Iterator[str]:
    """What happens to a job after its end, such as that its files go, is in no stream of events."""
    query = (
        "select id, kind from ytdubber.job_events where job_id = %s and id <= (select max(id)"
        " from ytdubber.job_events where job_id = %s and kind = 'finished') order by id"
    )
    for job in after.jobs:
        numbers = [number for number, _, _ in job.events]
        if numbers != sorted(set(numbers)):
            yield f"{job.job_id}: out of order or twice: {numbers}"
        if job.watched and job.last.get("stage") in ENDED:
            happened = after.stack.rows(query, job.job_id, job.job_id)
            if lost := [kind for number, kind in happened if number not in numbers]:
                yield f"{job.job_id}: {len(lost)} of {len(happened)} did not come: {lost}"


def _stages(job: Noted, language: str) -> list[str]:
    return [
        data["stage"]
        for _, name, data in job.events
        if name == "stage" and data["language"] == language and data["stage"] in ORDER
    ]

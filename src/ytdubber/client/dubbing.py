"""The whole way, from files to a dub."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ytdubber.client.asking import Retries
from ytdubber.client.downloads import downloaded
from ytdubber.client.effects import Flow
from ytdubber.client.errors import JobFailed
from ytdubber.client.uploads import JobOptions, created, submitted
from ytdubber.client.values import Job, OnTransfer
from ytdubber.client.watching import OnChange, Watch


def waited(
    job_id: str, on_change: OnChange, timeout_s: float | None, retries: Retries
) -> Flow[Job]:
    """The job, when it has ended with a dub.

    Raises:
        JobFailed: it ended without one.
        TimedOut, ServiceError: as `Watch.until_ended`.
    """
    job = yield from Watch(job_id, on_change, timeout_s, retries).until_ended()
    if not job.complete:
        raise JobFailed(job)
    return job


def dubbed(
    files: Mapping[str, Path],
    to: str | Sequence[str],
    out: Path | None,
    options: JobOptions,
    on_transfer: OnTransfer,
    on_change: OnChange,
    retries: Retries,
) -> Flow[Job]:
    """The job, when it has ended with a dub, and its files are in the folder, if there is one."""
    job_id = yield from created(files, to, options, on_transfer, retries)
    yield from submitted(job_id, retries)
    job = yield from waited(job_id, on_change, None, retries)
    if out is not None:
        yield from downloaded(job_id, out, None, None, on_transfer, retries)
    return job

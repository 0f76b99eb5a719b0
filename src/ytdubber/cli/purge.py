"""`ytdubber purge`."""

import re
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from ytdubber.bootstrap.worker import forgetter, purger
from ytdubber.cli.console import err, out
from ytdubber.domain.errors import BadRequest
from ytdubber.ports.retention import Reason, Terms

_EVERY_JOB = 1_000_000
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_OLDEST = timedelta(days=36_500)
_AGE = re.compile(r"(\d{1,6})([smhd])")
_WHAT = {
    Reason.NEVER_SUBMITTED: "uploads that were never submitted",
    Reason.DELETED: "what is left of a deleted job",
    Reason.EXPIRED: "finished files and transcript",
    Reason.ENDED: "stems and intermediate results",
}


MORE = (
    "Stems go when a job has ended, or a day later if a language failed; finished files and "
    "transcripts 48 hours after the end. With --older-than this age takes the place of all of "
    "these."
)
"""What its help says besides."""


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")] = False,
    older_than: Annotated[
        str | None,
        typer.Option(help="Remove what ended longer ago than this, such as 48h or 7d."),
    ] = None,
    user: Annotated[
        UUID | None,
        typer.Option(
            metavar="ID", help="Forget this user: every job, whatever its age, and their profile."
        ),
    ] = None,
) -> None:
    if user is not None:
        if older_than:
            raise BadRequest(
                detail="with --user everything of theirs goes; leave --older-than out."
            )
        return _forget(user, dry_run=dry_run)
    terms = Terms(older_than=age(older_than) if older_than else None)
    with purger() as (retention, sweep):
        if dry_run:
            for planned in retention.preview(terms, _EVERY_JOB):
                count = len(planned.keys)
                out.print(
                    f"job {planned.due.job_id}: {_WHAT[planned.due.reason]}, {count} files",
                )
            return
        purged = retention(terms, _EVERY_JOB)
        strays = sweep()
    out.print(f"Removed {purged.files} files of {purged.jobs} jobs.")
    if strays:
        out.print(f"Removed {strays} files that belonged to no job.")
    if purged.failures:
        err.print(f"The storage failed for {purged.failures} jobs; run the command again later.")
        raise typer.Exit(1)


def _forget(user: UUID, *, dry_run: bool) -> None:
    with forgetter() as forget:
        if not dry_run:
            count = forget(user)
            out.print(f"Removed {count} jobs of the user, and what their profile said.")
            return
        for job_id, files in forget.planned(user):
            out.print(f"job {job_id}: everything, {files} files")


def age(text: str) -> timedelta:
    """How long ago a person means by `90m`, `48h` or `7d`.

    Raises:
        BadInput: it is none.
    """
    found = _AGE.fullmatch(text.strip().lower())
    if found is None:
        raise BadRequest(detail=f"'{text}' is not an age. Write 90m, 48h or 7d.")
    ago = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if ago > _OLDEST:
        raise BadRequest(detail=f"'{text}' is longer ago than anything can be.")
    return ago

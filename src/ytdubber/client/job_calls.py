"""What a client does with jobs."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Unpack

from ytdubber.client import dubbing, requests, uploads
from ytdubber.client.bundles import bundled
from ytdubber.client.calls import Caller, sync_or_async
from ytdubber.client.connection import ignored, tracks
from ytdubber.client.downloads import downloaded
from ytdubber.client.effects import Flow
from ytdubber.client.uploads import JobOptions
from ytdubber.client.values import Account, Job, OnTransfer, Quote, SpokenLanguage
from ytdubber.client.watching import OnChange, looked_at


class JobCalls(Caller):
    """Jobs: made, waited for, looked at, fetched."""

    @sync_or_async
    def dub(
        self,
        voice: str | Path,
        *,
        to: str | Sequence[str],
        background: str | Path | None = None,
        out: str | Path | None = None,
        on_transfer: OnTransfer = ignored,
        on_change: OnChange = ignored,
        **options: Unpack[JobOptions],
    ) -> Flow[Job]:
        """Send a recording, wait for its dubs and fetch them.

        Args:
            voice: The recording: a sound or video file.
            to: A language or several, by code or name.
            background: Music and effects.
            out: The folder that the files go to; they are not fetched where it is None.
            on_transfer: Told how far each file is on its way, in either direction.
            on_change: Told the job, whenever it changed.
            **options: How the dubs are made, as `JobOptions` has it.

        Returns:
            The job, with at least one dub. Languages that failed have `error`.

        Raises:
            JobFailed: it ended without a dub.
            ServiceError: it was refused, or the service does not answer.
        """
        files, folder = tracks(voice, background), None if out is None else Path(out)
        return dubbing.dubbed(files, to, folder, options, on_transfer, on_change, self.retries)

    @sync_or_async
    def create(
        self,
        voice: str | Path,
        *,
        to: str | Sequence[str],
        background: str | Path | None = None,
        on_transfer: OnTransfer = ignored,
        **options: Unpack[JobOptions],
    ) -> Flow[str]:
        """Announce a job and send its files; the job's id. It costs nothing before `submit`.

        Raises:
            ServiceError: it was refused, or the service does not answer.
        """
        files = tracks(voice, background)
        return uploads.created(files, to, options, on_transfer, self.retries)

    @sync_or_async
    def submit(self, job_id: str) -> Flow[None]:
        """Queue a job whose files were sent; however often, it is charged once.

        Raises:
            ServiceError: it was refused, or the service does not answer.
        """
        return uploads.submitted(job_id, self.retries)

    @sync_or_async
    def quote(
        self,
        job_id: str | None = None,
        *,
        seconds: float | None = None,
        to: str | Sequence[str] | None = None,
        source_language: str | None = None,
        voice_tier: str | None = None,
    ) -> Flow[Quote]:
        """What a job will cost that was created, or one of so many `seconds`.

        Raises:
            ServiceError: it was refused, or the service does not answer.
        """
        return requests.quote(job_id, seconds, to, source_language, voice_tier, self.retries)

    @sync_or_async
    def wait(
        self, job_id: str, *, on_change: OnChange = ignored, timeout_s: float | None = None
    ) -> Flow[Job]:
        """Wait until a job has ended with a dub.

        Events tell of it; where they do not come through it is looked at every few seconds. A
        service that is away is waited for, for ten minutes.

        Args:
            job_id: The job.
            on_change: Told the job, whenever it changed.
            timeout_s: How long to wait; as long as it takes where it is None.

        Raises:
            JobFailed: it ended without a dub.
            TimedOut: it has not ended in that time.
            ServiceError: the job is gone, or the service does not answer.
        """
        return dubbing.waited(job_id, on_change, timeout_s, self.retries)

    @sync_or_async
    def download(
        self,
        job_id: str,
        out: str | Path,
        *,
        languages: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
        on_transfer: OnTransfer = ignored,
    ) -> Flow[tuple[Path, ...]]:
        """Fetch finished files into a folder; those that are there already stay as they are.

        Args:
            job_id: The job.
            out: The folder.
            languages: Only these, and what belongs to no language.
            kinds: Only these: `voice`, `mix`, `captions`, `manifest` and the like.
            on_transfer: Told how far each file is.

        Returns:
            Where they are, each checked against its hash.

        Raises:
            BadDownload: a file came otherwise than the service names it.
            ServiceError: there are none, or the service does not answer.
        """
        return downloaded(job_id, Path(out), languages, kinds, on_transfer, self.retries)

    @sync_or_async
    def job(self, job_id: str) -> Flow[Job]:
        """A job as it is.

        Raises:
            ServiceError: there is none, or the service does not answer.
        """
        return looked_at(job_id, self.retries)

    @sync_or_async
    def rename(self, job_id: str, title: str) -> Flow[Job]:
        """Call a job otherwise; its files are named after it when they are fetched.

        Raises:
            ServiceError: there is none, or the service does not answer.
        """
        return requests.renamed(job_id, title, self.retries)

    @sync_or_async
    def download_zip(
        self,
        job_id: str,
        out: str | Path,
        *,
        youtube: bool = False,
        on_transfer: OnTransfer = ignored,
    ) -> Flow[Path]:
        """Fetch all files of a job in one zip.

        Args:
            job_id: The job.
            out: A folder, where it has its own name; otherwise the file it is to be.
            youtube: What goes to YouTube, under the names it has there.
            on_transfer: Told how far it is.

        Returns:
            Where it is, each file in it checked against its checksum.

        Raises:
            BadDownload: it came broken, also when it was asked for again.
            ServiceError: there are no files, or the service does not answer.
        """
        return bundled(job_id, Path(out), youtube, on_transfer, self.retries)

    @sync_or_async
    def cancel(self, job_id: str) -> Flow[Job]:
        """Stop a job; languages that are complete stay.

        Raises:
            ServiceError: there is none, or the service does not answer.
        """
        return requests.cancelled(job_id, self.retries)

    @sync_or_async
    def delete(self, job_id: str) -> Flow[None]:
        """Stop a job and remove all of it, if it is there.

        Raises:
            ServiceError: the service does not answer.
        """
        return requests.deleted(job_id, self.retries)

    @sync_or_async
    def languages(self) -> Flow[tuple[SpokenLanguage, ...]]:
        """What can be dubbed into, with its voices.

        Raises:
            ServiceError: the service does not answer.
        """
        return requests.languages(self.retries)

    @sync_or_async
    def account(self) -> Flow[Account]:
        """Who is signed in, and their credit.

        Raises:
            ServiceError: the token is not good, or the service does not answer.
        """
        return requests.account(self.retries)

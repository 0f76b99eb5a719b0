"""Finished files to whoever may have them: one-time links, and the history of downloads."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from ytdubber.domain.artifact import Artifact, download_name
from ytdubber.domain.errors import FileNotThere, JobNotFound, LinkUsed
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import FileRow
from ytdubber.ports.media_store import (
    FileDownload,
    MediaStore,
    SignedFiles,
    UploadHeaders,
    UploadSession,
)
from ytdubber.ports.paging import Place
from ytdubber.ports.service_work import AsService, AsUser, Download, ServiceWork

LINK_LASTS = timedelta(minutes=15)
_REDIRECT_LASTS = timedelta(seconds=60)

_KINDS = {"voice": ("voice",), "full": ("mix", "voice"), "captions": ("captions",)}
"""What the web client calls a language's files, and what we do, the best first."""
_FORMATS = {"voice": ("mp3", "m4a", "flac"), "mix": ("mp3", "m4a", "flac"), "captions": ("srt",)}


F = TypeVar("F", Artifact, FileRow)


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A file and the secret that fetches it once."""

    artifact: Artifact
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Downloads:
    """The use cases over their ports.

    Attributes:
        as_user: Begins a user's transaction.
        service: Begins a transaction for a link, which carries its own right.
        media: Where files are kept.
        clock: Tells the time.
    """

    as_user: AsUser
    service: AsService
    media: MediaStore
    clock: Clock

    def links(self, claims: Claims, job_id: UUID) -> list[OneTimeLink]:
        """A fresh one-time link for every file of a job.

        Raises:
            JobNotFound: the user has no such job, or not any more.
        """
        with self.as_user(claims) as work:
            need_job(work, job_id)
            made = [self._link(each) for each in work.artifacts.of_job(job_id)]
            for link in made:
                digest = _sha256(link.token)
                work.downloads.add_token(digest, link.artifact, link.expires_at)
            work.commit()
        return made

    def url(self, claims: Claims, job_id: UUID, language: str, kind: str) -> str:
        """A short-lived URL of one file of a language. Without a background, the voice is the full
        mix.

        Args:
            claims: Who asks.
            job_id: The job.
            language: The target.
            kind: `voice`, `full` or `captions`.

        Raises:
            JobNotFound: the user has no such job, or not any more.
            FileNotThere: it has no such file, or not any more.
        """
        with self.as_user(claims) as work:
            title = need_job(work, job_id)
            artifact = _need_file(work, job_id, language, kind)
        url = self._url(artifact, title)
        with self.as_user(claims) as work:
            work.downloads.record(artifact, self.clock.now())
            work.commit()
        return url

    def need(self, claims: Claims, job_id: UUID, language: str | None, kind: str | None) -> None:
        """Look whether the links of a job, or the URL of one file, could be given.

        Raises:
            JobNotFound, FileNotThere: as `links` and `url`.
        """
        with self.as_user(claims) as work:
            need_job(work, job_id)
            if language is not None and kind is not None:
                _need_file(work, job_id, language, kind)

    def need_token(self, token: str) -> None:
        """Look whether a one-time link would still work.

        Raises:
            LinkUsed: it would not.
        """
        with self.service() as work:
            self._redeemable(work, token)

    def redeem(self, token: str) -> str:
        """The URL behind a one-time link, once. A storage that is away does not use it up.

        Raises:
            LinkUsed: it was used, has expired, or never was one.
        """
        with self.service() as work:
            artifact = self._redeemable(work, token)
            title = need_job(work, artifact.job_id)
        url = self._url(artifact, title)
        with self.service() as work:
            if work.downloads.redeem(_sha256(token), self.clock.now()) is None:
                raise LinkUsed
            work.downloads.record(artifact, self.clock.now())
            work.commit()
        return url

    def _redeemable(self, work: ServiceWork, token: str) -> Artifact:
        artifact = work.downloads.redeemable(_sha256(token), self.clock.now())
        if artifact is None or artifact.deleted_at is not None:
            raise LinkUsed
        return artifact

    def fetched(self, key: str) -> None:
        """A file was fetched by a link of its own."""
        with self.service() as work:
            artifact = work.artifacts.at(key)
            if artifact is not None:
                work.downloads.record(artifact, self.clock.now())
                work.commit()

    def history(self, claims: Claims, limit: int, after: Place | None) -> Sequence[Download]:
        """What the user fetched, newest first; after a place, where one is given."""
        with self.as_user(claims) as work:
            rows = work.downloads.history(claims.user_id, limit, after)
        there = [row.artifact.key for row in rows if row.artifact.deleted_at is None]
        self.media.sign_ahead(there, self.clock.now() + LINK_LASTS)
        return rows

    def link(self, download: Download) -> str:
        """A URL of the file that lasts a quarter of an hour, and not past the file's own time."""
        artifact = download.artifact
        ends = min(e for e in self._ends(artifact) if e)
        return self._url(artifact, download.job_title, ends)

    def _link(self, artifact: Artifact) -> OneTimeLink:
        ends = min(e for e in self._ends(artifact) if e)
        return OneTimeLink(artifact, secrets.token_urlsafe(32), ends)

    def _ends(self, artifact: Artifact) -> tuple[datetime, datetime | None]:
        return self.clock.now() + LINK_LASTS, artifact.expires_at

    def _url(self, artifact: Artifact, title: str, ends: datetime | None = None) -> str:
        return self.media.download_url(
            artifact.key,
            file_name=download_name(title, artifact.path),
            content_type=artifact.mime,
            expires_at=ends or self.clock.now() + _REDIRECT_LASTS,
        )


@dataclass(frozen=True, slots=True)
class RecordedFiles:
    """`SignedFiles` that ask which uploads are open.

    Attributes:
        inner: Serves the links.
        expected: Told the key of an upload that begins; raises when none may come any more.
    """

    inner: SignedFiles
    expected: Callable[[str], None]

    def accept(self, key: str, query: str, headers: UploadHeaders) -> UploadSession:
        """As `inner`, where the upload is expected."""
        session = self.inner.accept(key, query, headers)
        try:
            self.expected(key)
        except BaseException:
            session.abandon()
            raise
        return session

    def present(self, key: str, query: str) -> FileDownload:
        """As `inner`."""
        return self.inner.present(key, query)

    def delete(self, keys: Sequence[str]) -> None:
        """As `inner`."""
        self.inner.delete(keys)


def need_job(work: ServiceWork, job_id: UUID) -> str:
    """The title of a job that is there.

    Raises:
        JobNotFound: it is not, or not any more.
    """
    state = work.job_repository.state(job_id)
    if state is None or state.deleted_at is not None:
        raise JobNotFound
    return state.job.title


def _need_file(work: ServiceWork, job_id: UUID, language: str, kind: str) -> Artifact:
    """The file of a language that is meant."""
    files = work.artifacts.of_job(job_id)
    found = (pick(files, language, each) for each in _KINDS[kind])
    artifact = next((each for each in found if each), None)
    if artifact is None:
        raise FileNotThere(kind=kind, language=language)
    return artifact


def pick(artifacts: Sequence[F], language: str, kind: str) -> F | None:
    """The file of a kind in the format most people want, or None."""
    found = [each for each in artifacts if each.language == language and each.kind == kind]
    wanted = _FORMATS.get(kind, ())
    found.sort(key=lambda each: wanted.index(each.format) if each.format in wanted else 99)
    return found[0] if found else None


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

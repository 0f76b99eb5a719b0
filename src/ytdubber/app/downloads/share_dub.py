"""A user lets others hear a dub, for a while."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from ytdubber.app.downloads.downloads import need_job, pick
from ytdubber.domain.artifact import Artifact, download_name
from ytdubber.domain.errors import (
    JobNotFound,
    LanguageNotComplete,
    ShareNotFound,
    ShareOver,
    TooManyShares,
)
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.service_work import AsService, AsUser
from ytdubber.ports.share_links import ShareLink

MOST = 20
"""How many links a job may have."""
PLAYS = timedelta(minutes=5)
"""How long a file that is played can be fetched by its address. A page asks for another then, and
gets none once the link was taken back."""
_PLAYED_BY_BROWSERS = ("mp4",)


@dataclass(frozen=True, slots=True)
class SharedDub:
    """What whoever has a link is given: one language of a job.

    Attributes:
        title: What the job is called.
        language: The language.
        media: Its sound, or its video where it has one of its own.
        media_url: Where that is, for a while.
        captions_url: Where its captions are, as WebVTT; None where there are none.
        expires_at: When the link ends.
    """

    title: str
    language: str
    media: Artifact
    media_url: str
    captions_url: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ShareDub:
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

    def add(self, claims: Claims, job_id: UUID, language: str, hours: int) -> tuple[ShareLink, str]:
        """A new link, and its token, which is told only now. It ends with the job's files at the
        latest.

        Raises:
            JobNotFound: the user has no such job, or not any more.
            LanguageNotComplete: there is nothing to hear in it.
            TooManyShares: the job has as many as there may be.
        """
        now, token = self.clock.now(), secrets.token_urlsafe(32)
        with self.as_user(claims) as work:
            if work.job_repository.state(job_id, lock=True) is None:
                raise JobNotFound
            need_job(work, job_id)
            if len(work.shares.of_job(job_id, now)) >= MOST:
                raise TooManyShares(limit=MOST)
            heard = _heard(work.artifacts.of_job(job_id), language)
            if heard is None:
                raise LanguageNotComplete(language=language)
            ends = now + timedelta(hours=hours)
            ends = min(ends, heard.expires_at or ends)
            link = ShareLink(uuid4(), job_id, language, now, ends)
            work.shares.add(link, claims.user_id, _sha256(token))
            work.commit()
        return link, token

    def of_job(self, claims: Claims, job_id: UUID) -> Sequence[ShareLink]:
        """A job's links that play, the oldest first.

        Raises:
            JobNotFound: the user has no such job, or not any more.
        """
        with self.as_user(claims) as work:
            need_job(work, job_id)
            return work.shares.of_job(job_id, self.clock.now())

    def remove(self, claims: Claims, job_id: UUID, share_id: UUID) -> None:
        """Take a link back: it plays nothing any more.

        Raises:
            JobNotFound: the user has no such job, or not any more.
            ShareNotFound: it has no such link.
        """
        with self.as_user(claims) as work:
            need_job(work, job_id)
            if not work.shares.remove(job_id, share_id):
                raise ShareNotFound
            work.commit()

    def opened(self, token: str) -> SharedDub:
        """What a link plays.

        Raises:
            ShareOver: nothing any more; or it never was one.
        """
        now = self.clock.now()
        with self.service() as work:
            link = work.shares.of_token(_sha256(token), now)
            if link is None:
                raise ShareOver
            try:
                title = need_job(work, link.job_id)
            except JobNotFound as error:
                raise ShareOver from error
            files = work.artifacts.of_job(link.job_id)
        heard = _heard(files, link.language)
        if heard is None:
            raise ShareOver
        captions = next((each for each in files if _is_captions(each, link.language)), None)
        ends = min(now + PLAYS, link.expires_at)
        return SharedDub(
            title=title,
            language=link.language,
            media=heard,
            media_url=self._url(heard, title, ends),
            captions_url=self._url(captions, title, ends) if captions else None,
            expires_at=link.expires_at,
        )

    def _url(self, file: Artifact, title: str, ends: datetime) -> str:
        name = download_name(title, file.path)
        return self.media.download_url(
            file.key, file_name=name, content_type=file.mime, expires_at=ends
        )


def _heard(files: Sequence[Artifact], language: str) -> Artifact | None:
    """What is played of a language: a video of its own, else its mix, else its voice."""
    video = next(
        (
            each
            for each in files
            if each.kind == "video"
            and each.language == language
            and each.format in _PLAYED_BY_BROWSERS
        ),
        None,
    )
    return video or pick(files, language, "mix") or pick(files, language, "voice")


def _is_captions(file: Artifact, language: str) -> bool:
    return (file.language, file.kind, file.format) == (language, "captions", "vtt")


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Links that let somebody without an account hear a dub."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from ytdubber.client.asking import Retries, asked, told
from ytdubber.client.effects import Flow, Send
from ytdubber.client.errors import NotFound
from ytdubber.client.values import Told


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A link that plays one language of a job.

    Attributes:
        id: Names it.
        language: What it plays.
        created_at: When it was made.
        expires_at: Until when it plays.
        url: Where it leads; None but for one that was just made, since it is told only then.
    """

    id: str
    language: str
    created_at: datetime
    expires_at: datetime
    url: str | None


def share_links(job_id: str, retries: Retries) -> Flow[tuple[ShareLink, ...]]:
    """A job's links that play, the oldest first."""
    answer = yield from asked(Send("GET", f"{_job(job_id)}/shares"), retries)
    return told(answer, lambda every: tuple(_share_link(each) for each in every))


def shared(job_id: str, language: str, hours: int, retries: Retries) -> Flow[ShareLink]:
    """A new link; it is asked for once, since each time makes one."""
    path = f"{_job(job_id)}/languages/{quote(language, safe='')}/shares"
    answer = yield from asked(Send("POST", path, {"hours": hours}), retries.once)
    return told(answer, _share_link)


def unshared(job_id: str, link_id: str, retries: Retries) -> Flow[None]:
    """The link plays no more.

    Raises:
        NotFound: there is no such link, and it was not taken back by what was asked before.
        ServiceError: as `asked`.
    """
    path = f"{_job(job_id)}/shares/{quote(link_id, safe='')}"
    try:
        yield from asked(Send("DELETE", path), retries)
    except NotFound as error:
        if not error.repeated:
            raise


def _job(job_id: str) -> str:
    return f"/api/jobs/{quote(job_id, safe='')}"


def _share_link(given: Told) -> ShareLink:
    return ShareLink(
        id=given["id"],
        language=given["language"],
        created_at=datetime.fromisoformat(given["created_at"]),
        expires_at=datetime.fromisoformat(given["expires_at"]),
        url=given.get("url"),
    )

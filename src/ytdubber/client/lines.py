"""Lines of a finished dub: looked at, changed, heard, and made anew."""

from collections.abc import Mapping
from urllib.parse import quote

from ytdubber.client.asking import Retries, asked, told
from ytdubber.client.effects import Answer, Fetch, Flow, Send
from ytdubber.client.errors import BadDownload, LinesChanged, Refused, RenderFailed
from ytdubber.client.line_values import (
    LineChange,
    Lines,
    Preview,
    Revision,
    lines_of,
    preview_of,
    revision_of,
)
from ytdubber.client.values import LineQuote, job_of, line_quote_of
from ytdubber.client.watching import OnChange, Watch, looked_at

SPEAKS_S = 60.0
"""How long a line may take to be spoken; the service itself waits 20 s for somebody to do it."""
MOST_PREVIEW_BYTES = 1 << 26
"""What is larger is not the sound of a line."""
_UNDER_WAY = frozenset({"nothing_to_render", "render_under_way"})
"""What a render is refused with that was begun before, by a request whose answer was lost."""

LineName = str | int
"""A line's id, or its number."""


def lines(job_id: str, language: str, retries: Retries) -> Flow[Lines]:
    """The lines as they are."""
    answer = yield from asked(Send("GET", f"{_path(job_id, language)}/lines"), retries)
    return told(answer, lines_of)


def changed(
    job_id: str,
    language: str,
    changes: Mapping[LineName, LineChange],
    version: int | None,
    retries: Retries,
) -> Flow[Lines]:
    """The lines after they were changed. That can be asked for again: it makes no second change.

    Raises:
        LinesChanged: they are not of this version any more.
        ServiceError: as `asked`.
    """
    body = {"lines": {str(name): dict(change) for name, change in changes.items()}}
    return _edited(job_id, language, "PATCH", "", body, version, retries)


def removed(
    job_id: str, language: str, line: LineName, version: int | None, retries: Retries
) -> Flow[Lines]:
    """The lines without one; it raises as `changed`."""
    return _edited(job_id, language, "DELETE", _name(line), None, version, retries)


def cut(
    job_id: str, language: str, path: str, body: object, version: int | None, retries: Retries
) -> Flow[Lines]:
    """The lines after one was split, joined or added, which is done once: where no version is
    given, it is about the one that is found.

    Raises:
        LinesChanged: they are not of this version any more; where it is `repeated`, that may be the
            change itself.
        ServiceError: as `asked`.
    """
    if version is None:
        version = (yield from lines(job_id, language, retries)).version
    return (yield from _edited(job_id, language, "POST", path, body, version, retries))


def split(line: LineName) -> str:
    """What is below the lines to cut one in two."""
    return f"{_name(line)}/split"


def merge(line: LineName) -> str:
    """What is below the lines to join one with the next."""
    return f"{_name(line)}/merge"


def previewed(
    job_id: str, language: str, line: LineName, change: LineChange, retries: Retries
) -> Flow[Preview]:
    """A line as it would be heard.

    Raises:
        ServiceError: as `asked`.
    """
    path = f"{_path(job_id, language)}/lines{_name(line)}/preview"
    send = Send("POST", path, {"change": dict(change)}, timeout_s=SPEAKS_S)
    answer = yield from asked(send, retries)
    url = told(answer, lambda made: str(made["url"]))
    sound = _Memory()
    yield from asked(Fetch(url, sound), retries)
    return told(answer, lambda made: preview_of(made, bytes(sound.data)))


def preview_quoted(
    job_id: str, language: str, line: LineName, change: LineChange, retries: Retries
) -> Flow[LineQuote]:
    """What hearing a line will cost.

    Raises:
        ServiceError: as `asked`.
    """
    path = f"{_path(job_id, language)}/lines{_name(line)}/preview/quote"
    answer = yield from asked(Send("POST", path, {"change": dict(change)}), retries)
    return told(answer, line_quote_of)


def render_quoted(job_id: str, language: str, retries: Retries) -> Flow[LineQuote]:
    """What a version will cost.

    Raises:
        ServiceError: as `asked`.
    """
    answer = yield from asked(Send("GET", f"{_path(job_id, language)}/render/quote"), retries)
    return told(answer, line_quote_of)


def begun(
    job_id: str, language: str, path: str, version: int | None, retries: Retries
) -> Flow[int]:
    """The number of a version that is being made, or is shown already.

    Raises:
        LinesChanged: the lines are not of this version any more.
        ServiceError: as `asked`.
    """
    send = Send("POST", f"{_path(job_id, language)}/{path}", headers=_if_match(version))
    try:
        job = told((yield from _versioned(send, job_id, language, retries)), job_of)
    except Refused as error:
        if not (error.repeated and error.code in _UNDER_WAY):
            raise
        job = yield from looked_at(job_id, retries)
    shown = job.languages[language]
    return shown.rendering or shown.revision


def rendered(
    job_id: str,
    language: str,
    path: str,
    version: int | None,
    on_change: OnChange,
    timeout_s: float | None,
    retries: Retries,
) -> Flow[Revision]:
    """A version, once it is made and shown.

    Raises:
        RenderFailed: it could not be.
        LinesChanged: the lines are not of this version any more.
        TimedOut, ServiceError: as `Watch.until_ended`.
    """
    number = yield from begun(job_id, language, path, version, retries)
    yield from Watch(job_id, on_change, timeout_s, retries).until_ended()
    every = yield from revisions(job_id, language, retries)
    revision = next(each for each in every if each.number == number)
    if not revision.shown:
        raise RenderFailed(revision)
    return revision


def revisions(job_id: str, language: str, retries: Retries) -> Flow[tuple[Revision, ...]]:
    """Every version of a dub."""
    answer = yield from asked(Send("GET", f"{_path(job_id, language)}/revisions"), retries)
    return told(answer, lambda every: tuple(revision_of(each) for each in every))


def _edited(
    job_id: str,
    language: str,
    method: str,
    path: str,
    body: object,
    version: int | None,
    retries: Retries,
) -> Flow[Lines]:
    where = f"{_path(job_id, language)}/lines{path}"
    send = Send(method, where, body, headers=_if_match(version))
    return told((yield from _versioned(send, job_id, language, retries)), lines_of)


def _versioned(send: Send, job_id: str, language: str, retries: Retries) -> Flow[Answer]:
    """The answer to what is about a version of the lines.

    Raises:
        LinesChanged: that is an old one.
        ServiceError: as `asked`.
    """
    try:
        return (yield from asked(send, retries))
    except Refused as error:
        if error.code != "lines_changed":
            raise
        raise LinesChanged(error, (yield from lines(job_id, language, retries))) from None


def _path(job_id: str, language: str) -> str:
    return f"/api/jobs/{quote(job_id, safe='')}/languages/{quote(language, safe='')}"


def _name(line: LineName) -> str:
    return f"/{quote(str(line), safe='')}"


def _if_match(version: int | None) -> Mapping[str, str]:
    return {} if version is None else {"if-match": f'"{version}"'}


class _Memory:
    """Where a sound of some seconds goes."""

    def __init__(self) -> None:
        self.data = bytearray()

    def begin(self) -> None:
        self.data.clear()

    def write(self, piece: bytes) -> None:
        self.data += piece
        if len(self.data) > MOST_PREVIEW_BYTES:
            raise BadDownload("What came for a line is no sound of one.", code="bad_download")

    def close(self) -> None:
        pass

"""All files of a job in one zip: fetched, looked through, and there whole or not at all."""

import zipfile
import zlib
from functools import partial
from pathlib import Path

from ytdubber.client.asking import Retries, asked, told
from ytdubber.client.downloads import ATTEMPTS, Part
from ytdubber.client.effects import Blocking, Fetch, Flow, Send
from ytdubber.client.errors import BadDownload, NotFound, ServiceError, Unavailable
from ytdubber.client.values import OnTransfer


def bundled(
    job_id: str, out: Path, youtube: bool, on_transfer: OnTransfer, retries: Retries
) -> Flow[Path]:
    """Where the zip is: in a folder under its own name, or a file of this name.

    Raises:
        BadDownload: it came broken, also when it was asked for again.
        NotFound: the job has no files, or not any more.
        ServiceError: as `asked`.
    """
    query = {"for": "youtube"} if youtube else {}
    send = Send("GET", f"/api/jobs/{job_id}/bundle", query=query)
    for attempt in range(1, ATTEMPTS + 1):
        answer = yield from asked(send, retries)
        url, name, size = told(
            answer, lambda link: (str(link["url"]), Path(link["file_name"]).name, link["bytes"])
        )
        place = out / name if out.is_dir() else out
        try:
            yield from _one(url, size, place, on_transfer, retries)
        except (BadDownload, NotFound, Unavailable):  # a link is good for one time
            if attempt == ATTEMPTS:
                raise
        else:
            break
    return place


def _one(url: str, size: int, place: Path, on_transfer: OnTransfer, retries: Retries) -> Flow[None]:
    part = Part(place, size, None, on_transfer)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        yield from asked(Fetch(url, part), retries.once)
        part.close()
        if not (yield Blocking(partial(_whole, part.path))):
            raise part.bad()
        part.accept()
    except OSError as error:
        raise ServiceError(
            f"{place} cannot be written: {error.strerror}.", code="unwritable"
        ) from None
    finally:
        part.remove()


def _whole(path: Path) -> bool:
    """Whether every file in it is what its checksum says."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False

"""Files sent in pieces by TUS 1.0, which go on where they were after a cut."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from ytdubber.client.asking import Retries, asked, header
from ytdubber.client.effects import Answer, Flow, Sleep, Store, Stretch
from ytdubber.client.errors import AGAIN, NotFound, ServiceError, Unavailable
from ytdubber.client.values import OnTransfer, Transfer

VERSION = "1.0.0"
AWAY_S = 600.0
"""How long a storage is waited for that has bytes of a file and does not answer."""
_ANOTHER_PLACE, _IN_USE, _GONE = 409, 423, 404
"""The upload stands elsewhere; an old connection still holds it; it was swept away."""


@dataclass(frozen=True, slots=True)
class UploadCreation:
    """Where a file can be sent in pieces.

    Attributes:
        url: Where an upload is begun.
        headers: What goes with every request: the right to send this file.
        metadata: What is said of it when it is begun.
        chunk_bytes: How much goes at once.
    """

    url: str
    headers: Mapping[str, str]
    metadata: Mapping[str, str]
    chunk_bytes: int


def upload_creation(told: Mapping[str, Any]) -> UploadCreation:
    """An offer, from its JSON."""
    return UploadCreation(
        told["url"], dict(told["headers"]), dict(told["metadata"]), told["chunk_bytes"]
    )


def sent_in_pieces(
    offer: UploadCreation, file: Path, size: int, on_transfer: OnTransfer, retries: Retries
) -> Flow[None]:
    """The file has arrived.

    Raises:
        Refused: it is not taken.
        ServiceError: the storage does not answer, also not after ten minutes where it had begun to
            take the file.
    """
    upload = _Upload(offer, file, size, on_transfer, retries)
    while not upload.whole:
        try:
            yield from upload.step()
        except ServiceError as error:
            if error.code == "already_uploaded":  # the answer to the last piece was lost
                return
            pause_s = upload.pause_s(error)
            if pause_s is None:
                raise
            yield Sleep(pause_s)


class _Upload:
    """How far an upload is."""

    def __init__(
        self,
        offer: UploadCreation,
        file: Path,
        size: int,
        on_transfer: OnTransfer,
        retries: Retries,
    ) -> None:
        self._offer, self._file, self._size = offer, file, size
        self._on_transfer, self._retries = on_transfer, retries
        self._url: str | None = None
        self._at = self._most = self._failed = 0
        self._known = False
        self._moved_s = retries.now()

    @property
    def whole(self) -> bool:
        """Whether all of it is there."""
        return self._known and self._at == self._size

    def step(self) -> Flow[None]:
        """Begin it, see where it stands, or send what comes next.

        Raises:
            ServiceError: it was refused, or not answered.
        """
        if self._url is None:
            answer = yield from self._asked("POST", self._offer.url, self._said())
            self._at = 0
            self._url = urljoin(self._offer.url, header(answer, "location"))
            self._known = True
        elif not self._known:
            answer = yield from self._asked("HEAD", self._url, {})
            self._stands(answer)
        else:
            self._known = False  # until it is answered
            begins = self._at
            count = min(self._offer.chunk_bytes, self._size - begins)
            piece = Stretch(self._file, begins, count, lambda done: self._tell(begins + done))
            headers = {
                "upload-offset": str(begins),
                "content-type": "application/offset+octet-stream",
            }
            answer = yield from self._asked("PATCH", self._url, headers, piece)
            self._stands(answer)

    def pause_s(self, error: ServiceError) -> float | None:
        """How long to wait after a failure, before it is looked where the upload stands; None where
        it should be given up.
        """
        self._failed += 1
        away = error.code == "unreachable" or error.status in AGAIN
        if not away and error.status not in (_ANOTHER_PLACE, _IN_USE, _GONE):
            return None
        if isinstance(error, NotFound):
            if self._url is None:
                return None
            self._url = None
        if away and self._most and self._retries.now() - self._moved_s <= AWAY_S:
            return self._retries.longer.pause_s(self._failed, error)
        return self._retries.pause_s(self._failed, error)

    def _asked(
        self, method: str, url: str, more: Mapping[str, str], body: Stretch | None = None
    ) -> Flow[Answer]:
        headers = {"tus-resumable": VERSION, **self._offer.headers, **more}
        return asked(Store(method, url, headers, body), self._retries.once)

    def _said(self) -> Mapping[str, str]:
        pairs = (
            f"{name} {base64.b64encode(value.encode()).decode()}"
            for name, value in self._offer.metadata.items()
        )
        return {"upload-length": str(self._size), "upload-metadata": ",".join(pairs)}

    def _stands(self, answer: Answer) -> None:
        told = header(answer, "upload-offset")
        at = int(told) if told.isascii() and told.isdecimal() else self._size + 1
        if at > self._size:
            raise Unavailable(
                f"The storage has more of {self._file} than there is.", code="bad_offset"
            )
        self._at, self._known = at, True
        if at > self._most:
            self._most, self._failed, self._moved_s = at, 0, self._retries.now()

    def _tell(self, done: int) -> None:
        self._on_transfer(Transfer(self._file, done, self._size))

"""Stems in a storage that took them without asking us: what came is looked at afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from ytdubber.app.uploads.checks import judge_arrival
from ytdubber.domain.errors import (
    StorageNotWorking,
    TooManyUploads,
    UploadMismatch,
    UploadMissing,
    UploadRefused,
    UploadTooLarge,
    WrongContentType,
)
from ytdubber.domain.limits import Limits
from ytdubber.domain.upload import Upload
from ytdubber.log import get_logger
from ytdubber.ports.media_store import MediaStore, Stored

_NOT_WANTED = (UploadMismatch, UploadRefused, UploadTooLarge, WrongContentType, TooManyUploads)

log = get_logger(__name__)


def need_arrived(media: MediaStore, upload: Upload, limits: Limits) -> Stored:
    """What came of an announced stem. One that is not what was announced is removed, and can be
    sent again while its link lasts.

    Raises:
        UploadMissing: nothing came.
        UploadRefused, UploadTooLarge, UploadMismatch, WrongContentType: it is not what was
            announced.
    """
    stored = media.stat(upload.key)
    if stored is None:
        raise UploadMissing(track=upload.track.value)
    with removed_if_refused(media, upload):
        judge_arrival(upload, stored, limits.file_bytes(stored.content_type))
    return stored


@contextmanager
def removed_if_refused(media: MediaStore, upload: Upload) -> Iterator[None]:
    """Remove a stem from storage when the block refuses it for what it is."""
    try:
        yield
    except _NOT_WANTED:
        try:
            media.delete([upload.key])
        except StorageNotWorking as error:
            log.info("upload.refused_file_stays", key=upload.key, error=error)
        raise

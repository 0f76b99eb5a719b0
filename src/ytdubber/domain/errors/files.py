"""Uploads, downloads and the storage behind them."""

from .base import BadInput, NotFound, YtDubberError


class BadSignature(BadInput):
    """This link is not one we made, or it was changed on the way. Ask for a new one."""

    code = "bad_signature"


class LinkExpired(BadInput):
    """This link has expired. Ask for a new one."""

    code = "link_expired"


class LinkUsed(BadInput):
    """This link works once, for a short time: it was used or has expired. Ask for a new one."""

    code = "link_used"


class UploadMissing(BadInput):
    """The {track} file has not arrived. Upload it, then submit the job again."""

    code = "upload_missing"


class JobNotFound(NotFound):
    """There is no such job, or it was deleted."""

    code = "job_not_found"


class JobCancelled(BadInput):
    """This job was cancelled before it was submitted. Begin a new one."""

    code = "job_cancelled"


class FileNotThere(NotFound):
    """There is no {kind} file in '{language}', or not any more."""

    code = "file_not_there"


class RangeNotSatisfiable(BadInput):
    """The file has {bytes} bytes: the range asked for lies outside it."""

    code = "range_not_satisfiable"


class UploadRefused(BadInput):
    """The upload was refused: {reason}."""

    code = "upload_refused"


class UploadStalled(BadInput):
    """Hardly anything of the upload came for {limit_s} seconds. Send the file again."""

    code = "upload_stalled"


class UploadTooLarge(BadInput):
    """The file is larger than {limit_bytes:,} bytes, the most this upload may hold."""

    code = "upload_too_large"


class UploadClosed(BadInput):
    """This upload is closed: its job was submitted, has ended or was deleted. Ask for new links to
    send another file."""

    code = "upload_closed"


class UploadMismatch(BadInput):
    """What arrived is not what was announced: expected {what} {expected}, got {actual}. Send the
    file again."""

    code = "upload_mismatch"


class AlreadyUploaded(BadInput):
    """This file has arrived already, and a link takes one upload. Ask for new links to send
    another."""

    code = "already_uploaded"


class UploadInUse(YtDubberError):
    """Another connection sends this upload. Try again in {retry_after_s} seconds."""

    code = "upload_in_use"


class UploadOffsetWrong(BadInput):
    """The upload stands at {offset} bytes, not at {given}. Go on from there."""

    code = "upload_offset_wrong"


class TusVersionUnknown(BadInput):
    """Uploads go on by TUS {version} here. Say so in the header Tus-Resumable."""

    code = "tus_version_unknown"


class WrongContentType(BadInput):
    """{content_type} cannot be uploaded here, only {expected}."""

    code = "wrong_content_type"


class MediaMissing(YtDubberError):
    """The file is not in storage any more."""

    code = "media_missing"


class MediaChanged(YtDubberError):
    """The file in storage is not the one that was uploaded: expected SHA-256 {expected}, got
    {actual}. Upload it again."""

    code = "media_changed"


class StorageNotWorking(YtDubberError):
    """The storage does not work: {reason}."""

    code = "storage_not_working"
    to_user = "Files cannot be kept or given out just now. Try again in a moment."
    """What users are told; its own words are for whoever runs the service, who reads the log."""
    again_s = 30
    away = False
    """Whether nothing is wrong with what was asked: the storage does not answer, or lets nobody in,
    and takes the same once it does."""

    def __init__(self, reason: str, *, away: bool = False) -> None:
        super().__init__(reason=reason)
        self.away = away

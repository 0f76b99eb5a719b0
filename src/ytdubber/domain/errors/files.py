"""Uploads, downloads and the storage behind them."""

from dataclasses import field

from .base import BadInput, NotFound, YtDubberError


class BadSignature(BadInput):
    code = "bad_signature"
    template = "This link is not one we made, or it was changed on the way. Ask for a new one."


class LinkExpired(BadInput):
    code = "link_expired"
    template = "This link has expired. Ask for a new one."


class LinkUsed(BadInput):
    code = "link_used"
    template = (
        "This link works once, for a short time: it was used or has expired. Ask for a new one."
    )


class UploadMissing(BadInput):
    code = "upload_missing"
    template = "The {track} file has not arrived. Upload it, then submit the job again."
    track: str


class JobNotFound(NotFound):
    code = "job_not_found"
    template = "There is no such job, or it was deleted."


class JobCancelled(BadInput):
    code = "job_cancelled"
    template = "This job was cancelled before it was submitted. Begin a new one."


class NotFinished(NotFound):
    code = "not_finished"
    template = (
        "There are no finished files of this job: it has not ended, nothing came of it, or they are"
        " not kept any more."
    )


class FileNotThere(NotFound):
    code = "file_not_there"
    template = "There is no {kind} file in '{language}', or not any more."
    kind: str
    language: str


class RangeNotSatisfiable(BadInput):
    code = "range_not_satisfiable"
    template = "The file has {bytes} bytes: the range asked for lies outside it."
    bytes: int


class UploadRefused(BadInput):
    code = "upload_refused"
    template = "The upload was refused: {reason}."
    reason: str


class UploadStalled(BadInput):
    code = "upload_stalled"
    template = "Hardly anything of the upload came for {limit_s} seconds. Send the file again."
    limit_s: int


class UploadTooLarge(BadInput):
    code = "upload_too_large"
    template = "The file is larger than {limit_bytes:,} bytes, the most this upload may hold."
    limit_bytes: int


class UploadClosed(BadInput):
    code = "upload_closed"
    template = (
        "This upload is closed: its job was submitted, has ended or was deleted. Ask for new "
        "links to send another file."
    )


class UploadMismatch(BadInput):
    code = "upload_mismatch"
    template = (
        "What arrived is not what was announced: expected {what} {expected}, got {actual}. Send "
        "the file again."
    )
    what: str
    expected: str | int
    actual: str | int


class AlreadyUploaded(BadInput):
    code = "already_uploaded"
    template = (
        "This file has arrived already, and a link takes one upload. Ask for new links to send "
        "another."
    )


class UploadInUse(YtDubberError):
    code = "upload_in_use"
    template = "Another connection sends this upload. Try again in {retry_after_s} seconds."
    retry_after_s: float | None


class UploadOffsetWrong(BadInput):
    code = "upload_offset_wrong"
    template = "The upload stands at {offset} bytes, not at {given}. Go on from there."
    offset: int
    given: int


class TusVersionUnknown(BadInput):
    code = "tus_version_unknown"
    template = "Uploads go on by TUS {version} here. Say so in the header Tus-Resumable."
    version: str


class WrongContentType(BadInput):
    code = "wrong_content_type"
    template = "{content_type} cannot be uploaded here, only {expected}."
    content_type: str
    expected: str


class MediaMissing(YtDubberError):
    code = "media_missing"
    template = "The file is not in storage any more."


class MediaChanged(YtDubberError):
    code = "media_changed"
    template = (
        "The file in storage is not the one that was uploaded: expected SHA-256 {expected}, got "
        "{actual}. Upload it again."
    )
    expected: str
    actual: str


class StorageNotWorking(YtDubberError):
    """The storage does not work, or does not answer.

    Attributes:
        away: Whether nothing is wrong with what was asked: the storage does not answer, or lets
            nobody in, and takes the same once it does.
        to_user: What users are told; its own words are for whoever runs the service, who reads
            the log.
    """

    code = "storage_not_working"
    template = "The storage does not work: {reason}."
    reason: str = field(kw_only=False)
    away: bool = False
    to_user = "Files cannot be kept or given out just now. Try again in a moment."
    again_s = 30

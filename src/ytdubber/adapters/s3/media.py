"""Stems and finished files in a bucket of a storage that speaks S3."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from ytdubber.app.uploads.checks import judge_announcement
from ytdubber.domain.errors import MediaMissing, StorageNotWorking
from ytdubber.domain.file_names import portable
from ytdubber.domain.printable import file_name as printable_name
from ytdubber.files.encrypted import open_file
from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.media_store import (
    DOWNLOAD_LINK_S,
    ResumableUpload,
    Stored,
    checked_key,
    is_key,
)

from .client import code, is_denied, is_missing, missing_right, s3_errors

UPLOAD_LINK_S = 3600
KEYS_AT_ONCE = 500
PART_BYTES = 16 * 2**20
"""From here on a file of ours goes in parts; 10,000 of them (S3's limit) make 160 GiB."""

_PARTS_AT_ONCE = 4
_PIECE_BYTES = 2**20
_FETCHES = 4
_ABANDONED = timedelta(days=1)
"""When a file in parts, which nobody finished, is nobody's any more."""
_LISTS_NONE = ("NotImplemented", "501")
_NO_UPLOAD = ("NoSuchUpload", "404")

log = get_logger(__name__)


class S3MediaStore:
    """A `MediaStore` in a bucket.

    An upload link takes files until it ends, the last one stays: what came is known by its hash
    once it was read.

    Args:
        client: boto3's, of the account that has the bucket.
        bucket: The bucket's name.
        clock: Tells when links end.
    """

    def __init__(self, client: Any, bucket: str, clock: Clock) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock
        self._told: set[str] = set()

    def upload_url(
        self,
        key: str,
        *,
        content_type: str | None,
        max_bytes: int,
        bytes: int | None,
        sha256: str | None,
        expires_in_s: int,
    ) -> str:
        """An absolute URL that takes a PUT and carries its own credential.

        The announced type and size are signed, and S3 holds the upload to them.
        """
        place = self._place(key)
        essence, _ = judge_announcement(content_type, max_bytes, bytes, sha256)
        facts = {"ContentType": essence, "ContentLength": bytes}
        signed = place | {name: fact for name, fact in facts.items() if fact is not None}
        return self._signed("put_object", signed, min(expires_in_s, UPLOAD_LINK_S))

    def resumable_upload(
        self,
        key: str,
        *,
        content_type: str | None,
        max_bytes: int,
        bytes: int | None,
        sha256: str | None,
        expires_in_s: int,
    ) -> ResumableUpload | None:
        """None: S3 does not speak TUS."""
        del content_type, max_bytes, bytes, sha256, expires_in_s
        checked_key(key)
        return None

    def download_url(
        self, key: str, *, file_name: str, content_type: str, expires_at: datetime
    ) -> str:
        """An absolute URL for GET, good for 15 minutes at most."""
        name = portable(printable_name(file_name)) or "download"
        encoded = quote(name, safe="", errors="replace")
        told = {
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{encoded}",
            "ResponseContentType": content_type,
        }
        lasts_s = min((expires_at - self._clock.now()).total_seconds(), DOWNLOAD_LINK_S)
        return self._signed("get_object", self._place(key) | told, max(1, int(lasts_s)))

    def sign_ahead(self, keys: Sequence[str], expires_at: datetime) -> None:
        """Nothing: links are signed here, when they are asked for."""

    def stat(self, key: str) -> Stored | None:
        """What lies under the key, or None. The storage knows no hash."""
        from botocore.exceptions import ClientError

        place = self._place(key)
        with s3_errors():
            try:
                found = self._client.head_object(**place)
            except ClientError as error:
                if is_missing(error):
                    return None
                raise
        return Stored(int(found["ContentLength"]), str(found.get("ContentType", "")), None)

    def fetch(self, key: str, into: Path, check: Callable[[], None]) -> str:
        """Copy the file to a path; returns the SHA-256 of what arrived there."""
        from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

        place = self._place(key)
        with s3_errors():
            for left in reversed(range(_FETCHES)):
                try:
                    return self._fetched(place, into, check)
                except (HTTPClientError, IncompleteReadError):  # it broke off in the middle
                    into.unlink(missing_ok=True)
                    if not left:
                        raise
                except BaseException as error:
                    into.unlink(missing_ok=True)
                    if isinstance(error, ClientError) and is_missing(error):
                        raise MediaMissing from error
                    raise
        raise AssertionError("the last attempt returns or raises")

    def put(self, key: str, file: Path, content_type: str) -> None:
        """Take a file in, whole or not at all, in place of what was there; it is consumed."""
        place = self._place(key)
        with s3_errors():
            from boto3.s3.transfer import TransferConfig

            in_parts = TransferConfig(
                multipart_threshold=PART_BYTES,
                multipart_chunksize=PART_BYTES,
                max_concurrency=_PARTS_AT_ONCE,
            )
            told = {"ContentType": content_type}
            with open_file(file) as source:
                self._client.upload_fileobj(source, **place, ExtraArgs=told, Config=in_parts)
            file.unlink()

    def delete(self, keys: Sequence[str]) -> None:
        """Remove what lies under the keys; those that are not there are no error."""
        from botocore.exceptions import ClientError

        checked = [{"Key": checked_key(key)} for key in keys]
        with s3_errors():
            for begin in range(0, len(checked), KEYS_AT_ONCE):
                some = {"Objects": checked[begin : begin + KEYS_AT_ONCE], "Quiet": True}
                told = self._client.delete_objects(Bucket=self._bucket, Delete=some)
                for error in told.get("Errors", ()):
                    raise ClientError({"Error": error}, "DeleteObjects")

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys in use that begin so, in no order."""
        with s3_errors():
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                yield from filter(is_key, (each["Key"] for each in page.get("Contents", ())))

    def check(self) -> None:
        """Write a file, list it, read it back and remove it."""
        key, probe = f"{uuid4()}/{uuid4()}", uuid4().bytes
        place = self._place(key)
        with s3_errors():
            self._client.put_object(**place, Body=probe, ContentType="audio/wav")
            try:
                self._client.list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1)
                same = self._client.get_object(**place)["Body"].read() == probe
            finally:
                self._client.delete_object(**place)
        if not same:
            raise StorageNotWorking(reason="S3 does not give back what was written")

    def sweep(self) -> None:
        """Give up files in parts that nobody finished within a day.

        Where the key may not do that, it is told once, and they stay.
        """
        from botocore.exceptions import ClientError

        with s3_errors():
            try:
                for key, upload in self._abandoned():
                    self._give_up(key, upload)
            except ClientError as error:
                if is_denied(error):
                    self._tell_once(missing_right(error.operation_name))
                elif code(error) not in _LISTS_NONE:
                    raise

    def _abandoned(self) -> Iterator[tuple[str, str]]:
        """Keys and numbers of files in parts that nobody finishes."""
        before = self._clock.now() - _ABANDONED
        pages = self._client.get_paginator("list_multipart_uploads")
        for page in pages.paginate(Bucket=self._bucket):
            for each in page.get("Uploads", ()):
                if is_key(each["Key"]) and each["Initiated"] < before:
                    yield each["Key"], each["UploadId"]

    def _give_up(self, key: str, upload: str) -> None:
        from botocore.exceptions import ClientError

        try:
            self._client.abort_multipart_upload(**self._place(key), UploadId=upload)
        except ClientError as error:
            if code(error) not in _NO_UPLOAD:  # another process did
                raise

    def _tell_once(self, reason: str) -> None:
        if reason not in self._told:
            self._told.add(reason)
            log.warning("storage.unfinished_parts_stay", reason=reason)

    def _fetched(self, place: dict[str, str], into: Path, check: Callable[[], None]) -> str:
        sha256 = hashlib.sha256()
        body = self._client.get_object(**place)["Body"]
        try:
            with open_file(into, "wb") as target:
                while piece := body.read(_PIECE_BYTES):
                    check()
                    sha256.update(piece)
                    target.write(piece)
        finally:
            body.close()
        return sha256.hexdigest()

    def _place(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": checked_key(key)}

    def _signed(self, method: str, parameters: dict[str, Any], lasts_s: int) -> str:
        with s3_errors():
            url = self._client.generate_presigned_url(method, Params=parameters, ExpiresIn=lasts_s)
        return str(url)

"""Storages elsewhere, where the settings name one."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit
from uuid import UUID

from ytdubber.adapters.s3.client import Account, s3_client
from ytdubber.adapters.s3.media import S3MediaStore
from ytdubber.adapters.supabase.connection import StorageConnection
from ytdubber.adapters.supabase.media import SupabaseMediaStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.ports.clock import Clock
from ytdubber.ports.media_store import MediaStore
from ytdubber.settings import Settings


@contextmanager
def remote_store(settings: Settings, clock: Clock) -> Iterator[MediaStore | None]:
    """The storage that is named, or None; its connections are given back at the end."""
    stored = settings.storage
    if stored.s3_bucket:
        pair = stored.s3_secret_key
        secret_key = pair.get_secret_value() if pair else None
        account = Account(stored.s3_endpoint, stored.s3_region, stored.s3_access_key, secret_key)
        with closing(s3_client(account)) as client:
            yield S3MediaStore(client, stored.s3_bucket, clock)
    elif stored.supabase_service_key and settings.supabase_url:
        key = stored.supabase_service_key.get_secret_value()
        with closing(StorageConnection(settings.supabase_url, key)) as connection:
            yield SupabaseMediaStore(connection, stored.supabase_bucket, clock)
    else:
        yield None


def storage_origin(settings: Settings) -> str | None:
    """The origin of a storage's links, as browsers name it; None where files are the service's own
    to take and give.
    """
    if settings.storage.s3_bucket:
        return _origin(_s3_link(settings))
    if settings.storage.supabase_service_key and settings.supabase_url:
        return _origin(settings.supabase_url)
    return None


def _s3_link(settings: Settings) -> str:
    """Some link. Those of a bucket are all under one origin, and are signed without asking S3."""
    key, now = f"{UUID(int=0)}/{UUID(int=0)}", SystemClock().now()
    with remote_store(settings, SystemClock()) as media:
        assert media is not None  # noqa: S101  # a bucket is set
        return media.download_url(key, file_name="x", content_type="audio/wav", expires_at=now)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def place(settings: Settings) -> str:
    """Where files lie, in words."""
    stored = settings.storage
    if stored.s3_bucket:
        return f"the bucket {stored.s3_bucket} of {stored.s3_endpoint or 'Amazon S3'}"
    if stored.supabase_service_key:
        return f"the bucket {stored.supabase_bucket} of {settings.supabase_url}"
    folder = str(settings.data / "media")
    if settings.supabase_url:
        folder += "; with SUPABASE_SERVICE_KEY they would lie in the project's Storage"
    return folder

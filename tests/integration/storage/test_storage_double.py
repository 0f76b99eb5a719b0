"""The double answers as the real server was seen to, also to its official client and to TUS."""

import io
import os
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from storage3 import SyncStorageClient
from storage3.exceptions import StorageApiError
from tests.integration.storage.serving import KEY, OTHER_KEY
from tests.plain_http import NO_TLS
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from ytdubber.adapters.supabase.connection import StorageConnection
from ytdubber.adapters.supabase.media import SupabaseMediaStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.ports.media_store import ResumableUpload
from ytdubber.testing.storage_double import (
    BUCKET,
    SECRET_KEY,
    Bucket,
    Operation,
    StorageDouble,
    StorageFault,
    running,
)

LIMIT = 20 * 2**20
CHUNK = 6 * 2**20
SOUND = os.urandom(2 * CHUNK + 1_000)
WAV = {"content-type": "audio/wav"}


@pytest.fixture
def double() -> StorageDouble:
    return StorageDouble(Bucket(BUCKET, size_limit=LIMIT))


@pytest.fixture
def url(double: StorageDouble) -> Iterator[str]:
    with running(double) as project:
        yield project


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    base = f"{url}/storage/v1"
    with httpx.Client(verify=NO_TLS, base_url=base, headers={"apikey": SECRET_KEY}) as client:
        yield client


@pytest.fixture
def store(url: str) -> Iterator[SupabaseMediaStore]:
    connection = StorageConnection(url, SECRET_KEY)
    yield SupabaseMediaStore(connection, BUCKET, SystemClock())
    connection.close()


@pytest.fixture
def official(url: str) -> Iterator[SyncStorageClient]:
    """The official client of somebody who has no key at all."""
    with httpx.Client(verify=NO_TLS) as client:
        yield SyncStorageClient(f"{url}/storage/v1/", {}, http_client=client)


def signed(store: SupabaseMediaStore, key: str = KEY) -> str:
    return store.upload_url(
        key, content_type="audio/wav", max_bytes=LIMIT, bytes=None, sha256=None, expires_in_s=60
    )


def resumable(store: SupabaseMediaStore, key: str = KEY) -> ResumableUpload:
    return store.resumable_upload(
        key, content_type="audio/wav", max_bytes=LIMIT, bytes=None, sha256=None, expires_in_s=60
    )


def code(answer: httpx.Response) -> tuple[int, str, str]:
    said = answer.json()
    return answer.status_code, said["statusCode"], said["code"]


def test_the_official_client_uses_our_links(
    store: SupabaseMediaStore, official: SyncStorageClient
) -> None:
    token = httpx.URL(signed(store)).params["token"]
    bucket = official.from_(BUCKET)
    sent = bucket.upload_to_signed_url(KEY, token, SOUND, {"content-type": "audio/wav"})
    assert sent.full_path == f"{BUCKET}/{KEY}"
    stored = store.stat(KEY)
    assert stored
    assert (stored.bytes, stored.content_type) == (len(SOUND), "audio/wav")
    with pytest.raises(StorageApiError, match="already exists"):
        bucket.upload_to_signed_url(KEY, token, SOUND, {"content-type": "audio/wav"})


def test_the_official_client_does_what_ours_does(url: str, store: SupabaseMediaStore) -> None:
    with httpx.Client(verify=NO_TLS) as client:
        keys = {"apikey": SECRET_KEY}
        bucket = SyncStorageClient(f"{url}/storage/v1/", keys, http_client=client).from_(BUCKET)
        bucket.upload(KEY, SOUND, {"content-type": "audio/wav"})
        assert bucket.download(KEY) == SOUND
        assert bucket.info(KEY)["size"] == len(SOUND)
        assert bucket.list(KEY[:36])[0]["name"] == KEY[37:]
        link = bucket.create_signed_url(KEY, 60, {"download": "ü.wav"})["signedURL"]
        assert link
        assert httpx.get(link, verify=NO_TLS).content == SOUND
        assert [row["name"] for row in bucket.remove([KEY, OTHER_KEY])] == [KEY]
    assert store.stat(KEY) is None


def test_refusals_are_400_with_the_code_in_the_body(
    http: httpx.Client, store: SupabaseMediaStore
) -> None:
    sign = f"/object/upload/sign/{BUCKET}"
    assert code(http.get(f"/object/info/{BUCKET}/{KEY}")) == (400, "404", "NoSuchKey")
    assert code(http.post(f"/object/upload/sign/other/{KEY}")) == (400, "404", "NoSuchBucket")
    assert code(httpx.post(f"{http.base_url}{sign[1:]}/{KEY}")) == (400, "400", "InvalidJWT")
    assert code(http.put(f"{sign}/{KEY}?token=x", content=b"")) == (400, "400", "InvalidJWT")
    other = signed(store).replace(KEY, OTHER_KEY)
    assert code(httpx.put(other, content=b"")) == (400, "400", "InvalidSignature")
    large = {"content-length": str(LIMIT + 1)}
    answer = http.post(f"/object/{BUCKET}/{KEY}", content=b"x" * (LIMIT + 1), headers=WAV | large)
    assert code(answer) == (400, "413", "EntityTooLarge")


def test_a_bad_key_passes_at_signing_and_fails_at_put(http: httpx.Client) -> None:
    signed = http.post(f"/object/upload/sign/{BUCKET}/ключ").json()["url"]
    answer = http.put(signed, content=b"x")
    assert code(answer) == (400, "400", "InvalidKey")


def test_a_body_in_chunks_is_not_measured(http: httpx.Client, store: SupabaseMediaStore) -> None:
    piece = bytes(LIMIT // 2)
    assert httpx.put(
        signed(store), content=iter([piece] * 3), headers=WAV, verify=NO_TLS
    ).is_success
    stored = store.stat(KEY)
    assert stored
    assert stored.bytes > LIMIT


def test_a_refused_upload_leaves_a_connection_that_answers_nothing(http: httpx.Client) -> None:
    refused = http.put(f"/object/upload/sign/{BUCKET}/{KEY}?token=x", content=b"some bytes")
    assert refused.status_code == 400
    with pytest.raises(httpx.ReadTimeout):
        http.get(f"/object/info/{BUCKET}/{KEY}", timeout=0.3)
    assert http.get(f"/object/info/{BUCKET}/{KEY}").status_code == 400  # by another connection


def test_users_have_what_lies_in_their_folder(url: str, double: StorageDouble) -> None:
    user_id = KEY[:36]
    bearer = {"authorization": f"Bearer {double.tokens.of_role('authenticated', user_id)}"}
    with httpx.Client(
        verify=NO_TLS, base_url=f"{url}/storage/v1", headers=bearer | {"apikey": "any"}
    ) as client:
        assert client.post(f"/object/{BUCKET}/{KEY}", content=b"x", headers=WAV).is_success
        foreign = client.post(f"/object/upload/sign/{BUCKET}/{uuid4()}/x")
        assert code(foreign) == (400, "403", "AccessDenied")


def test_a_resumable_upload_goes_on_where_it_was_cut(
    store: SupabaseMediaStore, double: StorageDouble
) -> None:
    offered = resumable(store)
    assert offered.chunk_bytes == CHUNK
    client = TusClient(offered.url, headers=dict(offered.headers))

    def uploader(at: str | None = None) -> object:
        return client.uploader(
            file_stream=io.BytesIO(SOUND),
            url=at,
            metadata=dict(offered.metadata),
            chunk_size=offered.chunk_bytes,
        )

    first = uploader()
    first.upload_chunk()  # type: ignore[attr-defined]  # tuspy tells no types
    assert store.stat(KEY) is None
    double.script(Operation.TUS, [StorageFault(cut_in=True)])
    with pytest.raises(TusUploadFailed):
        first.upload_chunk()  # type: ignore[attr-defined]
    second = uploader(first.url)  # type: ignore[attr-defined]
    assert second.offset == CHUNK  # type: ignore[attr-defined]
    second.upload()  # type: ignore[attr-defined]
    stored = store.stat(KEY)
    assert stored
    assert (stored.bytes, stored.content_type) == (len(SOUND), "audio/wav")
    assert double.bucket.get(KEY).data == SOUND
    with pytest.raises(TusCommunicationError):
        uploader().upload()  # type: ignore[attr-defined]  # one token, one file


def test_resumable_uploads_are_refused_with_their_real_status(
    store: SupabaseMediaStore, url: str
) -> None:
    offered = resumable(store)
    tus = {"tus-resumable": "1.0.0", "upload-length": "10"}

    def create(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.post(offered.url, headers=tus | named, verify=NO_TLS).status_code

    def metadata(key: str) -> str:
        encoded = (("bucketName", "bWVkaWE="), ("objectName", _base64(key)))
        return ",".join(f"{name} {value}" for name, value in encoded)

    assert httpx.post(offered.url, verify=NO_TLS).status_code == 412
    assert create(upload_metadata=metadata(KEY)) == 400  # no signature
    right = offered.headers["x-signature"]
    assert create(upload_metadata=metadata(OTHER_KEY), x_signature=right) == 400
    large = str(LIMIT + 1)
    assert create(upload_metadata=metadata(KEY), x_signature=right, upload_length=large) == 413
    assert create(upload_metadata=metadata(KEY), x_signature=right) == 201


def _base64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()

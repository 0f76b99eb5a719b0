"""What a key may do in the bucket: the documented policy is enough, and what it lacks is told."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.integration.storage.s3_policy import Door, documented, door
from tests.integration.storage.s3_server import BUCKET, account, signed_server
from tests.integration.storage.serving import KEY, OTHER_KEY
from tests.log_lines import fields

from ytdubber.adapters.s3.client import RIGHTS, s3_client
from ytdubber.adapters.s3.media import PART_BYTES, S3MediaStore
from ytdubber.app.operations.sweep_storage import SweepStorage
from ytdubber.domain.errors import StorageNotWorking
from ytdubber.testing.manual_clock import ManualClock

TOMORROW = timedelta(days=2)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Door, Any]]:
    with (
        signed_server(tmp_path_factory.mktemp("s3")) as url,
        door(url) as made,
        closing(s3_client(account(made.url))) as client,
    ):
        yield made, client


@pytest.fixture
def at(guarded: tuple[Door, Any]) -> Door:
    guarded[0].allowed = documented()
    guarded[0].asked.clear()
    return guarded[0]


@pytest.fixture
def store(guarded: tuple[Door, Any], at: Door) -> S3MediaStore:
    return S3MediaStore(guarded[1], BUCKET, ManualClock(datetime.now(UTC) + TOMORROW))


def calls(store: S3MediaStore, tmp_path: Path) -> dict[str, Callable[[], object]]:
    """Everything that asks the server."""

    def put(size: int) -> None:
        (tmp_path / "new").write_bytes(os.urandom(size))
        store.put(KEY, tmp_path / "new", "audio/flac")

    return {
        "put": lambda: put(10),
        "put in parts": lambda: put(PART_BYTES + 1),
        "stat": lambda: store.stat(KEY),
        "fetch": lambda: store.fetch(KEY, tmp_path / "copy", lambda: None),
        "keys": lambda: list(store.keys("")),
        "check": store.check,
        "sweep": store.sweep,
        "delete": lambda: store.delete([KEY]),
    }


def begun(client: Any) -> str:
    """A file in parts that nobody finishes."""
    return str(client.create_multipart_upload(Bucket=BUCKET, Key=KEY)["UploadId"])


def test_the_documented_policy_is_what_is_needed(
    store: S3MediaStore, at: Door, guarded: tuple[Door, Any], tmp_path: Path
) -> None:
    for call in calls(store, tmp_path).values():
        call()
    guarded[1].abort_multipart_upload(Bucket=BUCKET, Key=KEY, UploadId=begun(guarded[1]))
    assert at.asked == documented()
    assert {right for right, _ in documented()} == set(RIGHTS.values())


@pytest.mark.parametrize(
    ("right", "refused"),
    [
        ("s3:PutObject", {"put", "put in parts", "check"}),
        ("s3:GetObject", {"stat", "fetch", "check"}),
        ("s3:ListBucket", {"keys", "check"}),
        ("s3:DeleteObject", {"delete", "check"}),
        ("s3:ListBucketMultipartUploads", set()),
        ("s3:AbortMultipartUpload", set()),
    ],
)
def test_a_missing_right_is_told_by_its_name(
    store: S3MediaStore, at: Door, tmp_path: Path, right: str, refused: set[str]
) -> None:
    calls(store, tmp_path)["put"]()
    at.allowed = {each for each in documented() if each[0] != right}
    for name, call in calls(store, tmp_path).items():
        if name not in refused:
            call()
            continue
        with pytest.raises(StorageNotWorking, match=rf"S3 does not allow {right}\b") as raised:
            call()
        assert "deploy/s3-policy.json" in str(raised.value)
        assert raised.value.away


def test_who_may_not_list_is_told_nothing_of_what_is_missing(store: S3MediaStore, at: Door) -> None:
    at.allowed = {each for each in documented() if each[0] != "s3:ListBucket"}
    with pytest.raises(StorageNotWorking, match="s3:GetObject, or s3:ListBucket"):
        store.stat(OTHER_KEY)


@pytest.mark.parametrize("right", ["s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload"])
def test_what_cannot_be_given_up_is_told_once_and_the_rest_is_swept(
    store: S3MediaStore,
    at: Door,
    guarded: tuple[Door, Any],
    tmp_path: Path,
    right: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun(guarded[1])
    at.allowed = {each for each in documented() if each[0] != right}
    sweep = SweepStorage(strays=list, files=store)
    with caplog.at_level(logging.WARNING, "ytdubber.adapters.s3"):
        for _ in range(2):
            calls(store, tmp_path)["put"]()
            assert sweep()
    told = [each for each in caplog.records if each.name.startswith("ytdubber.adapters.s3")]
    assert len(told) == 1
    assert told[0].getMessage() == "storage.unfinished_parts_stay"
    assert f"S3 does not allow {right}" in fields(told[0])["reason"]
    assert list(store.keys("")) == []


def test_files_in_parts_that_nobody_finished_are_given_up(
    store: S3MediaStore, guarded: tuple[Door, Any]
) -> None:
    begun(guarded[1])
    young = S3MediaStore(guarded[1], BUCKET, ManualClock(datetime.now(UTC)))

    def left() -> list[object]:
        return list(guarded[1].list_multipart_uploads(Bucket=BUCKET).get("Uploads", ()))

    young.sweep()
    assert left()
    store.sweep()
    assert not left()

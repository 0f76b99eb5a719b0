"""What a client decides about uploads."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.client.world import World, problem, shown

from ytdubber.client import Refused, ServiceError, Unavailable
from ytdubber.client.effects import Answer, Send, Store, Unreached
from ytdubber.client.resumable import AWAY_S
from ytdubber.client.uploads import created


def test_an_upload_whose_answer_was_lost_has_arrived(tmp_path: Path) -> None:
    voice = tmp_path / "talk.wav"
    voice.write_bytes(b"sound")
    announced = shown({"job_id": "j", "upload_urls": {"voice_track": "https://s/1"}})
    told: list[int] = []

    def half(store: Store) -> Answer:
        assert store.body
        store.body.on_bytes(3)
        raise Unreached("cut")

    world = World(announced, half, problem(409, "already_uploaded"))
    flow = created(
        {"voice_track": voice},
        "pt",
        {"duck": True, "formats": ["mp3"]},
        lambda transfer: told.append(transfer.done_bytes),
        world.retries,
    )
    assert world.run(flow) == "j"
    assert told == [3]
    sent = next(each for each in world.done if isinstance(each, Send))
    assert sent.json == {
        "languages": ["pt"],
        "formats": ["mp3"],
        "ducking": True,
        "voice_track_name": "talk.wav",
        "voice_track": {
            "size": 5, "type": "audio/wav", "sha256": hashlib.sha256(b"sound").hexdigest()
        },
    }  # fmt: skip
    puts = [each for each in world.done if isinstance(each, Store)]
    assert [(each.method, each.url, each.body and each.body.bytes) for each in puts] == [
        ("PUT", "https://s/1", 5)
    ] * 2


@pytest.mark.parametrize(("data", "code"), [(None, "unreadable"), (b"", "empty_file")])
def test_a_file_that_is_none_is_refused_before_anything_is_announced(
    data: bytes | None, code: str, tmp_path: Path
) -> None:
    voice = tmp_path / "talk.wav"
    if data is not None:
        voice.write_bytes(data)
    world = World()
    with pytest.raises(Refused, match=r"talk\.wav") as caught:
        world.run(created({"voice_track": voice}, "pt", {}, lambda _: None, world.retries))
    assert caught.value.code == code


PIECE = 4
SOUND = b"0123456789"
OFFER = {
    "url": "https://s/tus",
    "headers": {"x-signature": "right"},
    "metadata": {"objectName": "j/voice"},
    "chunk_bytes": PIECE,
}


class Storage:
    """Takes an upload in pieces; `plan` has what it does otherwise, request by request."""

    def __init__(self, *plan: Answer | Exception | int | None) -> None:
        self.plan = list(plan)
        self.kept = b""
        self.asked: list[str] = []
        self.world = World()

    def __call__(self, store: Store) -> Answer:
        self.asked.append(store.method)
        assert store.headers["x-signature"] == "right"
        assert store.headers["tus-resumable"] == "1.0.0"
        does = self.plan.pop(0) if self.plan else None
        if isinstance(does, Answer):
            return does
        if isinstance(does, Exception):
            raise does
        return getattr(self, store.method.lower())(store, does)  # type: ignore[no-any-return]  # each gives one

    def post(self, store: Store, _: object) -> Answer:
        assert store.headers["upload-length"] == str(len(SOUND))
        name = base64.b64encode(b"j/voice").decode()
        assert store.headers["upload-metadata"] == f"objectName {name}"
        self.kept = b""
        return Answer(201, {"location": "/tus/7"})

    def head(self, store: Store, _: object) -> Answer:
        assert store.url == "https://s/tus/7"
        return Answer(200, {"upload-offset": str(len(self.kept))})

    def patch(self, store: Store, cut: int | None) -> Answer:
        assert store.body is not None
        assert store.headers["upload-offset"] == str(len(self.kept)) == str(store.body.start)
        piece = SOUND[store.body.start :][: store.body.bytes]
        self.kept += piece[:cut]
        store.body.on_bytes(len(piece[:cut]))
        if cut is not None:
            raise Unreached("cut")
        return Answer(204, {"upload-offset": str(len(self.kept))})


def sent(storage: Storage, tmp_path: Path, requests: int = 5_000) -> tuple[World, list[int]]:
    voice = tmp_path / "talk.wav"
    voice.write_bytes(SOUND)
    urls, offers = {"voice_track": "https://s/1"}, {"voice_track": OFFER, "background_track": None}
    announced = shown({"job_id": "j", "upload_urls": urls, "resumable": offers})
    told: list[int] = []
    answers: list[Callable[[Any], Answer]] = [storage] * requests
    world = storage.world = World(announced, *answers)
    world.run(
        created(
            {"voice_track": voice}, "pt", {}, lambda each: told.append(each.done_bytes),
            world.retries,
        )
    )  # fmt: skip
    return world, told


def test_a_large_file_goes_in_pieces(tmp_path: Path) -> None:
    storage = Storage()
    world, told = sent(storage, tmp_path)
    assert storage.kept == SOUND
    assert storage.asked == ["POST", "PATCH", "PATCH", "PATCH"]
    assert (told, world.slept_s) == ([4, 8, 10], [])


def test_after_a_cut_it_goes_on_where_it_was(tmp_path: Path) -> None:
    storage = Storage(None, None, 1, Unreached("still cut"), None, None)
    world, told = sent(storage, tmp_path)
    assert storage.kept == SOUND
    assert storage.asked == ["POST", "PATCH", "PATCH", "HEAD", "HEAD", "PATCH", "PATCH"]
    assert told == [4, 5, 9, 10]
    assert world.slept_s == [0.5, 1.0]


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (problem(409, "upload_offset_wrong"), ["POST", "PATCH", "HEAD", "PATCH", "PATCH", "PATCH"]),
        (problem(423, "upload_in_use"), ["POST", "PATCH", "HEAD", "PATCH", "PATCH", "PATCH"]),
        (problem(404, "not_found"), ["POST", "PATCH", "POST", "PATCH", "PATCH", "PATCH"]),
        (problem(409, "already_uploaded"), ["POST", "PATCH"]),
    ],
)
def test_what_a_storage_says_of_a_piece_is_understood(
    told: Answer, asked: list[str], tmp_path: Path
) -> None:
    storage = Storage(None, told)
    sent(storage, tmp_path)
    assert storage.asked == asked


def test_a_storage_that_is_away_is_waited_for_where_it_has_something(tmp_path: Path) -> None:
    kept = Storage(None, None, *[problem(503)] * 30)
    sent(kept, tmp_path)
    assert kept.kept == SOUND
    storage = Storage(None, None, *[Unreached("refused")] * 1_000)
    with pytest.raises(Unavailable, match="cannot be reached"):
        sent(storage, tmp_path)
    assert AWAY_S < storage.world.now_s < AWAY_S + 60
    never = Storage(*[Unreached("refused")] * 1_000)
    with pytest.raises(Unavailable):
        sent(never, tmp_path)
    assert never.asked == ["POST"] * 4


@pytest.mark.parametrize("status", [400, 403, 410, 413, 500])
def test_what_is_not_taken_is_not_sent_again(status: int, tmp_path: Path) -> None:
    storage = Storage(None, None, problem(status, "why"))
    with pytest.raises(ServiceError) as caught:
        sent(storage, tmp_path)
    assert caught.value.status == status
    assert storage.asked == ["POST", "PATCH", "PATCH"]

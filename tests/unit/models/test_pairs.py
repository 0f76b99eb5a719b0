import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.unit.models.factories import Gives, file_of, model_of, sha256, zstd
from tests.unit.models.loopback import Hub, Page
from tests.waiting import PATIENCE_S

from ytdubber.adapters.models.model import Model
from ytdubber.adapters.models.mozilla import Mozilla
from ytdubber.adapters.models.sources import MozillaSource
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.adapters.models.web import Web
from ytdubber.domain.errors import ModelCorrupt, ModelMissing, UnknownModel

pytestmark = pytest.mark.enable_socket  # A server on the loopback address is what is asked.

MODEL, VOCAB, TARGET_VOCAB = b"model " * 999, b"vocab " * 99, b"words " * 99


def never() -> None:
    """Let it run."""


@dataclass
class Delivery:
    """Mozilla's catalogue and files, on the loopback hub."""

    hub: Hub
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(
        self,
        kind: str,
        body: bytes,
        pair: str = "en-sv",
        version: str = "3.0",
        architecture: str = "base",
        filter_expression: str = "",
    ) -> None:
        source, target = pair.split("-")
        name = f"{kind}.{source}{target}.bin"
        place = f"files/{len(self.rows)}.zst"
        packed = zstd(body)
        self.hub.put(place, Page(packed))
        self.rows.append(
            {
                "name": name,
                "fileType": kind,
                "sourceLanguage": source,
                "targetLanguage": target,
                "version": version,
                "architecture": architecture,
                "decompressedHash": sha256(body),
                "filter_expression": filter_expression,
                "attachment": {"location": place, "size": len(packed)},
            }
        )
        self.hub.put("records", Page(json.dumps({"data": self.rows}).encode()))

    def store(self, root: Path, *models: Model, offline: bool = False) -> LocalModelStore:
        web = Web(never, connect_s=PATIENCE_S, read_s=PATIENCE_S)
        mozilla = Mozilla(web, self.hub.url)
        return LocalModelStore(root, offline=offline, models=models, web=web, mozilla=mozilla)


@pytest.fixture
def delivery(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", f"{hub.url}records")
    return Delivery(hub)


def test_a_pair_is_pulled_noted_and_verified_from_then_on(
    delivery: Delivery, tmp_path: Path
) -> None:
    delivery.add("model", MODEL)
    delivery.add("vocab", VOCAB)
    delivery.add("lex", b"not needed")
    store = delivery.store(tmp_path)
    assert not store.present("firefox-en-sv")

    (status,) = store.pull(["firefox-en-sv"])

    folder = tmp_path / "firefox-en-sv"
    assert {path.name for path in folder.iterdir()} == {
        "model.ensv.bin",
        "vocab.ensv.bin",
        "model.json",
    }
    note = json.loads((folder / "model.json").read_text())
    assert note["files"] == [
        {"name": "model.ensv.bin", "size": len(MODEL), "sha256": sha256(MODEL)},
        {"name": "vocab.ensv.bin", "size": len(VOCAB), "sha256": sha256(VOCAB)},
    ]
    assert (status.present, status.licence, status.size_bytes) == (
        True,
        "MPL-2.0",
        len(MODEL) + len(VOCAB),
    )
    offline = delivery.store(tmp_path, offline=True)
    assert [one.name for one in offline.list()] == ["firefox-en-sv"]
    assert offline.open("firefox-en-sv") == folder
    assert len(offline.version("firefox-en-sv")) == 12


def test_a_corrupt_pair_is_told_and_pulled_again(delivery: Delivery, tmp_path: Path) -> None:
    delivery.add("model", MODEL)
    delivery.add("vocab", VOCAB)
    store = delivery.store(tmp_path)
    path = store.open("firefox-en-sv") / "model.ensv.bin"
    path.write_bytes(b"worn")

    with pytest.raises(ModelCorrupt, match=sha256(b"worn")):
        store.open("firefox-en-sv")

    store.pull(["firefox-en-sv"])
    assert path.read_bytes() == MODEL
    assert store.remove(["firefox-en-sv"]) == ("firefox-en-sv",)
    assert store.list() == ()


def test_the_best_version_that_the_engine_reads_is_taken(
    delivery: Delivery, tmp_path: Path
) -> None:
    for body, version, architecture, kept_for in (
        (b"old", "1.0", "base-memory", ""),
        (b"small", "3.0", "tiny", ""),
        (b"best", "3.0", "base-memory", ""),
        (b"trial", "3.0a2", "base-memory", ""),
        (b"another edition", "3.1", "base-memory", "env.channel == 'nightly'"),
        (b"future", "9.0", "base-memory", ""),
    ):
        delivery.add("model", body, "en-sv", version, architecture, kept_for)
        delivery.add("vocab", VOCAB, "en-sv", version, architecture, kept_for)

    folder = delivery.store(tmp_path).open("firefox-en-sv")

    assert (folder / "model.ensv.bin").read_bytes() == b"best"


def test_a_pair_may_have_two_vocabularies(delivery: Delivery, tmp_path: Path) -> None:
    delivery.add("model", MODEL, "en-zh")
    delivery.add("srcvocab", VOCAB, "en-zh")
    delivery.add("trgvocab", TARGET_VOCAB, "en-zh")

    folder = delivery.store(tmp_path).open("firefox-en-zh")

    assert (folder / "trgvocab.enzh.bin").read_bytes() == TARGET_VOCAB


def test_a_pair_without_a_vocabulary_or_without_a_model_is_unknown(
    delivery: Delivery, tmp_path: Path
) -> None:
    delivery.add("model", MODEL, "en-sv")
    delivery.add("vocab", VOCAB, "en-fr")
    store = delivery.store(tmp_path)

    for name in ("firefox-en-sv", "firefox-en-fr", "firefox-xx-yy"):
        with pytest.raises(UnknownModel, match=name):
            store.pull([name])
    assert store.list() == ()


def test_without_a_network_a_pair_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    store = LocalModelStore(tmp_path, web=Web(never, connect_s=PATIENCE_S), models=())

    with pytest.raises(ModelMissing, match=r"firefox-en-sv.*ytdubber models pull firefox-en-sv"):
        store.pull(["firefox-en-sv"])
    with pytest.raises(ModelMissing, match="never fetched"):
        store.version("firefox-en-sv")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"data": [{"attachment": {}}]}', b"\xff"])
def test_a_catalogue_that_makes_no_sense_is_the_reason(
    delivery: Delivery, tmp_path: Path, body: bytes
) -> None:
    delivery.hub.put("records", Page(body))

    with pytest.raises(ModelMissing, match="catalogue cannot be read"):
        delivery.store(tmp_path).open("firefox-en-sv")


def test_an_attachment_with_other_bytes_is_refused(delivery: Delivery, tmp_path: Path) -> None:
    delivery.add("model", MODEL)
    delivery.add("vocab", VOCAB)
    delivery.hub.put("files/0.zst", Page(zstd(MODEL[::-1])))
    store = delivery.store(tmp_path)

    with pytest.raises(ModelMissing, match=sha256(MODEL)):
        store.open("firefox-en-sv")

    assert list((tmp_path / "firefox-en-sv").iterdir()) == []


def test_a_download_that_broke_off_is_resumed(delivery: Delivery, tmp_path: Path) -> None:
    delivery.add("model", MODEL)
    delivery.add("vocab", VOCAB)
    delivery.hub.pages["files/0.zst"].cuts = [1000, 0]
    with pytest.raises(ModelMissing, match="broke after 1,000 bytes"):
        delivery.store(tmp_path).open("firefox-en-sv")

    folder = delivery.store(tmp_path).open("firefox-en-sv")

    assert (folder / "model.ensv.bin").read_bytes() == MODEL
    assert "bytes=1000-" in [request.range for request in delivery.hub.requests]


def test_a_pinned_model_comes_from_mozilla_while_it_is_the_same(
    delivery: Delivery, tmp_path: Path
) -> None:
    delivery.add("model", MODEL)
    spare = Gives(MODEL)
    pinned = file_of("model.ensv.bin", MODEL, MozillaSource("en", "sv"), spare)

    folder = delivery.store(tmp_path, model_of("firefox-en-sv", pinned)).open("firefox-en-sv")

    assert (folder / "model.ensv.bin").read_bytes() == MODEL
    assert spare.asked == []


def test_a_newer_model_at_mozilla_gives_way_to_the_next_source_without_a_download(
    delivery: Delivery, tmp_path: Path
) -> None:
    delivery.add("model", b"newer")
    spare = Gives(MODEL)
    pinned = file_of("model.ensv.bin", MODEL, MozillaSource("en", "sv"), spare)

    folder = delivery.store(tmp_path, model_of("firefox-en-sv", pinned)).open("firefox-en-sv")

    assert (folder / "model.ensv.bin").read_bytes() == MODEL
    assert delivery.hub.hits() == {"records": 1}

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.models.factories import Gives, Refuses, file_of, model_of, sha256
from tests.waiting import PATIENCE_S

from ytdubber.adapters.models.model import Model
from ytdubber.adapters.models.status import FileState
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.domain.errors import (
    Cancelled,
    ModelCorrupt,
    ModelMissing,
    UnknownModel,
)
from ytdubber.ports.model_store import ModelStore

BODY, OTHER = b"the weights" * 1000, b"not weights" * 1000


def a_model(*sources: Gives | Refuses, name: str = "small") -> Model:
    return model_of(name, file_of("model.bin", BODY, *sources))


def everything(folder: Path) -> set[str]:
    """Files below a folder, apart from lock files."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in found if path.suffix != ".lock"}


def test_it_is_a_model_store(tmp_path: Path) -> None:
    store: ModelStore = LocalModelStore(tmp_path, (tmp_path / "mine",))

    assert store.folders() == (tmp_path, tmp_path / "mine")


def test_a_missing_model_is_fetched_verified_and_opened(tmp_path: Path) -> None:
    giver = Gives(BODY)
    store = LocalModelStore(tmp_path, models=[a_model(giver)])
    assert not store.present("small")

    folder = store.open("small")

    assert folder == tmp_path / "small"
    assert (folder / "model.bin").read_bytes() == BODY
    assert store.present("small")
    assert everything(tmp_path) == {"small/model.bin"}
    store.open("small")
    assert giver.asked == ["model.bin"]


def test_sources_are_asked_in_their_order_until_one_has_it(tmp_path: Path) -> None:
    first, second, third = Refuses(), Gives(BODY), Gives(BODY)

    LocalModelStore(tmp_path, models=[a_model(first, second, third)]).open("small")

    assert (len(first.asked), len(second.asked), len(third.asked)) == (1, 1, 0)


def test_other_bytes_are_refused_and_both_hashes_named(tmp_path: Path) -> None:
    store = LocalModelStore(tmp_path, models=[a_model(Refuses(), Gives(OTHER, "mirror"))])

    with pytest.raises(ModelCorrupt) as refusal:
        store.open("small")

    for word in (sha256(BODY), sha256(OTHER), "model.bin from mirror", "models pull small"):
        assert word in str(refusal.value)
    assert everything(tmp_path) == set()


def test_after_other_bytes_the_next_source_is_asked(tmp_path: Path) -> None:
    store = LocalModelStore(tmp_path, models=[a_model(Gives(OTHER), Gives(BODY))])

    assert (store.open("small") / "model.bin").read_bytes() == BODY


def test_a_model_that_no_source_has_is_missing_for_these_reasons(tmp_path: Path) -> None:
    refusers = Refuses("no answer", "hub"), Refuses("pip: no such thing", "pip")
    store = LocalModelStore(tmp_path, models=[a_model(*refusers)])

    with pytest.raises(ModelMissing) as missing:
        store.open("small")

    assert missing.value.facts == {
        "model": "small",
        "reason": "hub: no answer; pip: no such thing",
        "command": "ytdubber models pull small",
        "folder": tmp_path / "small",
    }


@pytest.mark.parametrize("act", [LocalModelStore.open, lambda store, name: store.pull([name])])
def test_offline_nothing_is_asked_for(
    tmp_path: Path, act: Callable[[LocalModelStore, str], object]
) -> None:
    giver = Gives(BODY)
    store = LocalModelStore(tmp_path / "models", offline=True, models=[a_model(giver)])

    with pytest.raises(ModelMissing, match=r"working offline.*ytdubber models pull small"):
        act(store, "small")

    assert giver.asked == []


def test_offline_a_model_that_is_here_opens_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "model.bin").write_bytes(BODY)

    LocalModelStore(tmp_path, offline=True, models=[a_model()]).open("small")

    assert [path.name for path in tmp_path.iterdir()] == ["small"]


@pytest.mark.parametrize("bytes_there", [OTHER, BODY[:-1], b""], ids=["other", "short", "empty"])
def test_a_corrupt_file_is_told_and_left_until_it_is_pulled(
    tmp_path: Path, bytes_there: bytes
) -> None:
    giver = Gives(BODY)
    store = LocalModelStore(tmp_path, models=[a_model(giver)])
    path = store.open("small") / "model.bin"
    path.write_bytes(bytes_there)

    with pytest.raises(ModelCorrupt) as refusal:
        store.open("small")

    assert str(path) in str(refusal.value)
    assert sha256(BODY) in str(refusal.value)
    assert sha256(bytes_there) in str(refusal.value)
    assert path.read_bytes() == bytes_there
    assert len(giver.asked) == 1

    (status,) = store.pull(["small"])

    assert status.present
    assert path.read_bytes() == BODY


def test_a_corrupt_file_stays_when_nothing_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "model.bin").write_bytes(OTHER)

    with pytest.raises(ModelMissing):
        LocalModelStore(tmp_path, models=[a_model(Refuses())]).pull()

    assert (tmp_path / "small" / "model.bin").read_bytes() == OTHER


def test_an_interrupt_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    store = LocalModelStore(tmp_path, models=[a_model(Gives(BODY, before=interrupt))])

    with pytest.raises(KeyboardInterrupt):
        store.open("small")

    assert everything(tmp_path) == {"small/model.bin.part"}
    assert not store.present("small")
    again = LocalModelStore(tmp_path, models=[a_model(Gives(BODY))])
    again.open("small")
    assert everything(tmp_path) == {"small/model.bin"}


def test_what_progress_raises_stops_the_work(tmp_path: Path) -> None:
    def cancel(_model: str, done_bytes: int, _total_bytes: int) -> None:
        if done_bytes:
            raise Cancelled

    store = LocalModelStore(tmp_path, progress=cancel, models=[a_model(Gives(BODY))])

    with pytest.raises(Cancelled):
        store.open("small")

    assert everything(tmp_path) == {"small/model.bin.part"}


def test_progress_counts_the_bytes_of_the_model_that_are_here(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    files = [file_of(name, BODY, Gives(BODY)) for name in ("a", "b", "c")]
    store = LocalModelStore(tmp_path, models=[model_of("small", *files)])
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "b").write_bytes(BODY)

    store.pull(progress=lambda *said: told.append(said))

    size = len(BODY)
    assert told[0] == ("small", size, 3 * size)
    assert told[-1] == ("small", 3 * size, 3 * size)
    assert [said[1] for said in told] == sorted(said[1] for said in told)


def test_pull_tries_every_model_and_raises_the_first_error(tmp_path: Path) -> None:
    models = [a_model(Refuses(), name="sad"), a_model(Gives(BODY), name="glad")]
    store = LocalModelStore(tmp_path, models=models)

    with pytest.raises(ModelMissing, match="sad"):
        store.pull()

    assert store.present("glad")


def test_verify_reports_each_file_of_what_is_here(tmp_path: Path) -> None:
    files = [file_of(name, BODY, Gives(BODY)) for name in ("good", "bad", "gone")]
    store = LocalModelStore(
        tmp_path, models=[model_of("small", *files), a_model(Gives(BODY), name="never")]
    )
    folder = store.open("small")
    (folder / "bad").write_bytes(OTHER)
    (folder / "gone").unlink()

    reports = {report.file: report for report in store.verify()}

    assert {name: report.state for name, report in reports.items()} == {
        "good": FileState.OK,
        "bad": FileState.CORRUPT,
        "gone": FileState.MISSING,
    }
    assert (reports["bad"].expected, reports["bad"].actual) == (sha256(BODY), sha256(OTHER))
    assert reports["gone"].actual is None
    assert [report.state for report in store.verify(["never"])] == [FileState.MISSING]


def test_remove_takes_the_model_and_its_parts(tmp_path: Path) -> None:
    store = LocalModelStore(
        tmp_path, models=[a_model(Gives(BODY)), a_model(Gives(BODY), name="other")]
    )
    store.open("small")
    (tmp_path / "small" / "model.bin.part").touch()

    assert store.remove(["small", "other"]) == ("small",)
    assert everything(tmp_path) == set()


def test_list_names_every_model_and_whether_it_is_here(tmp_path: Path) -> None:
    store = LocalModelStore(
        tmp_path, models=[a_model(Gives(BODY)), a_model(Gives(BODY), name="other")]
    )
    store.open("other")

    small, other = store.list()

    assert (small.name, small.present, small.size_bytes) == ("small", False, len(BODY))
    assert (other.name, other.present, other.path) == ("other", True, tmp_path / "other")
    assert (other.purpose, other.licence) == ("testing", "MIT")


@pytest.mark.parametrize("name", ["bogus", "", "../small", "firefox-en", "firefox-../..-pt"])
def test_an_unknown_name_is_refused_everywhere(tmp_path: Path, name: str) -> None:
    store = LocalModelStore(tmp_path, models=[a_model(Gives(BODY))])

    for act in (store.present, store.version, store.open):
        with pytest.raises(UnknownModel):
            act(name)
    for several in (store.pull, store.verify, store.remove):
        with pytest.raises(UnknownModel):
            several([name])
    assert list(tmp_path.iterdir()) == []


def test_the_version_follows_from_the_pinned_hashes_alone(tmp_path: Path) -> None:
    one, two = file_of("a", BODY), file_of("b", OTHER)
    store = LocalModelStore(
        tmp_path,
        models=[model_of("x", one, two), model_of("y", two, one), model_of("z", one)],
    )

    assert store.version("x") == sha256((one.sha256 + two.sha256).encode())[:12]
    assert store.version("x") == store.version("y")
    assert store.version("x") != store.version("z")


def test_a_folder_that_cannot_be_written_is_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = LocalModelStore(tmp_path / "file" / "models", models=[a_model(Gives(BODY))])

    with pytest.raises(ModelMissing, match="Not a directory"):
        store.open("small")


def test_a_second_store_waits_for_the_first_and_fetches_nothing(tmp_path: Path) -> None:
    fetching, go = threading.Event(), threading.Event()

    def hold() -> None:
        fetching.set()
        go.wait(PATIENCE_S)

    giver = Gives(BODY, before=hold)
    first = LocalModelStore(tmp_path, models=[a_model(giver)])
    worker = threading.Thread(target=first.open, args=("small",))
    worker.start()
    fetching.wait(PATIENCE_S)
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        go.set()

    LocalModelStore(tmp_path, say=say, models=[a_model(giver)]).open("small")
    worker.join()

    assert said == ["waiting for another ytdubber that is fetching small ..."]
    assert giver.asked == ["model.bin"]


def test_a_wait_can_be_stopped(tmp_path: Path) -> None:
    fetching, go = threading.Event(), threading.Event()

    def hold() -> None:
        fetching.set()
        go.wait(PATIENCE_S)

    def stop() -> None:
        raise Cancelled

    model = a_model(Gives(BODY, before=hold))
    worker = threading.Thread(
        target=LocalModelStore(tmp_path, models=[model]).open, args=("small",)
    )
    worker.start()
    fetching.wait(PATIENCE_S)

    with pytest.raises(Cancelled):
        LocalModelStore(tmp_path, check=stop, models=[model]).open("small")

    go.set()
    worker.join()

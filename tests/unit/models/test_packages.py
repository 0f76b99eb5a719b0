import os
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from tests.unit.models.factories import Shop, file_of, write_tgz, write_wheel

from ytdubber.adapters.models.model import ModelFile
from ytdubber.adapters.models.mozilla import Mozilla
from ytdubber.adapters.models.packages import Client, Packages, client_commands
from ytdubber.adapters.models.sources import Member, PackageSource
from ytdubber.adapters.models.supplies import Supplies
from ytdubber.adapters.models.transfer import SourceFailed
from ytdubber.adapters.models.web import Web

HEAD, TAIL = b"front half, ", b"back half"
WHOLE = file_of("model.bin", HEAD + TAIL)
JOINED = PackageSource(
    Client.PIP, (Member("part-one==1.0", "one/data.1"), Member("part-two==1.0", "two/data.2"))
)


def never() -> None:
    """Let it run."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    folder = tmp_path / "shop"
    folder.mkdir()
    write_wheel(folder / "part_one-1.0-py3-none-any.whl", {"one/data.1": HEAD, "one/more": b"!"})
    write_wheel(folder / "part_two-1.0-py3-none-any.whl", {"two/data.2": TAIL})
    write_tgz(folder / "voices-2.0.tgz", {"package/a.bin": b"a", "package/b.bin": b"bb"})
    return Shop(folder)


def fetched(source: PackageSource, file: ModelFile, packages: Packages, root: Path) -> bytes:
    web = Web(never)
    supplies = Supplies(web, Mozilla(web), packages)
    return source.fetch(file, root / f"{file.name}.part", supplies, lambda _: None).read_bytes()


def test_the_parts_of_a_file_are_joined_in_their_order(shop: Shop, tmp_path: Path) -> None:
    with Packages(tmp_path, never, shop.commands) as packages:
        assert fetched(JOINED, WHOLE, packages, tmp_path) == HEAD + TAIL

    assert shop.runs == ["part-one==1.0 part-two==1.0"]


def test_a_package_is_downloaded_once_for_several_files(shop: Shop, tmp_path: Path) -> None:
    more = PackageSource(Client.PIP, (Member("part-one==1.0", "one/more"),))
    with Packages(tmp_path, never, shop.commands) as packages:
        fetched(JOINED, WHOLE, packages, tmp_path)
        assert fetched(more, file_of("more", b"!"), packages, tmp_path) == b"!"

    assert len(shop.runs) == 1


def test_a_member_of_an_npm_package_is_read(shop: Shop, tmp_path: Path) -> None:
    source = PackageSource(Client.NPM, (Member("voices@2.0", "package/b.bin"),))
    with Packages(tmp_path, never, shop.commands) as packages:
        assert fetched(source, file_of("b.bin", b"bb"), packages, tmp_path) == b"bb"


def test_progress_reaches_the_size_of_the_file(shop: Shop, tmp_path: Path) -> None:
    told: list[int] = []
    web = Web(never)
    with Packages(tmp_path, never, shop.commands) as packages:
        supplies = Supplies(web, Mozilla(web), packages)
        JOINED.fetch(WHOLE, tmp_path / "part", supplies, told.append)

    assert told == sorted(told)
    assert told[-1] == WHOLE.size


@pytest.mark.parametrize(
    ("client", "member", "reason"),
    [
        (Client.PIP, Member("part-one==1.0", "nothing"), "part-one==1.0 has no nothing"),
        (Client.NPM, Member("voices@2.0", "nothing"), "voices@2.0 has no nothing"),
        (Client.PIP, Member("absent==1.0", "any"), "absent==1.0 did not arrive"),
    ],
)
def test_what_a_package_lacks_is_the_reason(
    shop: Shop, tmp_path: Path, client: Client, member: Member, reason: str
) -> None:
    with (
        Packages(tmp_path, never, shop.commands) as packages,
        pytest.raises(SourceFailed, match=reason),
    ):
        fetched(PackageSource(client, (member,)), WHOLE, packages, tmp_path)


@pytest.mark.parametrize(
    ("client", "package", "name"),
    [(Client.PIP, "part-one==1.0", "part_one-1.0.whl"), (Client.NPM, "voices@2.0", "voices-2.tgz")],
)
def test_a_damaged_package_is_refused(
    tmp_path: Path, client: Client, package: str, name: str
) -> None:
    shop = Shop(tmp_path / "shop")
    shop.folder.mkdir()
    (shop.folder / name).write_bytes(b"\x1f\x8b not an archive")
    with (
        Packages(tmp_path, never, shop.commands) as packages,
        pytest.raises(SourceFailed, match="is damaged"),
    ):
        fetched(PackageSource(client, (Member(package, "any"),)), WHOLE, packages, tmp_path)


def test_a_member_that_is_too_large_is_refused(shop: Shop, tmp_path: Path) -> None:
    with (
        Packages(tmp_path, never, shop.commands) as packages,
        pytest.raises(SourceFailed, match="larger than it should be"),
    ):
        fetched(JOINED, file_of("model.bin", b"short"), packages, tmp_path)


@pytest.mark.parametrize(
    ("client", "words", "reason"),
    [
        (Client.PIP, "chatter\nERROR: No matching distribution", "No matching distribution"),
        (
            Client.NPM,
            "npm warn old\nnpm error code E404\nnpm error 404 Not Found\nnpm error A complete log",
            "Not Found",
        ),
        (Client.PIP, "", "it failed without a word"),
    ],
)
def test_the_client_s_last_words_are_the_reason(
    shop: Shop, tmp_path: Path, client: Client, words: str, reason: str
) -> None:
    shop.code, shop.words = 1, words
    source = PackageSource(client, (Member("part-one==1.0", "one/data.1"),))
    with Packages(tmp_path, never, shop.commands) as packages:
        for _ in range(2):
            with pytest.raises(SourceFailed, match=f"^{reason}$"):
                fetched(source, WHOLE, packages, tmp_path)

    assert len(shop.runs) == 2


def test_a_client_without_a_connection_is_not_started_again(shop: Shop, tmp_path: Path) -> None:
    shop.code = 1
    shop.words = "WARNING: Retrying (Retry(total=0)) after broken\nERROR: No matching distribution"
    with Packages(tmp_path, never, shop.commands) as packages:
        for _ in range(2):
            with pytest.raises(SourceFailed, match=r"no connection \(No matching distribution\)"):
                fetched(JOINED, WHOLE, packages, tmp_path)

    assert len(shop.runs) == 1


def test_what_check_raises_ends_the_client(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"

    def stop_once_started() -> None:
        if note.exists() and note.read_text():
            raise KeyboardInterrupt

    def commands(client: Client, names: list[str], folder: Path) -> list[list[str]]:
        return [[sys.executable, "-c", program]]

    with (
        pytest.raises(KeyboardInterrupt),
        Packages(tmp_path, stop_once_started, commands) as packages,
    ):
        fetched(JOINED, WHOLE, packages, tmp_path)

    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)
    assert [path.name for path in tmp_path.iterdir()] == ["pid"]


def test_nothing_is_made_before_it_is_needed_and_nothing_left_after(
    shop: Shop, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    with Packages(root, never, shop.commands) as packages:
        assert not root.exists()
        fetched(JOINED, WHOLE, packages, root)

    assert list(root.iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_what_a_live_one_uses_stays(
    tmp_path: Path,
) -> None:
    for name in ("killed", "live"):
        (tmp_path / ".scratch" / name).mkdir(parents=True)
    (tmp_path / ".scratch" / "killed.lock").touch()

    with FileLock(tmp_path / ".scratch" / "live.lock"), Packages(tmp_path, never) as packages:
        packages.scratch()
        left = {path.name for path in (tmp_path / ".scratch").iterdir() if path.is_dir()}

        assert left == {"live", packages.scratch().name}


def test_pip_downloads_wheels_and_builds_nothing(tmp_path: Path) -> None:
    (command,) = client_commands(Client.PIP, ["a==1", "b==2"], tmp_path)

    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--only-binary"} <= set(command)
    assert command[-2:] == ["a==1", "b==2"]


def test_without_npm_that_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SourceFailed, match="npm is not installed"):
        client_commands(Client.NPM, ["a@1"], tmp_path)

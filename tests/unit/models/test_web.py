import socket
import threading
from pathlib import Path

import pytest
from tests.unit.models.loopback import Hub, Page
from tests.waiting import PATIENCE_S

from ytdubber.adapters.models.transfer import SourceFailed
from ytdubber.adapters.models.web import Web

pytestmark = pytest.mark.enable_socket  # A server on the loopback address is what is asked.

BODY = bytes(range(256)) * 2000
SIZE = len(BODY)


def never() -> None:
    """Let it run."""


def ignore(_done: int) -> None:
    """Show nothing."""


def a_web(read_s: float = PATIENCE_S) -> Web:
    return Web(never, connect_s=PATIENCE_S, read_s=read_s)


def end_knocking() -> None:
    """Wait for those who still knock at a host that was given up."""
    for thread in threading.enumerate():
        if thread.name.startswith("knock-"):
            thread.join(PATIENCE_S)


def test_a_whole_file_comes_with_its_progress(hub: Hub, tmp_path: Path) -> None:
    told: list[int] = []

    a_web().download(hub.put("model", Page(BODY)), tmp_path / "model.part", SIZE, told.append)

    assert (tmp_path / "model.part").read_bytes() == BODY
    assert told == sorted(told)
    assert told[-1] == SIZE
    assert [path.name for path in tmp_path.iterdir()] == ["model.part"]


def test_a_connection_that_is_cut_is_resumed_at_the_byte_where_it_broke(
    hub: Hub, tmp_path: Path
) -> None:
    url = hub.put("model", Page(BODY, cuts=[100_001, 50_000]))
    told: list[int] = []

    a_web().download(url, tmp_path / "part", SIZE, told.append)

    assert (tmp_path / "part").read_bytes() == BODY
    assert [request.range for request in hub.requests] == [
        None,
        "bytes=100001-",
        "bytes=150001-",
    ]
    assert [request.if_range for request in hub.requests] == [None, '"v1"', '"v1"']
    assert told == sorted(told)


def test_a_later_run_resumes_what_an_earlier_one_left(hub: Hub, tmp_path: Path) -> None:
    url = hub.put("model", Page(BODY, cuts=[70_000, 0]))
    with pytest.raises(SourceFailed, match="broke after 70,000 bytes"):
        a_web().download(url, tmp_path / "part", SIZE, ignore)

    a_web().download(url, tmp_path / "part", SIZE, ignore)

    assert (tmp_path / "part").read_bytes() == BODY
    assert hub.requests[-1].range == "bytes=70000-"


def test_another_version_at_the_hub_starts_over(hub: Hub, tmp_path: Path) -> None:
    url = hub.put("model", Page(BODY[::-1], cuts=[70_000, 0]))
    with pytest.raises(SourceFailed):
        a_web().download(url, tmp_path / "part", SIZE, ignore)
    hub.put("model", Page(BODY, etag='"v2"'))

    a_web().download(url, tmp_path / "part", SIZE, ignore)

    assert (tmp_path / "part").read_bytes() == BODY
    assert hub.requests[-1].if_range == '"v1"'


def test_a_hub_that_ignores_ranges_is_read_from_the_start(hub: Hub, tmp_path: Path) -> None:
    url = hub.put("model", Page(BODY, ranges=False, cuts=[200_000]))

    a_web().download(url, tmp_path / "part", SIZE, ignore)

    assert (tmp_path / "part").read_bytes() == BODY
    assert [request.range for request in hub.requests] == [None, "bytes=200000-"]


@pytest.mark.parametrize("etag", ['W/"weak"', ""], ids=["weak entity tag", "none"])
def test_without_a_version_to_ask_for_a_download_starts_over(
    hub: Hub, tmp_path: Path, etag: str
) -> None:
    url = hub.put("model", Page(BODY, etag=etag, cuts=[200_000]))

    a_web().download(url, tmp_path / "part", SIZE, ignore)

    assert (tmp_path / "part").read_bytes() == BODY
    assert [request.range for request in hub.requests] == [None, None]


def test_a_part_of_another_address_is_not_continued(hub: Hub, tmp_path: Path) -> None:
    mirror = hub.put("mirror", Page(BODY[::-1], cuts=[70_000, 0]))
    with pytest.raises(SourceFailed):
        a_web().download(mirror, tmp_path / "part", SIZE, ignore)

    a_web().download(hub.put("model", Page(BODY)), tmp_path / "part", SIZE, ignore)

    assert (tmp_path / "part").read_bytes() == BODY
    assert hub.requests[-1].range is None


def test_a_range_that_the_hub_cannot_satisfy_starts_over(hub: Hub, tmp_path: Path) -> None:
    url = hub.put("model", Page(BODY, cuts=[70_000, 0]))
    with pytest.raises(SourceFailed):
        a_web().download(url, tmp_path / "part", SIZE, ignore)
    hub.put("model", Page(BODY, unsatisfiable=True))

    a_web().download(url, tmp_path / "part", SIZE, ignore)

    assert (tmp_path / "part").read_bytes() == BODY


def test_a_whole_part_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    url = hub.put("model", Page(BODY))
    (tmp_path / "part").write_bytes(BODY)
    (tmp_path / "part.etag").write_text(f'{url}\n"v1"\n')

    a_web().download(url, tmp_path / "part", SIZE, ignore)

    assert hub.requests == []


def test_a_file_of_another_length_is_refused_before_its_bytes(hub: Hub, tmp_path: Path) -> None:
    url = hub.put("model", Page(b"<html>please log in</html>"))

    with pytest.raises(SourceFailed, match=r"it offers 26 bytes, expected 512,000"):
        a_web().download(url, tmp_path / "part", SIZE, ignore)

    assert list(tmp_path.iterdir()) == []


def test_a_stream_without_end_is_refused(hub: Hub, tmp_path: Path) -> None:
    url = hub.put("model", Page(BODY * 2, lengths=False))

    with pytest.raises(SourceFailed, match="larger than it should be"):
        a_web().download(url, tmp_path / "part", SIZE, ignore)


def test_an_error_of_the_hub_is_the_reason(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=r"127\.0\.0\.1:\d+ answered 404"):
        a_web().download(f"{hub.url}nothing", tmp_path / "part", SIZE, ignore)


def test_a_host_that_refuses_is_asked_once(tmp_path: Path) -> None:
    web = a_web()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}/model"
    with pytest.raises(SourceFailed, match="refused"):
        web.download(url, tmp_path / "part", SIZE, ignore)

    with socket.create_server(("127.0.0.1", port)) as listener:
        listener.setblocking(False)
        with pytest.raises(SourceFailed, match="refused"):
            web.download(url, tmp_path / "part", SIZE, ignore)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_host_that_accepts_and_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/model"
        with pytest.raises(SourceFailed, match="no answer in time"):
            a_web(read_s=0.3).download(url, tmp_path / "part", SIZE, ignore)


def test_a_host_that_never_agrees_on_encryption_counts_as_not_connected(tmp_path: Path) -> None:
    web = Web(never, connect_s=0.3, read_s=60)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/model"
        for _ in range(2):
            with pytest.raises(SourceFailed, match="no answer"):
                web.download(url, tmp_path / "part", SIZE, ignore)
        end_knocking()


def test_what_check_raises_stops_a_download_and_leaves_only_the_part(
    hub: Hub, tmp_path: Path
) -> None:
    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        a_web().download(hub.put("model", Page(BODY)), tmp_path / "model.part", SIZE, stop)

    assert {path.name for path in tmp_path.iterdir()} == {"model.part", "model.part.etag"}


def test_a_document_that_is_too_long_is_refused(hub: Hub) -> None:
    url = hub.put("list", Page(b"x" * 101))

    assert len(a_web().read(url, 101)) == 101
    with pytest.raises(SourceFailed, match="too long"):
        a_web().read(url, 100)

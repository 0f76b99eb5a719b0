"""The service is stopped while somebody waits for an answer."""

import logging
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.integration.api.api_user import api_user
from tests.integration.api.harness import api
from tests.integration.api.listening import Listener


def _asked(link: socket.socket, said: list[bytes]) -> None:
    while piece := link.recv(65_536):
        said.append(piece)


def test_who_waits_while_the_service_stops_is_told_to_come_again(tmp_path: Path) -> None:
    said: list[bytes] = []
    with api(tmp_path) as harness, api_user(harness) as ann:
        url = urlsplit(ann.announce("pt", background=False)["upload_urls"]["voice_track"])
        link = socket.create_connection((url.hostname or "", url.port or 0))
        head = f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n"
        head += "Content-Type: audio/flac\r\nContent-Length: 1000\r\n\r\nfLaC"
        link.sendall(head.encode())
        listening = threading.Thread(target=_asked, args=(link, said))
        listening.start()
    listening.join()
    link.close()
    answer = b"".join(said).decode()
    assert answer.startswith("HTTP/1.1 503 "), answer
    assert "retry-after: " in answer
    assert '"error":"service_stopping"' in answer.replace(" ", "")


def test_who_watches_a_job_while_the_service_stops_is_let_go_at_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), api(tmp_path) as harness, api_user(harness) as ann:
        listener = Listener(ann, ann.queued("pt", background=False))
        listener.until("job")
    assert listener.finish()
    listener.close()
    assert [each.message for each in caplog.records if each.name.startswith("uvicorn")] == []

"""`ytdubber vendor-double` as a person runs it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

COMMAND = "import typer; from ytdubber.cli.vendor_double import vendor_double as v; typer.run(v)"


@contextmanager
def program(*words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words],
        env={k: v for k, v in os.environ.items() if not k.startswith("COV_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def variables(process: subprocess.Popen[str]) -> dict[str, str]:
    """What it prints to standard output: one variable a line."""
    assert process.stdout is not None
    lines = [process.stdout.readline().strip() for _ in range(9)]
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def running() -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    with program("--canned", "--port", "0", "--latency", "0.2") as process:
        yield process, variables(process)


def test_its_settings_lead_to_its_vendors(
    running: tuple[subprocess.Popen[str], dict[str, str]],
) -> None:
    process, told = running
    assert set(told) == {
        "DEEPGRAM_API_KEY", "YTDUBBER_DEEPGRAM_URL", "OPENAI_API_KEY", "YTDUBBER_OPENAI_URL",
        "ELEVENLABS_API_KEY", "YTDUBBER_ELEVENLABS_URL", "STRIPE_SECRET_KEY", "YTDUBBER_STRIPE_URL",
        "STRIPE_WEBHOOK_SECRET",
    }  # fmt: skip
    spoken = httpx.post(
        told["YTDUBBER_DEEPGRAM_URL"] + "/v1/speak?model=aura-2-thalia-en",
        headers={"authorization": f"Token {told['DEEPGRAM_API_KEY']}"},
        json={"text": "Hello"},
        verify=NO_TLS,
    )
    assert spoken.headers["content-type"] == "audio/mpeg"
    assert spoken.elapsed.total_seconds() > 0.19
    models = httpx.get(
        told["YTDUBBER_OPENAI_URL"] + "/models",
        headers={"authorization": f"Bearer {told['OPENAI_API_KEY']}"},
        verify=NO_TLS,
    )
    assert models.json()["object"] == "list"
    books = httpx.get(told["YTDUBBER_STRIPE_URL"] + "/_double/books", verify=NO_TLS).json()
    assert books["units"] == {"deepgram/aura-2/characters": "5"}
    assert books["total_usd"] == "0.0001500000"
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_S) == 0
    assert process.stderr is not None
    said = process.stderr.read()
    assert f"Listening at {told['YTDUBBER_DEEPGRAM_URL']}." in said
    assert said.endswith("Stopped.\n")


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with program("--canned", "--port", port) as process:
            _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode != 0
    assert f"127.0.0.1:{port} cannot be listened on (Address already in use" in said


def test_the_storage_double_is_a_program_too() -> None:
    with program("--storage", "--port", "0") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(3)]
        told = dict(line.split("=", 1) for line in lines)
        assert set(told) == {"SUPABASE_URL", "SUPABASE_SERVICE_KEY", "SUPABASE_JWT_SECRET"}
        found = httpx.post(
            f"{told['SUPABASE_URL']}/storage/v1/object/list/media",
            headers={"apikey": told["SUPABASE_SERVICE_KEY"]},
            json={"prefix": ""},
            verify=NO_TLS,
            timeout=PATIENCE_S,
        )
        assert (found.status_code, found.json()) == (200, [])

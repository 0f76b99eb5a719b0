import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.e2e.page_browser import browsing, signed_in
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness
from tests.waiting import PATIENCE_S

EXAMPLES = Path(__file__).parents[2] / "examples"
VOICE, BACKGROUND = EXAMPLES / "voice.flac", EXAMPLES / "background.flac"


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Finished]


def environment(**changes: str) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("COV_")} | changes


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "ytdubber", *map(str, words)]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where results are remembered: nothing is taken from another run of the tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def cli(home: Path) -> Cli:
    """The command line as a person runs it; keyword arguments change the environment."""

    def run(*words: object, **changes: str) -> Finished:
        done = subprocess.run(
            command(*words),
            env=environment(**({"YTDUBBER_HOME": str(home)} | changes)),
            cwd=home,  # where no .env lies
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def demo(cli: Cli, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, dubbed into Portuguese; decoded and heard whichever test dubbed it before."""
    shutil.rmtree(home / "recordings", ignore_errors=True)
    folder = tmp_path_factory.mktemp("demo") / "out"
    done = cli("dub", VOICE, "--background", BACKGROUND, "--to", "pt", "--out", folder)
    assert done.code == 0, done.err
    return folder


@pytest.fixture
def ann(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as ann:
        yield ann


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, ann: ApiUser) -> Iterator[Page]:
    """The page, with this user signed in."""
    token = ann.harness.token(ann.id, "ann@example.org")
    with signed_in(browser, ann.harness.url, token) as page:
        yield page

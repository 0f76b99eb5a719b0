import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.integration.vendors.harness import ServiceHarness, Workers, environment
from tests.listening import EXAMPLE_TEXT

from ytdubber.settings import variables
from ytdubber.testing.vendor_double import CannedContent, VendorDouble, running

with warnings.catch_warnings():  # Deepgram's client looks for a name websockets will drop
    warnings.simplefilter("ignore", DeprecationWarning)
    importlib.import_module("deepgram.core.websocket_compat")

Serve = Callable[..., VendorDouble]
Open = Callable[[], ServiceHarness]
Setting = Callable[..., None]


@pytest.fixture
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    """Sets variables, in place of those of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)

    def set_all(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_all


@pytest.fixture
def serve(set_up: Setting, tmp_path: Path) -> Iterator[Serve]:
    """Starts a double that hears the example, and sets it up as every vendor."""
    with ExitStack() as stack:

        def start(settings: dict[str, str] | None = None, **how: object) -> VendorDouble:
            content = {"content": CannedContent(EXAMPLE_TEXT)}
            double = VendorDouble(**content | how)  # type: ignore[arg-type]  # as tests mean them
            url = stack.enter_context(running(double))
            set_up(**environment(url, tmp_path) | (settings or {}))
            return double

        yield start


@pytest.fixture
def harness(set_up: Setting, database_url: str, tmp_path: Path) -> Iterator[Open]:
    """Opens the service by the settings in force then."""
    set_up(DATABASE_URL=database_url)
    with ExitStack() as stack:
        yield lambda: stack.enter_context(ServiceHarness.opened(tmp_path))


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    """Starts worker processes, which are gone at the end."""
    made = Workers(tmp_path)
    yield made
    made.close()

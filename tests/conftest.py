"""Nobody's vendors, and marks."""

import os

import pytest

from ytdubber.settings import variables

MODELS = ("YTDUBBER_MODELS", "YTDUBBER_TRANSLATION_MODELS", "YTDUBBER_OFFLINE", "PGBIN")
"""Settings of whoever runs the tests that hold for the tests: where models are, and PostgreSQL."""

for name in variables().keys() - set(MODELS):
    os.environ.pop(name, None)  # neither their vendors nor their database may be touched


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that make whole dubs: each dub starts processes that decode."""
    for item in items:
        if "studio" in getattr(item, "fixturenames", ()):
            item.add_marker("dubs")

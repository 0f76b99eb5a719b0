"""Nobody's vendors, and marks."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.attacks import SUITE

from ytdubber.log import replace_ids
from ytdubber.settings import variables

ROOT = Path(__file__).parents[1]
MODELS = ("YTDUBBER_MODELS", "YTDUBBER_TRANSLATION_MODELS", "YTDUBBER_OFFLINE", "PGBIN")
"""Settings of whoever runs the tests that hold for the tests: where models are, and PostgreSQL."""

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("patient", PATIENT)
"""Beside other work an example may take any time, as in Hypothesis's own profile for CI."""
settings.register_profile("quick", PATIENT, max_examples=15)
"""What `make quick` tries of each property; the whole suite tries Hypothesis's own number."""
if settings.get_current_profile_name() == "default":
    settings.load_profile("patient")

for name in variables().keys() - set(MODELS):
    os.environ.pop(name, None)  # neither their vendors nor their database may be touched
for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)  # a console takes the width it finds when it is made


@pytest.fixture(autouse=True)
def no_ids() -> None:
    """Lines of a test carry no ids of the one before."""
    replace_ids({})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that make whole dubs, each of which starts processes that decode, and those of
    the attack suite.
    """
    attacks = {ROOT / each for each in SUITE}
    for item in items:
        if item.path in attacks:
            item.add_marker("attack")
        if "fakes" in getattr(item, "fixturenames", ()):
            item.add_marker("dubs")

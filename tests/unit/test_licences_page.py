"""Every package that runs, and every model, has its licence on the page."""

import json

from scripts.licences import MODELS, PAGE, names

TEXT = PAGE.read_text("utf-8")


def test_every_package_of_the_lock_is_there() -> None:
    missing = [name for name in names() if f"\n| {name} | " not in TEXT]
    assert missing == [], "run `make licences` and commit the page"


def test_every_model_is_there() -> None:
    models = [each["name"] for each in json.loads(MODELS.read_text("utf-8"))["models"]]
    assert [name for name in models if f"\n| {name} | " not in TEXT] == []


def test_what_is_copyleft_is_named() -> None:
    rows = [row for row in TEXT.splitlines() if row.startswith("| ") and "GPL" in row]
    strong = [row for row in rows if "**" in row]
    assert len(rows) >= 9
    assert {row.split(" | ")[0] for row in strong} == {"| av", "| espeakng-loader"}

"""Barriers on the page, as axe-core finds them."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()


def barriers(page: Page) -> list[str]:
    """What axe-core finds, one a line; the page is as it is shown now, at rest."""
    page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
    found: list[dict[str, Any]] = _AXE.run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['target']}: {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]

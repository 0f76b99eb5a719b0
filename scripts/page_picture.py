"""Take docs/page.png: the page in Chromium, with the example as it was just dubbed.

python -m scripts.page_picture [FILE]
"""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.e2e.page_browser import browsing, drop, launched, visit

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
WIDTH_PX, HEIGHT_PX, SCALE = 1000, 1290, 1.5
LINE, HEARD = 2, re.compile("^0:1[34]")
"""The line that is heard, from 0, and when the picture is taken in it."""


def dubbed(page: Page) -> None:
    """Make the dub, and listen to a line of it."""
    drop(page, "Background", EXAMPLES / "background.flac", EXAMPLES / "voice.flac")
    page.locator("label.chip", has_text="Portuguese").click()
    page.get_by_role("button", name="Dub into Portuguese").click()
    expect(page.locator("article.job .pill")).to_have_text("Done")
    expect(page.locator(".compare.ready")).to_be_visible()
    page.locator(".lines .jump").nth(LINE).click()
    page.keyboard.press("Space")
    expect(page.locator(".now")).to_have_text(HEARD)
    page.evaluate("scrollTo(0, 0)")


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "page.png"
    with (
        tempfile.TemporaryDirectory() as folder,
        launched(Path(folder) / "home") as service,
        browsing() as browser,
    ):
        context = browser.new_context(
            viewport={"width": WIDTH_PX, "height": HEIGHT_PX}, device_scale_factor=SCALE
        )
        page = visit(context, service.url).page
        page.goto(service.link)
        dubbed(page)
        page.screenshot(path=file)
        context.close()


if __name__ == "__main__":
    main()

"""Take the pictures of the page in docs: Chromium, with the example as it is dubbed.

python -m scripts.page_pictures [FOLDER]
"""

import re
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.e2e.page_browser import TOKEN, Launched, browsing, drop, launched, visit

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
WIDTH_PX, LIVE_PX, PHONE_PX, SCALE = 1000, 430, 360, 1.5
LINE, HEARD = 2, re.compile("^0:1[34]")
"""The line that is heard, from 0, and when the picture is taken in it."""
EDITED = 5
"""The line that is open in the picture of the editor, from 1."""


def window(
    browser: Browser, width_px: int, height_px: int, scheme: Literal["light", "dark"] = "light"
) -> BrowserContext:
    """A window of this size."""
    return browser.new_context(
        viewport={"width": width_px, "height": height_px},
        device_scale_factor=SCALE,
        color_scheme=scheme,
        reduced_motion="reduce",
    )


def form(page: Page, file: Path) -> None:
    """What is chosen before a dub."""
    drop(page, "Background", EXAMPLES / "background.flac", EXAMPLES / "voice.flac")
    page.locator("label.chip", has_text="Portuguese").click()
    expect(page.locator(".zone-wave").last).to_be_visible()
    page.get_by_text("Voices and options").click()
    page.get_by_label("Names and terms").fill("Dashwood\nNorland = Norlând")
    page.get_by_label("People who speak").fill("1")
    page.get_by_label("People who speak").blur()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=file, full_page=True)
    page.get_by_label("Names and terms").fill("")
    page.get_by_label("People who speak").fill("")


def live(page: Page, file: Path) -> None:
    """A dub while it is spoken."""
    page.get_by_role("button", name="Dub into Portuguese").click()
    expect(page.locator("li.language")).to_have_attribute("data-stage", "dubbing")
    page.screenshot(path=file, clip={"x": 0, "y": 0, "width": WIDTH_PX, "height": LIVE_PX})


def finished(page: Page, file: Path) -> None:
    """A dub that is listened to."""
    expect(page.locator("article.job .pill")).to_have_text("Done")
    expect(page.locator(".compare.ready")).to_be_visible()
    page.locator(".lines .jump").nth(LINE).click()
    page.keyboard.press("Space")
    expect(page.locator(".now")).to_have_text(HEARD)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=file)
    page.keyboard.press("Space")


def editor(page: Page, file: Path) -> None:
    """A line that is being put right."""
    page.get_by_role("button", name=f"Change line {EDITED}", exact=True).click()
    page.get_by_label(f"What line {EDITED} says").scroll_into_view_if_needed()
    open_line = page.locator("li", has=page.locator(".line-editor"))
    expect(open_line).to_be_visible()
    page.evaluate("document.querySelector('.line-editor').closest('li').scrollIntoView()")
    page.evaluate("scrollBy(0, -160)")
    page.screenshot(path=file)


def phone(browser: Browser, service: Launched, dub: Page, file: Path) -> None:
    """The same dub on a small screen, in the dark."""
    token = dub.evaluate(f"localStorage.getItem('{TOKEN}')")
    context = window(browser, PHONE_PX, 760, "dark")
    context.add_init_script(f"localStorage.setItem('{TOKEN}', '{token}')")
    page = visit(context, service.url).page
    page.goto(dub.url)
    expect(page.locator(".compare.ready")).to_be_visible()
    page.locator(".lines .jump").nth(LINE).click()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=file)
    context.close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    with (
        tempfile.TemporaryDirectory() as home,
        launched(Path(home) / "home") as service,
        browsing() as browser,
    ):
        context = window(browser, WIDTH_PX, 1290)
        page = visit(context, service.url).page
        page.goto(service.link)
        form(page, folder / "page-form.png")
        live(page, folder / "page-live.png")
        finished(page, folder / "page.png")
        editor(page, folder / "page-editor.png")
        phone(browser, service, page, folder / "page-phone.png")
        context.close()


if __name__ == "__main__":
    main()

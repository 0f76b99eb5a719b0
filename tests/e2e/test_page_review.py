"""What a person should listen to, on the web page, of a dub made by engines that need no model."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.e2e.page_browser import chromium, moments
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ApiHarness, api
from tests.integration.api.test_review import UNCOVERED, heard_in_part
from tests.plain_http import NO_TLS

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

LOST = "Somebody speaks here and nothing was made out."


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


def test_what_needs_review_is_named_and_led_to(page: Page, ann: ApiUser, tmp_path: Path) -> None:
    job = ann.job(heard_in_part(ann, "pt"))
    link = next(file["url"] for file in job["files"] if file["kind"] == "translation")
    lines = httpx.get(link, verify=NO_TLS).json()["utterances"]
    page.goto(f"{ann.harness.url}/#/jobs/{job['id']}")
    expect(page.locator(".compare.ready")).to_be_visible()
    places = job["languages"][0]["needsReview"]
    expect(page.locator("li.language .tag")).to_have_text(f"{places} places to review")
    buttons = page.locator(".lines .jump")
    expect(buttons).to_have_count(len(lines) + 2)
    lost = buttons.filter(has_text=LOST)
    expect(lost).to_have_count(2)
    expect(lost.first).to_contain_text("0:01.2")
    expect(lost.first).to_contain_text("to 0:01.6")
    lost.first.click()
    assert moments(page)["dub"]["ms"] == pytest.approx(UNCOVERED[0]["start_ms"], abs=1)
    expect(lost.first).to_have_attribute("aria-current", "true")
    expect(page.locator(".caption .note")).to_contain_text("nothing is dubbed here")
    page.screenshot(path=tmp_path / "review.png", full_page=True)
    page.keyboard.press("ArrowUp")
    expect(page.locator(".caption .target")).to_have_text(lines[0]["target"])


def test_a_line_says_why_it_needs_review(page: Page, ann: ApiUser) -> None:
    job = ann.job(ann.dubbed("pt"))
    link = next(file["url"] for file in job["files"] if file["kind"] == "translation")
    texts = httpx.get(link, verify=NO_TLS).json()
    texts["utterances"][1] |= {"needs_review": True, "review": ["not_translated", "too_fast"]}
    texts["uncovered"] = [{"start_ms": 3_900, "end_ms": 4_400}]
    page.route("**/*translation.json*", lambda route: route.fulfill(json=texts))
    page.goto(f"{ann.harness.url}/#/jobs/{job['id']}")
    expect(page.locator(".compare.ready")).to_be_visible()
    buttons = page.locator(".lines .jump")
    buttons.nth(1).click()
    note = page.locator(".caption .note")
    expect(note).to_contain_text("could not be translated and is spoken as it was said; spoken 1.")
    expect(buttons.last).to_contain_text("Somebody speaks past the end of the recording.")
    buttons.last.click()
    expect(note).to_contain_text("is not heard")

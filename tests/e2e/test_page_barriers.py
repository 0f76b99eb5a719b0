"""The page of a dub in every state of its editor, looked at by axe-core."""

from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.e2e.axe import barriers
from tests.e2e.page_browser import chromium
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ApiHarness, api
from tests.plain_http import NO_TLS

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

VIEWS: tuple[tuple[int, Literal["dark", "light"]], ...] = (
    (1000, "light"), (1000, "dark"), (360, "light"),
)  # fmt: skip


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


def unhindered(page: Page, state: str) -> None:
    """Nothing stands in anybody's way, however the page is shown."""
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert barriers(page) == [], f"{state}, {scheme}, {width} px wide"


def test_axe_finds_a_barrier(page: Page, ann: ApiUser) -> None:
    page.goto(ann.harness.url)
    expect(page.get_by_role("checkbox").first).to_be_attached()
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    (found,) = barriers(page)
    assert found.startswith("button-name: ")


def test_axe_finds_nothing_in_any_state_of_the_editor(page: Page, ann: ApiUser) -> None:
    job_id = ann.dubbed("pt", "es", editable=True)
    link = next(each["url"] for each in ann.job(job_id)["files"] if each["kind"] == "translation")
    texts = httpx.get(link, verify=NO_TLS).json()
    texts["utterances"][0] |= {"needs_review": True, "review": ["too_fast"]}
    texts["uncovered"] = [{"start_ms": 3_900, "end_ms": 4_400}]
    page.route("**/*translation.json*", lambda route: route.fulfill(json=texts))
    page.goto(f"{ann.harness.url}/#/jobs/{job_id}")
    expect(page.locator(".compare.ready")).to_be_visible()
    unhindered(page, "finished")
    page.get_by_role("button", name="Rename").click()
    unhindered(page, "called otherwise")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("d")
    unhindered(page, "looked at")
    page.get_by_role("button", name="Change line 2").click()
    area = page.get_by_label("What line 2 says")
    unhindered(page, "a line open")
    area.fill(" ")
    area.press("Enter")
    expect(page.locator(".line-editor .note")).to_be_visible()
    unhindered(page, "a line refused")
    area.fill("Something else.")
    area.press("Enter")
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(1)
    unhindered(page, "a line changed")
    page.get_by_role("button", name="Make a new version").click()
    expect(page.locator(".revisions .status")).to_have_text("Making version 2…")
    unhindered(page, "a version under way")
    ann.harness.hands.dub(job_id)
    page.get_by_label("Compare with").select_option("Version 1")
    expect(page.get_by_role("button", name="Version 1")).to_be_visible()
    unhindered(page, "two versions compared")
    page.get_by_role("button", name="Change line 1").click()
    page.get_by_label("What line 1 says").fill("And again.")
    page.keyboard.press("Enter")
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(1)
    page.get_by_label("Version", exact=True).select_option("As it was made")
    expect(page.get_by_role("dialog")).to_be_visible()
    unhindered(page, "asked before an earlier version is shown")

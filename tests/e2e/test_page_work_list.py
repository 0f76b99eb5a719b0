"""Lines that are to be looked at, worked off on the web page."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.page_browser import chromium, moments, nameless
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ApiHarness, api
from tests.plain_http import NO_TLS

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


@pytest.fixture
def texts(page: Page, ann: ApiUser) -> dict[str, Any]:
    """A dub whose lines are all too fast and that ends too early, as its page is told; shown."""
    job_id = ann.dubbed("pt", editable=True)
    job = ann.job(job_id)
    link = next(file["url"] for file in job["files"] if file["kind"] == "translation")
    texts: dict[str, Any] = httpx.get(link, verify=NO_TLS).json()
    for line in texts["utterances"]:
        line |= {"needs_review": True, "review": ["too_fast"]}
    texts["uncovered"] = [{"start_ms": 3_900, "end_ms": 4_400}]
    page.route("**/*translation.json*", lambda route: route.fulfill(json=texts))
    shown(page, ann, job_id)
    return texts | {"job": job_id}


def shown(page: Page, ann: ApiUser, job_id: UUID) -> None:
    page.goto(f"{ann.harness.url}/#/jobs/{job_id}")
    expect(page.locator(".compare.ready")).to_be_visible()


def work(page: Page) -> Locator:
    return page.get_by_role("group", name="Lines to look at")


def count(page: Page) -> Locator:
    return work(page).get_by_role("status")


def test_they_are_ticked_off_by_pointer_and_stay_so(
    page: Page, ann: ApiUser, texts: dict[str, Any]
) -> None:
    expect(count(page)).to_have_text("4 lines to look at")
    for _ in range(2):
        work(page).get_by_role("button", name="Next").click()
    assert moments(page)["dub"]["ms"] == pytest.approx(
        texts["utterances"][1]["dub_start_ms"], abs=60
    )
    page.get_by_role("button", name="Line 2 was looked at").click()
    expect(count(page)).to_have_text("3 lines to look at")
    second = page.locator(".lines li").nth(1)
    expect(second.locator(".tag")).to_have_text("Looked at")
    assert nameless(page.locator("body").aria_snapshot()) == []
    page.reload()
    expect(count(page)).to_have_text("3 lines to look at")
    expect(page.get_by_role("button", name="Line 2 was looked at")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Line 2 was looked at").click()
    expect(count(page)).to_have_text("4 lines to look at")


def test_keys_do_the_same_and_leave_out_what_is_done(page: Page, texts: dict[str, Any]) -> None:
    starts = [line["dub_start_ms"] for line in texts["utterances"]]
    page.keyboard.press("d")
    expect(count(page)).to_have_text("4 lines to look at")
    page.keyboard.press("n")
    page.keyboard.press("d")
    expect(count(page)).to_have_text("3 lines to look at")
    page.keyboard.press("n")
    assert moments(page)["dub"]["ms"] == pytest.approx(starts[1], abs=60)
    page.keyboard.press("d")
    page.keyboard.press("Shift+N")
    assert moments(page)["dub"]["ms"] == pytest.approx(3_900, abs=60)
    page.keyboard.press("d")
    page.keyboard.press("n")
    assert moments(page)["dub"]["ms"] == pytest.approx(starts[2], abs=60)
    page.keyboard.press("d")
    expect(count(page)).to_have_text("All 4 lines looked at")
    expect(work(page).get_by_role("button", name="Next")).to_be_disabled()
    expect(page.locator("#news")).to_have_text("Looked at. All 4 lines looked at.")


def test_a_line_that_is_heard_to_its_end_or_changed_is_done(
    page: Page, texts: dict[str, Any]
) -> None:
    page.locator(".lines li").nth(1).get_by_role("button").first.click()
    page.keyboard.press("Space")
    expect(page.locator(".lines li").nth(1).locator(".tag")).to_have_text("Looked at")
    page.keyboard.press("Space")
    left = int(count(page).inner_text().split()[0])
    page.get_by_role("button", name="Change line 1").click()
    page.get_by_label("What line 1 says").fill("Something else, n and d.")
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text(f"{left - 1} lines to look at".replace("1 lines", "1 line"))
    page.get_by_role("button", name="Undo").click()
    expect(count(page)).to_have_text(f"{left} lines to look at")


def test_nothing_is_left_of_a_dub_that_is_deleted(page: Page, texts: dict[str, Any]) -> None:
    page.keyboard.press("n")
    page.keyboard.press("d")
    expect(count(page)).to_have_text("3 lines to look at")
    kept = f"Object.keys(localStorage).filter((key) => key.includes('{texts['job']}')).length"
    assert page.evaluate(kept) == 1
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Dub a recording")).to_be_visible()
    assert page.evaluate(kept) == 0

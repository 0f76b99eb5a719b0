"""A dub shared from its page: whoever has the link hears it, and finds nothing else there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.e2e.axe import barriers
from tests.e2e.page_browser import chromium, visit
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ApiHarness, api

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

VIEWS = ((1000, "light"), (1000, "dark"), (360, "light"), (360, "dark"))


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


def unhindered(page: Page) -> None:
    """Nothing stands in anybody's way, however the page is shown."""
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert barriers(page) == [], f"{scheme}, {width} px wide"


def test_a_shared_dub_is_heard_by_somebody_without_an_account(
    page: Page, ann: ApiUser, browser: Browser
) -> None:
    job_id = ann.dubbed("pt", title="Übung <b>1</b>")
    page.goto(f"{ann.harness.url}/#/jobs/{job_id}")
    page.get_by_text("Let others hear it").click()
    page.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("The link, shown only now")
    expect(address).to_be_focused()
    expect(page.get_by_role("list", name="Links").get_by_role("listitem")).to_have_count(1)
    unhindered(page)

    context = browser.new_context()
    theirs = visit(context, ann.harness.url)
    theirs.page.goto(address.input_value())
    expect(theirs.page.get_by_role("heading")).to_have_text("Übung <b>1</b>")
    theirs.page.wait_for_function("() => document.querySelector('audio').readyState >= 2")
    theirs.page.evaluate("document.querySelector('audio').play()")
    expect(theirs.page.locator(".spoken")).not_to_be_empty()
    expect(theirs.page.get_by_role("link")).to_have_count(0)
    kinds = "document.querySelector('audio').controlsList.contains('nodownload')"
    assert theirs.page.evaluate(kinds)
    assert theirs.page.evaluate("localStorage.length") == 0
    unhindered(theirs.page)

    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("list", name="Links")).to_be_hidden()
    expect(address).to_be_hidden()
    theirs.page.reload()
    expect(theirs.page.get_by_role("alert")).to_contain_text("plays nothing any more")
    unhindered(theirs.page)
    theirs.page.goto(f"{ann.harness.url}/shared")
    expect(theirs.page.get_by_role("alert")).to_contain_text("not complete")
    theirs.check()
    context.close()


def test_what_is_played_goes_on_at_a_fresh_address(page: Page, ann: ApiUser) -> None:
    job_id = ann.dubbed("pt")
    path = f"/api/jobs/{job_id}/languages/pt/shares"
    link = ann.http.post(path, json={}).json()["url"]
    asked: list[str] = []

    def over_at_first(route: Route) -> None:
        if len(asked) < 2:
            route.abort()
        else:
            route.continue_()

    def note(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_()

    page.route("**/api/shared/*", note)
    page.route("**/storage/**", over_at_first)
    page.goto(link)
    page.wait_for_function("() => document.querySelector('audio')?.readyState >= 2")
    assert len(asked) == 2

"""A program that is told of dubs: added on the page, tried out, and removed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.axe import barriers
from tests.e2e.page_browser import chromium
from tests.integration.alerts.receiving import hook
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ApiHarness, api

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

VIEWS = ((1000, "light"), (1000, "dark"), (360, "light"), (360, "dark"))


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api"), webhook_private_addresses=True) as harness:
        add_page(harness.app)
        yield harness


def test_a_program_is_added_tried_out_and_removed(page: Page, ann: ApiUser) -> None:
    page.goto(ann.harness.url)
    page.get_by_text("Tell a program").click()
    address = page.get_by_label("Its address")
    address.fill("ftp://example.org/")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".webhooks").get_by_role("alert")).to_contain_text("Nothing is sent")
    with hook() as received:
        address.fill(received.url)
        page.get_by_role("button", name="Add").click()
        secret = page.get_by_label("signed with, shown only now")
        expect(secret).to_have_value(re.compile("^whsec_"))
        expect(secret).to_be_focused()
        page.get_by_role("button", name="Try it").click()
        expect(page.locator(".webhooks li")).to_contain_text("It was taken")
        assert len(received.requests) == 1
        for width, scheme in VIEWS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert barriers(page) == [], f"{scheme}, {width} px wide"
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_role("list", name="Addresses that are told")).to_be_hidden()
        expect(secret).to_be_hidden()
    assert ann.http.get("/api/webhooks").json() == []

"""Lines of a dub put right on the web page, and the dub made anew."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.page_browser import chromium, heard_of, moments, nameless, signed_in
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ApiHarness, api
from tests.integration.api.test_line_edits import lines

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
def job_id(ann: ApiUser) -> UUID:
    return ann.dubbed("pt", "es", editable=True)


def shown(page: Page, ann: ApiUser, job_id: UUID) -> None:
    page.goto(f"{ann.harness.url}/#/jobs/{job_id}")
    expect(page.locator(".compare.ready")).to_be_visible()


def typed(page: Page, number: int, text: str) -> None:
    page.get_by_role("button", name=f"Change line {number}").click()
    area = page.get_by_label(f"What line {number} says")
    expect(area).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    expect(area).to_have_value(text)


def status(page: Page) -> str:
    return page.locator(".revisions .status").inner_text()


def test_a_line_is_put_right_and_taken_back(page: Page, ann: ApiUser, job_id: UUID) -> None:
    shown(page, ann, job_id)
    before = page.locator(".lines li").nth(1).locator("[lang=pt]").inner_text()
    typed(page, 2, "Something else.")
    assert nameless(page.locator("body").aria_snapshot()) == []
    page.keyboard.press("Enter")
    second = page.locator(".lines li").nth(1)
    expect(second.locator(".tag")).to_have_text("Changed")
    expect(second).to_contain_text("Something else.")
    expect(page.get_by_role("button", name="Change line 2")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(second).to_contain_text(before)
    expect(second.locator(".tag", has_text="Changed")).to_have_count(0)
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(".revisions .status")).to_contain_text("1 line changed.")

    page.get_by_role("button", name="Make a new version").click()
    expect(page.locator(".revisions .status")).to_have_text("Making version 2…")
    ann.harness.hands.dub(job_id)
    expect(page.locator(".revisions .status")).to_have_text("")
    expect(second.locator(".tag", has_text="Changed")).to_have_count(0)
    expect(page.locator(".caption .target")).to_have_text("Something else.")
    versions = page.get_by_label("Version")
    expect(versions.locator("option")).to_have_text(["As it was made", "Version 2, 1 line changed"])
    compared_by_ear(page)
    versions.select_option("As it was made")
    expect(page.locator(".revisions .status")).to_have_text("Making version 1…")
    ann.harness.hands.dub(job_id)
    expect(second).to_contain_text(before)
    assert moments(page)["dub"]["ms"] >= 0


def compared_by_ear(page: Page) -> None:
    """Both versions are heard at the same moment, one or the other."""
    at_ms = moments(page)["dub"]["ms"]
    page.get_by_label("Compare with").select_option("Version 1")
    sources = page.get_by_role("group", name="What you hear")
    expect(sources.get_by_role("button", name="Version 1")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".now").click()
    page.keyboard.press("4")
    expect(sources.get_by_role("button", name="Version 1")).to_have_attribute(
        "aria-pressed", "true"
    )
    heard = heard_of(moments(page))
    assert (heard["name"], heard["ms"]) == ("other", pytest.approx(at_ms, abs=1))
    sources.get_by_role("button", name="Dub").click()
    assert heard_of(moments(page))["name"] == "dub"


def test_what_is_typed_survives_a_reload_and_escape_leaves_it(
    page: Page, ann: ApiUser, job_id: UUID
) -> None:
    shown(page, ann, job_id)
    typed(page, 3, "Half a thou")
    page.reload()
    expect(page.get_by_label("What line 3 says")).to_have_value("Half a thou")
    page.get_by_label("What line 3 says").press("Escape")
    expect(page.locator(".line-editor")).to_have_count(0)
    page.reload()
    expect(page.locator(".compare.ready")).to_be_visible()
    expect(page.locator(".line-editor")).to_have_count(0)


def test_another_window_is_told(page: Page, browser: Browser, ann: ApiUser, job_id: UUID) -> None:
    shown(page, ann, job_id)
    token = ann.harness.token(ann.id, "ann@example.org")
    with signed_in(browser, ann.harness.url, token) as other:
        shown(other, ann, job_id)
        typed(other, 1, "Theirs.")
        other.keyboard.press("Enter")
        expect(other.locator(".lines .tag", has_text="Changed")).to_have_count(1)
    typed(page, 2, "Mine.")
    page.keyboard.press("Enter")
    expect(page.locator(".line-editor .note")).to_contain_text("changed in another window")
    expect(page.locator(".lines li").first).to_contain_text("Theirs.")
    page.get_by_label("What line 2 says").press("Enter")
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(2)


def test_a_version_that_fails_says_why_and_the_dub_stays(
    page: Page, ann: ApiUser, job_id: UUID
) -> None:
    shown(page, ann, job_id)
    typed(page, 1, "Something else.")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Make a new version").click()
    expect(page.locator(".revisions .status")).to_have_text("Making version 2…")
    with page.expect_response("**/cancel"):
        page.get_by_role("button", name="Cancel").click()
    ann.harness.hands.dub(job_id)
    expect(page.locator(".revisions .note")).to_have_text(
        "No new version was made. It was cancelled."
    )
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(1)
    expect(page.locator(".pill")).to_have_text("Done")


def test_each_language_has_its_own(page: Page, ann: ApiUser, job_id: UUID) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    shown(page, ann, job_id)
    typed(page, 1, "Something else.")
    page.get_by_label("Voice", exact=True).select_option(index=1)
    page.get_by_label("Begins").select_option("0.2 s later")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(1)
    page.get_by_role("button", name="Spanish").click()
    expect(page.locator(".lines [lang=es]").first).to_be_visible()
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(0)
    told = ann.http.get(f"/api/jobs/{job_id}/languages/pt/lines").json()["lines"][0]["edit"]
    assert (told["text"], told["shift_ms"]) == ("Something else.", 200)
    assert told["voice"]


def test_a_dub_that_was_not_kept_has_no_pens(page: Page, ann: ApiUser) -> None:
    shown(page, ann, ann.dubbed("pt"))
    expect(page.locator(".lines li").first).to_be_visible()
    expect(page.locator(".lines .pen")).to_have_count(0)
    expect(page.locator(".revisions")).to_be_hidden()


def test_a_dub_is_renamed_and_found(page: Page, ann: ApiUser, job_id: UUID) -> None:
    for number in range(5):
        ann.queued("pt", title=f"Talk {number}")
    shown(page, ann, job_id)
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_label("What this dub is called")
    expect(field).to_be_focused()
    field.fill("Something <else>")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Something <else>")).to_be_visible()
    expect(page.get_by_role("button", name="Rename")).to_be_focused()
    page.get_by_role("link", name="New dub").click()
    listed = page.locator(".jobs li")
    expect(listed).to_have_count(6)
    search = page.get_by_label("Find a dub by its title")
    search.fill("SOMETHING")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("Something <else>")
    search.fill("nothing")
    expect(page.get_by_text("No dub is called so: nothing")).to_be_visible()
    search.fill("")
    expect(listed).to_have_count(6)


def test_lines_are_cut_joined_and_not_said(page: Page, ann: ApiUser, job_id: UUID) -> None:
    shown(page, ann, job_id)
    rows = page.locator(".lines li")
    expect(rows).to_have_count(3)
    texts = [line["spoken"] for line in lines(ann, job_id)["lines"]]
    cuts = "Cut, join, or put right what was said"

    def opened(number: int) -> None:
        page.get_by_role("button", name=f"Change line {number}", exact=True).click()
        page.get_by_text(cuts).click()

    opened(1)
    area = page.get_by_label("What line 1 says")
    at = texts[0].index(" all")
    area.evaluate("(area, at) => area.setSelectionRange(at, at)", at)
    assert nameless(page.locator("body").aria_snapshot()) == []
    page.get_by_role("button", name="Split at the cursor").click()
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text(texts[0][at:])
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text(texts[0])
    page.get_by_role("button", name="Redo").click()
    expect(rows).to_have_count(4)

    opened(4)
    page.get_by_role("button", name="Do not say it").click()
    expect(rows.nth(3)).to_contain_text("Not said")
    opened(1)
    page.get_by_role("button", name="Keep the original here").click()
    expect(rows.nth(0)).to_contain_text("The original")
    opened(3)
    page.get_by_label("What was said", exact=True).fill("This is a long talk.")
    page.get_by_role("button", name="Save").click()
    expect(rows.nth(2)).to_contain_text("To be translated")
    page.get_by_role("button", name="Make a new version").click()
    expect(page.locator(".revisions .status")).to_have_text("Making version 2…")
    ann.harness.hands.dub(job_id)
    expect(page.locator(".revisions .status")).to_have_text("")
    expect(rows).to_have_count(3)
    expect(rows.nth(2)).to_contain_text("pt:This is a long talk.")
    expect(rows.nth(1)).to_contain_text(texts[0][at:])
    expect(rows.nth(0)).to_contain_text("The original")
    page.get_by_role("button", name="Change line 1", exact=True).click()
    page.get_by_role("button", name="Dub it again").click()
    expect(rows.nth(0)).to_contain_text("Changed")

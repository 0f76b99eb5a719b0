"""One line on the web page: heard before it is kept, moved, and its person's voice."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from tests import waiting
from tests.e2e.page_browser import chromium
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ApiHarness, api

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

LENGTH_MS = 4000
"""Of the recording that everybody sends."""
WAITING = "select 1 from ytdubber.line_previews where stage in ('waiting', 'sent')"


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


@pytest.fixture
def job_id(ann: ApiUser) -> UUID:
    return ann.dubbed("pt", editable=True)


def opened(page: Page, ann: ApiUser, job_id: UUID, number: int) -> None:
    """The editor of a line."""
    page.goto(f"{ann.harness.url}/#/jobs/{job_id}")
    expect(page.locator(".compare.ready")).to_be_visible()
    page.get_by_role("button", name=f"Change line {number}").click()


def dragged(page: Page, bar: Locator, by: float) -> None:
    """So many pixels to the right."""
    bar.scroll_into_view_if_needed()
    where = bar.bounding_box()
    assert where
    x, y = where["x"] + where["width"] / 2, where["y"] + where["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y)
    page.mouse.up()


def line(ann: ApiUser, job_id: UUID, number: int) -> Any:
    return ann.http.get(f"/api/jobs/{job_id}/languages/pt/lines").json()["lines"][number - 1]


def test_a_line_is_heard_before_it_is_kept(page: Page, ann: ApiUser, job_id: UUID) -> None:
    page.add_init_script(
        "HTMLMediaElement.prototype.play = function () {"
        " (window.played ??= []).push(this.src); return Promise.resolve(); }"
    )
    opened(page, ann, job_id, 2)
    page.get_by_label("What line 2 says").fill("Quite another text.")
    with page.expect_response("**/lines/2/preview") as answer:
        page.keyboard.press("Shift+Enter")
        waiting.until(lambda: bool(ann.harness.rows(WAITING)))
        ann.harness.hands.speak_lines()
    made = answer.value.json()
    assert made["text"] == "Quite another text."
    expect(page.locator(".line-editor p[role=status]")).to_contain_text("It takes 1.")
    assert page.evaluate("window.played") == [made["url"]]
    assert line(ann, job_id, 2)["edit"]["text"] is None
    page.get_by_label("What line 2 says").fill(" ")
    page.get_by_role("button", name="Hear it").click()
    expect(page.locator(".line-editor .note")).to_contain_text("A line says something.")


def test_what_costs_has_its_price_beside_it_before_it_is_asked_for(
    page: Page, ann: ApiUser, job_id: UUID
) -> None:
    def quote(route: Any) -> None:
        told = route.fetch().json()
        if told["spoken"]:
            told["total"] = {"low_usd": 0.01, "high_usd": 0.02}
        route.fulfill(json=told | {"unpriced": []})

    page.route("**/quote", quote)
    opened(page, ann, job_id, 2)
    hearing, version = page.locator(".line-editor .price"), page.locator(".revisions .price")
    page.get_by_label("What line 2 says").fill("Quite another text.")
    expect(hearing).to_have_text("Hearing it: vendors charge up to $0.02.")
    expect(version).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(version).to_have_text("A new version: vendors charge up to $0.02.")
    page.get_by_role("button", name="Undo").click()
    expect(version).to_be_hidden()
    page.get_by_role("button", name="Add languages").click()
    page.locator("label.chip", has_text="Spanish").click()
    expect(page.locator("form.new-dub .price")).to_be_hidden()
    page.unroute("**/quote")
    asked = {"total": {"low_usd": 0.12, "high_usd": 0.31}, "credit_cents": 0, "unpriced": []}
    page.route("**/quote", lambda route: route.fulfill(json=asked))
    page.locator("label.chip", has_text="Portuguese").click()
    expect(page.locator("form.new-dub .price")).to_have_text("Vendors charge $0.12 to $0.31.")


def test_a_line_is_moved_by_keys_and_by_hand_and_snaps_to_its_original(
    page: Page, ann: ApiUser, job_id: UUID
) -> None:
    opened(page, ann, job_id, 2)
    bar = page.get_by_role("slider", name="Start of line 2")
    bar.press("ArrowRight")
    bar.press("ArrowRight")
    bar.press("Shift+ArrowLeft")
    expect(bar).to_have_attribute("aria-valuenow", "90")
    expect(page.get_by_label("Begins")).to_have_value("90")
    page.get_by_label("Begins").select_option("0.2 s later")
    expect(bar).to_have_attribute("aria-valuenow", "200")
    dragged(page, bar, -60)
    earlier = bar.get_attribute("aria-valuenow")
    assert earlier
    assert int(earlier) < 0
    under = page.get_by_role("slider", name="Line 2 under the waves")
    expect(under).to_have_attribute("aria-valuenow", str(bar.get_attribute("aria-valuenow")))
    dragged(page, under, 40)
    later = bar.get_attribute("aria-valuenow")
    assert later
    assert int(later) > int(earlier)
    expect(page.get_by_label("Begins")).to_have_value(later)
    under.press("Home")
    expect(page.get_by_label("Begins")).to_have_value("0")
    dragged(page, under, 3)
    expect(bar).to_have_attribute("aria-valuenow", "0")
    begins, canvas = under.bounding_box(), page.locator("canvas.wave").bounding_box()
    assert begins
    assert canvas
    told = line(ann, job_id, 2)
    at = canvas["x"] + canvas["width"] * told["source_start_ms"] / LENGTH_MS
    assert begins["x"] == pytest.approx(at, abs=2), "it is where the waves have it"
    bar.press("ArrowLeft")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(1)
    expect(page.locator(".wave-lane")).to_be_hidden()
    assert line(ann, job_id, 2)["edit"]["shift_ms"] == -50


def test_a_voice_is_given_to_all_lines_of_a_person_and_offered_first_the_next_time(
    page: Page, ann: ApiUser, job_id: UUID
) -> None:
    def people(route: Any) -> None:
        answer = route.fetch()
        told = answer.json()
        for each, speaker in zip(told["lines"], "ABA", strict=True):
            each["speaker"] = speaker
        route.fulfill(response=answer, json=told)

    page.route("**/languages/pt/lines", people)
    opened(page, ann, job_id, 1)
    voice = page.get_by_label("Voice", exact=True)
    expect(voice.locator("option")).not_to_have_count(1)
    voice.select_option(index=1)
    chosen = voice.input_value()
    page.get_by_label("This voice for all 2 lines of speaker A").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(2)
    voices = [line(ann, job_id, number)["edit"]["voice"] for number in (1, 2, 3)]
    assert voices == [chosen, None, chosen]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(0)
    page.get_by_role("button", name="Change line 2").click()
    last = page.locator("#line-2-voice optgroup[label='Chosen last'] option")
    expect(last).to_have_attribute("value", chosen)

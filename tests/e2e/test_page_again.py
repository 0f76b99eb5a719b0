"""A dub on the web page that did not come out, or is to have more languages, and what is chosen for
it; made by engines that need no model.
"""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.e2e.page_browser import TOKEN, chromium, visit
from tests.integration.api.api_user import ApiUser, voice
from tests.integration.api.harness import ApiHarness, api

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

FAIL = """UPDATE ytdubber.language_tasks
    SET stage = 'failed', error_code = 'vendor_unavailable', error_message = :message
    WHERE job_id = :job AND language = :language"""
NAMES = {
    "pt": "Portuguese",
    "es": "Spanish",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "hi": "Hindi",
    "ar": "Arabic",
}


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A recording as it lies on a disk."""
    file = tmp_path / "talk.wav"
    file.write_bytes(voice())
    return file


def start(page: Page, ann: ApiUser) -> None:
    page.goto(ann.harness.url)
    expect(page.locator("label.chip").first).to_be_visible()


def chosen(page: Page) -> list[str]:
    return [each.strip() for each in page.locator("label.chip:has(:checked)").all_inner_texts()]


def sent(page: Page) -> str:
    """Press the button; the id of the job it made."""
    page.locator(".go .primary").click()
    expect(page.locator("article.job h1")).to_be_visible()
    return str(page.url.rpartition("/")[2])


def announced(page: Page) -> list[Any]:
    """What the page will have announced."""
    bodies: list[Any] = []

    def note(route: Route) -> None:
        bodies.append(route.request.post_data_json)
        route.continue_()

    page.route("**/api/jobs/upload-urls", note)
    return bodies


def test_a_cancelled_dub_is_tried_again_as_it_was(page: Page, ann: ApiUser, talk: Path) -> None:
    bodies = announced(page)
    start(page, ann)
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    page.locator("label.chip", has_text="Portuguese").click()
    page.locator("label.chip", has_text="French").click()
    page.get_by_text("Voices and options").click()
    page.get_by_label("Names and terms").fill("Ytdubber")
    sent(page)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".zone strong").first).to_have_text("talk.wav")
    expect(page.locator(".note.again")).to_contain_text("Its recording is in place")
    assert sorted(chosen(page)) == ["French", "Portuguese"]
    sent(page)
    first, second = bodies
    assert first | {"title": "talk.wav"} == second


def test_what_failed_is_tried_again_after_a_reload(page: Page, ann: ApiUser, talk: Path) -> None:
    job = ann.queued("pt", "fr", title="Übung und Gespräch")
    ann.harness.rows(FAIL, job=job, language="fr", message="Nothing speaks.")
    ann.harness.hands.dub(job)
    page.goto(f"{ann.harness.url}/#/jobs/{job}")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".note.again")).to_contain_text(
        "“Übung und Gespräch” again. Choose its recording"
    )
    expect(page.locator("label.chip:has(:checked)")).to_have_text("French")
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    made = ann.job(UUID(sent(page)))
    assert (made["title"], made["target_languages"]) == ("Übung und Gespräch", ["fr"])


def test_languages_are_added_to_a_dub(page: Page, ann: ApiUser, talk: Path) -> None:
    job = ann.dubbed("pt")
    page.goto(f"{ann.harness.url}/#/jobs/{job}")
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    page.get_by_role("button", name="Add languages").click()
    expect(page.locator(".note.again")).to_contain_text("Choose the languages to add")
    expect(page.locator("label.chip:has(:checked)")).to_have_count(0)


def test_a_refused_recording_leaves_no_entry(page: Page, ann: ApiUser, tmp_path: Path) -> None:
    broken = tmp_path / "talk.wav"
    broken.write_bytes(b"this is no sound" * 100)
    start(page, ann)
    page.get_by_label("Voice file", exact=True).set_input_files(broken)
    page.locator("label.chip", has_text="Portuguese").click()
    with page.expect_response(lambda each: each.request.method == "DELETE"):
        page.locator(".go .primary").click()
    expect(page.locator(".zone-place").first).to_contain_text("not a sound or video file")
    assert ann.list() == []


def test_dubs_without_a_result_are_cleared(page: Page, ann: ApiUser) -> None:
    kept = ann.dubbed("pt")
    for _ in range(2):
        ann.http.post(f"/api/jobs/{ann.queued('pt')}/cancel")
    ann.harness.hands.dub(kept)
    start(page, ann)
    page.get_by_role("button", name="Clear 2 without a result").click()
    page.get_by_role("dialog").get_by_role("button", name="Clear").click()
    expect(page.locator(".jobs li")).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("^Clear"))).to_be_hidden()
    assert [each["id"] for each in ann.list()] == [str(kept)]


def test_each_language_has_its_voices_to_choose(page: Page, ann: ApiUser, talk: Path) -> None:
    bodies = announced(page)
    start(page, ann)
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    for name in ("Spanish", "Portuguese", "French"):
        page.locator("label.chip", has_text=name).click()
    page.get_by_text("Voices and options").click()
    voices = page.get_by_role("group", name="Voices")
    offered = voices.get_by_label("Spanish").locator("optgroup option")
    known = {each["code"]: each["voices"] for each in ann.http.get("/api/languages").json()}
    ids = offered.evaluate_all("all => all.map((each) => each.value)")
    assert {each["id"] for each in known["es"]} <= set(ids)
    voices.get_by_label("Spanish").select_option(known["es"][-1]["id"])
    voices.get_by_label("All languages").select_option("female")
    page.locator("label.chip", has_text="French").click()
    expect(voices.get_by_label("French")).to_have_count(0)
    sent(page)
    female = {"pt": "female"} if any(v["gender"] == "female" for v in known["pt"]) else {}
    assert bodies[0]["voices"] == {"es": known["es"][-1]["id"]} | female


def test_files_are_saved_under_the_recordings_name(page: Page, ann: ApiUser) -> None:
    page.goto(f"{ann.harness.url}/#/jobs/{ann.dubbed('pt', title='Übung – 1.wav')}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download Portuguese: Full mix MP3").click()
    assert download.value.suggested_filename == "Übung – 1.pt.mix.mp3"


def test_many_languages_keep_their_order_in_rows(page: Page, ann: ApiUser) -> None:
    """Whichever is finished first: as the dub was asked for."""
    shown = ann.job(ann.dubbed("pt", background=False))
    given = [
        shown["languages"][0] | {"languageCode": code, "languageName": name}
        for code, name in NAMES.items()
    ]
    files = [
        [file | {"language": code, "id": f"{code}{at}"} for at, file in enumerate(shown["files"])]
        for code in NAMES
    ]
    job = shown | {"languages": given, "finished_at": None, "stage": "dubbing"}
    some = job | {"files": [*files[4], *files[7]]}
    every = shown | {"languages": given, "files": [file for each in files for file in each]}
    answers = iter((some,))
    page.route("**/api/jobs/*", lambda route: route.fulfill(json=next(answers, every)))
    page.route(
        "**/events",
        lambda route: route.fulfill(body=_event(some) + _event(every) + "event: end\ndata: {}\n\n"),
    )
    page.goto(f"{ann.harness.url}/#/jobs/{shown['id']}")
    tabs = page.get_by_role("group", name="Language", exact=True).get_by_role("button")
    expect(tabs).to_have_text(list(NAMES.values()))
    expect(tabs.nth(4)).to_have_attribute("aria-pressed", "true")
    boxes = [tabs.nth(at).bounding_box() for at in range(len(NAMES))]
    widths = {round(box["width"]) for box in boxes if box}
    assert max(widths) - min(widths) <= 1


def test_what_several_languages_share_is_said_once_and_time_goes_on(
    page: Page, ann: ApiUser
) -> None:
    said = "Deepgram could not do it: no credit is left there."
    job = ann.queued("pt", "fr", "es")
    for language in ("pt", "fr"):
        ann.harness.rows(FAIL, job=job, language=language, message=said)
    shown = ann.job(job)
    shown["languages"][2] |= {"stage": "dubbing", "estimatedTimeRemaining": 75}
    page.route("**/api/jobs/*", lambda route: route.fulfill(json=shown))
    page.route("**/events", lambda route: route.fulfill(body=_event(shown)))
    page.clock.install()
    page.goto(f"{ann.harness.url}/#/jobs/{job}")
    expect(page.get_by_text(said)).to_have_count(1)
    expect(page.get_by_text(said)).to_have_text(f"Portuguese and French: {said}")
    row = page.locator("li.language", has_text="Spanish")
    expect(row).to_contain_text("about 1 min 1")
    page.clock.run_for(30_000)
    expect(row).to_contain_text(re.compile("about 4[0-5] s left"))


def test_an_error_under_one_box_leaves_its_twin(page: Page, ann: ApiUser) -> None:
    start(page, ann)
    page.locator(".go .primary").click()
    expect(page.locator(".zone-place .note.bad").first).to_be_visible()
    heights = page.locator(".zone").evaluate_all("all => all.map((each) => each.offsetHeight)")
    assert heights[0] == heights[1]


def test_the_dubs_that_are_there_are_one_press_away(page: Page, ann: ApiUser) -> None:
    ann.queued("pt")
    start(page, ann)
    page.get_by_role("button", name="Your dubs").click()
    expect(page.get_by_role("heading", name="Your dubs")).to_be_focused()
    expect(page.locator(".jobs li")).to_be_in_viewport()


def test_a_finished_dub_reads_well_and_shows_no_keys_to_fingers(
    browser: Browser, ann: ApiUser
) -> None:
    """Headings go down by one, a named part has a role, and a link's name holds what is seen."""
    context = browser.new_context(has_touch=True, is_mobile=True)
    token = ann.harness.token(ann.id, "ann@example.org")
    context.add_init_script(f"localStorage.setItem('{TOKEN}', '{token}')")
    page = visit(context, ann.harness.url).page
    page.goto(f"{ann.harness.url}/#/jobs/{ann.dubbed('pt')}")
    expect(page.locator(".compare.ready")).to_be_visible()
    expect(page.locator(".keys")).to_be_hidden()
    headings = page.locator("h1, h2, h3").evaluate_all("all => all.map((each) => +each.tagName[1])")
    assert all(low - high <= 1 for high, low in pairwise(headings))
    expect(page.get_by_role("group", name="The line that is heard")).to_be_attached()
    for link in page.locator("a.file").all():
        assert " ".join(link.inner_text().split()) in (link.get_attribute("aria-label") or "")
    context.close()


def test_what_a_dub_costs_is_said_before_it_is_begun(page: Page, ann: ApiUser, talk: Path) -> None:
    asked: list[Any] = []

    def quote(route: Route) -> None:
        asked.append(route.request.post_data_json)
        total = {"low_usd": 0.12, "high_usd": 0.31}
        given = route.fetch().json()
        route.fulfill(json=given | {"total": total, "credit_cents": 150, "unpriced": []})

    page.route("**/api/jobs/quote", quote)
    start(page, ann)
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    page.locator("label.chip", has_text="Spanish").click()
    price = page.locator(".price")
    expect(price).to_have_text("Takes $1.50 of your credit; vendors charge $0.12 to $0.31.")
    assert (asked[-1]["seconds"], asked[-1]["languages"]) == (4, ["es"])
    page.locator("label.chip", has_text="Spanish").click()
    expect(price).to_be_hidden()


def _event(job: Any) -> str:
    return f"event: job\ndata: {json.dumps(job)}\n\n"

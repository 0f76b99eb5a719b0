"""From the launch link to a dub that was put right and taken away: by pointer in nine actions, and
by keys alone.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.e2e.page_browser import chromium, launched, visit
from tests.e2e.serving import EXAMPLES
from tests.integration.api.api_user import ApiUser, background, voice
from tests.integration.api.harness import ApiHarness, api
from tests.plain_http import NO_TLS

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)


MOST_ACTIONS = 9
LINE, RIGHT = 5, "feito com amor a si mesmo"


class Actions:
    """Counts what a person does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def opens(self, link: str) -> None:
        self.count += 1
        self.page.goto(link)

    def clicks(self, target: Locator) -> None:
        self.count += 1
        target.click()

    def chooses(self, files: list[Path]) -> None:
        """In the system's own window, which one click opens."""
        self.count += 1
        with self.page.expect_file_chooser() as chooser:
            self.page.locator(".zone").first.click()
        chooser.value.set_files(files)

    def writes(self, text: str) -> None:
        self.count += 1
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)


@pytest.mark.models
@pytest.mark.xdist_group("serve")
def test_nine_actions_are_enough(tmp_path: Path, browser: Browser) -> None:
    with launched(tmp_path / "home") as service:
        context = browser.new_context(accept_downloads=True)
        seen = visit(context, service.url)
        page = seen.page
        api_user = Actions(page)
        api_user.opens(service.link)
        api_user.chooses([EXAMPLES / "voice.flac", EXAMPLES / "background.flac"])
        api_user.clicks(page.locator("label.chip", has_text="Portuguese"))
        api_user.clicks(page.get_by_role("button", name="Dub into Portuguese"))
        expect(page.locator(".compare.ready")).to_be_visible()
        api_user.clicks(page.get_by_role("button", name=f"Change line {LINE}"))
        api_user.writes(RIGHT)
        api_user.clicks(page.get_by_role("button", name="Save"))
        api_user.clicks(page.get_by_role("button", name="Make a new version"))
        expect(page.locator(".caption .target")).to_have_text(RIGHT)
        with page.expect_download() as download:
            api_user.clicks(page.locator("a[download]", has_text="Full mix").first)
        assert download.value.path().stat().st_size > 1_000_000
        assert api_user.count <= MOST_ACTIONS
        assert RIGHT in captions(page)
        seen.check()
        context.close()


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


def test_keys_alone_are_enough_at_360_pixels(page: Page, ann: ApiUser, tmp_path: Path) -> None:
    harness = ann.harness
    (tmp_path / "voice.wav").write_bytes(voice())
    (tmp_path / "music.wav").write_bytes(background())
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(harness.url)
    expect(page.get_by_role("checkbox").first).to_be_attached()
    reach(page, "input[type=file]")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([tmp_path / "voice.wav", tmp_path / "music.wav"])
    reach(page, "input[type=checkbox][value=pt]")
    page.keyboard.press("Space")
    reach(page, "summary")
    page.keyboard.press("Enter")
    reach(page, "input[aria-describedby=option-editable-hint]")
    page.keyboard.press("Space")
    expect(page.get_by_label("Keep it for corrections")).to_be_checked()
    reach(page, "button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#/jobs/*")
    job_id = UUID(page.url.rpartition("/")[2])
    expect(page.locator("article.job")).to_be_visible()
    harness.hands.dub(job_id)
    expect(page.locator(".compare.ready")).to_be_visible()
    reach(page, "[aria-label='Change line 2']")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What line 2 says")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("Put right.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Change line 2")).to_be_focused()
    reach(page, ".revisions .primary", back=True)
    page.keyboard.press("Enter")
    expect(page.locator(".revisions .status")).to_have_text("Making version 2…")
    harness.hands.dub(job_id)
    expect(page.locator(".caption .target")).to_have_text("Put right.")
    reach(page, "a[download]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.path().stat().st_size > 0
    assert "Put right." in captions(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def reach(page: Page, selector: str, *, back: bool = False) -> None:
    """Tab to what the selector means, and no further than the page goes."""
    for _ in range(150):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("(what) => document.activeElement.matches(what)", selector):
            shown = page.evaluate("document.activeElement.matches(':focus-visible')")
            assert shown, f"nothing shows that {selector} has the focus"
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def captions(page: Page) -> str:
    """The captions of the dub that is shown, as its files have them."""
    job = page.evaluate(
        """async () => {
          const headers = { Authorization: `Bearer ${localStorage["ytdubber.access_token"]}` };
          const id = location.hash.split("/").pop();
          return (await fetch(`/api/jobs/${id}`, { headers })).json();
        }"""
    )
    link = next(each["url"] for each in job["files"] if each["format"] == "srt")
    return httpx.get(link, verify=NO_TLS).text.replace("\n", " ")


def test_names_and_terms_are_there_for_the_next_dub(page: Page, ann: ApiUser) -> None:
    page.goto(ann.harness.url)
    page.get_by_text("Voices and options").click()
    terms = page.get_by_label("Names and terms")
    terms.fill("Kokoro\nDjibouti")
    terms.blur()
    page.reload()
    expect(page.get_by_label("Names and terms")).to_have_value("Kokoro\nDjibouti")
    page.get_by_text("Voices and options").click()
    page.get_by_label("Names and terms").fill("")
    page.get_by_label("Names and terms").blur()
    page.reload()
    expect(page.get_by_label("Names and terms")).to_have_value("")

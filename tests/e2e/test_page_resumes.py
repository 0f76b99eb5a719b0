"""Large recordings sent from the web page over a connection that is cut, in a real browser."""

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from playwright.sync_api import Browser, Page, Route, expect
from tests.cut_proxy import CutProxy, cut_proxy
from tests.e2e.page_browser import TOKEN, browsing, chromium, visit
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness, api
from tests.waiting import until

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

MIB = 2**20
SECONDS = 80


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


@pytest.fixture
def ann(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as ann:
        yield ann


@pytest.fixture
def way(harness: ApiHarness) -> Iterator[CutProxy]:
    with cut_proxy(harness.url) as way:
        yield way


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, ann: ApiUser, way: CutProxy) -> Iterator[Page]:
    """The page as it is reached over the way that is cut, with this user signed in."""
    context = browser.new_context()
    token = ann.harness.token(ann.id, "ann@example.org")
    context.add_init_script(f"localStorage.setItem('{TOKEN}', '{token}')")
    seen = visit(context, way.url)
    seen.page.on("dialog", lambda dialog: dialog.accept())
    yield seen.page
    seen.check()
    context.close()


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of some 15 MB."""
    noise = np.random.default_rng(1).normal(0, 0.05, (SECONDS * 48_000, 2))
    content = io.BytesIO()
    sf.write(content, noise.astype(np.float32), 48_000, format="WAV", subtype="PCM_16")
    file = tmp_path_factory.mktemp("talk") / "talk.wav"
    file.write_bytes(content.getvalue())
    assert file.stat().st_size > 12 * MIB
    return file


def sending(page: Page, way: CutProxy, talk: Path) -> None:
    """Begin to send the recording; the connection is cut in its second piece."""
    page.goto(way.url)
    page.locator("label.chip", has_text="Portuguese").click()
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    way.cut_after(9 * MIB)
    page.locator(".go .primary").click()
    expect(page.locator(".go .status")).to_have_text("Connection lost – going on when it is back")
    assert way.is_down


def came(ann: ApiUser) -> list[tuple[object, ...]]:
    return ann.harness.rows(
        "select job_id, sha256 from ytdubber.uploads where user_id = :id", id=ann.id
    )


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_cut_upload_goes_on_by_itself(
    page: Page, ann: ApiUser, way: CutProxy, talk: Path
) -> None:
    sending(page, way, talk)
    bar = page.locator(".zone progress").first
    expect(bar).to_be_visible()
    assert 0.3 < float(bar.evaluate("(bar) => bar.value")) < 1.0
    way.mend()
    expect(page.locator("article.job h1")).to_be_visible()
    ((_, found),) = came(ann)
    assert found == sha256(talk)
    assert way.sent_bytes < 1.5 * talk.stat().st_size


def test_a_page_that_is_loaded_again_goes_on(
    page: Page, ann: ApiUser, way: CutProxy, talk: Path
) -> None:
    sending(page, way, talk)
    way.mend()
    page.goto(f"{way.url}/health")
    before = way.sent_bytes
    page.goto(way.url)
    expect(page.locator(".note.again")).to_contain_text("“talk.wav” was interrupted")
    expect(page.locator("label.chip:has(:checked)")).to_have_text("Portuguese")
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    page.locator(".go .primary").click()
    expect(page.locator("article.job h1")).to_be_visible()
    ((_, found),) = came(ann)
    assert found == sha256(talk)
    assert way.sent_bytes - before < talk.stat().st_size - 5 * MIB
    assert page.evaluate("sessionStorage.length") == 0


def test_a_dub_whose_answer_got_lost_is_not_made_twice(
    page: Page, ann: ApiUser, way: CutProxy, talk: Path
) -> None:
    submitted: list[Route] = []

    def lose(route: Route) -> None:
        """The first submission's answer."""
        if submitted or route.request.method != "POST":
            route.continue_()
            return
        route.fetch()
        submitted.append(route)

    page.route(re.compile("/api/jobs$"), lose)
    page.goto(way.url)
    page.locator("label.chip", has_text="Portuguese").click()
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    with page.expect_request(lambda each: each.method == "POST" and each.url.endswith("/jobs")):
        page.locator(".go .primary").click()
    while not submitted:
        page.wait_for_timeout(50)
    page.goto(f"{way.url}/health")
    page.goto(way.url)
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    page.locator(".go .primary").click()
    expect(page.locator("article.job h1")).to_be_visible()
    assert len(ann.list()) == 1
    assert len(came(ann)) == 1


def test_a_file_over_the_limit_is_told_when_it_is_chosen(
    page: Page, way: CutProxy, talk: Path
) -> None:
    page.route("**/api/limits", lambda route: route.fulfill(json={"upload_bytes": MIB}))
    page.goto(way.url)
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    said = page.locator(".zone-place .note.bad").first
    expect(said).to_contain_text("larger than 1.0 MB")
    expect(said).to_contain_text("FLAC")


def test_what_was_sent_goes_when_it_is_stopped(
    page: Page, ann: ApiUser, way: CutProxy, talk: Path
) -> None:
    sending(page, way, talk)
    way.mend()
    page.get_by_role("button", name="Stop").click()
    ((job, _),) = came(ann)
    media = ann.harness.backend.settings.data / "media"
    until(lambda: not list(media.glob(f"*/{job}.*")))
    assert ann.list() == []
    expect(page.locator(".go .primary")).to_be_visible()

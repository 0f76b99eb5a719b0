"""The web page, used as a person would: signed in by the link, two files dropped, a dub listened to
and taken away.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile as sf
from playwright.sync_api import Browser, Page, Route, expect
from tests.e2e.page_browser import (
    AUDIBLE,
    LOST_MS,
    NOTE_SWITCH,
    TAP,
    TOKEN,
    WATCH_STAGES,
    Launched,
    Visit,
    browsing,
    chromium,
    drop,
    heard_of,
    in_sync,
    launched,
    moments,
    nameless,
    visit,
)
from tests.e2e.serving import EXAMPLES
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

pytestmark = [
    pytest.mark.models,
    pytest.mark.xdist_group("serve"),
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium to open the page with"),
]

VOICE, BACKGROUND = EXAMPLES / "voice.flac", EXAMPLES / "background.flac"
BOTH = [str(BACKGROUND), str(VOICE)]
TITLE = "<img src=x onerror=\"document.title='broken'\"> & Söhne"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    with launched(tmp_path_factory.mktemp("page") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="module")
def first(service: Launched, browser: Browser) -> Iterator[Visit]:
    """The page that the launch link opened, with a dub made in it; nothing ever reloads it."""
    context = browser.new_context(accept_downloads=True)
    seen = visit(context, service.url)
    page = seen.page
    page.goto(service.link)
    page.evaluate(TAP)
    drop(page, "Background", BACKGROUND, VOICE)
    choose(page, "Portuguese")
    page.evaluate(WATCH_STAGES)
    page.get_by_role("button", name="Dub into Portuguese").click()
    expect(page.locator("article.job .pill")).to_have_text("Done")
    expect(page.locator(".compare.ready")).to_be_visible()
    yield seen
    context.close()


@pytest.fixture
def dub(first: Visit) -> Iterator[Page]:
    """That page at its dub, stopped at the start."""
    page = first.page
    open_job(page, job_id(page))
    expect(page.locator(".compare.ready")).to_be_visible()
    yield page
    first.check()


@pytest.fixture
def token(first: Visit) -> str:
    return str(first.page.evaluate(f"localStorage.getItem('{TOKEN}')"))


@pytest.fixture
def api(service: Launched, token: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(
        verify=NO_TLS, base_url=service.url, headers=headers, timeout=PATIENCE_S
    ) as client:
        yield client


@pytest.fixture
def page(service: Launched, browser: Browser, token: str) -> Iterator[Page]:
    """Another page, signed in, at the start."""
    context = browser.new_context()
    context.add_init_script(f"localStorage.setItem('{TOKEN}', {json.dumps(token)})")
    seen = visit(context, service.url)
    seen.page.goto(service.url)
    expect(seen.page.get_by_role("checkbox").first).to_be_attached()
    yield seen.page
    seen.check()
    context.close()


def job_id(page: Page) -> str:
    """The dub this page made first, wherever it is now."""
    made = page.evaluate("window.made ??= location.hash.split('/').pop()")
    return str(made)


def open_job(page: Page, job: str) -> None:
    page.evaluate("location.hash = '#/'")
    expect(page.get_by_role("heading", name="Dub a recording")).to_be_visible()
    page.evaluate(f"location.hash = '#/jobs/{job}'")


def choose(page: Page, language: str) -> None:
    page.locator("label.chip", has_text=language).click()


def announce(api: httpx.Client, title: str) -> str:
    """Submit the example; returns the job's id."""
    asked = {"languages": ["pt"], "voice_track_name": "voice.flac", "title": title}
    made = api.post("/api/jobs/upload-urls", json=asked).raise_for_status().json()
    headers = {"Content-Type": "audio/flac"}
    link = made["upload_urls"]["voice_track"]
    httpx.put(link, content=VOICE.read_bytes(), headers=headers, verify=NO_TLS).raise_for_status()
    api.post("/api/jobs", json={"job_id": made["job_id"]}).raise_for_status()
    return str(made["job_id"])


def test_the_link_signs_in_and_leaves_the_address_bar(first: Visit, service: Launched) -> None:
    assert first.page.url.startswith(f"{service.url}/#/jobs/")
    assert "code" not in first.page.evaluate("location.href + JSON.stringify(history.state)")
    first.check()


def test_a_used_link_says_what_to_do(first: Visit, service: Launched, browser: Browser) -> None:
    context = browser.new_context()
    seen = visit(context, service.url)
    seen.page.goto(service.link)
    expect(seen.page.get_by_role("heading", name="Open your launch link")).to_be_visible()
    expect(seen.page.get_by_role("alert")).to_contain_text("has been used or is too old")
    assert seen.page.url == f"{service.url}/"
    assert nameless(seen.page.locator("body").aria_snapshot()) == []
    seen.page.get_by_label("Token").fill("no token")
    seen.page.keyboard.press("Enter")
    expect(seen.page.get_by_role("alert")).to_contain_text("not signed in")
    seen.page.get_by_label("Token").fill(first.page.evaluate(f"localStorage.getItem('{TOKEN}')"))
    seen.page.get_by_role("button", name="Sign in").click()
    expect(seen.page.get_by_role("heading", name="Dub a recording")).to_be_visible()
    context.close()


def test_a_token_that_is_none_leads_back_to_the_link(page: Page) -> None:
    page.evaluate(f"localStorage.setItem('{TOKEN}', 'no token')")
    page.evaluate("location.hash = '#/jobs/00000000-0000-4000-8000-000000000000'")
    expect(page.get_by_role("heading", name="Open your launch link")).to_be_visible()


def test_the_stages_were_seen(first: Visit) -> None:
    seen = first.page.evaluate("window.seen")
    order = ["queued", "stt", "translating", "dubbing", "mixing", "exporting", "complete"]
    assert sorted(seen, key=order.index) == seen
    assert {"stt", "dubbing", "complete"} <= set(seen)


def test_it_plays_and_the_moment_stays(dub: Page) -> None:
    """Original, dub and voice run in step, so that a switch is heard at the same moment."""
    dub.keyboard.press("Space")
    expect(dub.locator(".now")).to_have_text(re.compile("^0:01"))
    for name, key in (("Original", "1"), ("Dub", ""), ("Voice only", "3")):
        before = heard_of(in_sync(dub))
        dub.evaluate(NOTE_SWITCH)
        button = dub.get_by_role("button", name=name, exact=True)
        dub.keyboard.press(key) if key else button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        switched = moments(dub, "window.switched")
        heard, now = switched[before["name"]], heard_of(switched)
        assert heard["name"] != now["name"]
        assert heard["ms"] > before["ms"]
        assert now["ms"] == pytest.approx(heard["ms"], abs=LOST_MS)
        audible = [each == now["name"] for each in ("original", "dub", "voice")]
        dub.wait_for_function(AUDIBLE, arg=audible)
        assert heard_of(in_sync(dub))["ms"] > now["ms"]
    dub.keyboard.press("Space")
    assert all(each["paused"] for each in moments(dub).values())


def test_lines_lead_to_their_moments(dub: Page, api: httpx.Client) -> None:
    files = api.get(f"/api/jobs/{job_id(dub)}").json()["files"]
    link = next(file["url"] for file in files if file["kind"] == "translation")
    lines = httpx.get(link, verify=NO_TLS).json()["utterances"]
    listed = dub.get_by_role("list", name="Lines")
    buttons = listed.locator("li > button:first-child")
    expect(buttons).to_have_count(len(lines))
    expect(listed.get_by_role("button", name="Change line")).to_have_count(len(lines))
    buttons.nth(1).click()
    assert moments(dub)["dub"]["ms"] == pytest.approx(lines[1]["dub_start_ms"], abs=1)
    expect(buttons.nth(1)).to_have_attribute("aria-current", "true")
    expect(dub.locator(".caption .target")).to_have_text(lines[1]["target"])
    expect(dub.locator(".caption .source")).to_have_text(lines[1]["source"])
    dub.keyboard.press("ArrowDown")
    assert moments(dub)["dub"]["ms"] == pytest.approx(lines[2]["dub_start_ms"], abs=1)
    canvas = dub.locator("canvas.wave")
    width = canvas.bounding_box()
    assert width
    canvas.click(position={"x": width["width"] / 2, "y": 20})
    length_s = sf.info(VOICE).duration
    assert moments(dub)["original"]["ms"] == pytest.approx(length_s * 500, abs=100)


def test_downloads_have_the_hashes_of_the_manifest(dub: Page) -> None:
    def fetched(name: str) -> bytes:
        with dub.expect_download() as download:
            dub.get_by_role("link", name=name).click()
        return Path(download.value.path()).read_bytes()

    manifest = json.loads(fetched("Manifest JSON"))
    files = {file["path"]: file["sha256"] for file in manifest["languages"]["pt"]["files"]}
    for name, path in (
        ("Portuguese: Full mix MP3", "pt/mix.mp3"),
        ("Portuguese: Captions SRT", "pt/captions.srt"),
    ):
        assert hashlib.sha256(fetched(name)).hexdigest() == files[path]
    shown = dub.get_by_role("link", name=re.compile("^Download")).count()
    shared = {"transcript": 1, "script": 1, "captions": 2, "manifest": 1}
    assert shown == len(files) + sum(shared.values())


def test_opened_later_the_original_can_be_given_again(page: Page, first: Visit) -> None:
    open_job(page, job_id(first.page))
    expect(page.locator(".compare.ready")).to_be_visible()
    expect(page.get_by_role("button", name="Voice only")).to_be_visible()
    expect(page.get_by_role("button", name="Original")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("The original is not kept here")
    page.get_by_label("choose your files again").set_input_files(BOTH)
    expect(page.get_by_role("button", name="Original")).to_be_visible()
    page.reload()
    expect(page.locator("article.job h1")).to_have_text("voice.flac")


def test_every_control_has_a_name(page: Page, dub: Page) -> None:
    page.get_by_text("Voices and options").click()
    page.get_by_role("button", name=re.compile("Show all")).click()
    page.get_by_label("Voice file", exact=True).set_input_files(BOTH)
    for place in (page, dub):
        assert nameless(place.locator("body").aria_snapshot()) == []
    for role, name in (("slider", "Moment"), ("group", "What you hear")):
        expect(dub.get_by_role(role, name=name)).to_be_visible()  # type: ignore[arg-type]  # a role


def test_it_fits_a_small_screen(page: Page, first: Visit) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_label("Voice file", exact=True).set_input_files(BOTH)
    wide = "document.documentElement.scrollWidth"
    expect(page.locator(".zone-wave").last).to_be_visible()
    assert page.evaluate(wide) == 360
    open_job(page, job_id(first.page))
    expect(page.locator(".compare.ready")).to_be_visible()
    assert page.evaluate(wide) == 360
    row = page.locator("li.language").first
    away = "each => each.textContent = 'waiting for Deepgram since 12:03, tried again at 12:20'"
    row.locator(".far .hint").evaluate(away)
    name, far = row.locator("h2").bounding_box(), row.locator(".percent").bounding_box()
    assert name is not None
    assert far is not None
    assert abs(name["y"] + name["height"] / 2 - far["y"] - far["height"] / 2) < 4, "on one line"


def test_lengths_that_differ_are_told_before_the_upload(page: Page, tmp_path: Path) -> None:
    short = tmp_path / "music.wav"
    sf.write(short, np.zeros(16_000 * 5), 16_000)
    page.get_by_label("Background file", exact=True).set_input_files([str(short), str(VOICE)])
    expect(page.locator(".note.warn")).to_contain_text("do not belong together")
    expect(page.locator(".note.warn")).to_contain_text("voice lasts 0:27.7, the background 0:05.0")
    page.get_by_role("button", name="Swap").click()
    expect(page.locator(".zone strong").first).to_have_text("music.wav")


def test_errors_are_shown_where_they_belong(page: Page, tmp_path: Path) -> None:
    go = page.get_by_role("button", name=re.compile("^Dub"))
    go.click()
    expect(page.locator(".zone-place", has_text="Choose the voice recording first")).to_be_visible()
    broken = tmp_path / "voice.wav"
    broken.write_bytes(b"this is no sound" * 100)
    page.get_by_label("Voice file", exact=True).set_input_files(str(broken))
    go.click()
    expect(page.locator(".languages")).to_contain_text("Choose at least one language")
    page.get_by_label("Find a language").fill("portug")
    page.keyboard.press("Enter")
    go.click()
    place = page.locator(".zone-place", has_text="this is not a sound or video file we can read")
    expect(place.get_by_role("alert")).to_be_visible()
    other = tmp_path / "notes.txt"
    other.write_text("no recording")
    page.get_by_label("Background file", exact=True).set_input_files(str(other))
    go.click()
    place = page.locator(".zone-place", has_text="text/plain cannot be uploaded here")
    expect(place.get_by_label("Background file", exact=True)).to_be_attached()


def test_languages_that_nothing_translates_into_are_greyed(page: Page) -> None:
    spanish = page.locator("label.chip", has_text="Spanish").locator("input")
    portuguese = page.locator("label.chip", has_text="Portuguese").locator("input")
    expect(spanish).to_be_disabled()
    expect(portuguese).to_be_enabled()
    expect(page.locator(".languages")).to_contain_text("Greyed languages have voices here")
    page.get_by_text("Voices and options").click()
    page.get_by_label("Spoken language").select_option("fr")
    expect(portuguese).to_be_disabled()
    page.get_by_label("Spoken language").select_option("en")
    expect(portuguese).to_be_enabled()


def test_a_title_stays_text_and_a_job_can_be_ended(page: Page, api: httpx.Client) -> None:
    resumed: list[str | None] = []

    def break_twice(route: Route) -> None:
        """Not reached at first, then cut off after an event."""
        resumed.append(route.request.headers.get("last-event-id"))
        if len(resumed) == 1:
            route.abort()
        elif len(resumed) == 2:
            route.fulfill(body="id: 1\nevent: stage\ndata: {}\n\nid: 2\nevent: st")
        else:
            route.continue_()

    job = announce(api, TITLE)
    page.route("**/events", break_twice)
    open_job(page, job)
    expect(page.locator("article.job h1")).to_have_text(TITLE)
    expect(page.locator("article.job img")).to_have_count(0)
    expect(page.locator("#banner")).to_contain_text("Trying again")
    with page.expect_response(lambda each: resumed[2:] != [] and each.url.endswith("/events")):
        pass
    expect(page.locator("#banner")).to_be_hidden()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("article.job .pill")).to_have_text("Cancelled")
    page.get_by_role("link", name="New dub").click()
    entry = page.locator(".jobs li", has_text=TITLE)
    expect(entry).to_contain_text("Cancelled")
    entry.get_by_role("link").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".jobs li").first).to_be_visible()
    expect(page.locator(".jobs li", has_text=TITLE)).to_have_count(0)
    assert "broken" not in page.title()
    assert resumed[:3] == [None, None, "1"]


def test_no_network_and_too_many_requests_are_waited_for(page: Page) -> None:
    banner = page.locator("#banner")
    page.context.set_offline(True)
    page.evaluate("location.hash = '#/jobs/00000000-0000-4000-8000-000000000000'")
    expect(banner).to_contain_text("cannot be reached")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="This dub is not here")).to_be_visible()
    expect(banner).to_be_hidden()
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        body = json.dumps({"error": "too_many_requests", "message": "Too many requests."})
        route.fulfill(status=429, body=body, headers={"Retry-After": "1"})

    page.route("**/api/jobs?*", refuse_once)
    page.get_by_role("link", name="Make a new dub").click()
    expect(banner).to_have_text("Too many requests.")
    expect(page.locator(".jobs li").first).to_be_visible()
    expect(banner).to_be_hidden()

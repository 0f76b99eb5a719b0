"""What the page lets a person choose of a dub, as it is asked of the service, and what is wrong
with it, said where it was chosen; by engines that need no model.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from tests.e2e.axe import barriers
from tests.e2e.page_browser import chromium
from tests.integration.api.api_user import ApiUser, voice
from tests.integration.api.harness import ApiHarness, api

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

SRT = "1\n00:00:00,300 --> 00:00:01,200\nOlá a todos.\n"
VIEWS = ((1000, "light"), (1000, "dark"), (360, "light"), (360, "dark"))


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


@pytest.fixture
def form(page: Page, ann: ApiUser, tmp_path: Path) -> Page:
    """A film and two languages chosen, and everything that can be chosen shown."""
    film = tmp_path / "talk.mp4"
    film.write_bytes(voice())  # its name is what tells the page that it is a film
    page.goto(ann.harness.url)
    page.get_by_label("Voice file", exact=True).set_input_files(film)
    for name in ("Portuguese", "Spanish"):
        page.locator("label.chip", has_text=name).click()
    page.get_by_text("Voices and options").click()
    page.get_by_text("More", exact=True).click()
    return page


def announced(page: Page) -> list[Any]:
    """What the page announces, none of which reaches the service."""
    bodies: list[Any] = []
    body = {"error": "bad_field", "message": "languages: none today."}

    def note(route: Route) -> None:
        bodies.append(route.request.post_data_json)
        route.fulfill(status=400, json=body)

    page.route("**/api/jobs/upload-urls", note)
    return bodies


def text(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def go(page: Page) -> None:
    page.locator(".go .primary").click()


def field(page: Page, label: str) -> Locator:
    return page.locator(".field", has=page.get_by_label(label, exact=True)).last


def test_a_dub_is_asked_for_as_it_comes(form: Page) -> None:
    bodies = announced(form)
    go(form)
    expect(form.locator(".languages .note.bad")).to_be_visible()
    (body,) = bodies
    del body["voice_track"]
    assert body == {
        "languages": ["es", "pt"],
        "voice_track_name": "talk.mp4",
        "video": "mp4",
        "separate": "auto",
        "loudness": "auto",
        "ducking": False,
        "editable": False,
        "formats": ["flac", "mp3"],
    }


def test_everything_the_service_takes_can_be_chosen(form: Page, tmp_path: Path) -> None:
    bodies = announced(form)
    form.get_by_label("Loudness").select_option("podcast")
    form.get_by_label("Names and terms").fill("Ada\nLUFS = loofs")
    form.get_by_label("A video for each language").check()
    form.get_by_label("People who speak").fill("2")
    form.get_by_label("Speaker A, Portuguese").select_option(index=1)
    form.get_by_label("Sound track").fill("eng")
    form.get_by_label("Keep as it is").fill("B, 0:01-0:02")
    form.get_by_label("For the deaf").check()
    form.get_by_label("In both languages").check()
    said, to_say = (text(tmp_path, name, SRT.encode()) for name in ("said.srt", "pt.srt"))
    form.get_by_label("What is said").set_input_files(said)
    form.get_by_label("What to say in Portuguese").set_input_files(to_say)
    expect(form.get_by_text("pt.srt, 46 B")).to_be_visible()
    go(form)
    expect(form.locator(".languages .note.bad")).to_be_visible()
    (body,) = bodies
    asked = {
        "loudness": "podcast",
        "glossary": ["Ada", "LUFS"],
        "spoken_as": {"LUFS": "loofs"},
        "video": "mp4",
        "video_per_language": True,
        "speakers": 2,
        "track": "eng",
        "keep": ["B", "0:01-0:02"],
        "captions": ["sdh", "bilingual"],
        "script": SRT,
        "translations": {"pt": SRT},
    }
    assert {name: body.get(name) for name in asked} == asked
    assert list(body["voices"]) == ["pt:A"]
    form.get_by_label("What is said").locator("..").get_by_text("Take it out").click()
    go(form)
    expect(form.locator(".languages .note.bad")).to_be_visible()
    assert "script" not in bodies[1]


def test_what_is_wrong_stands_at_its_field(form: Page, ann: ApiUser, tmp_path: Path) -> None:
    keep = form.get_by_label("Keep as it is")
    keep.fill("5-2")
    go(form)
    alert = field(form, "Keep as it is").get_by_role("alert")
    expect(alert).to_contain_text("5-2")
    expect(keep).to_have_attribute("aria-invalid", "true")
    for width, scheme in VIEWS:
        form.set_viewport_size({"width": width, "height": 800})
        form.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two
        assert form.evaluate("document.documentElement.scrollWidth") == width
        assert barriers(form) == [], f"{scheme}, {width} px wide"
    keep.fill("")
    form.get_by_label("Names and terms").fill("LUFS = " + "x" * 101)
    go(form)
    terms = field(form, "Names and terms").get_by_role("alert")
    expect(terms).to_have_text("At most 100 characters a term.")
    form.get_by_label("Names and terms").fill("")
    script = form.get_by_label("What is said")
    script.set_input_files(text(tmp_path, "script.json", b'{"cues": []}'))
    go(form)
    said = field(form, "What is said").get_by_role("alert")
    expect(said).to_contain_text("no script we can read")
    expect(alert).to_be_hidden()
    script.set_input_files(text(tmp_path, "latin.txt", "Olá".encode("latin-1")))
    expect(said).to_contain_text("not text in UTF-8")
    spanish = form.get_by_label("What to say in Spanish")
    spanish.set_input_files(text(tmp_path, "es.txt", b"[aplausos]"))
    go(form)
    to_say = field(form, "What to say in Spanish").get_by_role("alert")
    expect(to_say).to_contain_text("nothing to be said in it")
    spanish.locator("..").get_by_text("Take it out").click()
    for box in form.get_by_role("group", name="Sound files").get_by_role("checkbox").all():
        box.uncheck()
    form.get_by_label("MP3").check()
    form.get_by_label("Video", exact=True).select_option("mkv")
    go(form)
    expect(field(form, "Video").get_by_role("alert")).to_be_visible()
    assert ann.list() == []

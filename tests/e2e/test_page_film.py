"""A film on the page: dropped as it is, its dub watched in its picture, taken away as a video."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.page_browser import chromium, launched, visit
from tests.integration.audio.films import Picture, Sound, media, steady
from tests.integration.video.films import seen
from tests.mixes import example_mix

pytestmark = [
    pytest.mark.models,
    pytest.mark.xdist_group("serve"),
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium to open the page with"),
]

APART_S = 0.1
PLACES = """() => {
  const picture = document.querySelector("video.picture");
  const heard = document.querySelector("audio[data-heard]");
  return { picture_s: picture.currentTime, heard_s: heard.currentTime };
}"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A voice over music, in one track."""
    sound = np.ascontiguousarray(example_mix(5, seconds=6.5, channels=1).sound[:, 0])
    picture = Picture(steady(6.5), "libx264", {"preset": "ultrafast"})
    track = Sound(sound, "aac", language="eng")
    return media(tmp_path / "talk.mp4", "mp4", [track], picture=picture)


def apart_s(page: Page) -> float:
    found: dict[str, Any] = page.evaluate(PLACES)
    return float(abs(found["picture_s"] - found["heard_s"]))


def test_a_film_comes_back_with_its_dub(browser: Browser, film: Path, tmp_path: Path) -> None:
    with launched(tmp_path / "home") as service:
        context = browser.new_context(accept_downloads=True)
        opened = visit(context, service.url)
        page = opened.page
        page.goto(service.link)
        page.get_by_label("Voice file", exact=True).set_input_files(film)
        page.get_by_text("Voices and options").click()
        expect(page.get_by_label("Video", exact=True)).to_have_value("mp4")
        page.get_by_label("Music in the voice file").select_option("yes")
        page.locator("label", has_text="Portuguese").first.click()
        page.get_by_role("button", name="Dub into Portuguese").click()
        expect(page.locator("article.job .pill")).to_have_text("Done")
        expect(page.locator(".facts")).to_contain_text("music separated from the voice")

        picture = page.get_by_label("Picture", exact=True)
        expect(picture).to_be_visible()
        page.get_by_role("button", name="Play").click()
        page.wait_for_function(f"() => ({PLACES})().heard_s > 2")
        assert apart_s(page) < APART_S
        page.get_by_role("button", name="Pause").click()
        page.wait_for_function(
            f"() => {{ const at = ({PLACES})();"
            " return Math.abs(at.picture_s - at.heard_s) < 0.05; }"
        )

        with page.expect_download() as taken:
            page.get_by_role("link", name="Video MP4").click()
        assert taken.value.suggested_filename == "talk.dubbed.mp4"
        sounds = [each.language for each in seen(taken.value.path()) if each.kind == "audio"]
        assert sounds == ["eng", "por"]

        with page.expect_download() as taken:
            page.get_by_role("button", name="Download all (ZIP)").click()
        with zipfile.ZipFile(taken.value.path()) as opened_zip:
            assert {"talk/dubbed.mp4", "talk/pt/mix.flac"} <= set(opened_zip.namelist())

        page.reload()  # the film is not at hand any more: the video that was made is shown
        expect(picture).to_be_visible()
        opened.check()
        context.close()

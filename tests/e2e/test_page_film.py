"""A film on the page: dropped as it is, its people given voices, its dub watched in its picture and
taken away as a video.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import soundfile as sf
import soxr
from playwright.sync_api import Browser, Page, expect
from tests.e2e.page_browser import browsing, chromium, drop, launched, visit
from tests.integration.audio.films import RATE_HZ, Picture, Sound, media, steady
from tests.integration.video.films import seen
from tests.mixes import example_mix
from tests.unit.audio.sounds import Samples

from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.settings import load_settings

pytestmark = [
    pytest.mark.models,
    pytest.mark.xdist_group("serve"),
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium to open the page with"),
]

APART_S = 0.1
HE_SPEAKS_S = ((0.0, 6.5), (7.5, 14.0))
"""Which parts of the example are his; of less the two are not told apart."""
SHE_SAYS = (
    "Nobody had told me that the gardens were so large, or that the river ran behind the house."
)
PLACES = """() => {
  const picture = document.querySelector("video.picture");
  const heard = document.querySelector("audio[data-heard]");
  return { picture_s: picture.currentTime, heard_s: heard.currentTime };
}"""
OPEN_FILE = """() => {
  const [input, video] = ["input", "video"].map((tag) => document.createElement(tag));
  input.type = "file";
  input.onchange = () => (video.src = URL.createObjectURL(input.files[0]));
  document.body.append(input, video);
}"""
HAS_TRACKS = """() => {
  const video = document.querySelector("video");
  return video.readyState >= 2 && video.audioTracks.length === 2;
}"""
TRACKS = """() => [...document.querySelector("video").audioTracks]
  .map(({ language, enabled }) => [language, enabled])"""
SWITCH = """() => {
  const { audioTracks } = document.querySelector("video");
  for (const track of audioTracks) track.enabled = track.language === "por";
}"""
LATER = "(from_s) => document.querySelector('video').currentTime > from_s"


@pytest.fixture(scope="module")
def films() -> Iterator[Browser]:
    """A browser that lets pages switch the sounds of a video."""
    with browsing("--enable-blink-features=AudioVideoTracks") as opened:
        yield opened


def woman(folder: Path) -> Samples:
    """A woman who says something, float32[n]."""
    settings, path = load_settings(), folder / "woman.wav"
    store = LocalModelStore(settings.models, settings.translation_folders)
    request = SynthesisRequest(SHE_SAYS, "en", "af_heart")
    KokoroSynthesizer(store).synthesize(request, path, CallContext(UUID(int=1)))
    spoken, rate_hz = sf.read(path, dtype="float32")
    resampled: Samples = soxr.resample(spoken, rate_hz, RATE_HZ)
    return resampled


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A man, a woman, and the man again, over music, in one track."""
    mix, she = example_mix(5, channels=1), woman(tmp_path)
    pause = np.zeros(RATE_HZ // 2, np.float32)
    first, second = (
        mix.voice[round(start_s * RATE_HZ) : round(end_s * RATE_HZ), 0]
        for start_s, end_s in HE_SPEAKS_S
    )
    loud = np.float32(np.abs(first).max() / np.abs(she).max())
    people = np.concatenate([first, pause, loud * she, pause, second, pause])
    sound = np.ascontiguousarray(people + mix.background[: len(people), 0])
    picture = Picture(steady(len(sound) / RATE_HZ), "libx264", {"preset": "ultrafast"})
    track = Sound(sound, "aac", language="eng")
    return media(tmp_path / "talk.mp4", "mp4", [track], picture=picture)


def apart_s(page: Page) -> float:
    found: dict[str, Any] = page.evaluate(PLACES)
    return float(abs(found["picture_s"] - found["heard_s"]))


def test_a_film_comes_back_with_its_dub(films: Browser, film: Path, tmp_path: Path) -> None:
    with launched(tmp_path / "home") as service:
        context = films.new_context(accept_downloads=True)
        opened = visit(context, service.url)
        page = opened.page
        page.goto(service.link)
        page.locator("label.chip", has_text="Portuguese").first.click()
        drop(page, "Voice", film, media_type="video/mp4")
        page.get_by_text("Voices and options").click()
        expect(page.get_by_label("Video", exact=True)).to_have_value("mp4")
        page.get_by_label("People who speak").fill("2")
        page.get_by_label("Speaker A", exact=True).select_option("pf_dora")  # not by how they sound
        page.get_by_label("Speaker B", exact=True).select_option("pm_alex")
        page.get_by_role("button", name="Dub into Portuguese").click()
        expect(page.locator("article.job .pill")).to_have_text("Done")
        expect(page.locator(".facts")).to_contain_text("music separated from the voice")
        people = page.get_by_role("list", name="People who speak").get_by_role("listitem")
        expect(people).to_contain_text(["Portuguese: Dora", "Portuguese: Alex"])

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
        video = taken.value.path().rename(tmp_path / "talk.dubbed.mp4")
        sounds = [each.language for each in seen(video) if each.kind == "audio"]
        assert sounds == ["eng", "por"]
        assert seen(video)[0].hashes == seen(film)[0].hashes, "the picture is another"

        with page.expect_download() as taken:
            page.get_by_role("button", name="Download all (ZIP)").click()
        with zipfile.ZipFile(taken.value.path()) as opened_zip:
            assert {"talk/dubbed.mp4", "talk/pt/mix.flac"} <= set(opened_zip.namelist())

        page.reload()  # the film is not at hand any more: the video that was made is shown
        expect(picture).to_be_visible()
        opened.check()
        plays_with_its_sounds(context.new_page(), video)
        context.close()


def plays_with_its_sounds(page: Page, video: Path) -> None:
    """A browser plays the video, and goes on where it is with another of its sounds."""
    page.evaluate(OPEN_FILE)
    page.locator("input").set_input_files(video)
    page.wait_for_function(HAS_TRACKS)
    assert page.evaluate(TRACKS) == [["eng", True], ["por", False]]
    page.evaluate("() => document.querySelector('video').play()")
    page.wait_for_function(LATER, arg=0.5)
    page.evaluate(SWITCH)
    switched_s = page.evaluate("document.querySelector('video').currentTime")
    page.wait_for_function(LATER, arg=switched_s + 0.5)
    assert page.evaluate(TRACKS) == [["eng", False], ["por", True]]

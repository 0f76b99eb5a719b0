"""The page of a dub of 1,500 lines in Chromium: opening it, typing, scrolling, saving, playing."""

import io
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile as sf
from playwright.sync_api import Page, expect
from tests.e2e.page_browser import browsing, signed_in
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.hands import fake_engines
from tests.integration.api.harness import api

from ytdubber.domain.transcript import Word
from ytdubber.engines.direct import Direct
from ytdubber.testing.engines import FakeSpeechToText
from ytdubber.web.page import add_page

TITLE = "The page of a dub of 1,500 lines"
LINES, LINE_S, SPOKEN_S = 1_500, 2.4, 1.8
RATE_HZ = 16_000
KEYS, FRAMES = 100, 240
FLAGGED_EVERY = 20
SAYS, SAYS_TOO_MUCH = (
    "Line {} is said.",
    "Line {} is said with far more words than it has room for.",
)

KEYS_WATCHED = """() => {
  window.taken = [];
  document.addEventListener("keydown", () => {
    const begun = performance.now();
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => window.taken.push(performance.now() - begun);
      painted.port2.postMessage(null);
    });
  }, { capture: true });
}"""
"""Note how long it is from each key to the frame that shows it."""
SCROLLED = """([frames, by]) => new Promise((done) => {
  const list = document.querySelector(".lines");
  const times = [];
  let last = 0;
  const turn = (now) => {
    if (last) times.push(now - last);
    last = now;
    if (times.length === frames) return done(times);
    list.scrollTop += by;
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
})"""
"""How long each frame takes while the list is scrolled by so many pixels a frame."""


def run() -> str:
    with opened() as (page, ann, job):
        begun = time.perf_counter()
        page.goto(f"{ann.harness.url}/#/jobs/{job}")
        expect(page.locator(".compare.ready")).to_be_visible()
        opened_s = time.perf_counter() - begun
        expect(page.locator(".lines li")).to_have_count(LINES)
        slow, fast = [page.evaluate(SCROLLED, [FRAMES, by]) for by in (40, 400)]
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        playing = page.evaluate(SCROLLED, [FRAMES, 0])
        page.keyboard.press("Space")
        typed, saved_ms = edited(page, LINES // 2)
        nodes = page.evaluate("document.querySelectorAll('*').length")
    rows = [
        ("typing in the middle of the list, from a key to the frame that shows it", typed),
        ("a frame while the list is scrolled by 40 pixels a frame", slow),
        ("a frame while the list is scrolled by 400 pixels a frame", fast),
        ("a frame while it plays", playing),
    ]
    table = "\n".join(row(name, times) for name, times in rows)
    return (
        f"A recording of {LINES * LINE_S / 60:.0f} minutes, dubbed by engines that need no model, in"
        f" headless Chromium without a graphics card; the service runs beside it.\n\n"
        f"| what | median ms | p95 ms | longest ms |\n| --- | --- | --- | --- |\n{table}\n\n"
        f"From the address to a list that can be used: {opened_s:.1f} s. From Enter to a line that"
        f" is saved and shown: {saved_ms:.0f} ms. The page has {nodes:,} elements then."
    )


def row(name: str, times: Sequence[float]) -> str:
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"| {name} | {statistics.median(times):.1f} | {p95:.1f} | {max(times):.1f} |"


def edited(page: Page, number: int) -> tuple[Sequence[float], float]:
    """How long keys take in a line, and its saving, in ms."""
    page.get_by_role("button", name=f"Change line {number}", exact=True).click()
    area = page.get_by_label(f"What line {number} says")
    expect(area).to_be_focused()
    page.evaluate(KEYS_WATCHED)
    page.keyboard.type("An ordinary sentence, typed by hand. " * (KEYS // 37 + 1), delay=30)
    page.wait_for_function(f"window.taken.length >= {KEYS}")
    taken: list[float] = page.evaluate("window.taken")
    begun = time.perf_counter()
    page.keyboard.press("Enter")
    expect(page.locator(".lines .tag", has_text="Changed")).to_have_count(1)
    return taken[:KEYS], (time.perf_counter() - begun) * 1000


@contextmanager
def opened() -> Iterator[tuple[Page, ApiUser, str]]:
    """A page, whose it is, and a job of so many lines."""
    with tempfile.TemporaryDirectory(prefix="ytdubber-bench-") as name:
        heard = Direct(FakeSpeechToText(words()))
        engines = replace(fake_engines(Path(name)), speech_to_text=heard)
        with (
            api(Path(name), engines=engines) as harness,
            api_user(harness) as ann,
            browsing() as browser,
        ):
            add_page(harness.app)
            file = recording()
            job = ann.dubbed("pt", voice_file=file, background=False, editable=True)
            with signed_in(browser, harness.url, harness.token(ann.id, "ann@example.org")) as page:
                yield page, ann, str(job)


def recording() -> bytes:
    """A FLAC in which somebody speaks in so many places."""
    line = np.zeros(round(LINE_S * RATE_HZ), np.float32)
    spoken = round(SPOKEN_S * RATE_HZ)
    line[:spoken] = 0.2 * np.sin(np.arange(spoken) * 0.2)
    file = io.BytesIO()
    sf.write(file, np.tile(line, LINES), RATE_HZ, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def words() -> list[Word]:
    """What is said in it, some of it with too much to say for its room."""
    said: list[Word] = []
    for number in range(LINES):
        text = (SAYS if number % FLAGGED_EVERY else SAYS_TOO_MUCH).format(number + 1)
        edges = np.linspace(0, SPOKEN_S * 1000, len(text.split()) + 1).astype(int).tolist()
        begins = round(number * LINE_S * 1000)
        said += [
            Word(word, begins + edges[at], begins + edges[at + 1], 0.9)
            for at, word in enumerate(text.split())
        ]
    return said

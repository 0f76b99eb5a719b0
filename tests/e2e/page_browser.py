"""The web page in a real browser: Chromium, driven as a person would use it."""

import base64
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.waiting import PATIENCE_S

NAMES = ("chromium", "chromium-browser", "google-chrome")
TOKEN = "ytdubber.access_token"  # noqa: S105  # the name it is kept under
PATIENCE_MS = PATIENCE_S * 1000
APART_MS = 50
"""Recordings that are no further apart run in step."""
LOST_MS = 200
"""Further apart than this, what begins to be heard is put in its place; `synced_player.js` has it
too.
"""

WATCH_STAGES = """() => {
  window.seen = [];
  const look = () => {
    const stage = document.querySelector("li.language")?.dataset.stage;
    if (stage && stage !== window.seen.at(-1)) window.seen.push(stage);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, attributes: true });
}"""
"""Note every stage that the first language is shown in."""
MOMENTS = """() => [...document.querySelectorAll("audio")].map((audio) => ({
  name: audio.dataset.source, ms: 1000 * audio.currentTime, paused: audio.paused,
  heard: audio.hasAttribute("data-heard"), at: performance.now() }))"""
"""Where each recording is."""
NOTE_SWITCH = f"""() => {{
  const note = new MutationObserver(() => {{
    window.switched = ({MOMENTS})();
    note.disconnect();
  }});
  note.observe(document.body, {{ subtree: true, attributeFilter: ["data-heard"] }});
}}"""
"""Note where each recording is at the moment that another one is heard."""
TAP = """() => {
  const connect = AudioNode.prototype.connect;
  window.taps = [];
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) {
      const tap = this.context.createAnalyser();
      connect.call(this, tap);
      window.taps.push(tap);
    }
    return connect.call(this, to, ...more);
  };
}"""
"""Listen at every way into the loudspeakers that is opened from now on."""
AUDIBLE = """(expected) => window.taps.every((tap, place) => {
  const samples = new Float32Array(tap.fftSize);
  tap.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs)) > 0.001 === expected[place];
})"""
"""Whether those of them are heard that should be."""
DROP = """([files, type]) => {
  const given = new DataTransfer();
  for (const [name, text] of files) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    given.items.add(new File([bytes], name, { type }));
  }
  return given;
}"""
"""Files as a drop brings them."""


@cache
def chromium() -> str | None:
    """Where Chromium is; None where there is none that runs."""
    for path in filter(None, map(shutil.which, NAMES)):
        with contextlib.suppress(subprocess.SubprocessError):
            said = subprocess.run(
                [path, "--version"], capture_output=True, timeout=PATIENCE_S, check=True
            )
            if re.search(rb"Chrom(e|ium) \d", said.stdout):
                return path
    return None


@contextlib.contextmanager
def browsing(*arguments: str) -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(arguments))
        yield browser
        browser.close()


@dataclass(frozen=True)
class Launched:
    """A running service as its user sees it: an address, and a link that signs in once."""

    url: str
    link: str


@contextlib.contextmanager
def launched(home: Path) -> Iterator[Launched]:
    """`ytdubber serve` on a free port, its link not used yet."""
    with (home.parent / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ytdubber", "serve", "--port", "0"],
            env=os.environ | {"YTDUBBER_HOME": str(home), "COLUMNS": "400"},
            cwd=home.parent,  # where no .env lies
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
        assert process.stdout
        try:
            for line in iter(process.stdout.readline, b""):
                found = re.search(r"((http://[^/]+)/\?code=\S+)", line.decode())
                if found:
                    yield Launched(found[2], found[1])
                    return
            raise RuntimeError("the service did not start; see serve.log")
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_S)
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()


@dataclass
class Visit:
    """A page in a context of its own, and what must never happen in it."""

    page: Page
    origin: str
    elsewhere: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self._requested(request.url))
        self.page.on("console", lambda message: self._said(message.text))
        self.page.on("pageerror", lambda error: self.forbidden.append(str(error)))

    def check(self) -> None:
        """No request left the origin, nothing broke its policy, no script failed."""
        assert self.elsewhere == []
        assert self.forbidden == []

    def _requested(self, url: str) -> None:
        if urlsplit(url).scheme not in ("blob", "data") and not url.startswith(self.origin + "/"):
            self.elsewhere.append(url)

    def _said(self, text: str) -> None:
        if "Content Security Policy" in text or "Trusted" in text:
            self.forbidden.append(text)


def visit(context: BrowserContext, origin: str) -> Visit:
    """A fresh page."""
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    return Visit(context.new_page(), origin)


@contextlib.contextmanager
def signed_in(browser: Browser, url: str, token: str) -> Iterator[Page]:
    """A page of somebody who has a token, in a window of its own."""
    context = browser.new_context()
    context.add_init_script(f"localStorage.setItem('{TOKEN}', '{token}')")
    seen = visit(context, url)
    yield seen.page
    seen.check()
    context.close()


def nameless(snapshot: str) -> list[str]:
    """The controls of an aria snapshot that have no name."""
    roles = "button|checkbox|combobox|link|listbox|progressbar|searchbox|slider|spinbutton|textbox"
    return [
        line.strip()
        for line in snapshot.splitlines()
        if re.match(rf"\s*- ({roles})\b(?! \")", line)
    ]


def drop(page: Page, zone: str, *files: Path, media_type: str = "audio/flac") -> None:
    """Drop files, as the system's file manager does it."""
    content = [(file.name, base64.b64encode(file.read_bytes()).decode()) for file in files]
    given = page.evaluate_handle(DROP, [content, media_type])
    place = page.locator(".zone", has=page.get_by_label(f"{zone} file", exact=True))
    for event in ("dragenter", "dragover", "drop"):
        place.dispatch_event(event, {"dataTransfer": given})


def moments(page: Page, where: str = MOMENTS) -> dict[str, dict[str, Any]]:
    """Where each recording is; of two that sound together, the first."""
    found: list[dict[str, Any]] = page.evaluate(where)
    return {each["name"]: each for each in reversed(found)}


def heard_of(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The one recording that is heard."""
    (heard,) = (each for each in found.values() if each["heard"])
    return heard


def in_sync(page: Page) -> dict[str, dict[str, Any]]:
    """Where each recording is, as soon as they have found into step after their start."""
    for _ in range(200):
        found = moments(page)
        places = [each["ms"] for each in found.values()]
        if max(places) - min(places) < APART_MS:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"they do not find into step: {found}")

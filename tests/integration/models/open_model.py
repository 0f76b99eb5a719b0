"""Opens one model of one file from a hub and prints what happens: a process for the tests to run.

Arguments: the store's folder, the file's URL, its size, its SHA-256.
"""

import sys
from pathlib import Path

from ytdubber.adapters.models.model import Model, ModelFile
from ytdubber.adapters.models.sources import HubSource
from ytdubber.adapters.models.store import LocalModelStore


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the test reads it


def main(root: str, url: str, size: str, sha256: str) -> None:
    file = ModelFile("model.bin", int(size), sha256, (HubSource(url),))
    model = Model("small", "testing", "MIT", "https://example.org", (file,))
    say(f"opened {LocalModelStore(Path(root), say=say, models=[model]).open('small')}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        say("interrupted")
        sys.exit(130)

"""Write the API's OpenAPI document into docs/openapi.json, or say with --check that it differs."""

import json
import sys
import tempfile
from pathlib import Path

from fastapi import FastAPI

from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.api.app import create_app
from ytdubber.api.launch import LaunchCodes
from ytdubber.bootstrap.backend import Backend, Urls
from ytdubber.bootstrap.service import service
from ytdubber.settings import Settings

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"
NOWHERE = "postgresql://nobody@localhost/none"
"""Nothing connects to it: routes are only described."""


def document() -> str:
    """The document, the same for the same code."""
    with tempfile.TemporaryDirectory() as folder:
        home, clock, secret = Path(folder), SystemClock(), bytes(32)
        settings = Settings(home=home, models=home, database_url=NOWHERE, supabase_url=None)
        engine = make_engine(NOWHERE, pool_size=1, name="openapi")
        media = FolderMediaStore(home / "media", secret, "http://localhost", clock)
        backend = Backend(settings, Urls(NOWHERE, NOWHERE), engine, media, secret, clock, "")
        with service(backend) as made:
            app: FastAPI = create_app(made, origins=[], codes=LaunchCodes(clock))
            return json.dumps(app.openapi(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    """Write, or check."""
    text = document()
    if "--check" not in sys.argv:
        FILE.write_text(text, encoding="utf-8", newline="\n")
    elif not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
        print("docs/openapi.json differs from the code: run `make openapi` and commit it.")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

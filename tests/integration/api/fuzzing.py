"""Schemathesis, all its checks, against a live service: uvicorn over a PostgreSQL of its own.

python -m tests.integration.api.fuzzing 600 [SEED]
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness, api

ROOT = Path(__file__).parents[3]
TOLD = Path(__file__).with_name("schemathesis.toml")
HOOKS = "tests.integration.api.fuzzing_hooks"


def fuzz(
    harness: ApiHarness, admin: ApiUser, seconds: int, seed: int
) -> "subprocess.CompletedProcess[str]":
    """What Schemathesis finds in so many seconds; it ends with 0 when that is nothing."""
    values, links = _there(admin)
    words = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"]
    words += [
        "--no-color",
        "--config-file",
        "schemathesis.toml",
        "run",
        f"{harness.url}/openapi.json",
    ]
    words += ["--max-time", str(seconds), "--seed", str(seed)]
    words += ["--header", f"Authorization: {admin.http.headers['authorization']}"]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": HOOKS,
        "YTDUBBER_TEST_LINKS": json.dumps(links),
    }
    with tempfile.TemporaryDirectory() as folder:
        tables = [
            f"[dictionaries.{name}]\nvalues = {json.dumps(known)}" for name, known in values.items()
        ]
        told = "\n".join([TOLD.read_text(encoding="utf-8"), *tables, ""])
        Path(folder, "schemathesis.toml").write_text(told, encoding="utf-8")
        return subprocess.run(
            words,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds * 3 + 120,
        )


def _there(admin: ApiUser) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What is there to be asked for: values of parameters, and links by method."""
    job_id = admin.dubbed("pt", "es")
    announced: list[Any] = [admin.announce("pt") for _ in range(20)]
    one_time = admin.http.get(f"/api/jobs/{job_id}/download").json()["links"]
    jobs = [str(job_id)] * 5 + [each["job_id"] for each in announced]
    values = {
        "jobs": jobs + [admin.uploaded("pt")["job_id"] for _ in range(3)],
        "tokens": [each["url"].rpartition("/")[2] for each in one_time],
        "languages": ["pt", "es", "en", "de", "Portuguese", "pt-BR"],
    }
    uploads = [each["upload_urls"]["voice_track"] for each in announced]
    return values, {"PUT": uploads, "GET": [file["url"] for file in admin.job(job_id)["files"]]}


def main() -> int:
    """Run it as long as is said."""
    seconds, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder, api(Path(folder)) as harness:
        with api_user(harness, admin=True) as admin:
            done = fuzz(harness, admin, seconds, seed)
    sys.stdout.write(done.stdout + done.stderr)
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())

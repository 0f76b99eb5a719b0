"""What `ytdubber doctor` says of a service's workers."""

import json
from pathlib import Path
from uuid import uuid4

from tests.integration.worker.rows import Rows
from tests.integration.worker.station import Station
from typer.testing import CliRunner

from ytdubber.cli.main import app
from ytdubber.domain.fair_share import Lane


def _said(url: str, home: Path) -> tuple[bool, str, str]:
    """Whether all is well with the workers, what there is of them, and what to do."""
    environment = {"DATABASE_URL": url, "YTDUBBER_HOME": str(home), "YTDUBBER_OFFLINE": "true"}
    shown = CliRunner(env=environment).invoke(app, ["doctor", "--json"])
    (found,) = [each for each in json.loads(shown.stdout) if each["what"] == "service's workers"]
    return bool(found["ok"]), str(found["detail"]), str(found["remedy"])


def test_what_no_worker_takes_is_told_with_what_to_start(
    rows: Rows, station: Station, url: str, tmp_path: Path
) -> None:
    station.workers.beat(uuid4(), {Lane.IO: 2})
    good, detail, _ = _said(url, tmp_path)
    assert (good, detail) == (True, "io: 1 worker, 0 waiting; cpu: no workers, 0 waiting")
    rows.job("pt", "es")
    rows.ask("update ytdubber.language_tasks set lane = 'cpu'")
    good, detail, remedy = _said(url, tmp_path)
    assert (good, detail) == (False, "io: 1 worker, 0 waiting; cpu: no workers, 2 waiting")
    assert "ytdubber worker --queues" in remedy
    station.workers.beat(uuid4(), {Lane.CPU: 1})
    assert _said(url, tmp_path)[0]

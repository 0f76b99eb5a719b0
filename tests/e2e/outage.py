"""The vendor that listens is away for twenty minutes of real time: what the log, an operator and
users are told meanwhile, and what becomes of their jobs, with nobody lifting a hand.

    python -m tests.e2e.outage [--minutes 20] FOLDER

Writes `report.md` and `admin.png`, the operator's page in the middle of it, into the folder. The
tests show the same by a clock of their own (`tests/integration/vendors/test_outage.py`).
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from playwright.sync_api import Browser
from tests.e2e.operated import Operated, operated
from tests.e2e.page_browser import browsing
from tests.integration.alerts.receiving import hook
from tests.integration.metrics.asked import found, scraped
from tests.integration.metrics.scraping import free_port
from tests.waiting import until

from ytdubber.bootstrap.tokens import sign_in
from ytdubber.settings import Settings
from ytdubber.testing.vendor_double.faults import Fault

RULES = Path(__file__).parents[2] / "deploy" / "observability" / "rules.yml"
LANGUAGES = (("es",), ("fr", "de"), ("es", "fr"))


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.e2e.outage")
    words.add_argument("folder", type=Path)
    words.add_argument("--minutes", type=float, default=20)
    given = words.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    ports = {name: free_port() for name in ("api", "worker", "maintenance")}
    roles = {name: {"YTDUBBER_METRICS_PORT": str(port)} for name, port in ports.items()}
    with (
        hook() as chat,
        operated(given.folder, YTDUBBER_ALERT_WEBHOOK_URL=chat.url) as service,
        browsing() as browser,
    ):
        service.serve(**roles["api"])
        service.start("maintenance", "maintenance", **roles["maintenance"])
        service.work(**roles["worker"])
        with (
            scraped(given.folder, list(ports.values()), [RULES]) as prometheus,
            service.user() as ann,
            service.user("bob@example.org") as bob,
        ):
            assert service.ended(ann, service.send(ann, "es")) == "complete"
            mark = service.log.stat().st_size
            played = outage(service, given.folder, browser, (ann, bob), given.minutes * 60)
            firing = [each["metric"]["alertname"] for each in fired(prometheus)]
            ends = [service.ended(who, job_id) for who, job_id in played.jobs]
            until(lambda: ("VendorAway", "over") in chat.news, service.log)
            said = warnings(service.log, mark)
            report = given.folder / "report.md"
            report.write_text(played.told(given.minutes, said, chat.told, firing, ends))
            sys.stdout.write(report.read_text())


class Played:
    """What was seen during the outage.

    Attributes:
        jobs: Whose each was that came meanwhile.
        read: What their users read, in order, without repetitions.
    """

    def __init__(self) -> None:
        self.jobs: list[tuple[httpx.Client, UUID]] = []
        self.read: list[list[str]] = []

    def look(self, service: Operated) -> None:
        for (who, job_id), read in zip(self.jobs, self.read, strict=True):
            message = service.job(who, job_id)["message"].split(";")[0]
            if message not in read:
                read.append(message)

    def told(
        self,
        minutes: float,
        said: list[dict[str, Any]],
        alerts: list[dict[str, Any]],
        firing: list[str],
        ends: list[str],
    ) -> str:
        lines = [f"# {minutes:g} minutes without who listens", "", "## The log from WARNING on", ""]
        lines += [f"- {each['timestamp']} {each['level']} {each['event']} {each}" for each in said]
        lines += ["", "## The webhook", ""]
        lines += [f"- {each['news']} {each['name']}: {each['summary']}" for each in alerts]
        lines += ["", f"## Prometheus: {', '.join(sorted({*firing}))}", "", "## Users", ""]
        for read, end in zip(self.read, ends, strict=True):
            lines += [f"- {end}: {' > '.join(read)}"]
        return "\n".join(lines) + "\n"


def outage(
    service: Operated,
    folder: Path,
    browser: Browser,
    users: tuple[httpx.Client, ...],
    long_s: float,
) -> Played:
    """Jobs come as it begins, after a quarter of it and after half of it."""
    played = Played()
    service.weather.faults["listen"] = Fault.status(503)
    begun_s, pictured = time.monotonic(), False
    while (gone := (time.monotonic() - begun_s) / long_s) < 1:
        if len(played.jobs) < len(LANGUAGES) and gone >= len(played.jobs) / 4:
            number = len(played.jobs)
            who = users[number % len(users)]
            played.jobs.append((who, service.send(who, *LANGUAGES[number])))
            played.read.append([])
        if gone >= 0.75 and not pictured:
            picture(service, browser, folder / "admin.png")
            pictured = True
        played.look(service)
        time.sleep(5)
    service.weather.faults.clear()
    return played


def picture(service: Operated, browser: Browser, path: Path) -> None:
    """The operator's page."""
    settings = Settings(home=service.home, secret=service.variables["YTDUBBER_SECRET"])
    page = browser.new_context(viewport={"width": 1280, "height": 1100}).new_page()
    page.goto(f"{service.url}/admin")
    token = sign_in(settings, email="root@example.org", admin=True).access_token
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Deepgram").first.wait_for()
    time.sleep(4)  # until every part of it was filled
    page.screenshot(path=path, full_page=True)
    page.context.close()


def fired(prometheus: httpx.Client) -> list[Any]:
    """The alerts of Prometheus."""
    assert found(prometheus, "up"), "Prometheus does not answer"
    return found(prometheus, 'max_over_time(ALERTS{alertstate="firing"}[30m])')


def warnings(log: Path, mark: int) -> list[dict[str, Any]]:
    """The lines of the log after the mark that an operator sees who asks for no more."""
    with log.open("rb") as file:
        file.seek(mark)
        lines = [json.loads(line) for line in file if line.startswith(b"{")]
    return [each for each in lines if each["level"] in ("warning", "error", "critical")]


if __name__ == "__main__":
    main()

"""A dub that waits says so on the web page, in the same words wherever it is shown."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.e2e.page_browser import chromium
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ApiHarness, api

from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.domain.fair_share import Lane
from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

BEGUN = """UPDATE ytdubber.language_tasks SET stage = 'translating', progress = 0.5,
    lease_owner = gen_random_uuid(), lease_until = now() + interval '1 hour'
    WHERE job_id = :job AND language = :language"""
AWAY = """UPDATE ytdubber.language_tasks SET waiting = jsonb_build_object('vendor', 'deepgram',
    'since', '2026-01-05T10:00:00+00:00', 'again_at', '2026-01-05T10:05:00+00:00')
    WHERE job_id = :job"""


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[ApiHarness]:
    with api(tmp_path) as harness:
        add_page(harness.app)
        yield harness


def listed(page: Page, ann: ApiUser) -> Locator:
    """The one dub in the list, as it is now."""
    page.goto(ann.harness.url)
    page.reload()
    entry = page.locator(".jobs li")
    expect(entry).to_have_count(1)
    return entry


def opened(page: Page, ann: ApiUser, job: UUID) -> Locator:
    """The dub's own page, as it is now."""
    page.goto(f"{ann.harness.url}/#/jobs/{job}")
    page.reload()
    frame = page.locator("article.job")
    expect(frame.locator("li.language").first).to_be_visible()
    return frame


def said_everywhere(page: Page, ann: ApiUser, job: UUID, text: str) -> None:
    """The list and the dub's page both say it: waiting, and for what."""
    entry = listed(page, ann)
    expect(entry.locator(".pill")).to_have_text("Waiting")
    expect(entry.locator(".waits")).to_have_text(text)
    frame = opened(page, ann, job)
    expect(frame.locator(".pill")).to_have_text("Waiting")
    for row in frame.locator("li.language").all():
        expect(row.locator(".far .hint")).to_have_text(text)


def served(ann: ApiUser) -> None:
    """A worker that takes everything and begins nothing."""
    SqlWorkers(ann.harness.backend.engine).beat(uuid4(), dict.fromkeys(Lane, 1))


def test_nobody_takes_it_up(page: Page, ann: ApiUser) -> None:
    job = ann.queued("pt", "fr")
    said_everywhere(page, ann, job, "waiting: no worker for it is running")


def test_before_it_is_heard_it_has_a_place(page: Page, ann: ApiUser) -> None:
    served(ann)
    said_everywhere(page, ann, ann.queued("pt", "fr"), "number 1 in line")


def test_heard_and_in_line_again(page: Page, ann: ApiUser) -> None:
    """Its languages keep their stage, and none is listened to any more."""
    served(ann)
    job = ann.queued("pt", "fr")
    ann.harness.hands.hear(job)
    assert {each["stage"] for each in ann.job(job)["languages"]} == {"stt"}
    said_everywhere(page, ann, job, "waiting for its turn")


def test_one_language_that_is_worked_on_is_work(page: Page, ann: ApiUser) -> None:
    served(ann)
    job = ann.queued("pt", "fr")
    ann.harness.hands.hear(job)
    ann.harness.rows(BEGUN, job=job, language="fr")
    entry = listed(page, ann)
    expect(entry.locator(".pill")).to_contain_text("%")
    expect(entry.locator(".waits")).to_be_hidden()
    frame = opened(page, ann, job)
    expect(frame.locator(".pill")).to_contain_text("%")
    rows = frame.locator("li.language .far .hint")
    expect(rows.first).to_have_text("waiting for its turn")
    expect(rows.last).to_contain_text("left")


def test_all_of_it_waits_for_a_vendor(page: Page, ann: ApiUser) -> None:
    served(ann)
    job = ann.queued("pt", "fr")
    ann.harness.hands.hear(job)
    ann.harness.rows(AWAY, job=job)
    frame = opened(page, ann, job)
    said = frame.locator("li.language .far .hint").first
    expect(said).to_contain_text("waiting for Deepgram since")
    said_everywhere(page, ann, job, said.inner_text())

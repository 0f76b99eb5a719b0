"""The operator's page, used as an operator would: a token pasted, the service watched, dead letters
done again.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.e2e.page_browser import chromium, nameless, visit
from tests.hole import Hole, hole
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ApiHarness, api, as_login
from tests.integration.api.test_admin import TITLE, letter, stage

from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.bootstrap.backend import API_LOGIN, Urls
from ytdubber.domain.fair_share import Lane
from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

AWAY = """update ytdubber.language_tasks set waiting = jsonb_build_object('vendor', 'deepgram',
    'since', '2026-01-05T10:00:00+00:00', 'again_at', '2026-01-05T10:05:00+00:00')
    where job_id = :job"""
BACK = "update ytdubber.language_tasks set waiting = null"
KEPT = "Object.keys(localStorage).concat(Object.keys(sessionStorage))"


@pytest.fixture
def way() -> list[Hole]:
    """Where the way to the database goes, once there is one."""
    return []


@pytest.fixture
def harness(tmp_path: Path, way: list[Hole]) -> Iterator[ApiHarness]:
    with ExitStack() as stack:

        def by_way_of(urls: Urls) -> Urls:
            way.append(stack.enter_context(hole(urls.owner)))
            return Urls(way[0].url, as_login(way[0].url, API_LOGIN))

        with api(tmp_path, by_way_of=by_way_of) as harness:
            add_page(harness.app)
            SqlWorkers(harness.backend.engine).beat(uuid4(), {Lane.IO: 2, Lane.CPU: 1})
            yield harness
            way[0].close()


@pytest.fixture
def page(browser: Browser, harness: ApiHarness) -> Iterator[Page]:
    """The page as it comes, with nobody signed in."""
    context = browser.new_context()
    seen = visit(context, harness.url)
    seen.page.goto(f"{harness.url}/admin")
    yield seen.page
    seen.check()
    context.close()


def sign_in(page: Page, token: str) -> None:
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Sign in").click()


def operator(page: Page, harness: ApiHarness) -> Page:
    """The page, watched by an administrator."""
    sign_in(page, harness.token(uuid4(), "root@example.org", admin=True))
    expect(page.get_by_role("heading", name="The service now")).to_be_visible()
    return page


def card(page: Page, title: str) -> Locator:
    """A part of the page, as soon as it shows something."""
    part = page.locator(".card", has=page.get_by_role("heading", name=re.compile(title)))
    expect(part.locator(".body")).not_to_be_empty()
    return part


def dead(ann: ApiUser) -> tuple[UUID, UUID]:
    """A job whose language was given up, and the letter."""
    job_id = ann.queued("pt")
    return job_id, letter(ann.harness, job_id)


def test_nobody_else_sees_anything(page: Page, harness: ApiHarness, ann: ApiUser) -> None:
    expect(page.get_by_role("heading", name="For whoever runs the service")).to_be_visible()
    expect(page.locator(".card")).to_have_count(0)
    sign_in(page, harness.token(ann.id, "ann@example.org"))
    expect(page.get_by_role("alert")).to_have_text("This token is not an administrator's.")
    expect(page.locator(".card")).to_have_count(0)
    sign_in(page, "nonsense")
    expect(page.get_by_role("alert")).to_have_text("This token is not valid, or not any more.")
    expect(page.locator(".card")).to_have_count(0)
    assert page.evaluate(KEPT) == []


def test_a_tab_keeps_the_token_and_no_other_has_it(page: Page, harness: ApiHarness) -> None:
    operator(page, harness)
    page.reload()
    expect(page.get_by_role("heading", name="The service now")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []
    other = page.context.new_page()
    other.goto(f"{harness.url}/admin")
    expect(other.get_by_label("Token")).to_be_visible()
    other.goto(harness.url)  # the users' page is nobody's
    expect(other.get_by_label("Token")).to_be_visible()
    other.close()
    page.get_by_role("button", name="Forget the token").click()
    expect(page.get_by_label("Token")).to_be_visible()
    assert page.evaluate(KEPT) == []


def test_what_waits_is_shown_without_what_its_users_wrote(
    page: Page, harness: ApiHarness, ann: ApiUser
) -> None:
    job_id = ann.queued("pt")
    harness.rows("update ytdubber.dubbing_jobs set title = :title", title=TITLE)
    operator(page, harness)
    row = card(page, "Waiting").get_by_role("row").nth(1)
    expect(row).to_contain_text("hearing")
    expect(row).to_contain_text(str(job_id)[:8])
    expect(row).to_contain_text(str(ann.id)[:8])
    expect(row).to_contain_text("a worker")
    expect(card(page, "Workers").get_by_role("row")).to_have_count(2)
    expect(card(page, "Money")).to_contain_text("$0.00 No budget is set for the day.")
    expect(page.get_by_role("heading", name="Nothing needs a person")).to_be_visible()
    text = page.locator("body").inner_text()
    assert "recipe" not in text
    assert "example.org" not in text


def test_a_vendor_that_is_away_is_a_banner_until_it_is_back(
    page: Page, harness: ApiHarness, ann: ApiUser
) -> None:
    job_id = ann.queued("pt", "es")
    operator(page, harness)
    banner = page.locator(".away")
    expect(banner).to_be_empty()
    harness.rows(AWAY, job=job_id)
    expect(banner).to_have_text(
        "Deepgram is away since 10:00:00 UTC; 2 languages wait,"
        " and it is tried again at 10:05:00 UTC."
    )
    expect(card(page, "Vendors")).to_contain_text("away since 10:00:00 UTC")
    expect(card(page, "Needs a person: 1")).to_contain_text("docs/runbooks/vendor-outage.md")
    expect(page).to_have_title("(1) Operator · YT Dubber")
    harness.rows(BACK)
    expect(banner).to_be_empty()
    expect(page.get_by_role("heading", name="Nothing needs a person")).to_be_visible()


def test_one_dead_letter_is_replayed(page: Page, harness: ApiHarness, ann: ApiUser) -> None:
    job_id, _ = dead(ann)
    operator(page, harness)
    letters = card(page, "Dead letters: 1")
    expect(letters).to_contain_text("vendor_error, RuntimeError")
    letters.get_by_role("button", name=f"Replay pt of job {str(job_id)[:8]}").click()
    none = card(page, "Dead letters: 0")
    expect(none.get_by_role("status")).to_have_text("1 waits for a worker again.")
    expect(none).to_contain_text("Nothing was given up.")
    assert stage(harness, job_id) == "queued"


def test_all_dead_letters_are_replayed_and_those_that_cannot_are_told(
    page: Page, harness: ApiHarness, ann: ApiUser
) -> None:
    (good, _), (gone, _) = dead(ann), dead(ann)
    assert ann.http.delete(f"/api/jobs/{gone}").status_code == 204
    operator(page, harness)
    letters = card(page, "Dead letters: 2")
    letters.get_by_label("Which dead letters").select_option("all there are")
    letters.get_by_role("button", name="Replay them").click()
    page.get_by_role("button", name="Leave them").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    letters.get_by_role("button", name="Replay them").click()
    page.get_by_role("dialog").get_by_role("button", name="Replay").click()
    expect(card(page, "Dead letters: 1").get_by_role("status")).to_have_text(
        "1 waits for a worker again. 1 letter left: This cannot be done again: its user deleted the"
        " job."
    )
    assert stage(harness, good) == "queued"
    expect(page.get_by_role("heading", name="Dead letters: 1")).to_be_visible()


def test_a_database_that_is_away_is_told_and_comes_back(
    page: Page, harness: ApiHarness, way: list[Hole]
) -> None:
    operator(page, harness)
    expect(card(page, "Queues").get_by_role("row")).to_have_count(3)
    way[0].swallow()
    expect(page.locator(".away")).to_contain_text("The database does not answer")
    expect(card(page, "Queues")).to_contain_text("Not known while the database does not answer.")
    expect(card(page, "Needs a person: 1")).to_contain_text("Critical:")
    way[0].forward()
    expect(card(page, "Queues").get_by_role("row")).to_have_count(3)
    expect(page.locator(".away")).to_be_empty()


@pytest.mark.parametrize("width", [360, 1400])
def test_it_fits_a_phone_and_a_desk_and_every_control_has_a_name(
    page: Page, harness: ApiHarness, ann: ApiUser, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    dead(ann)
    harness.rows(AWAY, job=ann.queued("pt"))
    operator(page, harness)
    card(page, "Dead letters: 1")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    assert nameless(page.locator("body").aria_snapshot()) == []


@pytest.fixture
def ann(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness) as ann:
        yield ann

"""The web page of a service whose files are elsewhere: it sends them there itself and plays them
from there, which a bucket's documented CORS rules are enough for.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, expect
from tests.e2e.page_browser import TOKEN, Visit, browsing, chromium, visit
from tests.integration.api.api_user import ApiUser, api_user, voice
from tests.integration.api.harness import ApiHarness, api
from tests.integration.storage.s3_server import BUCKET, account, server
from tests.plain_http import NO_TLS
from tests.waiting import until

from ytdubber.adapters.s3.client import s3_client
from ytdubber.adapters.s3.media import S3MediaStore
from ytdubber.adapters.supabase.connection import StorageConnection
from ytdubber.adapters.supabase.media import SupabaseMediaStore
from ytdubber.ports.clock import Clock
from ytdubber.ports.media_store import MediaStore
from ytdubber.testing.storage_double import SECRET_KEY, StorageDouble, running
from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

RULES = Path(__file__).parents[2] / "deploy" / "s3-cors.json"


def documented(origin: str) -> Any:
    """The rules that operators are given, for a page of this origin."""
    rules = json.loads(RULES.read_text("utf-8"))
    assert [each["AllowedOrigins"] for each in rules["CORSRules"]] == [["https://dub.example.com"]]
    rules["CORSRules"][0]["AllowedOrigins"] = [origin]
    return rules


@dataclass(frozen=True)
class Shop:
    """A service whose files lie elsewhere.

    Attributes:
        harness: The service.
        storage: The origin of where they lie.
        sizes: Of the files of a job.
        client: The bucket's owner, where it is one of S3.
    """

    harness: ApiHarness
    storage: str
    sizes: Callable[[str], set[int]]
    client: Any = None

    def opened(self) -> None:
        """Let the page in by the documented rules."""
        self.client.put_bucket_cors(Bucket=BUCKET, CORSConfiguration=documented(self.harness.url))

    def preflight(self, url: str, method: str, headers: str, origin: str) -> httpx.Response:
        asked = {"Origin": origin, "Access-Control-Request-Method": method}
        named = {"Access-Control-Request-Headers": headers} if headers else {}
        return httpx.options(url, headers=asked | named, verify=NO_TLS)


@contextmanager
def on_s3(root: Path) -> Iterator[Shop]:
    with server(root) as storage, closing(s3_client(account(storage))) as client:

        def sizes(job_id: str) -> set[int]:
            kept = client.list_objects_v2(Bucket=BUCKET, Prefix=job_id)["Contents"]
            return {each["Size"] for each in kept}

        with serving(root, lambda clock: S3MediaStore(client, BUCKET, clock), storage) as harness:
            shop = Shop(harness, storage, sizes, client)
            shop.opened()
            yield shop


@contextmanager
def on_supabase(root: Path) -> Iterator[Shop]:
    double = StorageDouble()

    def sizes(job_id: str) -> set[int]:
        names = [name for name in double.bucket.names() if name.startswith(job_id)]
        return {len(double.bucket.get(name).data) for name in names}

    with (
        running(double) as storage,
        closing(StorageConnection(storage, SECRET_KEY)) as connection,
        serving(
            root, lambda c: SupabaseMediaStore(connection, double.bucket.name, c), storage
        ) as r,
    ):
        yield Shop(r, storage, sizes)


@contextmanager
def serving(
    root: Path, stored: Callable[[Clock], MediaStore], storage: str
) -> Iterator[ApiHarness]:
    """The service with its page."""
    with api(root / "api", stored=stored) as harness:
        add_page(harness.app, storage)
        yield harness


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with on_s3(tmp_path_factory.mktemp("s3")) as shop:
        yield shop


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as opened:
        yield opened


@contextmanager
def opened(browser: Browser, shop: Shop) -> Iterator[tuple[Visit, ApiUser]]:
    """The page, and who is signed in."""
    with api_user(shop.harness) as ann:
        context = browser.new_context()
        token = ann.harness.token(ann.id, "ann@example.org")
        context.add_init_script(f"localStorage.setItem('{TOKEN}', '{token}')")
        yield visit(context, ann.harness.url), ann
        context.close()


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    file = tmp_path / "talk.wav"
    file.write_bytes(voice())
    return file


def sent(page: Page, ann: ApiUser, talk: Path) -> None:
    page.goto(ann.harness.url)
    page.locator("label.chip", has_text="Portuguese").click()
    page.get_by_label("Voice file", exact=True).set_input_files(talk)
    page.locator(".go .primary").click()


@pytest.mark.parametrize("storage", [on_s3, on_supabase])
def test_it_sends_to_the_storage_and_plays_from_it(
    browser: Browser,
    talk: Path,
    tmp_path: Path,
    storage: Callable[[Path], AbstractContextManager[Shop]],
) -> None:
    with storage(tmp_path) as shop, opened(browser, shop) as (seen, ann):
        page = seen.page
        told: list[str] = []
        page.on("request", lambda each: told.append(each.url if tells_who(each) else ""))
        sent(page, ann, talk)
        expect(page.locator("article.job h1")).to_be_visible()
        job_id = page.url.rpartition("/")[2]
        assert talk.stat().st_size in shop.sizes(job_id)
        shop.harness.hands.dub(UUID(job_id))
        expect(page.locator("article.job .pill")).to_have_text("Done")
        expect(page.locator(".compare.ready")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download Portuguese: Voice alone MP3").click()
        assert download.value.suggested_filename == "talk.pt.voice.mp3"
        assert seen.forbidden == []
        assert seen.elsewhere
        assert all(url.startswith(f"{shop.storage}/") for url in seen.elsewhere)
        assert not [url for url in told if url.startswith(shop.storage)]


def tells_who(request: Request) -> bool:
    """Whether it brings the user's token."""
    return "authorization" in request.headers


def test_a_bucket_without_rules_is_told_as_a_broken_upload(
    browser: Browser, bucket: Shop, talk: Path
) -> None:
    bucket.client.delete_bucket_cors(Bucket=BUCKET)
    with opened(browser, bucket) as (seen, ann):
        sent(seen.page, ann, talk)
        expect(seen.page.locator(".note.bad", has_text="The upload broke off")).to_be_visible()
        until(lambda: ann.list() == [])


@pytest.mark.parametrize(
    ("method", "headers"), [("PUT", "content-type"), ("GET", ""), ("GET", "range"), ("HEAD", "")]
)
def test_the_rules_let_in_what_pages_ask_and_nobody_else(
    bucket: Shop, method: str, headers: str
) -> None:
    bucket.opened()
    origin = bucket.harness.url
    with api_user(bucket.harness) as ann:
        link = ann.announce("pt", background=False)["upload_urls"]["voice_track"]
    assert bucket.preflight(link, method, headers, origin).status_code == 200
    for refused in (
        bucket.preflight(link, method, headers, "https://elsewhere.example"),
        bucket.preflight(link, "DELETE", headers, origin),
        bucket.preflight(link, method, "x-other", origin),
    ):
        assert refused.status_code == 403

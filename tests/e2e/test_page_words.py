"""What is always said or written so, kept from a line that is listened to on the web page."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.axe import barriers
from tests.e2e.page_browser import chromium
from tests.integration.api.api_user import ApiUser
from tests.integration.api.harness import ApiHarness, api
from tests.integration.api.test_line_edits import change, lines

from ytdubber.web.page import add_page

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="there is no Chromium to open the page with"
)

TEXTS = ("O LUFS indica tudo.", "Nada aqui, LUFSes.", "Indica-se em LUFS: indicam.")
"""Two lines have the word, and one has another that begins so."""


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiHarness]:
    with api(tmp_path_factory.mktemp("api")) as harness:
        add_page(harness.app)
        yield harness


@pytest.fixture
def job_id(ann: ApiUser) -> UUID:
    job_id = ann.dubbed("pt", editable=True)
    change(ann, job_id, {str(at): {"text": text} for at, text in enumerate(TEXTS, 1)})
    return job_id


def edits(ann: ApiUser, job_id: UUID, field: str) -> list[Any]:
    return [line["edit"][field] for line in lines(ann, job_id)["lines"]]


def texts(ann: ApiUser, job_id: UUID) -> list[str]:
    return [line["text"] for line in lines(ann, job_id)["lines"]]


def editor(page: Page, number: int, word: tuple[int, int]) -> None:
    """A line's editor, its words open with one of its text selected."""
    page.get_by_role("button", name=f"Change line {number}").press("Enter")
    area = page.get_by_label(f"What line {number} says")
    area.evaluate("(area, [from, to]) => area.setSelectionRange(from, to)", list(word))
    page.get_by_text("Always say or translate a word so").press("Enter")


def test_a_word_is_always_said_and_translated_so(page: Page, ann: ApiUser, job_id: UUID) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{ann.harness.url}/#/jobs/{job_id}")
    expect(page.locator(".compare.ready")).to_be_visible()
    told = page.locator(".line-editor .words [role=status]")
    kept = page.get_by_label("Words that are always so")
    status = page.locator(".revisions .status")
    editor(page, 1, (2, 6))
    expect(page.get_by_label("The word")).to_have_value("LUFS")
    page.get_by_label("Say it as").fill("lufis")
    page.keyboard.press("Enter")
    expect(told).to_contain_text("Kept. 2 lines say it.")
    assert edits(ann, job_id, "spoken_as") == [{}, {}, {}], "nothing is changed unasked"
    page.get_by_role("button", name="Speak them again").press("Enter")
    expect(told).to_contain_text("2 lines changed, and so in the next version.")
    assert edits(ann, job_id, "spoken_as") == [{"LUFS": "lufis"}, {}, {"LUFS": "lufis"}]
    assert texts(ann, job_id) == list(TEXTS)

    page.get_by_label("The word").fill("indica")
    page.get_by_label("Where the original says").fill("Morning")
    page.get_by_label("Translate it as").fill("calcula")
    page.keyboard.press("Enter")
    expect(told).to_contain_text("Kept. 1 line writes it otherwise.")
    page.get_by_role("button", name="Speak it again").press("Enter")
    expect(page.get_by_label("What line 1 says")).to_have_value("O LUFS calcula tudo.")
    assert texts(ann, job_id) == ["O LUFS calcula tudo.", *TEXTS[1:]], "only where it is said"
    page.get_by_text("Always so: 2 words").press("Enter")
    expect(kept.locator("li > span")).to_have_text(
        ["LUFS is said lufis", "calcula instead of indica, where the original says Morning"]
    )
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_label("What line 1 says").press("Enter")
    expect(page.locator(".line-editor")).to_have_count(0)
    assert edits(ann, job_id, "spoken_as")[0] == {"LUFS": "lufis"}

    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
    expect(kept.locator("li")).to_have_count(1)
    expect(page.get_by_text("Always so: 1 word, 1 not so in this dub")).to_be_visible()
    assert texts(ann, job_id) == list(TEXTS)
    assert edits(ann, job_id, "spoken_as") == [{}, {}, {}]
    page.get_by_role("button", name="2 lines: speak again: LUFS").press("Enter")
    expect(page.get_by_text("Always so: 1 word", exact=True)).to_be_visible()
    assert edits(ann, job_id, "spoken_as")[2] == {"LUFS": "lufis"}
    page.get_by_role("button", name="Remove: LUFS").press("Enter")
    expect(kept).to_be_hidden()
    assert edits(ann, job_id, "spoken_as") == [{}, {}, {}]
    expect(status).to_contain_text("3 lines changed.")
    page.get_by_role("button", name="Undo").click()
    expect(kept).to_be_visible()


def test_what_is_kept_is_offered_in_the_next_dub(page: Page, ann: ApiUser, job_id: UUID) -> None:
    page.goto(ann.harness.url)
    terms = page.get_by_label("Names and terms")
    page.get_by_text("Voices and options").click()
    terms.fill("Ada")
    terms.blur()
    page.goto(f"{ann.harness.url}/#/jobs/{job_id}")
    editor(page, 3, (0, 0))
    page.get_by_label("The word").fill("LUFS")
    page.get_by_label("Say it as").fill("lufis")
    page.keyboard.press("Enter")
    expect(page.locator(".line-editor .words [role=status]")).to_contain_text("2 lines say it.")
    page.get_by_label("What line 3 says").fill("Só LUFS.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".line-editor")).to_have_count(0)
    assert edits(ann, job_id, "spoken_as") == [{}, {}, {"LUFS": "lufis"}], (
        "what is typed anew has it"
    )
    page.goto(f"{ann.harness.url}/#/")
    expect(terms).to_have_value("Ada\npt:LUFS = lufis")
    page.reload()
    page.goto(f"{ann.harness.url}/#/jobs/{job_id}")
    expect(page.get_by_text("Always so: 1 word, 1 not so in this dub")).to_be_visible()

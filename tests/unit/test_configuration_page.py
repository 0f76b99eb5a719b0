"""The page of all settings is what the settings say."""

from scripts.configuration import PAGE, page

from ytdubber.settings import variables


def test_the_page_is_the_committed_one() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make configuration` and commit the page"


def test_every_setting_is_on_the_page_once() -> None:
    text = page()
    assert [name for name in variables() if text.count(f"| `{name}` |") != 1] == []


def test_no_secret_has_a_default() -> None:
    rows = [row for row in page().splitlines() if "| secret" in row]
    assert len(rows) > 8
    assert all(row.endswith("|  |") for row in rows)

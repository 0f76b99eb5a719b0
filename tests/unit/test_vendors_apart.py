"""A vendor is a folder: nothing of ours outside it names one."""

import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import ytdubber
from ytdubber.domain.vendors import GROUP, provider_of
from ytdubber.testing.vendor_double.double import GROUP as DOUBLES

SOURCE = Path(ytdubber.__file__).parent
NAMED_BY_ALL = {
    "adapters/prices/default.json": "the price book",
    "adapters/models/manifest.json": "where a model's licence is to be read",
    "api/answer_samples.py": "examples that the API's documents show",
    "api/status_samples.py": "the same",
    "domain/money.py": "servers of one's own that speak a vendor's language, which are free",
}
"""Files that may name any, and as what."""


def own_files() -> Iterator[Path]:
    """What lies in the folders of vendors, and their parts of the double."""
    for point in entry_points(group=GROUP):
        yield from place(point.module).parent.rglob("*")
    for point in entry_points(group=DOUBLES):
        part = place(point.module)
        yield from part.parent.glob(f"{part.name}*.py")


def place(module: str) -> Path:
    return SOURCE.joinpath(*module.split(".")[1:])


def test_a_vendors_name_is_in_its_folder_its_double_and_the_price_book_alone() -> None:
    names = {name for each in entry_points(group=GROUP) for name in (each.name, each.name.lower())}
    assert {"ElevenLabs", "Deepgram"} <= names
    named = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    apart = {*own_files(), *(SOURCE / each for each in NAMED_BY_ALL)}
    found = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in {".py", ".js", ".html", ".css", ".json"} and path not in apart
        for line in path.read_text("utf-8").splitlines()
        if named.search(line)
    ]
    assert found == []


def test_what_may_name_any_names_one() -> None:
    names = [provider_of(each.name) for each in entry_points(group=GROUP)]
    for path in NAMED_BY_ALL:
        text = (SOURCE / path).read_text("utf-8").lower()
        assert any(name in text for name in names), path

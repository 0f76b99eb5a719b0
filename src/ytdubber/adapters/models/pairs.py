"""Translation models beyond the manifest: any pair that Mozilla delivers, pinned when fetched."""

import json
import re
from pathlib import Path

from ytdubber.adapters.models.fetch import settle
from ytdubber.adapters.models.model import Model, ModelFile
from ytdubber.adapters.models.supplies import Supplies
from ytdubber.adapters.models.transfer import Progress
from ytdubber.domain.errors import UnknownModel

LICENCE = "MPL-2.0"
LICENCE_URL = "https://github.com/mozilla/firefox-translations-models"

_LANGUAGE = r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?"
_NAME = re.compile(f"firefox-({_LANGUAGE})-({_LANGUAGE})")
_NOTE = "model.json"
_MOZILLA = {"no": ("nb", "no"), "tl": ("tl", "fil")}
"""Mozilla's codes where they are not ours."""


def languages_of(name: str) -> tuple[str, str] | None:
    """The source and target that a name such as `firefox-en-de` stands for."""
    found = _NAME.fullmatch(name)
    return (found[1], found[2]) if found else None


def names_of(source: str, target: str) -> tuple[str, ...]:
    """What the model of a pair may be called, by Mozilla's codes, the usual name first."""
    sources, targets = (_MOZILLA.get(code, (code,)) for code in (source, target))
    return tuple(f"firefox-{one}-{other}" for one in sources for other in targets)


def noted(folder: Path) -> Model | None:
    """The pair that was fetched into a folder, as its note pins it."""
    pair = languages_of(folder.name)
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        files = tuple(
            ModelFile(Path(row["name"]).name, int(row["size"]), str(row["sha256"]))
            for row in note["files"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return _model(folder.name, *pair, files) if pair and files else None


def fetch_pair(name: str, folder: Path, supplies: Supplies, progress: Progress) -> Model:
    """Bring a pair's newest model and vocabularies into a folder, and note what they are.

    Raises:
        UnknownModel: Mozilla delivers no model for this pair.
        SourceFailed: Mozilla cannot be reached.
    """
    source, target = languages_of(name) or ("", "")
    attachments = supplies.mozilla.pair(source, target)
    if not attachments:
        raise UnknownModel(model=name)
    total = sum(attachment.compressed_bytes for attachment in attachments)
    done = 0
    brought: list[tuple[Path, ModelFile]] = []
    for attachment in attachments:

        def tell(here: int, before: int = done) -> None:
            progress(name, before + here, total)

        tell(0)
        body = supplies.mozilla.fetch(attachment, folder, tell)
        candidate = supplies.packages.scratch() / attachment.name
        candidate.write_bytes(body)
        brought.append((candidate, ModelFile(attachment.name, len(body), attachment.sha256)))
        done += attachment.compressed_bytes
    # Without a note the folder counts as empty, so an interrupt between the moves is harmless.
    (folder / _NOTE).unlink(missing_ok=True)
    for candidate, file in brought:
        settle(candidate, folder / file.name)
    model = _model(name, source, target, tuple(file for _, file in brought))
    _write_note(model, folder, attachments[0].version, supplies)
    progress(name, total, total)
    return model


def _write_note(model: Model, folder: Path, version: str, supplies: Supplies) -> None:
    note = {
        "name": model.name,
        "licence": model.licence,
        "licence_url": model.licence_url,
        "version": version,
        "files": [
            {"name": file.name, "size": file.size, "sha256": file.sha256} for file in model.files
        ],
    }
    candidate = supplies.packages.scratch() / _NOTE
    candidate.write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
    settle(candidate, folder / _NOTE)


def _model(name: str, source: str, target: str, files: tuple[ModelFile, ...]) -> Model:
    purpose = f"translation, {source} to {target}"
    return Model(name, purpose, LICENCE, LICENCE_URL, files)

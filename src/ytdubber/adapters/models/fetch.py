"""Fetching the files of one model: sources in their order, verified, then moved into place."""

import os
from collections.abc import Sequence
from pathlib import Path

from ytdubber.adapters.models.model import Model, ModelFile
from ytdubber.adapters.models.supplies import Supplies
from ytdubber.adapters.models.transfer import Progress, SourceFailed, Tell, sha256_of
from ytdubber.domain.errors import ModelCorrupt


def fetch_files(
    model: Model,
    wanted: Sequence[ModelFile],
    folder: Path,
    supplies: Supplies,
    progress: Progress,
) -> None:
    """Bring the wanted files of a model into its folder, whole and verified.

    Raises:
        SourceFailed: no source could give a file.
        ModelCorrupt: no source had the pinned bytes, and at least one had others.
    """
    done = model.size_bytes - sum(file.size for file in wanted)
    for file in wanted:

        def tell(here: int, before: int = done) -> None:
            progress(model.name, before + here, model.size_bytes)

        tell(0)
        _fetch_file(model, file, folder, supplies, tell)
        tell(file.size)
        done += file.size


def settle(candidate: Path, final: Path) -> None:
    """Give a whole file its name, so that after a crash it is there with all its bytes or not."""
    final.parent.mkdir(parents=True, exist_ok=True)
    with candidate.open("rb+") as stream:
        os.fsync(stream.fileno())
    candidate.replace(final)
    if os.name == "posix":
        folder = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _fetch_file(
    model: Model, file: ModelFile, folder: Path, supplies: Supplies, tell: Tell
) -> None:
    part = folder / f"{file.name}.part"
    reasons: dict[str, None] = {}
    refused: ModelCorrupt | None = None
    for source in file.sources:
        try:
            candidate = source.fetch(file, part, supplies, tell)
        except SourceFailed as failure:
            reasons[_with_label(source.label, str(failure))] = None
            continue
        actual = sha256_of(candidate)
        if actual == file.sha256:
            settle(candidate, folder / file.name)
            _forget(part)
            return
        candidate.unlink()
        refused = ModelCorrupt(
            file=f"{file.name} from {source.label}",
            actual=actual,
            expected=file.sha256,
            model=model.name,
        )
    raise refused or SourceFailed("; ".join(reasons) or "no source has it")


def _with_label(label: str, reason: str) -> str:
    return reason if reason.startswith(label) else f"{label}: {reason}"


def _forget(part: Path) -> None:
    """Drop what an earlier, broken download from another source left."""
    for left in (part, part.with_name(f"{part.name}.etag")):
        left.unlink(missing_ok=True)

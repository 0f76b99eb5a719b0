"""The models this version of ytdubber works with, read from `manifest.json` beside this file."""

import json
from importlib import resources
from typing import Any

from ytdubber.adapters.models.model import Model, ModelFile, Source
from ytdubber.adapters.models.packages import Client
from ytdubber.adapters.models.sources import HubSource, Member, MozillaSource, PackageSource


def load_manifest() -> tuple[Model, ...]:
    """Every pinned model, in the manifest's order."""
    text = resources.files(__package__).joinpath("manifest.json").read_text(encoding="utf-8")
    return tuple(_model(row) for row in json.loads(text)["models"])


def _model(row: dict[str, Any]) -> Model:
    return Model(
        name=row["name"],
        purpose=row["purpose"],
        licence=row["licence"],
        licence_url=row["licence_url"],
        files=tuple(_file(file) for file in row["files"]),
    )


def _file(row: dict[str, Any]) -> ModelFile:
    sources = tuple(_source(source) for source in row["sources"])
    return ModelFile(row["name"], row["size"], row["sha256"], sources)


def _source(row: dict[str, Any]) -> Source:
    kind = row["kind"]
    if kind == "hub":
        return HubSource(row["url"])
    if kind == "mozilla":
        return MozillaSource(row["source"], row["target"])
    members = tuple(Member(member["package"], member["path"]) for member in row["members"])
    return PackageSource(Client(kind), members)

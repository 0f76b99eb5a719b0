"""Finding Firefox translation models: what the store knows by name, and folders a user fills."""

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ytdubber.domain.errors import BadInput
from ytdubber.domain.languages import target as language
from ytdubber.ports.model_store import ModelStore

Pair = tuple[str, str]

PIVOT = "en"
"""Every Firefox model has English on one side."""

_STORE_NAME = re.compile(r"firefox-([a-z]{2,3}(?:-[A-Z][a-z]{3})?)-([a-z]{2,3}(?:-[A-Z][a-z]{3})?)")
_MODEL_FILE = re.compile(r"model\.(([a-z]{2})([a-z]{2})([-_][A-Za-z]+)?)\..*bin")
_DEEPEST = 3
_FRESH_S = 1.0
"""How long a listing of the folders is believed."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The files of one direction of one pair."""

    pair: Pair
    model: Path
    source_vocabulary: Path
    target_vocabulary: Path


def model_files(folder: Path) -> list[ModelFiles]:
    """The models that lie directly in a folder, named as Mozilla names them."""
    found = []
    for model in sorted(folder.glob("model.*.bin")):
        match = _MODEL_FILE.fullmatch(model.name)
        if match is None:
            continue
        code = match[1]
        shared = folder / f"vocab.{code}.spm"
        source, target = folder / f"srcvocab.{code}.spm", folder / f"trgvocab.{code}.spm"
        if shared.is_file():
            source = target = shared
        pair = _pair(match[2], match[3] + (match[4] or ""))
        if pair and source.is_file() and target.is_file():
            found.append(ModelFiles(pair, model, source, target))
    return found


def _pair(source: str, target: str) -> Pair | None:
    try:
        return language(source), language(target)
    except BadInput:  # also another locale than the code stands for, such as traditional Chinese
        return None


class FirefoxModels:
    """The pairs at hand: in the user's folders, in the store, or known to the store by name."""

    def __init__(self, models: ModelStore, known: Iterable[str]) -> None:
        self._models = models
        self._known = tuple(known)
        self._listed_at = -_FRESH_S
        self._named: dict[Pair, str] = {}
        self._found: dict[Pair, ModelFiles] = {}
        self._hashes: dict[tuple[Path, int, int], str] = {}

    def route(self, source: str, target: str) -> tuple[Pair, ...]:
        """The pairs to go through: one, two by way of English, or none when there is no way."""
        self._list()
        if self._has((source, target)):
            return ((source, target),)
        legs = ((source, PIVOT), (PIVOT, target))
        if PIVOT not in (source, target) and source != target and all(map(self._has, legs)):
            return legs
        return ()

    def whole(self, source: str, target: str) -> bool:
        """Whether there is a way and every file of it is here."""
        route = self.route(source, target)
        return bool(route) and all(
            pair in self._found or self._models.present(self._named[pair]) for pair in route
        )

    def forget(self) -> None:
        """Believe no listing of the folders any more."""
        self._listed_at = -_FRESH_S

    def version(self, pair: Pair) -> str:
        """The store's version of the model, or the first digits of the hash of the user's file."""
        if pair in self._found:
            return self._hash(self._found[pair].model)
        return self._models.version(self._named[pair])

    def open(self, pair: Pair) -> ModelFiles:
        """The files of a pair, verified by the store where they are the store's.

        Raises:
            YtDubberError: the store cannot give them.
            LookupError: what the store gave is not a model of this pair.
        """
        if pair in self._found:
            return self._found[pair]
        folder = self._models.open(self._named[pair])
        for files in model_files(folder):
            if files.pair == pair:
                return files
        raise LookupError(f"no model of {pair[0]}-{pair[1]} in {folder}")

    def _has(self, pair: Pair) -> bool:
        return pair in self._found or pair in self._named

    def _list(self) -> None:
        now = time.monotonic()
        if now - self._listed_at < _FRESH_S:
            return
        own = self._models.folders()[0]
        named: dict[Pair, str] = {}
        for name in [*self._known, *(folder.name for folder in _folders(own, deepest=1))]:
            match = _STORE_NAME.fullmatch(name)
            pair = _pair(match[1], match[2]) if match else None
            if pair and (name in self._known or self._models.present(name)):
                named.setdefault(pair, name)
        found: dict[Pair, ModelFiles] = {}
        for files in self._lying_about():
            best = found.setdefault(files.pair, files)
            if files.model.stat().st_size > best.model.stat().st_size:
                found[files.pair] = files
        self._named, self._found, self._listed_at = named, found, now

    def _lying_about(self) -> Iterator[ModelFiles]:
        """Models in any folder but those the store itself has filled and can verify."""
        for root in self._models.folders():
            for folder in _folders(root):
                if not any(map(_STORE_NAME.fullmatch, folder.relative_to(root).parts)):
                    yield from model_files(folder)

    def _hash(self, path: Path) -> str:
        stat = path.stat()
        key = (path, stat.st_size, stat.st_mtime_ns)
        if key not in self._hashes:
            with path.open("rb") as file:
                self._hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()[:12]
        return self._hashes[key]


def _folders(root: Path, deepest: int = _DEEPEST) -> Iterator[Path]:
    """The folder and those in it, down to a depth; hidden ones and what cannot be read left out."""
    for path, names, _ in os.walk(root):
        folder = Path(path)
        yield folder
        depth = len(folder.relative_to(root).parts)
        names[:] = sorted(n for n in names if not n.startswith(".")) if depth < deepest else []

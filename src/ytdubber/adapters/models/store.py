"""The model store: a folder a model, each file verified before an engine sees it."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from ytdubber.adapters.models.fetch import fetch_files
from ytdubber.adapters.models.locks import ModelLocks
from ytdubber.adapters.models.manifest import load_manifest
from ytdubber.adapters.models.model import Model, ModelFile
from ytdubber.adapters.models.mozilla import Mozilla
from ytdubber.adapters.models.packages import Packages
from ytdubber.adapters.models.pairs import fetch_pair, languages_of, noted
from ytdubber.adapters.models.status import FileReport, FileState, ModelStatus
from ytdubber.adapters.models.supplies import Supplies
from ytdubber.adapters.models.transfer import (
    Check,
    Progress,
    Say,
    SourceFailed,
    sha256_of,
    size_of,
)
from ytdubber.adapters.models.web import Web
from ytdubber.domain.errors import FileNotReadable, ModelCorrupt, ModelMissing, UnknownModel

Wanted = Callable[[Model], tuple[ModelFile, ...]]
"""Which files of a model are to be fetched."""


def _ignore(*_: object) -> None:
    """Say nothing, show nothing, never stop."""


class LocalModelStore:
    """Models in `root`, one folder each, and the user's own folders of translation models.

    Nothing is read, made or fetched before the first call. A model is fetched under a lock of its
    own, so that of two processes that want it, one fetches and the other waits.

    Args:
        root: the folder of all models; made when something is fetched.
        user_folders: folders the user named that may hold further translation models.
        offline: fetch nothing; what is missing is an error.
        say: told sentences worth showing, such as that another process is being waited for.
        progress: told a model's name, bytes here and bytes in all, while it is fetched.
        check: called often while bytes flow; what it raises stops the work.
        models: the models known by name; those of the manifest when None.
        web: the client for hubs; it remembers for its life which hosts did not answer.
        mozilla: the catalogue of translation models.
    """

    def __init__(
        self,
        root: Path,
        user_folders: tuple[Path, ...] = (),
        *,
        offline: bool = False,
        say: Say = _ignore,
        progress: Progress = _ignore,
        check: Check = _ignore,
        models: Iterable[Model] | None = None,
        web: Web | None = None,
        mozilla: Mozilla | None = None,
    ) -> None:
        self._root = root
        self._user_folders = user_folders
        self._offline = offline
        self._progress = progress
        self._check = check
        known = load_manifest() if models is None else models
        self._known = {model.name: model for model in known}
        self._web = web or Web(check)
        self._mozilla = mozilla or Mozilla(self._web)
        self._locks = ModelLocks(root, say, check)

    def present(self, model: str) -> bool:
        """Whether all files of the model are there, by name and size. Cheap: no hash is taken.

        Raises:
            UnknownModel: no model has this name.
        """
        pinned = self._pinned(model)
        return pinned is not None and not self._misfits(pinned)

    def version(self, model: str) -> str:
        """The first twelve hex digits of the SHA-256 over the model's pinned hashes. Cheap.

        Raises:
            UnknownModel: no model has this name.
            ModelMissing: a pair of languages beyond the manifest that was never fetched.
        """
        return self._fetched(model).version

    def open(self, model: str) -> Path:
        """The folder with the model's files, each one's hash verified; fetched when missing.

        A file that is there with other bytes than pinned is reported and left as it is; `pull`
        replaces it.

        Raises:
            UnknownModel: no model has this name.
            ModelMissing: it is not here and no source could be reached.
            ModelCorrupt: a file's hash is not the pinned one.
        """
        pinned = self._pinned(model)
        if pinned is None or self._absent(pinned):
            if self._offline:
                raise self._missing(model, "working offline")
            with self._supplies() as packages:
                pinned = self._fetch(model, self._absent, packages, self._progress)
        for report in self._reports(pinned):
            if report.state is not FileState.OK:
                raise ModelCorrupt(
                    file=report.path, actual=report.actual, expected=report.expected, model=model
                )
        return self._root / model

    def offered(self) -> frozenset[tuple[str, str]]:
        """The pairs of languages that can be fetched, by Mozilla's codes; none when offline.

        Raises:
            SourceFailed: the catalogue cannot be read.
        """
        return frozenset() if self._offline else self._mozilla.pairs()

    def folders(self) -> tuple[Path, ...]:
        """Folders that may hold translation models: the store's own, then the user's."""
        return (self._root, *self._user_folders)

    def pull(
        self, names: Iterable[str] = (), *, progress: Progress | None = None
    ) -> tuple[ModelStatus, ...]:
        """Fetch models whose files are missing or corrupt; without names, all of the manifest.

        Every model is tried; the first error is raised at the end.

        Raises:
            UnknownModel: no model has this name.
            ModelMissing: no source could be reached.
            ModelCorrupt: sources have other bytes than pinned.
        """
        wanted = tuple(dict.fromkeys(names)) or tuple(self._known)
        for name in wanted:
            self._pinned(name)
        failure: ModelMissing | ModelCorrupt | UnknownModel | None = None
        with self._supplies() as packages:
            for name in wanted:
                try:
                    self._fetch(name, self._unsound, packages, progress or self._progress)
                except (ModelMissing, ModelCorrupt, UnknownModel) as error:
                    failure = failure or error
        if failure:
            raise failure
        return tuple(self._status(name) for name in wanted)

    def verify(self, names: Iterable[str] = ()) -> tuple[FileReport, ...]:
        """Hash every file of the models; without names, of those of which anything is here.

        Raises:
            UnknownModel: no model has this name.
            ModelMissing: a pair of languages beyond the manifest that was never fetched.
        """
        wanted = tuple(dict.fromkeys(names)) or self._here()
        models = [self._fetched(name) for name in wanted]
        return tuple(report for model in models for report in self._reports(model))

    def remove(self, names: Iterable[str]) -> tuple[str, ...]:
        """Remove models and what a broken download left; returns those that were there.

        Raises:
            UnknownModel: no model has this name.
        """
        wanted = tuple(dict.fromkeys(names))
        for name in wanted:
            self._pinned(name)
        removed = []
        for name in wanted:
            if (self._root / name).is_dir():
                with self._locks.held(name):
                    shutil.rmtree(self._root / name)
                removed.append(name)
        return tuple(removed)

    def list(self) -> tuple[ModelStatus, ...]:
        """Every model of the manifest, then every other pair that was fetched."""
        others = (name for name in self._here() if name not in self._known)
        return tuple(self._status(name) for name in (*self._known, *others))

    def hashes(self) -> dict[str, dict[str, str]]:
        """The pinned SHA-256 of every file, by file and model, of the models that are here."""
        models = [self._fetched(name) for name in self._here()]
        return {model.name: {file.name: file.sha256 for file in model.files} for model in models}

    def _pinned(self, name: str) -> Model | None:
        """What is pinned under a name; None for a pair of languages that was never fetched."""
        if name in self._known:
            return self._known[name]
        if languages_of(name) is None:
            raise UnknownModel(model=name)
        return noted(self._root / name)

    def _fetched(self, name: str) -> Model:
        """What is pinned under a name; a pair of languages must have been fetched."""
        pinned = self._pinned(name)
        if pinned is None:
            raise self._missing(name, "it was never fetched")
        return pinned

    def _here(self) -> tuple[str, ...]:
        """Names of models that have a folder: the manifest's first, then other pairs."""
        known = [name for name in self._known if (self._root / name).is_dir()]
        others = [
            folder.name
            for folder in sorted(self._root.glob("firefox-*"))
            if folder.name not in self._known and noted(folder)
        ]
        return (*known, *others)

    def _absent(self, model: Model) -> tuple[ModelFile, ...]:
        return tuple(file for file in model.files if not self._path(model, file).is_file())

    def _misfits(self, model: Model) -> tuple[ModelFile, ...]:
        return tuple(file for file in model.files if size_of(self._path(model, file)) != file.size)

    def _unsound(self, model: Model) -> tuple[ModelFile, ...]:
        reports = zip(model.files, self._reports(model), strict=True)
        return tuple(file for file, report in reports if report.state is not FileState.OK)

    def _path(self, model: Model, file: ModelFile) -> Path:
        return self._root / model.name / file.name

    def _reports(self, model: Model) -> tuple[FileReport, ...]:
        return tuple(self._report(model, file) for file in model.files)

    def _report(self, model: Model, file: ModelFile) -> FileReport:
        path = self._path(model, file)
        try:
            actual = sha256_of(path) if path.is_file() else None
        except OSError as error:
            raise FileNotReadable(file=path, reason=error.strerror or error) from error
        state = FileState.MISSING if actual is None else FileState.CORRUPT
        if actual == file.sha256:
            state = FileState.OK
        return FileReport(model.name, file.name, path, state, file.sha256, actual)

    def _supplies(self) -> Packages:
        return Packages(self._root, self._check)

    def _fetch(self, name: str, wanted: Wanted, packages: Packages, progress: Progress) -> Model:
        """Fetch what is wanted of a model under its lock, and return what is pinned then."""
        try:
            return self._fetch_locked(name, wanted, packages, progress)
        except SourceFailed as failure:
            raise self._missing(name, str(failure)) from failure
        except OSError as error:
            raise self._missing(name, f"{error.filename or 'disk'}: {error.strerror}") from error

    def _fetch_locked(
        self, name: str, wanted: Wanted, packages: Packages, progress: Progress
    ) -> Model:
        folder = self._root / name
        supplies = Supplies(self._web, self._mozilla, packages)
        with self._locks.held(name):
            # Another process may have fetched it while this one waited.
            pinned = self._pinned(name)
            lacking = wanted(pinned) if pinned else ()
            if pinned and not lacking:
                return pinned
            if self._offline:
                raise SourceFailed("working offline")
            if pinned and name in self._known:
                fetch_files(pinned, lacking, folder, supplies, progress)
                return pinned
            return fetch_pair(name, folder, supplies, progress)

    def _missing(self, name: str, reason: str) -> ModelMissing:
        return ModelMissing(
            model=name,
            reason=reason,
            command=f"ytdubber models pull {name}",
            folder=self._root / name,
        )

    def _status(self, name: str) -> ModelStatus:
        pinned = self._fetched(name)
        return ModelStatus(
            name=name,
            purpose=pinned.purpose,
            licence=pinned.licence,
            licence_url=pinned.licence_url,
            size_bytes=pinned.size_bytes,
            present=not self._misfits(pinned),
            path=self._root / name,
        )

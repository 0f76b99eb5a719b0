"""What results depend on besides their input: the code that makes them, and the libraries it uses.

Results are kept and finished dubs recognised by what made them. A version that somebody has to
raise is forgotten some day; this one is a hash of the source itself. An engine's is that of its
module and of all modules of ours that this imports, directly or not, with the data files beside
them: a reading rule, a prompt or a table that changes is in it without being named anywhere.
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Set
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
DIGITS = 12
"""Of a hash in a version: 48 bits, enough for never meeting the same twice."""

DISTRIBUTIONS = {"jwt": "PyJWT"}
"""The distributions of libraries that are imported by another name, but for those that are called
`NAME-sdk`.
"""
SHAPELESS = (
    "__init__.py",
    "adapters/db",
    "adapters/identity",
    "adapters/memory",
    "adapters/postgres",
    "adapters/prices",
    "adapters/queue",
    "adapters/stripe",
    "api",
    "cli",
    "domain/errors",
    "library",
    "testing",
    "version.py",
    "web",
    "worker",
)
"""What shapes no result: how work is asked for, kept and shown, and what errors say."""

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|.*)|import[ \t]+(.*))", re.M
)


@cache
def code_version(module: str, *libraries: str) -> str:
    """The version of a module of ours with all that it uses, as this process runs it.

    Args:
        module: Its full name.
        libraries: Names of distributions that shape its results and that nothing of ours imports.
    """
    return version_of(modules_used(module), libraries)


@cache
def dub_version() -> str:
    """The version of all code that shapes a dub, as this process runs it."""
    return version_of(modules_of_a_dub())


def version_of(modules: Set[str], libraries: Iterable[str] = (), package: Path = PACKAGE) -> str:
    """The version of these modules, in hexadecimal digits.

    Args:
        modules: Their full names.
        libraries: Distributions that count besides those they import.
        package: Where this package's files are.
    """
    digest = hashlib.sha256()
    for path in sorted(files_used(modules, package)):
        digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for library in sorted({*libraries_used(modules, package), *libraries}):
        digest.update(f"{library} {installed(library)}\n".encode())
    return digest.hexdigest()[:DIGITS]


def modules_of_a_dub(package: Path = PACKAGE) -> Set[str]:
    """All modules of ours but those that shape no dub."""
    return {_name(path, package) for path in package.rglob("*.py") if _shapes(path, package)}


def modules_used(module: str, package: Path = PACKAGE) -> Set[str]:
    """The module, those of ours that it imports, directly or not, and the packages they are in."""
    found, queue = set[str](), [module]
    while queue:
        name = queue.pop()
        path = _path(name, package)
        if name in found or path is None or not _shapes(path, package):
            continue
        found.add(name)
        queue += [name.rpartition(".")[0], *_imports(name, path)]
    return found


def files_used(names: Iterable[str], package: Path = PACKAGE) -> Set[Path]:
    """The files of these modules, and the data beside them."""
    sources = {path for name in names if (path := _path(name, package))}
    folders = {path.parent for path in sources} - {package}
    return sources.union(*map(_data, folders))


def _data(folder: Path) -> set[Path]:
    """The data of a package: what is no Python, in its folder and in those in it that hold none."""
    found = set[Path]()
    for place in folder.iterdir():
        if place.is_file() and place.suffix != ".py":
            found.add(place)
        elif place.is_dir() and place.name != "__pycache__" and not any(place.glob("*.py")):
            found |= _data(place)
    return found


def _shapes(path: Path, package: Path) -> bool:
    place = f"{path.relative_to(package).as_posix()}/"
    return not any(place.startswith(f"{each}/") for each in SHAPELESS)


def _name(path: Path, package: Path) -> str:
    place = path.relative_to(package.parent).with_suffix("")
    return ".".join(place.parts[:-1] if place.name == "__init__" else place.parts)


def _path(name: str, package: Path) -> Path | None:
    """Where a module of ours is; None for what is none."""
    first, *rest = name.split(".")
    if first != package.name:
        return None
    place = package.joinpath(*rest)
    for path in (place / "__init__.py", place.with_suffix(".py") if rest else place):
        if path.is_file():
            return path
    return None


@cache
def _imports(name: str, path: Path) -> Set[str]:
    """The full names of all that a module may import, anywhere in it; some are no modules."""
    found = set[str]()
    levels = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for source, taken, plain in _IMPORT.findall(path.read_text(encoding="utf-8")):
        found.update(each.split()[0] for each in plain.split(",") if each.strip())
        if source:
            dots = len(source) - len(source.lstrip("."))
            above = levels[: len(levels) - dots + 1] if dots else []
            base = ".".join([*above, *filter(None, [source[dots:]])])
            found.update([base, *(f"{base}.{each}" for each in re.findall(r"\w+", taken))])
    return found


def libraries_used(names: Iterable[str], package: Path) -> Set[str]:
    """The libraries of others that these modules import, by the name that is imported."""
    ours = {package.name, *sys.stdlib_module_names}
    return {
        library
        for name in names
        if (path := _path(name, package))
        for each in _imports(name, path)
        if (library := each.split(".")[0]) not in ours
    }


@cache
def installed(library: str) -> str:
    """The version of a library; nothing for one that is not here."""
    for name in (DISTRIBUTIONS.get(library, library), f"{library}-sdk"):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return ""

"""The Dockerfile, read, and its steps run without an engine below a folder of one's own."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
ABSOLUTE = re.compile(r"(?<![\w.:/])/(?:opt|src|wheels|models|tmp)\b")
"""The paths of the image that its steps name."""


@dataclass
class Stage:
    """A stage: what it begins with and its instructions, each a name and its words."""

    name: str
    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def of(self, kind: str) -> list[str]:
        """The words of every instruction of a kind."""
        return [words for name, words in self.steps if name == kind]


def stages() -> dict[str, Stage]:
    """The stages by name, in order."""
    found: dict[str, Stage] = {}
    for kind, words in _instructions(DOCKERFILE.read_text(encoding="utf-8")):
        if kind == "FROM":
            base, _, name = words.partition(" AS ")
            found[name] = Stage(name, base)
        elif found:
            list(found.values())[-1].steps.append((kind, words))
    return found


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    kept = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(kept).replace("\\\n", " ").splitlines():
        if line.strip():
            kind, _, words = line.strip().partition(" ")
            yield kind.upper(), words.strip()


@dataclass
class Below:
    """Runs steps with the image's paths below a folder.

    Attributes:
        folder: Stands in for the image's root.
        python: Stands in for the base image's.
    """

    folder: Path
    python: str

    def path(self, text: str) -> str:
        """Text with the image's paths as they are here."""
        return ABSOLUTE.sub(lambda found: str(self.folder) + found[0], text)

    def run(self, stage: Stage) -> None:
        """Every step of a stage."""
        environment = {name: os.environ[name] for name in os.environ if name.startswith("PIP_")}
        environment |= {"HOME": os.environ["HOME"], "PATH": self._path_with_python()}
        at = self.folder
        for kind, words in stage.steps:
            match kind:
                case "ENV":
                    given = dict(word.split("=", 1) for word in shlex.split(words))
                    given.pop("PIP_NO_CACHE_DIR", None)  # an image keeps none; this machine does
                    environment |= {name: self.path(value) for name, value in given.items()}
                case "ARG":
                    name, _, value = words.partition("=")
                    environment[name] = value
                case "WORKDIR":
                    at = Path(self.path(words))
                    at.mkdir(parents=True, exist_ok=True)
                case "COPY":
                    self._copy(words, at)
                case "RUN":
                    self._run(words, at, environment)
                case _:
                    raise AssertionError(f"{kind} is not known here")

    def _copy(self, words: str, at: Path) -> None:
        *sources, into = shlex.split(words)
        for source in sources:
            named = at / into if into.endswith("/") else (at / into).parent
            target = named / (source if into.endswith("/") else into)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, target)

    def _run(self, words: str, at: Path, environment: dict[str, str]) -> None:
        done = subprocess.run(
            ["sh", "-ec", self.path(words)],
            cwd=at,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"

    def _path_with_python(self) -> str:
        names = self.folder / "base" / "bin"
        names.mkdir(parents=True, exist_ok=True)
        if not (names / "python").exists():
            (names / "python").symlink_to(self.python)
        return f"{names}:/usr/bin:/bin"

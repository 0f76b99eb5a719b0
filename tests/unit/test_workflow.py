"""The workflow runs on every machine and every Python that the README says it checks."""

from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # it ships no types
from tests.unit.test_lock import PYTHONS

ROOT = Path(__file__).parents[2]


def jobs(workflow: str) -> dict[str, Any]:
    path = ROOT / ".github" / "workflows" / f"{workflow}.yml"
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    return read


JOBS = jobs("ci")
MACHINES = ["ubuntu-24.04-arm", "macos-15", "windows-2025"]


def commands(job: str) -> str:
    return "\n".join(step.get("run", "") for step in JOBS[job]["steps"])


def test_every_python_that_is_promised_is_run_everywhere() -> None:
    for name in ("everything", "elsewhere"):
        job = JOBS[name]
        assert tuple(job["strategy"]["matrix"]["python"]) == PYTHONS
    assert JOBS["elsewhere"]["strategy"]["matrix"]["machine"] == MACHINES


def test_linux_runs_everything_and_with_the_python_of_the_matrix() -> None:
    assert commands("everything").strip() == "bash .ci/run"
    assert JOBS["everything"]["env"]["PYTHON"] == "python"


def test_elsewhere_the_lock_is_installed_and_the_example_dubbed() -> None:
    run = commands("elsewhere")
    assert "pip install --require-hashes -r requirements/dev.txt" in run
    assert "ytdubber dub examples/voice.flac" in run
    assert "pytest --durations=20 tests/unit tests/integration/audio" in run


def test_every_file_that_it_names_is_there() -> None:
    words = "\n".join(map(commands, JOBS)).split()
    folders = ("examples/", "tests/", "requirements/", "deploy/")
    named = [word for word in words if word.startswith(folders) and "$" not in word]
    made = {"deploy/service.env", "deploy/kubernetes/base/secrets.env"}
    assert len(named) > 8
    assert all((ROOT / word).exists() for word in named if word not in made)


def test_the_image_is_linted_built_and_started() -> None:
    run = commands("image")
    for each in ("hadolint", "kubernetes-validate --strict", "docker build", "compose", "/ready"):
        assert each in run


def test_what_is_locked_and_kept_is_audited() -> None:
    assert {"make audit", "make sbom"} <= set(commands("audit").splitlines())
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}: $(UV) ##" in targets for target in ("audit", "sbom"))
    reasons = (ROOT / ".ci" / "known-faults.txt").read_text(encoding="utf-8").splitlines()
    assert all(len(line.split()) > 4 for line in reasons)


def test_a_release_is_installed_and_dubs_on_every_python_before_it_is_published() -> None:
    release = jobs("release")
    installs = release["installs"]
    assert installs["strategy"]["matrix"] == {
        "what": ["*.whl", "*.tar.gz"],
        "python": list(PYTHONS),
    }
    assert "ytdubber dub" in installs["steps"][-1]["run"]
    assert [release[name].get("needs") for name in ("build", "installs", "publish")] == [
        None,
        "build",
        "installs",
    ]


def test_the_readme_names_every_machine() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("Linux, arm64", "macOS", "Windows", "3.14"):
        assert name in readme.split("## Where it runs")[1].split("\n## ")[0], name

"""The locks hold for every Python and every machine that is promised."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = {
    "Linux x86-64": {"sys_platform": "linux", "platform_machine": "x86_64"},
    "Linux arm64": {"sys_platform": "linux", "platform_machine": "aarch64"},
    "macOS arm64": {"sys_platform": "darwin", "platform_machine": "arm64"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64"},
}
NOT_EVERYWHERE = {"python-stretch": {"Linux arm64"}, "uvloop": {"Windows"}}
"""What is asked for and not to be had on some machines, which do without."""
BEFORE = {"async-timeout"}
"""What stands in for a part of the standard library that came with Python 3.11.3."""


def locked(name: str) -> dict[str, list[tuple[Requirement, int]]]:
    """The pins of a lock by their package, each with how many hashes it has."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    found: dict[str, list[tuple[Requirement, int]]] = {}
    for block in re.split(r"\n(?=[\w.-]+==)", text.replace("\\\n", " ")):
        if "==" not in (line := block.split("\n")[0]):
            continue
        requirement = Requirement(line.split(" --hash")[0].strip())
        hashes = len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line))
        found.setdefault(requirement.name, []).append((requirement, hashes))
    return found


def machines() -> list[tuple[str, dict[str, str]]]:
    return [
        (
            f"{name}, {python}",
            machine | {"python_version": python, "python_full_version": python + ".0"},
        )
        for name, machine in MACHINES.items()
        for python in PYTHONS
    ]


def holds(marker: Marker | None, machine: dict[str, str]) -> bool:
    here = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return marker is None or marker.evaluate(machine | here | {"extra": ""})


def test_the_pythons_promised_are_those_that_are_locked() -> None:
    named = [each.rpartition(" :: ")[2] for each in PROJECT["classifiers"] if ":: 3." in each]
    assert tuple(named) == PYTHONS
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert all(allowed.contains(python) for python in (*PYTHONS, "3.15"))
    assert not allowed.contains("3.10")


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_pin_has_its_hashes(name: str) -> None:
    pins = locked(name)
    assert len(pins) > 80
    assert [str(pin) for each in pins.values() for pin, hashes in each if not hashes] == []
    assert all(len(pin.specifier) == 1 for each in pins.values() for pin, _ in each)


@pytest.mark.parametrize("name", ["run", "dev"])
def test_no_machine_gets_two_versions_of_a_package(name: str) -> None:
    for pins in locked(name).values():
        for where, machine in machines():
            at_hand = [str(pin) for pin, _ in pins if holds(pin.marker, machine)]
            assert len(at_hand) < 2, where


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_machine_gets_all_that_is_asked_for(name: str) -> None:
    pins = {canonicalize_name(package): each for package, each in locked(name).items()}
    extras = [each for group in PROJECT["optional-dependencies"].values() for each in group]
    for asked in map(Requirement, [*PROJECT["dependencies"], *extras]):
        for where, machine in machines():
            package = canonicalize_name(asked.name)
            at_hand = [pin for pin, _ in pins[package] if holds(pin.marker, machine)]
            if where.split(",")[0] in NOT_EVERYWHERE.get(asked.name, ()):
                assert at_hand == [], f"{asked.name} on {where}"
                continue
            assert at_hand, f"{asked.name} on {where}"
            (version,) = (spec.version for spec in at_hand[0].specifier)
            assert asked.specifier.contains(version), f"{asked.name} on {where}"


@pytest.mark.parametrize("name", ["run", "dev"])
def test_no_marker_leaves_out_a_python_that_is_promised(name: str) -> None:
    """A package that the newest Python gets is one that every newer than its own marker gets."""
    for package, pins in locked(name).items():
        if package in BEFORE:
            continue
        for name_of, machine in MACHINES.items():
            got = [
                any(
                    holds(
                        pin.marker,
                        machine | {"python_version": python, "python_full_version": f"{python}.0"},
                    )
                    for pin, _ in pins
                )
                for python in PYTHONS
            ]
            assert got == sorted(got), (
                f"{package} on {name_of}: {dict(zip(PYTHONS, got, strict=True))}"
            )

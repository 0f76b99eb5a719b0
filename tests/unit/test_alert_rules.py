"""Alerts without Prometheus and its rules are the same."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

from ytdubber.domain.alerts import PROMETHEUS_ONLY, RULES, Rule

ROOT = Path(__file__).parents[2]
PROMETHEUS: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in yaml.safe_load(
        (ROOT / "deploy" / "observability" / "rules.yml").read_text("utf-8")
    )["groups"]
    for rule in group["rules"]
}
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?: \* \d+)?(?![\w.])")


def seconds(text: str) -> int:
    return int(text[:-1]) * _SECONDS[text[-1]]


def figures(expression: str) -> set[float]:
    """What an expression compares with, 0 and 1 aside, which are whether something is."""
    plain = re.sub(r"\{[^}]*\}|\[\w+\]|offset \w+", "", expression)
    found = set()
    for text in _NUMBER.findall(plain):
        first, _, second = text.partition(" * ")
        found.add(float(first) * float(second or 1))
    return found - {0.0, 1.0}


def windows(expression: str) -> set[int]:
    return {seconds(each) for each in re.findall(r"(?:\[|offset )(\d+[smh])", expression)}


def test_both_know_the_same_alerts() -> None:
    assert RULES.keys() | PROMETHEUS_ONLY == PROMETHEUS.keys()
    assert not RULES.keys() & PROMETHEUS_ONLY


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_both_judge_by_the_same_figures(rule: Rule) -> None:
    other = PROMETHEUS[rule.name]
    assert other["labels"]["severity"] == rule.severity
    assert other["annotations"]["runbook_url"] == f"docs/runbooks/{rule.runbook}.md"
    assert seconds(other.get("for", "0s")) == rule.for_s
    assert figures(other["expr"]) == set(rule.limits)
    assert windows(other["expr"]) == ({rule.window_s} if rule.window_s else set())

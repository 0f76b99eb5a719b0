"""What is so of which an operator is told, just at its figures and just beyond."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ytdubber.app.alerts.conditions import conditions
from ytdubber.domain.alerts import DATABASE_AWAY, RULES
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.alerts import Facts, Lately, VendorCalls
from ytdubber.ports.line import LaneState
from ytdubber.ports.retention import Reason
from ytdubber.ports.service_state import ServiceState, Waits

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
QUIET = ServiceState(
    lanes={lane: LaneState(workers=1) for lane in Lane},
    crowds={},
    languages={},
    spent_today_usd={},
    retention_lag_s=dict.fromkeys(Reason, 0.0),
    dead_letters=0,
    outbox_waiting=0,
    stored_bytes={},
    connections=10,
    most_connections=100,
)
CALM = Facts(NOW, QUIET, Lately(), machine="host1")


def state(**changed: Any) -> Facts:
    return replace(CALM, state=replace(QUIET, **changed))


def lane(*figures: Any) -> Facts:
    return state(lanes={Lane.IO: LaneState(*figures)})


def lately(**changed: Any) -> Facts:
    return replace(CALM, lately=Lately(**changed))


def calls(*figures: int) -> Facts:
    return lately(calls={"deepgram": VendorCalls(*figures)})


def spent(usd: str, limit: str = "10") -> Facts:
    facts = state(spent_today_usd={"deepgram": Decimal(usd)})
    return replace(facts, day_budget_usd=Decimal(limit))


def expires(days: float) -> Facts:
    return replace(CALM, expires={"SUPABASE_SERVICE_KEY": NOW + timedelta(days=days)})


def ends(days: int) -> Facts:
    return replace(CALM, model_ends={("openai", "gpt"): (NOW + timedelta(days=days)).date()})


def told(facts: Facts) -> dict[str, str]:
    return {each.key: each.words for each in conditions(facts)}


@pytest.mark.parametrize(
    ("facts", "key", "words"),
    [
        (
            lane(3, 660.0, 0, 2, 8, 4.0),
            "QueueTooOld io",
            "The oldest piece of work in the queue io has waited 11 minutes.",
        ),
        (
            lane(3, 1.0, 0, 2, 8, 0.0),
            "QueueStuck io",
            "3 pieces of work wait in the queue io, workers are there (2), and nothing gets done.",
        ),
        (
            lane(1, 1.0),
            "NoWorker io",
            "1 piece of work waits in the queue io, and no worker of it lives.",
        ),
        (
            lately(languages_complete=44, languages_failed=5),
            "LanguagesFail",
            "5 of the 49 languages of the last half hour failed.",
        ),
        (
            replace(state(dead_letters=7), lately=Lately(dead_letters=2)),
            "DeadLetters",
            "Work was given up within the hour (2); 7 dead letters are there.",
        ),
        (
            state(retention_lag_s={Reason.EXPIRED: 7300.0}),
            "RetentionLate expired",
            "Something that has to go (expired) is kept 2 hours too long.",
        ),
        (
            state(waiting={"deepgram": Waits(4, 420.0)}),
            "VendorAway deepgram",
            "Work has waited for Deepgram for 7 minutes (4 languages); it goes on by itself.",
        ),
        (
            state(waiting={"storage": Waits(1, 121.0)}),
            "StorageAway",
            "Work has waited for the storage for 2 minutes (1 language); it goes on by itself.",
        ),
        (
            calls(11, 3),
            "VendorFails deepgram",
            "3 of the 11 calls of ten minutes to Deepgram failed.",
        ),
        (calls(1, 1, 1), "VendorRefusesTheKey deepgram", "Deepgram refuses the key."),
        (calls(1, 1, 0, 1), "VendorHasNoCredit deepgram", "No credit is left at Deepgram."),
        (
            ends(29),
            "ModelGoes openai gpt",
            "The model gpt ends: OpenAI takes it away on 2026-12-28, in 28 days.",
        ),
        (
            spent("8"),
            "BudgetNearlySpent",
            "The day's budget is nearly spent: 8.00 of 10.00 US dollars.",
        ),
        (
            spent("10"),
            "BudgetSpent",
            "The day's budget is spent (10.00 of 10.00 US dollars) and stops work until midnight"
            " UTC.",
        ),
        (
            lately(budget_stops=1),
            "BudgetSpent",
            "A budget stopped 1 language within ten minutes.",
        ),
        (
            expires(3),
            "CredentialExpires SUPABASE_SERVICE_KEY",
            "SUPABASE_SERVICE_KEY expires on 2026-12-02, in 3 days.",
        ),
        (
            expires(-1),
            "CredentialExpires SUPABASE_SERVICE_KEY",
            "SUPABASE_SERVICE_KEY expired on 2026-11-28.",
        ),
        (
            state(connections=91),
            "ConnectionsNearlyUsed",
            "91 of the database's 100 connections are used.",
        ),
        (
            replace(CALM, free={"data": 0.099}),
            "DiskFilling data",
            "9.9% of the disk of the folder data at host1 are free.",
        ),
        (
            replace(CALM, free={"data": 0.029}),
            "DiskFull data",
            "The disk of the folder data at host1 is full (2.9% free); work waits for room.",
        ),
    ],
)
def test_what_is_so_is_told_with_its_figure(facts: Facts, key: str, words: str) -> None:
    assert told(facts)[key] == words
    assert set(told(facts)) - {key} <= {"BudgetNearlySpent", "DiskFilling data"}


@pytest.mark.parametrize(
    "facts",
    [
        CALM,
        lane(3, 600.0, 1, 2, 8, 4.0),
        lane(0, None, 3, 0, 0, 0.0),
        lately(languages_complete=45, languages_failed=5),
        lately(languages_failed=4),
        state(dead_letters=7),
        state(retention_lag_s={Reason.ENDED: 3600.0}),
        state(waiting={"deepgram": Waits(4, 300.0), "storage": Waits(1, 120.0)}),
        calls(12, 3),
        calls(9, 9),
        ends(31),
        spent("7.99"),
        spent("7.99", "1000"),
        expires(14.01),
        state(connections=90),
        state(connections=0, most_connections=0),
        replace(CALM, free={"data": 0.1}),
    ],
)
def test_nothing_is_told_just_at_the_figures(facts: Facts) -> None:
    assert told(facts) == {}


def test_every_rule_has_a_condition() -> None:
    marks = test_what_is_so_is_told_with_its_figure.pytestmark  # type: ignore[attr-defined]
    made = {key.split(" ")[0] for _, key, _ in marks[0].args[1]}
    assert made | {DATABASE_AWAY.name} == RULES.keys()

"""When an alert begins, lasts, is told of again and is over."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.alerts import (
    BUDGET_SPENT,
    GIVEN_UP_AFTER,
    HOLDS,
    NO_WORKER,
    QUEUE_TOO_OLD,
    REMIND_AFTER,
    RULES,
    Alert,
    Message,
    News,
    Rule,
    Seen,
    lasted,
    looked,
    lost,
    news_of,
    told,
)
from ytdubber.domain.told_alerts import from_plain, to_plain

BEGAN = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def watched(
    rule: Rule, looks: str, every: timedelta = MINUTE, *, arrives: bool = True
) -> list[tuple[int, News]]:
    """What is told at looks that see it (`x`) or do not (`.`): by the number of the look."""
    alerts: Mapping[str, Alert] = {}
    said = []
    for number, look in enumerate(looks):
        now = BEGAN + number * every
        alerts = looked(alerts, [Seen(rule, "io", "So it is.")] if look == "x" else [], now)
        for key, alert in list(alerts.items()):
            news = news_of(alert, now)
            if news is None:
                continue
            said.append((number, news))
            if arrives:
                rest = told(alert, news, now)
                alerts = {key: rest} if rest else {}
    return said


@pytest.mark.parametrize(
    ("rule", "looks", "said"),
    [
        (BUDGET_SPENT, "xx....", [(0, News.BEGAN), (4, News.OVER)]),
        (NO_WORKER, "xx.....", [(1, News.BEGAN), (4, News.OVER)]),
        (QUEUE_TOO_OLD, "xxxxx....", []),  # not for long enough
        (QUEUE_TOO_OLD, "xxxxxx....", [(5, News.BEGAN), (8, News.OVER)]),
        (QUEUE_TOO_OLD, "x.x.xx..xx", [(5, News.BEGAN)]),  # a look or two may miss it
        (QUEUE_TOO_OLD, "xxx...xxx...xxx", []),
        (
            BUDGET_SPENT,
            "x...x...",
            [(0, News.BEGAN), (3, News.OVER), (4, News.BEGAN), (7, News.OVER)],
        ),
    ],
)
def test_it_is_told_when_it_begins_and_when_it_is_over(
    rule: Rule, looks: str, said: list[tuple[int, News]]
) -> None:
    assert watched(rule, looks) == said


@pytest.mark.parametrize("rule", [BUDGET_SPENT, QUEUE_TOO_OLD], ids=lambda rule: rule.name)
def test_what_goes_on_is_told_again_no_sooner_than_it_is_stated(rule: Rule) -> None:
    looks = int(3 * REMIND_AFTER[rule.severity] / MINUTE) + 10
    said = watched(rule, "x" * looks)
    assert [news for _, news in said] == [News.BEGAN, *[News.GOES_ON] * 3]
    numbers = [number for number, _ in said]
    pauses = [after - before for before, after in pairwise(numbers)]
    assert min(pauses) * MINUTE >= REMIND_AFTER[rule.severity]


def test_what_does_not_arrive_is_tried_at_each_look_and_then_told_as_over() -> None:
    said = watched(BUDGET_SPENT, "xxx....", arrives=False)
    assert said == [(0, News.BEGAN), (1, News.BEGAN), (2, News.BEGAN)] + [
        (number, News.BEGAN if number < 5 else News.OVER) for number in range(3, 7)
    ]


def test_it_is_given_up_in_the_end() -> None:
    over = Alert("NoWorker", "io", "x", BEGAN, BEGAN, BEGAN, None, BEGAN)
    assert not lost(over, BEGAN + GIVEN_UP_AFTER - MINUTE)
    assert lost(over, BEGAN + GIVEN_UP_AFTER)


@given(st.text("x.", min_size=1, max_size=40), st.sampled_from(list(RULES.values())))
def test_what_begins_is_over_once_and_in_turn(looks: str, rule: Rule) -> None:
    said = [news for _, news in watched(rule, looks)]
    assert said[::2] == [News.BEGAN] * len(said[::2])
    assert said[1::2] == [News.OVER] * len(said[1::2])


@given(st.text("x.", min_size=1, max_size=40), st.integers(-7200, 7200))
def test_a_clock_that_jumps_makes_no_length_negative(looks: str, jump_s: int) -> None:
    alerts: Mapping[str, Alert] = {}
    for number, look in enumerate(looks):
        now = BEGAN + number * MINUTE + timedelta(seconds=jump_s if number % 7 > 3 else 0)
        alerts = looked(alerts, [Seen(NO_WORKER, "io", "x")] if look == "x" else [], now)
        assert all(alert.since <= alert.seen_at for alert in alerts.values())


def test_a_message_says_what_since_when_and_what_to_do() -> None:
    alert = Alert("NoWorker", "io", "3 pieces wait.", BEGAN, BEGAN + 7 * MINUTE, BEGAN)
    runbook = "docs/runbooks/lost-worker.md"
    began = Message(News.BEGAN, NO_WORKER, alert, runbook)
    assert began.text == (
        "YT Dubber: Critical: 3 pieces wait.\n"
        "NoWorker, since 2026-11-29 12:00 UTC.\n"
        "What to do: docs/runbooks/lost-worker.md"
    )
    over = Message(News.OVER, NO_WORKER, alert, runbook)
    assert over.text.splitlines()[:2] == [
        "YT Dubber: Over: 3 pieces wait.",
        "NoWorker, since 2026-11-29 12:00 UTC until 12:07, for 7 minutes.",
    ]
    assert began.id == "NoWorker-io-began-20261129T120000"
    assert over.id != began.id


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (90, "90 seconds"),
        (420, "7 minutes"),
        (7200, "2 hours"),
        (36 * 3600, "36 hours"),
        (2 * 86_400, "2 days"),
    ],
)
def test_lengths_are_told_in_words(seconds: float, words: str) -> None:
    assert lasted(seconds) == words


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # a bound
WORDS = st.text(max_size=5)
ALERTS = st.builds(
    Alert,
    st.sampled_from(list(RULES)),
    WORDS,
    WORDS,
    MOMENTS,
    MOMENTS,
    *[st.none() | MOMENTS] * 3,
)


@given(st.dictionaries(WORDS, st.dictionaries(WORDS, ALERTS, max_size=2), max_size=2))
def test_what_is_kept_comes_back(kept: dict[str, dict[str, Alert]]) -> None:
    assert from_plain(to_plain(kept)) == kept


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | WORDS,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
        max_leaves=6,
    )
)
def test_what_another_version_kept_is_left_out(kept: object) -> None:
    assert not any(from_plain(kept).values())
    assert HOLDS > 2 * MINUTE

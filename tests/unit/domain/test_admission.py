"""Who may submit more, and when to come again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.admission import (
    LATEST_S,
    SOONEST_S,
    UNKNOWN_S,
    Amount,
    Backlog,
    full_for_s,
    next_job_s,
    own_wait_s,
)

LIMIT = Amount(500, 30_000)
_amounts = st.builds(Amount, st.integers(0, 5_000), st.floats(0, 100_000))
_limits = st.builds(Amount, st.integers(1, 1_000), st.integers(1, 50_000))
_rates = st.builds(Amount, st.floats(0, 10), st.floats(0, 100))


def _backlog(own: Amount, others: Amount, users: int, a_second: Amount) -> Backlog:
    both = Amount(own.languages + others.languages, own.minutes + others.minutes)
    return Backlog(own, both, users, a_second)


_backlogs = st.builds(_backlog, _amounts, _amounts, st.integers(1, 30), _rates)


def test_thirteen_jobs_of_forty_languages_of_one_shut_only_that_one_out() -> None:
    theirs = Backlog(own=Amount(520), everybody=Amount(520), users=1, a_second=Amount(0.5, 1))
    assert full_for_s(theirs, LIMIT) == 40.0
    another = Backlog(own=Amount(), everybody=Amount(520), users=2)
    assert full_for_s(another, LIMIT) is None


def test_one_with_few_languages_of_many_hours_is_over_their_share_too() -> None:
    hours = Backlog(own=Amount(60, 31_000), everybody=Amount(61, 31_010), users=2)
    assert full_for_s(hours, LIMIT) == UNKNOWN_S


@pytest.mark.parametrize(
    ("a_second", "told_s"), [(0.5, 200.0), (1e-9, LATEST_S), (1e9, SOONEST_S), (0.0, UNKNOWN_S)]
)
def test_whoever_is_turned_away_is_told_when_the_line_is_shorter(
    a_second: float, told_s: float
) -> None:
    full = Backlog(Amount(700), Amount(600), users=1, a_second=Amount(a_second, 1))
    assert full_for_s(full, LIMIT) == told_s


@given(_backlogs, _limits)
def test_nobody_is_refused_who_is_under_their_share_or_while_the_line_is_not_full(
    backlog: Backlog, limit: Amount
) -> None:
    own, everybody = backlog.own, backlog.everybody
    under_share = all(
        mine * backlog.users < most for mine, most in zip(own.parts, limit.parts, strict=True)
    )
    not_full = all(all_ < most for all_, most in zip(everybody.parts, limit.parts, strict=True))
    if under_share or not_full:
        assert full_for_s(backlog, limit) is None


@given(_limits, st.lists(st.tuples(st.integers(0, 19), st.integers(1, 40)), max_size=200))
def test_the_line_is_longer_than_its_limit_by_others_shares_at_most(
    limit: Amount, asked: list[tuple[int, int]]
) -> None:
    """Everybody submits whatever they may; nobody who waits for nothing is turned away."""
    waits: dict[int, int] = {}
    for user, languages in asked:
        own = waits.get(user, 0)
        users = len({*waits, user})
        backlog = Backlog(Amount(own), Amount(sum(waits.values())), users)
        if full_for_s(backlog, Amount(limit.languages, 1)) is None:
            waits[user] = own + languages
        else:
            assert own > 0
    most = sum(limit.languages / number + 40 for number in range(1, len(waits) + 1))
    assert sum(waits.values()) <= most


@given(_backlogs, _limits)
def test_what_is_told_holds_while_nobody_else_comes(backlog: Backlog, limit: Amount) -> None:
    """When the time that was told has passed at the measured rate, equally for all, and it was
    within what is told at all, the line is not full for them any more."""
    told_s = full_for_s(backlog, limit)
    rates = backlog.a_second
    if told_s is None or told_s >= LATEST_S or min(rates.parts) < 1e-3:
        return
    later = Backlog(
        _after(backlog.own, rates, told_s / backlog.users),
        _after(backlog.everybody, rates, told_s),
        backlog.users,
        rates,
    )
    assert full_for_s(later, Amount(limit.languages + 0.01, limit.minutes + 0.01)) is None


def _after(amount: Amount, rates: Amount, seconds: float) -> Amount:
    left = (have - rate * seconds for have, rate in zip(amount.parts, rates.parts, strict=True))
    return Amount(*(max(0.0, each) for each in left))


@given(_amounts, _limits, _backlogs)
def test_a_limit_of_ones_own_is_reached_by_what_is_unfinished(
    unfinished: Amount, limit: Amount, backlog: Backlog
) -> None:
    wait_s = own_wait_s(unfinished, limit, backlog)
    reached = any(own >= most for own, most in zip(unfinished.parts, limit.parts, strict=True))
    assert (wait_s is not None) == reached
    assert wait_s is None or SOONEST_S <= wait_s <= LATEST_S


def test_a_user_waits_for_their_share_of_what_is_done() -> None:
    two = Backlog(users=2, a_second=Amount(1.0, 10.0))
    assert own_wait_s(Amount(450, 10), Amount(400, 6_000), two) == 100.0
    assert next_job_s(20, 20, Amount(400, 0), two) == 40.0
    assert next_job_s(20, 20, Amount(400, 0), Backlog()) == UNKNOWN_S

import dataclasses
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.engines.scripted import CALL, OPERATION, Answer, Scripted, failure, outcome

from ytdubber.app.vendors.faults import STATUSES, Refusal, retry_after_s, status_fault
from ytdubber.domain.errors import Cancelled, CircuitOpen, ErrorKind
from ytdubber.engines.middleware.base import Around
from ytdubber.engines.middleware.retry import Retry, RetryPolicy
from ytdubber.testing.manual_clock import ManualClock

POLICY = RetryPolicy()
RETRYABLE = [ErrorKind.RATE_LIMITED, ErrorKind.TIMEOUT, ErrorKind.UNAVAILABLE]
HOPELESS = [each for each in ErrorKind if each not in (*RETRYABLE, ErrorKind.BAD_OUTPUT)]


def retrying(clock: ManualClock, draw: float = 1.0, policy: RetryPolicy = POLICY) -> Around:
    return lambda engine: Retry(engine, clock, policy, clock.sleep, lambda: draw)


@pytest.mark.parametrize("fault", RETRYABLE)
def test_what_may_pass_is_asked_again_with_growing_bounds(fault: ErrorKind) -> None:
    clock, engine = ManualClock(), Scripted([failure(fault)] * 9)
    assert getattr(outcome(retrying(clock), engine), "fault", None) is fault
    assert engine.asked == 5
    assert sum(clock.slept) == pytest.approx(1 + 2 + 4 + 8)


@pytest.mark.parametrize("fault", HOPELESS)
def test_what_cannot_succeed_is_asked_once(fault: ErrorKind) -> None:
    clock, engine = ManualClock(), Scripted([failure(fault)] * 9)
    assert getattr(outcome(retrying(clock), engine), "fault", None) is fault
    assert (engine.asked, clock.slept) == (1, [])


def test_an_answer_after_failures_is_given() -> None:
    engine = Scripted([failure(ErrorKind.UNAVAILABLE), failure(ErrorKind.RATE_LIMITED)])
    assert outcome(retrying(ManualClock()), engine) == Answer()
    assert engine.asked == 3


def test_bad_output_and_unknown_outcomes_are_asked_once_more() -> None:
    for fault, more in ((ErrorKind.BAD_OUTPUT, {}), (ErrorKind.TIMEOUT, {"outcome_unknown": True})):
        engine = Scripted([failure(fault, **more)] * 9)
        outcome(retrying(ManualClock()), engine)
        assert engine.asked == 2
    mixed = Scripted(
        [failure(ErrorKind.UNAVAILABLE)] + [failure(ErrorKind.TIMEOUT, outcome_unknown=True)] * 9
    )
    outcome(retrying(ManualClock()), mixed)
    assert mixed.asked == 3


def test_a_translator_in_batches_is_not_asked_the_same_again() -> None:
    engine = Scripted([failure(ErrorKind.BAD_OUTPUT)] * 9)
    outcome(retrying(ManualClock(), policy=RetryPolicy(after_bad_output=0)), engine)
    assert engine.asked == 1


def test_the_providers_wish_is_the_wait_unless_it_is_too_long() -> None:
    clock = ManualClock()
    outcome(retrying(clock), Scripted([failure(ErrorKind.RATE_LIMITED, retry_after_s=17.25)]))
    assert sum(clock.slept) == pytest.approx(17.25)
    engine = Scripted([failure(ErrorKind.RATE_LIMITED, retry_after_s=3_600.0)])
    outcome(retrying(clock), engine)
    assert engine.asked == 1


def circuit_open(
    fault: ErrorKind = ErrorKind.UNAVAILABLE, retry_after_s: float = 15.0
) -> CircuitOpen:
    return CircuitOpen("deepgram", fault, "later", retry_after_s=retry_after_s)


def test_work_is_held_back_while_an_engine_rests_and_that_is_no_attempt() -> None:
    clock, engine = (
        ManualClock(),
        Scripted([circuit_open(), circuit_open(), *[failure(ErrorKind.UNAVAILABLE)] * 4]),
    )
    assert outcome(retrying(clock, draw=0.0), engine) == Answer()
    assert sum(clock.slept) == pytest.approx(30)


def test_work_is_not_held_back_for_long_nor_for_credit() -> None:
    clock, engine = ManualClock(), Scripted([circuit_open()] * 9)
    assert outcome(retrying(clock, draw=0.0), engine) == engine.failures[3]
    assert sum(clock.slept) == pytest.approx(45)
    for never in (circuit_open(retry_after_s=60.0), circuit_open(ErrorKind.QUOTA, 1.0)):
        engine = Scripted([never])
        assert outcome(retrying(ManualClock()), engine) is never
        assert engine.asked == 1


def test_what_may_have_been_paid_for_is_told_also_when_the_engine_rests_since() -> None:
    unknown = failure(ErrorKind.TIMEOUT, outcome_unknown=True)
    told = outcome(retrying(ManualClock()), Scripted([unknown, circuit_open(retry_after_s=60.0)]))
    assert isinstance(told, CircuitOpen)
    assert told.outcome_unknown
    told = outcome(retrying(ManualClock()), Scripted([circuit_open(retry_after_s=60.0)]))
    assert isinstance(told, CircuitOpen)
    assert not told.outcome_unknown


def test_nothing_is_tried_again_past_the_deadline() -> None:
    clock, engine = ManualClock(), Scripted([failure(ErrorKind.UNAVAILABLE)] * 9)
    outcome(retrying(clock), engine, dataclasses.replace(CALL, deadline_ms=3_500))
    assert engine.asked == 3
    assert clock.monotonic_ms() < 3_500


def test_a_cancelled_wait_ends_at_once() -> None:
    clock = ManualClock()

    def check() -> None:
        if clock.monotonic_ms() >= 1_000:
            raise Cancelled

    engine = Scripted([failure(ErrorKind.RATE_LIMITED, retry_after_s=100.0)])
    with pytest.raises(Cancelled):
        retrying(clock)(engine).run(OPERATION, dataclasses.replace(CALL, raise_if_cancelled=check))
    assert engine.asked == 1
    assert sum(clock.slept) == pytest.approx(1.0)


@given(
    st.lists(st.sampled_from(list(ErrorKind)), max_size=9),
    st.floats(0, 1),
    st.integers(1, 6),
    st.floats(0.1, 40),
)
def test_attempts_and_waits_stay_within_the_policy(
    faults: list[ErrorKind], draw: float, most: int, max_backoff_s: float
) -> None:
    clock, engine = ManualClock(), Scripted([failure(each) for each in faults])
    policy = RetryPolicy(attempts=most, max_backoff_s=max_backoff_s)
    ended = outcome(retrying(clock, draw, policy), engine)
    assert 1 <= engine.asked <= most
    assert sum(clock.slept) <= (engine.asked - 1) * max_backoff_s + 1e-6
    if ended == Answer():
        assert engine.asked == len(faults) + 1
        assert all(each.retryable or each is ErrorKind.BAD_OUTPUT for each in faults)
    else:
        assert getattr(ended, "fault", None) is faults[engine.asked - 1]


def test_a_wish_to_wait_is_a_number_or_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert retry_after_s("7") == 7.0
    assert 55 < (retry_after_s(soon) or 0) <= 60
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert retry_after_s("soon") is retry_after_s(None) is None
    precise = Refusal(429, {"retry-after-ms": "250", "retry-after": "9"}).error("openai")
    assert precise.retry_after_s == 0.25


def test_every_status_means_something() -> None:
    assert {status_fault(each)[0] for each in (500, 502, 503, 599)} == {ErrorKind.UNAVAILABLE}
    assert status_fault(418)[0] is ErrorKind.BAD_INPUT
    assert [each for each in STATUSES if STATUSES[each][0].retryable] == [
        408, 409, 429, 500, 502, 503, 504,
    ]  # fmt: skip

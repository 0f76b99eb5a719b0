import dataclasses
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.unit.engines.scripted import (
    CALL,
    OPERATION,
    RECEIPT,
    Answer,
    Scripted,
    failure,
    outcome,
)
from tests.waiting import FOR_EVER_S

from ytdubber.adapters.memory.ledger import MemoryLedger
from ytdubber.adapters.memory.semaphores import MemorySemaphores
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Cancelled, CircuitOpen, ErrorKind, VendorError
from ytdubber.domain.usage import Quantity
from ytdubber.engines.middleware.abandon_on_cancel import AbandonOnCancel
from ytdubber.engines.middleware.circuit_breaker import BreakerPolicy, CircuitBreaker, Circuits
from ytdubber.engines.middleware.limit import ConcurrencyLimit
from ytdubber.engines.middleware.metered import Metered
from ytdubber.engines.middleware.retry import Retry
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Engine
from ytdubber.testing.manual_clock import ManualClock

POLICY = BreakerPolicy(
    failures=3, window_s=60, spread_s=10, open_s=15, max_open_s=50, quota_open_s=900
)


class Account:
    """A breaker with its clock, and what an operator was told."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.told: list[tuple[str, ErrorKind, float]] = []
        self.failing: list[str] = []
        self.circuits = Circuits(
            self.clock,
            POLICY,
            lambda e, fault, s: self.told.append((e.model, fault, s)),
            lambda e, error: self.failing.append(f"{e.model}: {error.fault}"),
        )

    def breaker(self, engine: Engine) -> CircuitBreaker:
        return CircuitBreaker(engine, self.circuits)

    def fail(self, fault: ErrorKind, times: int = 1, every_s: float = 0.0) -> None:
        for _ in range(times):
            outcome(self.breaker, Scripted([failure(fault)]))
            self.clock.sleep(every_s)

    def succeed(self, times: int) -> None:
        for _ in range(times):
            assert outcome(self.breaker, Scripted()) == Answer()

    def is_open(self) -> bool:
        engine = Scripted()
        circuit_open = isinstance(outcome(self.breaker, engine), CircuitOpen)
        assert engine.asked == (0 if circuit_open else 1)
        return circuit_open


@pytest.mark.parametrize("fault", [ErrorKind.UNAVAILABLE, ErrorKind.TIMEOUT])
def test_a_breaker_opens_after_failures_over_some_time_and_rests_longer_each_time(
    fault: ErrorKind,
) -> None:
    account = Account()
    account.fail(fault, 3, every_s=6)
    assert account.told == [("aura-2", fault, 15)]
    assert account.failing == [f"aura-2: {fault}"]
    for open_s in (15, 30, 50, 50):
        assert account.told[-1] == ("aura-2", fault, open_s)
        account.clock.sleep(open_s - 7)
        assert account.is_open()
        account.clock.sleep(8)
        account.fail(fault)
    account.clock.sleep(51)
    assert not account.is_open()
    account.fail(fault, 2, every_s=12)
    assert not account.is_open()


def test_calls_that_fail_side_by_side_are_one_blip() -> None:
    account = Account()
    account.fail(ErrorKind.UNAVAILABLE, 50)
    account.clock.sleep(5)
    account.fail(ErrorKind.UNAVAILABLE, 50)
    assert not account.is_open()
    assert account.told == []
    assert account.failing == ["aura-2: unavailable"]


def test_a_piece_that_fails_among_many_that_do_not_keeps_nobody_from_an_engine() -> None:
    account = Account()
    for _ in range(20):
        account.fail(ErrorKind.UNAVAILABLE)
        account.succeed(2)
        account.clock.sleep(5)
    assert not account.is_open()
    assert account.told == []


def test_failures_far_apart_and_other_faults_leave_it_closed() -> None:
    account = Account()
    for _ in range(5):
        account.fail(ErrorKind.UNAVAILABLE, every_s=20)
        account.succeed(1)
        account.clock.sleep(20)
    account.fail(ErrorKind.RATE_LIMITED, 9, every_s=5)
    account.fail(ErrorKind.BAD_INPUT, 9, every_s=5)
    assert not account.is_open()
    assert account.told == []


def test_what_is_seldom_asked_and_never_answers_is_found_to_be_away_and_told_once() -> None:
    account = Account()
    account.fail(ErrorKind.UNAVAILABLE, 2, every_s=600)
    assert (account.failing, account.told) == (["aura-2: unavailable"], [])
    account.fail(ErrorKind.UNAVAILABLE)
    assert account.is_open()
    assert account.failing == ["aura-2: unavailable"]
    assert account.told == [("aura-2", ErrorKind.UNAVAILABLE, 15)]


def test_an_answer_ends_a_row_of_failures_and_the_next_is_told_anew() -> None:
    account = Account()
    for _ in range(3):
        account.fail(ErrorKind.UNAVAILABLE, 2, every_s=61)
        account.succeed(1)
        account.clock.sleep(61)
    assert account.told == []
    assert account.failing == ["aura-2: unavailable"] * 3


def test_answers_to_what_was_asked_before_it_opened_change_nothing() -> None:
    account = Account()

    def late() -> Answer:
        account.fail(ErrorKind.UNAVAILABLE, 3, every_s=6)
        return Answer()

    assert outcome(account.breaker, Scripted(answer=late)) == Answer()
    assert account.is_open()


def test_a_used_up_account_is_left_alone_for_longer() -> None:
    account = Account()
    account.fail(ErrorKind.QUOTA)
    account.clock.sleep(600)
    circuit_open = outcome(account.breaker, Scripted())
    assert isinstance(circuit_open, CircuitOpen)
    assert (circuit_open.fault, circuit_open.retry_after_s) == (ErrorKind.QUOTA, 300)
    assert str(circuit_open) == (
        "deepgram is not asked for now: no credit is left there; it is asked again in 300 s"
    )
    assert account.told == [("aura-2", ErrorKind.QUOTA, 900)]
    account.clock.sleep(301)
    assert not account.is_open()


def test_models_do_not_share_a_breaker() -> None:
    account = Account()
    account.fail(ErrorKind.UNAVAILABLE, 3, every_s=6)
    other = Scripted(engine=EngineId("deepgram", "nova-3", "1"))
    assert outcome(account.breaker, other) == Answer()


def test_only_one_call_tries_after_a_rest_also_when_it_is_cancelled() -> None:
    account = Account()
    account.fail(ErrorKind.UNAVAILABLE, 3, every_s=6)
    account.clock.sleep(16)
    with pytest.raises(Cancelled):
        outcome(account.breaker, Scripted([Cancelled()]))
    seen = []

    def trial() -> Answer:
        seen.append(account.is_open())
        return Answer()

    assert outcome(account.breaker, Scripted(answer=trial)) == Answer()
    assert seen == [True]
    assert not account.is_open()


def test_an_attempt_is_in_the_book_before_it_is_made_and_after_it_ends() -> None:
    ledger = MemoryLedger()

    def make() -> Answer:
        assert [each.outcome for each in ledger.attempts] == ["started"]
        return Answer()

    def doubled(engine: Engine) -> Engine:
        return Metered(
            engine, ledger, lambda size: tuple(Quantity("tokens", q.amount * 2) for q in size)
        )

    assert outcome(doubled, Scripted(answer=make)) == Answer()
    (attempt,) = ledger.attempts
    assert (attempt.outcome, attempt.receipt) == ("settled", RECEIPT)
    assert [(each.unit, int(each.amount)) for each in attempt.estimate] == [("tokens", 24)]


def test_what_became_of_failed_attempts_is_in_the_book() -> None:
    ledger = MemoryLedger()
    cases = [
        (failure(ErrorKind.QUOTA), "failed", None),
        (failure(ErrorKind.BAD_OUTPUT, receipt=RECEIPT), "failed", RECEIPT),
        (failure(ErrorKind.TIMEOUT, outcome_unknown=True), "unknown", None),
        (failure(ErrorKind.UNAVAILABLE, outcome_unknown=True, receipt=RECEIPT), "failed", RECEIPT),
        (Cancelled(), "unknown", None),
    ]
    for error, _, _ in cases:
        with pytest.raises(type(error)):
            Metered(Scripted([error]), ledger).run(OPERATION, CALL)
    found = [(each.outcome, each.receipt) for each in ledger.attempts]
    assert found == [(kind, receipt) for _, kind, receipt in cases]


def test_nothing_is_made_that_may_not_be_paid() -> None:
    class Broke:
        def attempt(self, *_: object) -> object:
            raise failure(ErrorKind.REFUSED)

    engine = Scripted()
    with pytest.raises(VendorError):
        Metered(engine, Broke()).run(OPERATION, CALL)  # type: ignore[arg-type]  # gives no attempt
    assert engine.asked == 0


def test_every_attempt_of_a_repeated_call_is_in_the_book() -> None:
    ledger, clock = MemoryLedger(), ManualClock()

    def around(engine: Engine) -> Engine:
        limited = ConcurrencyLimit(Metered(engine, ledger), MemorySemaphores(), "x", 1)
        return Retry(limited, clock, sleep=clock.sleep)

    assert outcome(around, Scripted([failure(ErrorKind.UNAVAILABLE)] * 2)) == Answer()
    assert [each.outcome for each in ledger.attempts] == ["failed", "failed", "settled"]


def test_no_more_calls_at_once_than_there_are_places() -> None:
    semaphores, lock = MemorySemaphores(), threading.Lock()
    now = most = 0

    def make() -> Answer:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return Answer()

    limited = ConcurrencyLimit(Scripted(answer=make), semaphores, "deepgram-speak", 3)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: limited.run(OPERATION, CALL), range(30)))
    assert most == 3
    with (
        semaphores.acquire("deepgram-speak", 3, CALL),
        semaphores.acquire("deepgram-listen", 1, CALL),
    ):
        pass


def test_who_waits_for_a_place_hears_a_cancellation() -> None:
    def check() -> None:
        raise Cancelled

    semaphores = MemorySemaphores()
    limited = ConcurrencyLimit(Scripted(), semaphores, "x", 1)
    with semaphores.acquire("x", 1, CALL), pytest.raises(Cancelled):
        limited.run(OPERATION, dataclasses.replace(CALL, raise_if_cancelled=check))
    with semaphores.acquire("x", 1, CALL):
        pass


def test_a_call_that_blocks_is_given_up_soon_after_a_cancellation() -> None:
    release, begin = threading.Event(), time.monotonic()

    def check() -> None:
        if time.monotonic() - begin > 0.3:
            raise Cancelled

    def make() -> Answer:
        release.wait(FOR_EVER_S)
        return Answer()

    with pytest.raises(Cancelled):
        AbandonOnCancel(Scripted(answer=make)).run(
            OPERATION, CallContext(CALL.job_id, raise_if_cancelled=check)
        )
    release.set()


def test_what_happens_in_the_calls_own_thread_arrives() -> None:
    error = failure(ErrorKind.TIMEOUT)
    assert outcome(AbandonOnCancel, Scripted([error])) is error
    assert outcome(AbandonOnCancel, Scripted()) == Answer()

"""Calls that are cancelled, crowded or cut short while they are under way."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.contract.vendors.vendors import CALL, Vendor, guarded
from tests.waiting import FOR_EVER_S, PATIENCE_S

from ytdubber.adapters.deepgram.client import DeepgramClient
from ytdubber.adapters.deepgram.tts import DeepgramSynthesizer
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.memory.ledger import MemoryLedger
from ytdubber.adapters.memory.semaphores import MemorySemaphores
from ytdubber.domain.errors import Cancelled
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.abandon_on_cancel import AbandonOnCancel
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.middleware.circuit_breaker import CircuitBreaker, Circuits
from ytdubber.engines.middleware.limit import ConcurrencyLimit
from ytdubber.engines.middleware.metered import Metered
from ytdubber.engines.middleware.retry import Retry
from ytdubber.engines.middleware.split import SplitText
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Answer
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.testing.vendor_double import KEY, VendorDouble, running
from ytdubber.testing.vendor_double import Fault as Wrong

SPEECH = ["speak", "tts", "audio.speech"]


def cancelled_once_asked(double: VendorDouble) -> CallContext:
    """A call that is no longer wanted as soon as the vendor has it."""
    before = len(double.calls)

    def check() -> None:
        if len(double.calls) > before:
            raise Cancelled

    return dataclasses.replace(CALL, raise_if_cancelled=check)


@pytest.mark.parametrize("route", ["listen", *SPEECH, "audio.transcriptions", "responses", "chat"])
def test_a_silent_vendor_is_left_when_the_job_is_cancelled(
    route: str, vendors: dict[str, Vendor], double: VendorDouble
) -> None:
    double.script(route, Wrong.hang(FOR_EVER_S))
    vendor, ledger = vendors[route], MemoryLedger()
    call = cancelled_once_asked(double)
    engine = Metered(AbandonOnCancel(Direct(vendor.port)), ledger)
    with pytest.raises(Cancelled):
        engine.run(vendor.operation, call)
    assert [attempt.outcome for attempt in ledger.attempts] == ["unknown"]


@pytest.mark.parametrize("route", SPEECH)
def test_sound_that_trickles_in_is_left_too(
    route: str, vendors: dict[str, Vendor], double: VendorDouble
) -> None:
    double.script(route, Wrong.slow(FOR_EVER_S))
    make, asked = guarded(vendors[route], cancelled_once_asked(double))
    with pytest.raises(Cancelled):
        make()
    assert asked.outcomes == ["unknown"]


def voices(account: DeepgramClient, ledger: MemoryLedger, folder: Path) -> SplitText:
    """Deepgram's, with all middlewares in the order they are used; four at once."""
    clock, port = ManualClock(), DeepgramSynthesizer(account)
    metered = Metered(AbandonOnCancel(Direct(port)), ledger)
    guarded = CircuitBreaker(metered, Circuits(clock))
    limited = ConcurrencyLimit(guarded, MemorySemaphores(), "deepgram-speak", 4)
    retried = Retry(limited, clock, sleep=clock.sleep)
    return SplitText(Cache(retried, FolderResultStore(folder / "r")), port.capabilities)


def test_a_crowd_never_exceeds_what_the_account_allows(tmp_path: Path) -> None:
    double, ledger = VendorDouble(limits={"speak": 4}, latency_s={"speak": 0.03}), MemoryLedger()
    with running(double) as url:
        voice = voices(DeepgramClient(KEY, url), ledger, tmp_path)

        def speak(number: int) -> None:
            request = SynthesisRequest(f"Línea {number % 24}.", "es", "aura-2-nestor-es")
            voice.run(Synthesize(request, tmp_path / f"{number}.wav"), CALL)

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(speak, range(48)))
        voice.close()
    assert double.max_concurrency("speak") <= 4
    assert {call.status for call in double.calls} == {200}
    assert len(double.calls) == len(ledger.attempts) == 24
    assert not double.repeated


def test_what_was_paid_before_a_fault_is_not_paid_again(tmp_path: Path) -> None:
    double, ledger = VendorDouble(), MemoryLedger()
    with running(double) as url:
        voice = voices(DeepgramClient(KEY, url), ledger, tmp_path)
        text = " ".join(f"Este es el número {n} de muchos, y es muy largo." for n in range(100))
        line = Synthesize(SynthesisRequest(text, "es", "aura-2-nestor-es"), tmp_path / "line.wav")
        double.script("speak", Wrong.slow(0.1), Wrong.status(401))
        with pytest.raises(Exception, match="the API key was not accepted"):
            voice.run(line, CALL)
        speech = voice.run(line, CALL)
        voice.close()
    assert not double.repeated
    assert speech.audio.duration_ms > 200_000
    charged = sum(each.amount for call in double.calls for each in call.billed)
    booked = sum(a.receipt.amount("characters") for a in ledger.attempts if a.receipt)
    assert charged == booked == len(text) - len(double.calls) + 2


def test_calls_from_many_threads_share_one_client(vendors: dict[str, Vendor]) -> None:
    barrier, answers = threading.Barrier(6), list[Answer]()

    def ask(route: str) -> None:
        barrier.wait(PATIENCE_S)
        answers.append(vendors[route].ask(CALL))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, ["listen", "listen", "responses", "responses", "chat", "chat"]))
    assert len(answers) == 6

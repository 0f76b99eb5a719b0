"""Calls that are cancelled, crowded or cut short while they are under way."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.contract.vendors.vendors import CALL, Vendor, guarded
from tests.waiting import FOR_EVER_S, PATIENCE_S

from ytdubber.adapters.deepgram.account import DeepgramAccount
from ytdubber.adapters.deepgram.speaking import DeepgramSynthesizer
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.memory.ledger import MemoryLedger
from ytdubber.adapters.memory.slots import MemorySlots
from ytdubber.app.breaker import Breaker
from ytdubber.app.guard import Answer, Guard, Guards, Work
from ytdubber.app.interruptible import interruptible
from ytdubber.app.limited import Limited
from ytdubber.app.long_lines import SplitLong
from ytdubber.app.metered import Metered
from ytdubber.app.remembered import RememberedSynthesizer
from ytdubber.app.retrying import Retrying
from ytdubber.domain.errors import Cancelled
from ytdubber.ports.call import Call
from ytdubber.ports.speech_synthesizer import SpeakRequest
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.testing.vendor_double import KEY, VendorDouble, running
from ytdubber.testing.vendor_double import Fault as Wrong


def cancelled_once_asked(double: VendorDouble) -> Call:
    """A call that is no longer wanted as soon as the vendor has it."""
    before = len(double.calls)

    def check() -> None:
        if len(double.calls) > before:
            raise Cancelled

    return dataclasses.replace(CALL, check=check)


@pytest.mark.parametrize("route", ["listen", "speak", "tts", "responses", "chat"])
def test_a_silent_vendor_is_left_when_the_job_is_cancelled(
    route: str, vendors: dict[str, Vendor], double: VendorDouble
) -> None:
    double.script(route, Wrong.hang(FOR_EVER_S))
    vendor, ledger = vendors[route], MemoryLedger()
    call = cancelled_once_asked(double)
    guards = Guards((Metered(ledger), interruptible))
    work = Work(call, vendor.engine, route, vendor.size)
    with pytest.raises(Cancelled):
        guards(work, lambda: vendor.ask(call))
    assert [attempt.outcome for attempt in ledger.attempts] == ["unknown"]


@pytest.mark.parametrize("route", ["speak", "tts"])
def test_sound_that_trickles_in_is_left_too(
    route: str, vendors: dict[str, Vendor], double: VendorDouble
) -> None:
    double.script(route, Wrong.slow(FOR_EVER_S))
    make, asked = guarded(vendors[route], cancelled_once_asked(double))
    with pytest.raises(Cancelled):
        make()
    assert asked.outcomes == ["unknown"]


def chain(ledger: MemoryLedger, limit: int) -> Guard:
    """All guards, in the order they are used."""
    clock = ManualClock()
    return Guards(
        (
            Retrying(clock, sleep=clock.sleep),
            Limited(MemorySlots(), "deepgram-speak", limit),
            Breaker(clock),
            Metered(ledger),
            interruptible,
        )
    )


def test_a_crowd_never_exceeds_what_the_account_allows(tmp_path: Path) -> None:
    double, ledger = VendorDouble(limits={"speak": 4}, latency_s={"speak": 0.03}), MemoryLedger()
    with running(double) as url:
        account = DeepgramAccount(KEY, url)
        voice = RememberedSynthesizer(
            DeepgramSynthesizer(account), FolderResultStore(tmp_path / "r"), chain(ledger, 4)
        )

        def speak(number: int) -> None:
            request = SpeakRequest(f"Línea {number % 24}.", "es", "aura-2-nestor-es")
            voice.speak(request, tmp_path / f"{number}.wav", CALL)

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
        account = DeepgramAccount(KEY, url)
        voice = SplitLong(
            RememberedSynthesizer(
                DeepgramSynthesizer(account), FolderResultStore(tmp_path / "r"), chain(ledger, 4)
            )
        )
        text = " ".join(f"Este es el número {n} de muchos, y es muy largo." for n in range(100))
        request = SpeakRequest(text, "es", "aura-2-nestor-es")
        double.script("speak", Wrong.slow(0.1), Wrong.status(401))
        with pytest.raises(Exception, match="the API key was not accepted"):
            voice.speak(request, tmp_path / "line.wav", CALL)
        speech = voice.speak(request, tmp_path / "line.wav", CALL)
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

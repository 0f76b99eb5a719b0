"""Vendors' weather, played by the double: what a blip, an outage and endless answers come to."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.memory.ledger import MemoryLedger
from ytdubber.adapters.memory.slots import MemorySlots
from ytdubber.app.remembered import RememberedSynthesizer
from ytdubber.app.side_by_side import side_by_side
from ytdubber.app.turns import Turns
from ytdubber.bootstrap.vendors import VendorGuards, breaker, vendors
from ytdubber.domain.errors import Fault, VendorError
from ytdubber.ports.call import Call
from ytdubber.ports.speech_synthesizer import SpeakRequest, Speech, SpeechSynthesizer
from ytdubber.settings import VendorSettings
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.testing.vendor_double import KEY, VendorDouble, running
from ytdubber.testing.vendor_double import Fault as Wrong

CALL = Call(UUID(int=1))
LINES = [f"La línea número {number}." for number in range(24)]


@dataclass(frozen=True)
class Booth:
    """Deepgram's voices with all that stands before them, by a clock that sleep turns."""

    clock: ManualClock
    ledger: MemoryLedger
    speaker: SpeechSynthesizer
    folder: Path

    def speak(self, lines: list[str]) -> list[Speech]:
        """The lines, eight at once."""
        voice = self.speaker.voices("es")[0]

        def one(line: str) -> Speech:
            into = self.folder / f"{lines.index(line)}.wav"
            return self.speaker.speak(SpeakRequest(line, "es", voice.id), into, CALL)

        return side_by_side(lines, one, 8, CALL.check, lambda _: None)

    def tried(self, lines: list[str], told: list[VendorError]) -> list[Speech] | None:
        """The same, or None and why not."""
        try:
            return self.speak(lines)
        except VendorError as error:
            told.append(error)
            return None


@contextmanager
def booth(base_url: str, folder: Path) -> Iterator[Booth]:
    clock, ledger = ManualClock(), MemoryLedger()
    guards = VendorGuards(clock, MemorySlots(), breaker(clock), ledger, clock.sleep)
    settings = VendorSettings.model_validate(
        {"DEEPGRAM_API_KEY": KEY, "deepgram_url": base_url, "openai_url": f"{base_url}/v1"}
    )
    with closing(vendors(settings, guards)) as made:
        asked = made.speaking["deepgram"]
        results = FolderResultStore(folder / "results")
        speaker = RememberedSynthesizer(asked.engine, results, asked.guard, Turns())
        yield Booth(clock, ledger, speaker, folder)


@pytest.fixture
def double() -> VendorDouble:
    return VendorDouble()


@pytest.fixture
def base_url(double: VendorDouble) -> Iterator[str]:
    with running(double) as url:
        yield url


def test_five_503s_at_once_are_asked_again_with_one_warning(
    double: VendorDouble, base_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    double.script("speak", *[Wrong.status(503)] * 5)
    with booth(base_url, tmp_path) as deepgram:
        spoken = deepgram.speak(LINES)
    assert {speech.receipt.engine.model for speech in spoken} == {"aura-2"}
    calls = [call for call in double.calls if call.route == "speak"]
    assert [call.status for call in calls].count(503) == 5
    assert len(calls) == len(LINES) + 5
    assert not double.repeated
    (warning,) = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert warning.getMessage().startswith(
        "deepgram aura-2 failed and is asked again: deepgram could not do it (unavailable): it is"
        " overloaded or down (request "
    )


def test_work_is_held_back_from_a_vendor_that_is_away_and_goes_on_when_it_is_back(
    double: VendorDouble, base_url: str, tmp_path: Path
) -> None:
    double.script("speak", *[Wrong.status(503)] * 30)
    told: list[VendorError] = []
    with booth(base_url, tmp_path) as deepgram:
        while (spoken := deepgram.tried(LINES, told)) is None:
            deepgram.clock.sleep(60)
    assert len(spoken) == len(LINES)
    assert {error.fault for error in told} == {Fault.UNAVAILABLE}
    assert not double.repeated

"""Vendors' weather, played by the double: what a blip, an outage and endless answers come to."""

import itertools
import logging
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr
from tests.contract.vendors.vendors import guarded, vendors_at
from tests.log_lines import fields
from tests.plain_http import NO_TLS

from ytdubber.adapters.deepgram.plugin import DeepgramSettings
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.memory.ledger import MemoryLedger
from ytdubber.adapters.memory.semaphores import MemorySemaphores
from ytdubber.adapters.openai.plugin import OpenAISettings
from ytdubber.app.vendors.call_limits import AnswerLimits, AnswerOverran, bounded, within
from ytdubber.bootstrap.vendors import VendorMiddleware, circuits, vendors
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.engines.map_concurrently import map_concurrently
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest
from ytdubber.settings import VendorSettings
from ytdubber.settings.vendors import own_settings
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.testing.vendor_double import KEY, VendorDouble, running
from ytdubber.testing.vendor_double import Fault as Wrong

CALL = CallContext(UUID(int=1))
ROUTES = ["listen", "speak", "tts", "audio.speech", "audio.transcriptions", "responses", "chat"]
LINES = [f"La línea número {number}." for number in range(24)]


@dataclass(frozen=True)
class Booth:
    """Deepgram's voices with all that stands before them, by a clock that sleep turns."""

    clock: ManualClock
    ledger: MemoryLedger
    speaker: Synthesizer
    folder: Path

    def speak(self, lines: list[str]) -> list[Speech]:
        """The lines, eight at once."""
        voice = self.speaker.voices("es")[0]

        def one(line: str) -> Speech:
            into = self.folder / f"{lines.index(line)}.wav"
            return self.speaker.inner.run(
                Synthesize(SynthesisRequest(line, "es", voice.id), into), CALL
            )

        return map_concurrently(lines, one, 8, CALL.raise_if_cancelled, lambda _: None)

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
    guards = VendorMiddleware(clock, MemorySemaphores(), circuits(clock), ledger, clock.sleep)
    own = {
        "deepgram": DeepgramSettings(api_key=SecretStr(KEY), url=base_url),
        "openai": OpenAISettings(url=f"{base_url}/v1"),
    }
    settings = VendorSettings(own={**own_settings(), **own})
    with closing(vendors(settings, guards)) as made:
        asked = made.synthesizers["deepgram"]
        speaker = Cache(asked.engine, FolderResultStore(folder / "results"))
        yield Booth(clock, ledger, Synthesizer(asked.port, speaker), folder)


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
    assert warning.getMessage() == "vendor.failing"
    told = fields(warning)
    assert (told["vendor"], told["model"], told["error"]) == ("deepgram", "aura-2", "vendor_error")
    assert told["reason"].startswith("deepgram unavailable: it is overloaded or down (request ")


def test_work_is_held_back_from_a_vendor_that_is_away_and_goes_on_when_it_is_back(
    double: VendorDouble, base_url: str, tmp_path: Path
) -> None:
    double.script("speak", *[Wrong.status(503)] * 30)
    told: list[VendorError] = []
    with booth(base_url, tmp_path) as deepgram:
        while (spoken := deepgram.tried(LINES, told)) is None:
            deepgram.clock.sleep(60)
    assert len(spoken) == len(LINES)
    assert {error.fault for error in told} == {ErrorKind.UNAVAILABLE}
    assert not double.repeated


def bounded_call(
    vendor: str, base_url: str, folder: Path, audio: AudioFile, answer_s: float
) -> tuple[VendorError, list[str]]:
    """Why a call came to nothing that was made by these limits, and what the book says."""
    made = vendors_at(base_url, audio, folder, answer_s=answer_s)[vendor]
    make, asked = guarded(made)
    with pytest.raises(VendorError) as raised:
        make()
    made.close()
    return raised.value, asked.outcomes


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("wrong", "answer_s", "fault", "told"),
    [
        (Wrong.hang(30), 0.3, ErrorKind.TIMEOUT, r"it did not answer in time"),
        (
            Wrong.drip(0.05),
            0.5,
            ErrorKind.TIMEOUT,
            r"(its answer was not whole after \d+ s|in time)",
        ),
        (Wrong.endless(), 60.0, ErrorKind.UNAVAILABLE, r"its answer is longer than \d+ MB"),
        (
            Wrong.packed(),
            60.0,
            ErrorKind.UNAVAILABLE,
            r"its answer is packed, which was not asked for",
        ),
    ],
    ids=["silent", "dripping", "endless", "packed"],
)
def test_answers_without_an_end_are_ended(
    route: str,
    wrong: Wrong,
    answer_s: float,
    fault: ErrorKind,
    told: str,
    double: VendorDouble,
    base_url: str,
    spoken: AudioFile,
    tmp_path: Path,
) -> None:
    double.script(route, wrong, wrong)
    error, outcomes = bounded_call(route, base_url, tmp_path, spoken, answer_s)
    assert (error.fault, error.outcome_unknown) == (fault, True)
    assert re.search(told, str(error))
    assert error.fault.retryable
    charged = sum(each.amount for call in double.calls for each in call.billed)
    assert (len(outcomes), charged > 0) == (2, True)
    assert set(outcomes) <= {"unknown", "failed"}


def test_a_call_ends_by_the_clock_though_bytes_keep_coming(
    double: VendorDouble, base_url: str
) -> None:
    """Of a vendor that sends without a pause, so that no read is ever late."""
    import httpx

    ticks = itertools.count(0.0, 1.0)  # a second goes by whenever the clock is looked at
    double.script("speak", Wrong.endless())
    where = f"{base_url}/v1/speak?model=aura-2-nestor-es&encoding=linear16&container=wav"
    with (
        bounded(httpx.Client(verify=NO_TLS, headers={"Authorization": f"Token {KEY}"})) as client,
        within(AnswerLimits(20.0, 1 << 40), lambda: next(ticks)),
        pytest.raises(AnswerOverran, match="its answer was not whole after 20 s"),
    ):
        client.post(f"{where}&sample_rate=24000&mip_opt_out=true", json={"text": "Hola."})
    assert 20 <= next(ticks) <= 30

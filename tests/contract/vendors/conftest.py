import importlib
import socket
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.contract.vendors.vendors import SERVER_VOICES, Vendor, vendors_at
from tests.listening import EXAMPLE_TEXT

from ytdubber.adapters.deepgram.client import DeepgramClient
from ytdubber.adapters.deepgram.stt import DeepgramSpeechToText
from ytdubber.adapters.deepgram.tts import DeepgramSynthesizer
from ytdubber.adapters.elevenlabs.client import ElevenLabsClient
from ytdubber.adapters.elevenlabs.tts import ElevenLabsSynthesizer
from ytdubber.adapters.openai_compatible.client import SpeechServer
from ytdubber.adapters.openai_compatible.stt import SpeechServerRecognizer
from ytdubber.adapters.openai_compatible.tts import SpeechServerSynthesizer
from ytdubber.domain.media import AudioFile
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText
from ytdubber.testing.vendor_double import KEY, CannedContent, VendorDouble, running

with warnings.catch_warnings():  # Deepgram's client looks for a name websockets will drop
    warnings.simplefilter("ignore", DeprecationWarning)
    importlib.import_module("deepgram.core.websocket_compat")


@pytest.fixture(scope="module")
def double() -> VendorDouble:
    """One double for the tests of a module; every test uses up the faults it scripts."""
    return VendorDouble(CannedContent(EXAMPLE_TEXT))


@pytest.fixture(scope="module")
def base_url(double: VendorDouble) -> Iterator[str]:
    with running(double) as url:
        yield url


@pytest.fixture(scope="module")
def nowhere() -> str:
    """Where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def vendors(base_url: str, spoken: AudioFile, tmp_path: Path) -> Iterator[dict[str, Vendor]]:
    """Every adapter at the double, by the double's name of its route."""
    made = vendors_at(base_url, spoken, tmp_path)
    yield made
    for vendor in made.values():
        vendor.close()


@pytest.fixture
def spoken(tmp_path: Path) -> AudioFile:
    """Two seconds of something loud, after half a second of silence."""
    samples = np.zeros(3 * 16_000, np.float32)
    samples[8_000:40_000] = 0.3 * np.sin(np.arange(32_000) * 0.2)
    path = tmp_path / "voice.wav"
    sf.write(path, samples, 16_000, subtype="PCM_16")
    return AudioFile(path, 16_000, 1, len(samples))


@pytest.fixture(params=["deepgram", "openai-compatible"])
def hearing(request: pytest.FixtureRequest, base_url: str) -> Iterator[SpeechToText]:
    makers: dict[str, Callable[[], SpeechToText]] = {
        "deepgram": lambda: DeepgramSpeechToText(DeepgramClient(KEY, base_url)),
        "openai-compatible": lambda: SpeechServerRecognizer(SpeechServer(base_url), "whisper-1"),
    }
    made = makers[request.param]()
    yield made
    made.close()


@pytest.fixture(params=["deepgram", "elevenlabs", "openai-compatible"])
def synthesizer(request: pytest.FixtureRequest, base_url: str) -> Iterator[SpeechSynthesizer]:
    makers: dict[str, Callable[[], SpeechSynthesizer]] = {
        "deepgram": lambda: DeepgramSynthesizer(DeepgramClient(KEY, base_url)),
        "elevenlabs": lambda: ElevenLabsSynthesizer(ElevenLabsClient(KEY, base_url)),
        "openai-compatible": lambda: SpeechServerSynthesizer(SpeechServer(base_url), SERVER_VOICES),
    }
    made = makers[request.param]()
    yield made
    made.close()

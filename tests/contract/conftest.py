import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import soundfile as sf
from numpy.typing import NDArray
from tests.listening import EXAMPLE_TEXT

from ytdubber.adapters.local.espeak import EspeakSynthesizer
from ytdubber.adapters.local.firefox import FirefoxTranslator
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.adapters.local.whisper import WhisperSpeechToText
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.domain.media import AudioFile
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText, VoiceActivity
from ytdubber.ports.translator import Translator
from ytdubber.settings import load_settings
from ytdubber.testing.engines import (
    FakeSpeechToText,
    FakeSynthesizer,
    FakeTranslator,
    FakeVoiceActivity,
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "voice.flac"
RATE_HZ = 16_000

MakeRecording = Callable[[str, NDArray[np.float32]], AudioFile]


def real(name: str) -> object:
    """An engine with real models: one worker loads them all, once."""
    return pytest.param(name, marks=[pytest.mark.models, pytest.mark.xdist_group("local-models")])


@pytest.fixture
def call() -> CallContext:
    return CallContext(UUID(int=1))


@pytest.fixture
def recording(tmp_path: Path) -> MakeRecording:
    def make(name: str, samples: NDArray[np.float32]) -> AudioFile:
        path = tmp_path / f"{name}.wav"
        sf.write(path, samples, RATE_HZ, subtype="PCM_16")
        return AudioFile(path, RATE_HZ, 1, len(samples))

    return make


@pytest.fixture
def example(recording: MakeRecording) -> AudioFile:
    samples, rate_hz = sf.read(EXAMPLE, dtype="float32")
    assert rate_hz == RATE_HZ
    return recording("example", samples)


@pytest.fixture(scope="session")
def store() -> LocalModelStore:
    settings = load_settings()
    return LocalModelStore(settings.models, settings.translation_folders)


@pytest.fixture(scope="session")
def engines(store: LocalModelStore) -> Iterator[Callable[[str], object]]:
    """Engines by name, each made once and closed at the end."""
    makers: dict[str, Callable[[], object]] = {
        "whisper": lambda: WhisperSpeechToText(store),
        "silero": SileroVoiceActivity,
        "firefox": lambda: FirefoxTranslator(store),
        "kokoro": lambda: KokoroSynthesizer(store),
        "espeak": EspeakSynthesizer,
        "fake-hearing": lambda: FakeSpeechToText(EXAMPLE_TEXT),
        "fake-activity": FakeVoiceActivity,
        "fake-translator": lambda: FakeTranslator([("en", "pt"), ("pt", "en")]),
        "fake-voice": FakeSynthesizer,
    }
    made: list[object] = []

    @functools.cache
    def engine(name: str) -> object:
        made.append(makers[name]())
        return made[-1]

    yield engine
    for each in made:
        if close := getattr(each, "close", None):
            close()


@pytest.fixture(params=["fake-hearing", real("whisper")])
def hearing(request: pytest.FixtureRequest, engines: Callable[[str], SpeechToText]) -> SpeechToText:
    return engines(request.param)


@pytest.fixture(params=["fake-activity", real("silero")])
def activity(
    request: pytest.FixtureRequest, engines: Callable[[str], VoiceActivity]
) -> VoiceActivity:
    return engines(request.param)


@pytest.fixture(params=["fake-translator", real("firefox")])
def translator(request: pytest.FixtureRequest, engines: Callable[[str], Translator]) -> Translator:
    return engines(request.param)


@pytest.fixture(params=["fake-voice", real("kokoro"), real("espeak")])
def synthesizer(
    request: pytest.FixtureRequest, engines: Callable[[str], SpeechSynthesizer]
) -> SpeechSynthesizer:
    return engines(request.param)

"""What engines say they are: their code, and all they work with, is in it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ytdubber.adapters.deepgram.client import DeepgramClient
from ytdubber.adapters.deepgram.stt import DeepgramSpeechToText
from ytdubber.adapters.deepgram.tts import DeepgramSynthesizer
from ytdubber.adapters.elevenlabs.client import ElevenLabsClient
from ytdubber.adapters.elevenlabs.tts import ElevenLabsSynthesizer
from ytdubber.adapters.local.espeak import EspeakSynthesizer
from ytdubber.adapters.local.espeak_library import bytes_version, espeak_version
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.local.whisper import WhisperSpeechToText
from ytdubber.adapters.openai.client import OpenAIClient
from ytdubber.adapters.openai.translator import OpenAITranslator
from ytdubber.app.dubs.code_version import code_version
from ytdubber.domain.engine import EngineId
from ytdubber.testing.model_folder import FolderModelStore

MODELS = FolderModelStore(Path("models"))


@pytest.mark.parametrize(
    ("engine", "module"),
    [
        (lambda: EspeakSynthesizer().engine, "local.espeak"),
        (lambda: KokoroSynthesizer(MODELS).engine, "local.kokoro"),
        (lambda: DeepgramSpeechToText(DeepgramClient("key")).engine, "deepgram.stt"),
        (lambda: DeepgramSynthesizer(DeepgramClient("key")).engine, "deepgram.tts"),
        (lambda: ElevenLabsSynthesizer(ElevenLabsClient("key")).engine, "elevenlabs.tts"),
        (lambda: OpenAITranslator(OpenAIClient("key")).engine("en", "pt"), "openai.translator"),
    ],
)
def test_an_engines_version_holds_that_of_its_code(
    engine: Callable[[], EngineId], module: str
) -> None:
    assert code_version(f"ytdubber.adapters.{module}") in engine().version.split("+")


def test_whisper_counts_what_decodes_beneath_it() -> None:
    beneath = code_version("ytdubber.adapters.local.whisper", "ctranslate2", "tokenizers")
    assert beneath in WhisperSpeechToText(MODELS).engine.version.split("+")


def test_whoever_asks_espeak_holds_its_version() -> None:
    for engine in (EspeakSynthesizer().engine, KokoroSynthesizer(MODELS).engine):
        assert espeak_version() in engine.version


@pytest.mark.parametrize("part", ["library.so", "data/phondata", "data/lang/pt"])
def test_a_change_in_espeak_or_its_data_changes_its_version(tmp_path: Path, part: str) -> None:
    folder = tmp_path / "one"
    (folder / "data" / "lang").mkdir(parents=True)
    for name in ("library.so", "data/phondata", "data/lang/pt"):
        (folder / name).write_text(name)
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    before = bytes_version(other / "library.so", other / "data")
    assert before == bytes_version(folder / "library.so", folder / "data")
    (other / part).write_text("another")
    assert bytes_version(other / "library.so", other / "data") != before


@pytest.mark.parametrize(
    ("usual", "by_card"),
    [
        (WhisperSpeechToText(MODELS), WhisperSpeechToText(MODELS, device="cuda")),
        (KokoroSynthesizer(MODELS), KokoroSynthesizer(MODELS, "cuda")),
    ],
)
def test_another_device_makes_another_engine_and_the_processor_is_as_before(
    usual: WhisperSpeechToText | KokoroSynthesizer, by_card: WhisperSpeechToText | KokoroSynthesizer
) -> None:
    parts = usual.engine.version.split("+")
    assert "cpu" not in parts
    assert sorted(by_card.engine.version.split("+")) == sorted([*parts, "cuda"])

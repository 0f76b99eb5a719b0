"""A voice file's limiter takes at most 3 dB off real voices, however hot they come."""

from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import soundfile
from tests.unit.audio.judge import Samples, decoded, ebur128

from ytdubber.adapters.local.espeak import EspeakSynthesizer
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.audio.files import write_wav
from ytdubber.audio.mixer import master
from ytdubber.audio.profiles import YOUTUBE, AudioFormat, Content, Deliverable, LoudnessProfile
from ytdubber.audio.timeline import Clip
from ytdubber.domain.media import AudioFile
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer, SynthesisRequest
from ytdubber.settings import load_settings

EXAMPLE = Path(__file__).parents[3] / "examples" / "voice.flac"
RATE_HZ = 48_000
TEXTS = {
    "pt": "Ele não era um jovem mal-disposto, e depois saiu. Não! Quem, quando e porquê?",
    "de": "Er war kein böser junger Mann, und dann ging er. Nein! Wer, wann und warum?",
}


def human(folder: Path, gain: float = 1.0) -> AudioFile:
    """Eight seconds of the example, clipped at full scale."""
    sound, rate_hz = soundfile.read(EXAMPLE, frames=8 * 16_000, dtype="float32")
    return write_wav(folder / "line.wav", np.clip(gain * sound, -1.0, 1.0), rate_hz)


def spoken(synthesizer: SpeechSynthesizer, folder: Path) -> AudioFile:
    language = next(each for each in TEXTS if synthesizer.voices(each))
    request = SynthesisRequest(TEXTS[language], language, synthesizer.voices(language)[0].id)
    return synthesizer.synthesize(request, folder / "line.wav", CallContext(UUID(int=1))).audio


def written(line: AudioFile, profile: LoudnessProfile, path: Path) -> tuple[Samples, float]:
    """The finished voice file, and the gain before its limiter."""
    samples = line.samples * RATE_HZ // line.sample_rate_hz
    wanted = [Deliverable(Content.VOICE, AudioFormat.FLAC, path)]
    (made,) = master([Clip(line, 0, samples)], None, samples, wanted, profile=profile)
    return decoded(made.path)[0], made.gain_db


def check(line: AudioFile, folder: Path) -> None:
    loud, gain_db = written(line, YOUTUBE, folder / "loud.flac")
    plain, plain_db = written(line, LoudnessProfile("soft", -40.0, -1.0), folder / "plain.flac")
    asked = plain * 10 ** ((gain_db - plain_db) / 20)
    peaks = np.abs(asked) > 0.1 * np.abs(asked).max()
    reduced_db = -20 * np.log10(np.abs(loud[peaks]) / np.abs(asked[peaks]))
    assert reduced_db.max() <= 3.01
    judged = ebur128(loud, RATE_HZ)
    assert judged.true_peak_dbtp <= -1.0
    assert judged.integrated_lufs <= -15.9


@pytest.mark.parametrize("gain", [0.1, 1.0, 4.0, 30.0], ids=["soft", "as it is", "hot", "clipped"])
def test_a_human_voice(tmp_path: Path, gain: float) -> None:
    check(human(tmp_path, gain), tmp_path)


def test_espeak_s_voice(tmp_path: Path) -> None:
    check(spoken(EspeakSynthesizer(), tmp_path), tmp_path)


@pytest.mark.models
@pytest.mark.xdist_group("local-models")
def test_kokoro_s_voice(tmp_path: Path) -> None:
    settings = load_settings()
    models = LocalModelStore(settings.models, settings.translation_folders)
    check(spoken(KokoroSynthesizer(models), tmp_path), tmp_path)

"""Whisper on what it is known to lose: sentences that are repeated, languages that change."""

import dataclasses
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import soundfile as sf
import soxr
from numpy.typing import NDArray
from tests.contract.conftest import EXAMPLE, RATE_HZ, MakeRecording
from tests.listening import EXAMPLE_TEXT, word_error_rate
from tests.waiting import PATIENCE_S

from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.app.pipeline.stages.transcribe import transcribe
from ytdubber.domain.errors import Cancelled
from ytdubber.domain.media import AudioFile
from ytdubber.engines.direct import Direct
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer, SynthesisRequest
from ytdubber.ports.speech_to_text import SpeechToText

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("local-models")]

Engine = Callable[[str], object]
FIRST_SENTENCE_S = 7.2
FRENCH = "La nuit tombait déjà quand nous sommes enfin arrivés devant la maison de ma grand-mère."


@pytest.fixture
def whisper(engines: Engine) -> SpeechToText:
    return engines("whisper")  # type: ignore[return-value]  # a maker by name


def english() -> NDArray[np.float32]:
    samples: NDArray[np.float32] = sf.read(EXAMPLE, dtype="float32")[0]
    return samples


@pytest.fixture(scope="module")
def french(engines: Engine, tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.float32]:
    """The French sentence, 16 kHz mono."""
    kokoro: SpeechSynthesizer = engines("kokoro")  # type: ignore[assignment]  # as above
    request = SynthesisRequest(FRENCH, "fr", kokoro.voices("fr")[0].id)
    made = kokoro.synthesize(
        request, tmp_path_factory.mktemp("french") / "fr.wav", CallContext(UUID(int=1))
    )
    samples, rate_hz = sf.read(made.audio.path, dtype="float32")
    sound: NDArray[np.float32] = soxr.resample(samples, rate_hz, RATE_HZ)
    return sound


def test_a_sentence_said_several_times_is_heard_as_often(
    whisper: SpeechToText, recording: MakeRecording, call: CallContext
) -> None:
    sentence = english()[: int(FIRST_SENTENCE_S * RATE_HZ)]
    pause = np.zeros(RATE_HZ // 2, np.float32)
    words = whisper.transcribe(
        recording("lesson", np.concatenate([sentence, pause] * 5)), "en", [], call
    ).words
    said = EXAMPLE_TEXT[: EXAMPLE_TEXT.index("He was")]
    assert word_error_rate(said * 5, " ".join(word.text for word in words)) <= 0.03


def test_each_language_of_a_recording_is_heard_in_itself(
    whisper: SpeechToText,
    french: NDArray[np.float32],
    recording: MakeRecording,
    call: CallContext,
) -> None:
    pause = np.zeros(RATE_HZ * 6 // 10, np.float32)
    sound = np.concatenate([english(), pause, french, pause, english()])
    activity = SileroVoiceActivity()
    heard, _ = transcribe(
        recording("both", sound), "both", None, Direct(whisper), activity, (), call
    )
    words = [word for line in heard.utterances for word in line.words]
    foreign = [word for word in words if word.language]
    assert heard.language == "en"
    assert {word.language for word in foreign} == {"fr"}
    assert word_error_rate(FRENCH, " ".join(word.text for word in foreign)) <= 0.2
    rest = " ".join(word.text for word in words if not word.language)
    assert word_error_rate(f"{EXAMPLE_TEXT} {EXAMPLE_TEXT}", rest) <= 0.03


@pytest.mark.parametrize("pause_s", [0.6, 1.0])
def test_no_sentence_beside_a_change_is_heard_in_the_other_language(
    whisper: SpeechToText,
    french: NDArray[np.float32],
    recording: MakeRecording,
    call: CallContext,
    pause_s: float,
) -> None:
    pause = np.zeros(round(RATE_HZ * pause_s), np.float32)
    sound = np.concatenate([english(), pause, french, pause, english()])
    heard = whisper.transcribe(recording("both", sound), None, [], call)
    foreign = [word.text for word in heard.words if word.language]
    assert word_error_rate(FRENCH, " ".join(foreign)) <= 0.2
    rest = [word.text for word in heard.words if not word.language]
    assert word_error_rate(f"{EXAMPLE_TEXT} {EXAMPLE_TEXT}", " ".join(rest)) <= 0.03


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Good morning. The river is very long."),
        ("en", "Where did you put the keys?"),
        ("es", "Nos vemos mañana a las nueve."),
        ("es", "¿Dónde pusiste las llaves?"),
        ("fr", "Je ne sais pas quoi en dire."),
        ("fr", "On se voit demain à neuf heures."),
    ],
)
def test_a_short_sentence_is_heard_in_its_language(
    whisper: SpeechToText,
    engines: Engine,
    recording: MakeRecording,
    tmp_path: Path,
    call: CallContext,
    language: str,
    said: str,
) -> None:
    kokoro: SpeechSynthesizer = engines("kokoro")  # type: ignore[assignment]  # as above
    request = SynthesisRequest(said, language, kokoro.voices(language)[0].id)
    made = kokoro.synthesize(request, tmp_path / "said.wav", call)
    samples, rate_hz = sf.read(made.audio.path, dtype="float32")
    heard = recording("said", soxr.resample(samples, rate_hz, RATE_HZ))
    assert whisper.transcribe(heard, None, [], call).language == language


def test_the_language_that_is_given_is_the_language(
    whisper: SpeechToText, french: NDArray[np.float32], recording: MakeRecording, call: CallContext
) -> None:
    heard = whisper.transcribe(recording("given", french), "fr", [], call)
    assert heard.language == "fr"
    assert not any(word.language for word in heard.words)


def test_closing_does_not_wait_for_what_is_under_way(
    whisper: SpeechToText, example: AudioFile, call: CallContext
) -> None:
    closed = threading.Event()
    steps = iter(range(1_000))

    def close() -> None:
        whisper.close()
        closed.set()

    def check() -> None:
        if next(steps):  # the first comes before anything is loaded
            threading.Thread(target=close, daemon=True).start()
            if closed.wait(PATIENCE_S):
                raise Cancelled

    with pytest.raises(Cancelled):
        whisper.transcribe(example, "en", [], dataclasses.replace(call, raise_if_cancelled=check))
    assert whisper.transcribe(example, "en", [], call).words

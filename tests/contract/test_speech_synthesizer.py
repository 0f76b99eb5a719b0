import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from ytdubber.domain.errors import Cancelled, ErrorKind, VendorError
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer, SynthesisRequest

TEXTS = {
    "pt": "Ele não era um jovem mal-disposto, e depois saiu.",
    "de": "Er war kein böser junger Mann, und dann ging er.",
}


def request_for(synthesizer: SpeechSynthesizer, **changes: object) -> SynthesisRequest:
    language = next(each for each in TEXTS if synthesizer.voices(each))
    voice = synthesizer.voices(language)[0]
    request = SynthesisRequest(TEXTS[language], language, voice.id)
    return dataclasses.replace(request, **changes)  # type: ignore[arg-type]  # fields by name


def test_a_line_is_spoken_into_a_trimmed_wav(
    synthesizer: SpeechSynthesizer, tmp_path: Path, call: CallContext
) -> None:
    request = request_for(synthesizer)
    speech = synthesizer.synthesize(request, tmp_path / "line.wav", call)
    samples, rate_hz = sf.read(tmp_path / "line.wav", dtype="float32", always_2d=True)
    audio = speech.audio
    assert (audio.path, audio.channels) == (tmp_path / "line.wav", 1)
    assert (audio.sample_rate_hz, audio.samples) == (rate_hz, len(samples))
    assert rate_hz == synthesizer.capabilities.native_rate_hz
    assert samples.shape[1] == 1
    level = np.abs(samples[:, 0])
    assert 0.05 < level.max() < 0.999
    for end in (level, level[::-1]):
        assert int(np.argmax(end > 0.01 * level.max())) <= 0.03 * rate_hz
        assert end[0] <= 0.01
    assert 1_000 < audio.duration_ms < 6_000
    assert speech.receipt.engine == synthesizer.engine
    assert speech.receipt.operation == "speak"
    assert speech.receipt.amount("characters") == len(request.text)


def test_two_threads_give_the_bytes_of_one(
    synthesizer: SpeechSynthesizer, tmp_path: Path, call: CallContext
) -> None:
    request = request_for(synthesizer)
    texts = [request.text, f"{request.text} {request.text}", request.text[:20], request.text]

    def spoken(number: int, folder: str) -> bytes:
        into = tmp_path / f"{folder}-{number}.wav"
        synthesizer.synthesize(dataclasses.replace(request, text=texts[number]), into, call)
        return into.read_bytes()

    one = [spoken(number, "one") for number in range(len(texts))]
    with ThreadPoolExecutor(2) as pool:
        two = list(pool.map(lambda number: spoken(number, "two"), range(len(texts))))
    assert one == two


def test_every_language_has_its_default_voice_first(synthesizer: SpeechSynthesizer) -> None:
    language = request_for(synthesizer).language
    voices = synthesizer.voices(language)
    assert all(voice.language == language for voice in voices)
    assert len({voice.id for voice in voices}) == len(voices) >= 2
    assert synthesizer.voices("xx") in ((), [])
    assert synthesizer.capabilities.concurrency >= 1


def fault_of(
    synthesizer: SpeechSynthesizer, into: Path, call: CallContext, **changes: object
) -> ErrorKind:
    with pytest.raises(VendorError) as raised:
        synthesizer.synthesize(request_for(synthesizer, **changes), into, call)
    assert not into.exists()
    return raised.value.fault


def test_what_cannot_be_spoken_says_why(
    synthesizer: SpeechSynthesizer, tmp_path: Path, call: CallContext
) -> None:
    into = tmp_path / "never.wav"
    long = "word " * synthesizer.capabilities.max_chars
    assert fault_of(synthesizer, into, call, voice_id="nobody") is ErrorKind.UNSUPPORTED
    assert fault_of(synthesizer, into, call, language="xx") is ErrorKind.UNSUPPORTED
    assert fault_of(synthesizer, into, call, text=long) is ErrorKind.BAD_INPUT
    assert fault_of(synthesizer, into, call, text="... !") is ErrorKind.BAD_OUTPUT


def test_a_cancelled_call_stops(
    synthesizer: SpeechSynthesizer, tmp_path: Path, call: CallContext
) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        synthesizer.synthesize(
            request_for(synthesizer),
            tmp_path / "never.wav",
            dataclasses.replace(call, raise_if_cancelled=stop),
        )


def test_a_closed_engine_speaks_again(
    synthesizer: SpeechSynthesizer, tmp_path: Path, call: CallContext
) -> None:
    request = request_for(synthesizer)
    synthesizer.synthesize(request, tmp_path / "before.wav", call)
    synthesizer.close()
    synthesizer.synthesize(request, tmp_path / "after.wav", call)
    assert (tmp_path / "after.wav").read_bytes() == (tmp_path / "before.wav").read_bytes()

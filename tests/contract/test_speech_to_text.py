import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from tests.contract.conftest import RATE_HZ, MakeRecording
from tests.listening import EXAMPLE_ONSETS_MS, EXAMPLE_TEXT, word_error_rate

from ytdubber.domain.errors import Cancelled, ErrorKind, NothingToDub, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_to_text import SpeechToText, VoiceActivity


def test_the_example_is_heard_in_its_language(
    hearing: SpeechToText, example: AudioFile, call: CallContext
) -> None:
    fractions: list[float] = []
    heard = hearing.transcribe(
        example, None, [], dataclasses.replace(call, progress=fractions.append)
    )
    assert heard.language == "en"
    assert word_error_rate(EXAMPLE_TEXT, " ".join(word.text for word in heard.words)) <= 0.03
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert heard.receipt.engine == hearing.engine
    assert heard.receipt.operation == "transcribe"
    seconds = float(heard.receipt.amount("audio_seconds"))
    assert seconds == pytest.approx(example.duration_ms / 1000)


def test_words_follow_one_another(
    hearing: SpeechToText, example: AudioFile, call: CallContext
) -> None:
    words = hearing.transcribe(example, "en", ["Dashwood"], call).words
    assert all(word.text == word.text.strip() != "" for word in words)
    assert all(word.start_ms < word.end_ms for word in words)
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(words))
    assert all(0 <= word.confidence <= 1 for word in words)
    assert words[0].start_ms >= 0
    assert words[-1].end_ms <= example.duration_ms


@pytest.mark.parametrize("seconds", [0, 0.01, 3])
def test_silence_has_no_words(
    hearing: SpeechToText, recording: MakeRecording, call: CallContext, seconds: float
) -> None:
    silence = recording("silence", np.zeros(int(seconds * RATE_HZ), np.float32))
    assert hearing.transcribe(silence, None, [], call).words == ()
    assert hearing.transcribe(silence, "pt", [], call).language == "pt"


def test_an_unknown_language_is_unsupported(
    hearing: SpeechToText, example: AudioFile, call: CallContext
) -> None:
    assert "en" in hearing.languages
    with pytest.raises(VendorError) as raised:
        hearing.transcribe(example, "xx", [], call)
    assert raised.value.fault is ErrorKind.UNSUPPORTED


def test_a_cancelled_call_stops(
    hearing: SpeechToText, example: AudioFile, call: CallContext
) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        hearing.transcribe(example, "en", [], dataclasses.replace(call, raise_if_cancelled=stop))


def test_the_language_is_told_before_the_rest_is_heard(
    hearing: SpeechToText, example: AudioFile, call: CallContext
) -> None:
    told: list[str] = []
    fractions: list[float] = []

    def refuse(language: str) -> None:
        told.append(language)
        raise NothingToDub(file="example", language=language)

    unwanted = dataclasses.replace(call, spoken=refuse, progress=fractions.append)
    for given in (None, "en"):
        with pytest.raises(NothingToDub):
            hearing.transcribe(example, given, [], unwanted)
    assert told == ["en", "en"]
    assert fractions == []


def test_a_closed_engine_hears_again(
    hearing: SpeechToText, example: AudioFile, call: CallContext
) -> None:
    before = hearing.transcribe(example, "en", [], call).words
    hearing.close()
    assert hearing.transcribe(example, "en", [], call).words == before


def test_speech_is_found_where_it_is(activity: VoiceActivity, example: AudioFile) -> None:
    speech = activity.speech(example)
    starts = [interval.start_ms for interval in speech]
    assert all(min(abs(start - onset) for start in starts) <= 80 for onset in EXAMPLE_ONSETS_MS)
    assert all(before.end_ms < after.start_ms for before, after in pairwise(speech))
    assert speech[-1].end_ms <= example.duration_ms


def test_silence_holds_no_speech(activity: VoiceActivity, recording: MakeRecording) -> None:
    assert activity.speech(recording("silence", np.zeros(RATE_HZ, np.float32))) == ()
    assert activity.speech(recording("nothing", np.zeros(0, np.float32))) == ()


@pytest.mark.models
@pytest.mark.xdist_group("local-models")
@pytest.mark.parametrize("level", [0.1, 0.5])
def test_noise_and_music_have_no_words(
    engines: object, recording: MakeRecording, call: CallContext, level: float
) -> None:
    whisper: SpeechToText = engines("whisper")  # type: ignore[operator]  # a maker by name
    seconds = np.arange(10 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(0).normal(0, level / 2, len(seconds))
    music = sum(np.sin(2 * np.pi * hz * seconds) for hz in (220.0, 277.2, 329.6)) * level / 3
    for name, sound in (("noise", noise), ("music", music)):
        samples = np.clip(sound, -1, 1).astype(np.float32)
        assert whisper.transcribe(recording(name, samples), None, [], call).words == ()

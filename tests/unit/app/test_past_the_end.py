"""A voice may go on up to a second longer than its background."""

import json
import uuid
from concurrent.futures import Future
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.unit.app.conftest import FakeDubbing, words

from ytdubber.app.pipeline.artifacts import Prepared, Source
from ytdubber.app.pipeline.lines import FittedLine, ScriptedLine
from ytdubber.app.pipeline.stages.mix import mix
from ytdubber.app.pipeline.translated_script import GIVEN, TranslatedScript
from ytdubber.domain.errors import NoSpeech
from ytdubber.domain.job import DubOptions
from ytdubber.domain.media import AudioFile
from ytdubber.domain.provenance import Provenance
from ytdubber.domain.review import ReviewReason
from ytdubber.domain.timing import Placement, Slot
from ytdubber.domain.transcript import Transcript, Utterance, Word
from ytdubber.ports.call_context import CallContext
from ytdubber.testing.engines import FakeSpeechToText


def shorter_background(fakes: FakeDubbing, length_s: float) -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, (round(length_s * 48_000), 2))
    sf.write(fakes.background, noise, 48_000)


def lines(out: Path) -> list[dict[str, object]]:
    said: list[dict[str, object]] = json.loads((out / "pt" / "translation.json").read_bytes())[
        "utterances"
    ]
    return said


def test_a_line_past_the_end_is_left_out_and_told(fakes: FakeDubbing) -> None:
    fakes.speech_to_text = FakeSpeechToText([*words(), Word("Late.", 8_810, 8_980, 0.9)])
    shorter_background(fakes, 8.6)
    manifest = fakes.dub(fakes.request()).manifest
    assert len(lines(fakes.out)) == 3
    entry = manifest.languages["pt"]
    assert [place.reasons for place in entry.review] == [[ReviewReason.PAST_END]]
    assert entry.figures is not None
    assert entry.figures.lost_speech_s == pytest.approx(0.17)
    assert {file.samples for file in entry.files if file.samples} == {round(8.6 * 48_000)}


def test_a_line_that_straddles_the_end_is_not_hurried_for_what_lies_past_it(
    fakes: FakeDubbing,
) -> None:
    shorter_background(fakes, 8.05)  # the last line's four words last from 6.0 to 8.5 s
    fakes.dub(fakes.request())
    last = lines(fakes.out)[-1]
    assert str(last["source"]).split() == ["word20", "word21", "word22"]
    assert float(str(last["rate"])) < 1.05


def test_a_recording_that_only_speaks_past_its_end_has_no_speech(fakes: FakeDubbing) -> None:
    fakes.speech_to_text = FakeSpeechToText([Word("Late.", 8_810, 8_980, 0.9)])
    shorter_background(fakes, 8.6)
    with pytest.raises(NoSpeech):
        fakes.dub(fakes.request())


def test_a_line_whose_own_samples_last_a_little_longer_ends_with_the_recording(
    tmp_path: Path,
) -> None:
    """Milliseconds are whole: 24,011 samples at 24 kHz are 1,000 ms and 11 samples."""
    voice, spoken = tmp_path / "voice.wav", tmp_path / "line.wav"
    sf.write(voice, np.full(9 * 16_000, 0.1), 16_000, subtype="PCM_16")
    sf.write(spoken, np.full(24_011, 0.1), 24_000)
    total = 9 * 48_000
    source = Source(AudioFile(voice, 16_000, 1, 9 * 16_000), None, 9_000, None, total, 48_000)
    decoded: Future[Source] = Future()
    decoded.set_result(source)
    said = Utterance("u0001", "Late.", 8_000, 9_000, None, ())
    scripted = ScriptedLine(said, Slot("u0001", 8_000, 9_000, 9_000), "Late.")
    audio = AudioFile(spoken, 24_000, 1, 24_011)
    line = FittedLine(scripted, audio, Placement("u0001", 8_000, 1_000, 1_000, 1.0))
    prepared = Prepared(source.total_ms, Transcript("en", (said,)), decoded)
    options = DubOptions(formats=("wav",))
    provenance = Provenance("talk", ("pt",), date(2026, 1, 1))
    script = TranslatedScript(prepared.transcript, (scripted,), GIVEN, source.total_ms)
    call = CallContext(uuid.uuid4())
    (made,) = mix(prepared, script, [line], options, provenance, tmp_path, call).files
    assert made.samples == total

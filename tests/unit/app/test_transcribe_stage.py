"""Speech without words is heard again, and named where that does not help."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.app.pipeline.stages.transcribe import transcribe
from ytdubber.audio.edges import onto_energy
from ytdubber.audio.speech import write
from ytdubber.domain.coverage import LEAST_MS
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Cancelled, ErrorKind, NoSpeech, VendorError
from ytdubber.domain.languages import NAMES
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.transcript import Transcript, Word
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.cache import Cache
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_to_text import SpeechToText, Transcription
from ytdubber.testing.engines import FakeVoiceActivity

RATE_HZ = 16_000
ENGINE = EngineId("scripted", "ears", "1")
CALL = CallContext(UUID(int=1))
SPEECH = (Interval(500, 2_500), Interval(4_000, 13_000), Interval(15_000, 17_000))
"""When it is loud in the recording, which lasts 18 s."""


def said(*texts: str, start_ms: int, end_ms: int, confidence: float = 0.9) -> list[Word]:
    """Words of even length one after another."""
    edges = np.linspace(start_ms, end_ms, len(texts) + 1).astype(int).tolist()
    return [Word(text, edges[i], edges[i + 1], confidence) for i, text in enumerate(texts)]


FIRST = said("Good", "evening.", start_ms=550, end_ms=2_450)
LAST = said("We", "know", "nothing.", start_ms=15_050, end_ms=16_900)
TEXT = "Nobody heard them there, nor could they see us."
MIDDLE = said(*TEXT.split(), start_ms=1_050, end_ms=9_950)
"""In the part that begins 1 s before the second stretch."""


@dataclass
class Scripted:
    """Answers in turn; an error is raised. Keeps how long what it was asked to hear was."""

    answers: list[tuple[str, Sequence[Word]] | Exception]
    asked: list[tuple[int, str | None]] = field(default_factory=list)

    @property
    def engine(self) -> EngineId:
        return ENGINE

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(NAMES)

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: CallContext
    ) -> Transcription:
        assert audio.path.exists()
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append((audio.duration_ms, language))
        if isinstance(answer, Exception):
            raise answer
        seconds = Quantity("audio_seconds", Decimal(audio.duration_ms) / 1000)
        receipt = Receipt(ENGINE, "transcribe", (seconds,), elapsed_ms=0)
        return Transcription(language or answer[0], tuple(answer[1]), receipt)

    def warm_up(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class Detecting:
    """Hears speech where it is told."""

    told: tuple[Interval, ...]

    def speech(self, audio: AudioFile) -> tuple[Interval, ...]:
        return self.told


def loud(stretches: Sequence[Interval], seconds: int, folder: Path) -> AudioFile:
    """A recording with a tone in these stretches."""
    samples = np.zeros(seconds * RATE_HZ, np.float32)
    for each in stretches:
        part = slice(each.start_ms * 16, each.end_ms * 16)
        samples[part] = 0.3 * np.sin(np.arange(part.stop - part.start) * 0.1)
    return write(samples, RATE_HZ, folder / "voice.wav")


@pytest.fixture
def recording(tmp_path: Path) -> AudioFile:
    return loud(SPEECH, 18, tmp_path)


def heard(
    recording: AudioFile,
    engine: SpeechToText | Cache,
    language: str | None = None,
    call: CallContext = CALL,
) -> Transcript:
    asked = engine if isinstance(engine, Cache) else Direct(engine)
    found, by = transcribe(recording, "talk.wav", language, asked, FakeVoiceActivity(), (), call)
    assert by == ENGINE
    return found


def test_what_has_no_words_is_heard_again_with_the_sound_around_it(recording: AudioFile) -> None:
    engine = Scripted([("en", FIRST + LAST), ("en", MIDDLE)])
    found = heard(recording, engine)
    assert found.text == f"Good evening. {TEXT} We know nothing."
    assert found.uncovered == ()
    assert engine.asked == [(18_000, None), (11_000, None)]
    assert list(recording.path.parent.iterdir()) == [recording.path]
    middle = [word for each in found.utterances for word in each.words][2:-3]
    assert 4_000 <= middle[0].start_ms <= 4_100
    assert 12_900 <= middle[-1].end_ms <= 13_000


def test_what_stays_without_words_is_named(recording: AudioFile) -> None:
    engine = Scripted([("en", FIRST + LAST), ("en", ())])
    found = heard(recording, engine)
    assert found.text == "Good evening. We know nothing."
    assert found.uncovered == (Interval(4_000, 13_000),)
    others = [(9_400, "en"), (15_000, "en")]
    assert engine.asked[1:] == [(11_000, None), *others], "from other beginnings"


def test_words_that_are_not_sure_are_not_taken(recording: AudioFile) -> None:
    invented = [replace(word, confidence=0.3) for word in MIDDLE]
    found = heard(recording, Scripted([("en", FIRST + LAST), ("en", invented)]))
    assert found.uncovered == (Interval(4_000, 13_000),)


def test_an_engine_that_cannot_hear_a_part_does_not_end_the_dub(recording: AudioFile) -> None:
    failing = VendorError("scripted", ErrorKind.UNSUPPORTED, "it knows no such language")
    found = heard(recording, Scripted([("en", FIRST + LAST), failing]))
    assert found.uncovered == (Interval(4_000, 13_000),)


def test_a_cancelled_job_hears_nothing_again(recording: AudioFile) -> None:
    with pytest.raises(Cancelled):
        heard(recording, Scripted([("en", FIRST + LAST), Cancelled()]))


def test_a_part_in_another_language_keeps_its_own(recording: AudioFile) -> None:
    engine = Scripted([("en", FIRST + LAST), ("fr", MIDDLE[:3]), ("fr", ())])
    found = heard(recording, engine)
    assert found.language == "en"
    assert [(each.language, each.text) for each in found.utterances] == [
        (None, "Good evening."),
        ("fr", "Nobody heard them"),
        (None, "We know nothing."),
    ]


def test_the_language_that_most_is_in_is_the_recordings(recording: AudioFile) -> None:
    found = heard(recording, Scripted([("en", FIRST), ("fr", MIDDLE), ("fr", LAST)]))
    assert found.language == "fr"
    assert found.utterances[0].language == "en"


def test_a_language_that_is_given_is_asked_for_again(recording: AudioFile) -> None:
    engine = Scripted([("en", FIRST + LAST), ("en", MIDDLE)])
    heard(recording, engine, "de")
    assert [language for _, language in engine.asked] == ["de", "de"]


def test_nothing_is_heard_again_where_every_stretch_has_words(recording: AudioFile) -> None:
    middle = [replace(w, start_ms=w.start_ms + 3_000, end_ms=w.end_ms + 3_000) for w in MIDDLE]
    engine = Scripted([("en", [*FIRST, *middle, *LAST])])
    assert heard(recording, engine).uncovered == ()
    assert len(engine.asked) == 1


def test_what_a_detector_heard_is_named_however_soft_its_edges_are(tmp_path: Path) -> None:
    detected = (Interval(500, 2_500), Interval(6_000, 6_340))
    recording = loud([detected[0], Interval(6_000, 6_200)], 10, tmp_path)
    assert onto_energy(recording, detected)[1].duration_ms < LEAST_MS
    engine = Scripted([("en", FIRST), ("en", ())])
    asked = Direct(engine)
    found, _ = transcribe(recording, "talk.wav", None, asked, Detecting(detected), (), CALL)
    assert found.uncovered == detected[1:]


def test_a_word_over_two_stretches_covers_the_one_it_belongs_to(tmp_path: Path) -> None:
    speech = (Interval(500, 2_500), Interval(2_900, 6_000))
    recording = loud(speech, 7, tmp_path)
    first = [
        *said("Good", start_ms=550, end_ms=2_000),
        Word("evening.", 2_000, 4_600, 0.9),
        *said("Nobody", "came.", start_ms=4_600, end_ms=5_900),
    ]
    again = said("It", "rained.", start_ms=1_100, end_ms=2_100)
    found = heard(recording, Scripted([("en", first), ("en", again)]))
    assert found.text == "Good evening. It rained. Nobody came."
    assert found.uncovered == ()


def test_speech_in_which_nobody_makes_out_a_word_is_no_speech(recording: AudioFile) -> None:
    with pytest.raises(NoSpeech):
        heard(recording, Scripted([("en", ())]))


def test_what_was_heard_again_is_remembered(recording: AudioFile, tmp_path: Path) -> None:
    engine = Scripted([("en", FIRST + LAST), ("en", MIDDLE)])
    remembering = Cache(Direct(engine), FolderResultStore(tmp_path / "results"))
    assert heard(recording, remembering) == heard(recording, remembering)
    assert len(engine.asked) == 2

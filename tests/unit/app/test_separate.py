"""Whether a recording is taken apart, and what is said of it."""

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
import soundfile as sf
from tests.mixes import RATE_HZ, Mix, example_mix

from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.app.pipeline.artifacts import Source
from ytdubber.app.pipeline.stages.separate import Separator
from ytdubber.audio.files import write_wav
from ytdubber.audio.resample import write_mono
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, ModelMissing, NoSpeech, VendorError, YtDubberError
from ytdubber.domain.job import DubOptions
from ytdubber.domain.media import AudioFile
from ytdubber.domain.separation import Separating
from ytdubber.domain.usage import Receipt
from ytdubber.engines.direct import Direct
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.voice_separator import Separation

ENGINE = EngineId("nobody", "perfect", "1")
MISSING = ModelMissing(model="spleeter-2stems", reason="offline", command="get it", folder="there")
ASKED = DubOptions(separate=Separating.ALWAYS)
BY_ITSELF = DubOptions(separate=Separating.AUTO)


@dataclass
class PerfectSeparator:
    """Knows the voice, or why not."""

    mix: Mix
    error: YtDubberError | None = None
    calls: int = 0

    engine = ENGINE

    def separate(self, mix: AudioFile, into: Path, call: CallContext) -> Separation:
        self.calls += 1
        if self.error is not None:
            raise self.error
        call.progress(1.0)
        start = (len(self.mix.voice) - mix.samples) // 2
        voice = write_wav(into, self.mix.voice[start : start + mix.samples], RATE_HZ)
        return Separation(voice, Receipt(ENGINE, "separate", (), 0))

    def warm_up(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to close."""


def separated(
    folder: Path, separator: PerfectSeparator, options: DubOptions, told: list[float] | None = None
) -> Source:
    sound = separator.mix.sound
    mix = write_wav(folder / "mix.wav", sound, RATE_HZ)
    voice = write_mono(mix, 16_000, folder / "voice.wav")
    source = Source(voice, None, voice.duration_ms, None, len(sound), RATE_HZ, mix=mix)
    call = CallContext(UUID(int=1), progress=(told if told is not None else list[float]()).append)
    stage = Separator(Direct(separator), SileroVoiceActivity(), folder)
    made = stage(source, "talk.wav", options, call)
    assert made.mix is None
    left = {"voice.wav"} | ({"background.wav"} if made.background else set())
    assert {path.name for path in folder.iterdir()} == left
    return made


@pytest.mark.parametrize("options", [ASKED, BY_ITSELF])
def test_music_under_a_voice_becomes_the_background(tmp_path: Path, options: DubOptions) -> None:
    separator, told = PerfectSeparator(example_mix(5, seconds=12)), list[float]()
    made = separated(tmp_path, separator, options, told)
    assert made.separated_by == ENGINE
    assert made.background is not None
    assert (made.background.samples, made.background.channels) == (made.total_samples, 2)
    assert (made.voice.sample_rate_hz, made.voice.channels) == (16_000, 1)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert separator.calls == 1
    (note,) = made.notes
    assert note.startswith("talk.wav: ")
    assert "it was separated, and all but the voice stays as the background" in note


def test_a_clean_voice_stays_whole_unless_it_is_asked_for(tmp_path: Path) -> None:
    clean = example_mix(90, seconds=12)
    made = separated(tmp_path, separator := PerfectSeparator(clean), BY_ITSELF)
    assert (made.background, made.separated_by, separator.calls) == (None, None, 0)
    assert "next to nothing is heard under the voice" in made.notes[0]
    assert "The option `separate` decides otherwise." in made.notes[0]
    assert separated(tmp_path, PerfectSeparator(clean), ASKED).background is not None


@pytest.mark.parametrize(("ratio_db", "apart"), [(12, True), (40, False)])
def test_a_recording_without_a_pause_is_tried(tmp_path: Path, ratio_db: int, apart: bool) -> None:
    """Two seconds in the middle of a sentence."""
    mix = example_mix(ratio_db)
    part = slice(round(1.0 * RATE_HZ), round(3.0 * RATE_HZ))
    separator = PerfectSeparator(Mix(mix.voice[part], mix.background[part]))
    made = separated(tmp_path, separator, BY_ITSELF)
    assert separator.calls == 1 + apart
    assert (made.background is not None) == apart
    assert "nobody speaks" not in made.notes[0]


@pytest.mark.parametrize(
    "error", [MISSING, VendorError("nobody", ErrorKind.UNAVAILABLE, "its network does not load")]
)
def test_what_cannot_be_separated_is_dubbed_without_and_told_or_refused_where_it_was_asked_for(
    tmp_path: Path, error: YtDubberError
) -> None:
    separator = PerfectSeparator(example_mix(5, seconds=12), error)
    made = separated(tmp_path, separator, BY_ITSELF)
    assert made.background is None
    assert made.notes[0].endswith(f"the voice alone is dubbed. {error}")
    with pytest.raises(type(error)):
        separated(tmp_path, separator, ASKED)


def test_music_alone_is_no_speech_and_silence_is_not_separated(tmp_path: Path) -> None:
    music = example_mix(0, seconds=4)
    with pytest.raises(NoSpeech):
        separated(tmp_path, PerfectSeparator(replace(music, voice=0 * music.voice)), BY_ITSELF)
    (tmp_path / "separated.wav").unlink()  # whoever owns the folder empties it
    silent = PerfectSeparator(Mix(0 * music.voice, 0 * music.background))
    assert separated(tmp_path, silent, BY_ITSELF).background is None
    assert silent.calls == 0


def test_how_loud_the_original_is_is_known_where_it_matters(tmp_path: Path) -> None:
    options = replace(ASKED, loudness="source")
    made = separated(tmp_path, PerfectSeparator(example_mix(5, seconds=12)), options)
    assert made.original_lufs == pytest.approx(-20, abs=10)
    assert sf.info(tmp_path / "background.wav").samplerate == RATE_HZ

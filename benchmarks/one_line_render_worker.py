"""A dub and a render of one line of it: `python -m benchmarks.one_line_render_worker ORDER`.

Engines are the tests' own, which take no time, so that what is left is this project's work: stems
are decoded, lines stretched and placed, files mixed, levelled, encoded and put in place.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.recordings import FolderRecordingStore
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.filesystem.speaking_rates import FileSpeakingRates
from ytdubber.adapters.filesystem.workspace import workspace
from ytdubber.adapters.memory.unit_of_work import MemoryDatabase
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.casting.engines import Engines
from ytdubber.app.casting.remembered_rates import RememberedRates
from ytdubber.app.local.dub_recording import DubRecording
from ytdubber.app.local.dub_request import DubRequest
from ytdubber.app.local.edits import Edits, edit_key
from ytdubber.app.local.kept_recordings import KeptRecordings
from ytdubber.domain.job import DubOptions
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.transcript import Word
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.library.scripts import script_of
from ytdubber.testing.engines import FakeSpeechToText, FakeSynthesizer, FakeTranslator

RATE_HZ, VOICE_HZ = 48_000, 16_000
LINES_A_MINUTE, LINE_S, LINE_WORDS = 6, 5.0, 12
LANGUAGE = "pt"


def make(folder: Path, minutes: int, **_: Any) -> None:
    """A FLAC background of soft noise and tones, and a voice that hums where lines are."""
    chance, t = np.random.default_rng(7), np.arange(60 * RATE_HZ) / RATE_HZ
    tones = sum(0.02 * np.sin(2 * np.pi * hz * t) for hz in (110, 165, 220, 331))
    at = np.arange(60 * VOICE_HZ) / VOICE_HZ
    said = (at % (60 / LINES_A_MINUTE) - 1.0 >= 0) & (at % (60 / LINES_A_MINUTE) < 1.0 + LINE_S)
    hum = 0.2 * said * np.sin(2 * np.pi * 140 * at) * np.abs(np.sin(9 * at))
    with (
        sf.SoundFile(folder / "background.flac", "w", RATE_HZ, 2, "PCM_16") as background,
        sf.SoundFile(folder / "voice.flac", "w", VOICE_HZ, 1, "PCM_16") as voice,
    ):
        for _minute in range(minutes):
            noise = chance.normal(0, 0.01, (len(t), 2))
            background.write(noise + np.asarray(tones)[:, None])
            voice.write(hum)


def first(folder: Path, minutes: int, formats: list[str]) -> None:
    """The dub, as if nothing were there."""
    _dub(folder, minutes, formats, {})


def render(folder: Path, minutes: int, formats: list[str]) -> None:
    """One line in the middle of it otherwise, and the dub anew."""
    out = folder / "out"
    with workspace(out) as scratch:
        edits = Edits(out, FolderBlobStore(out))
        middle = edits.lines(LANGUAGE)[minutes * LINES_A_MINUTE // 2]
        edits.set(LANGUAGE, {middle.id: {"text": f"{middle.text} indeed"}}, scratch)
    given = script_of(out / edit_key(LANGUAGE), LANGUAGE)
    _dub(folder, minutes, formats, {LANGUAGE: given})


class _Hears:
    """Hears speech where the lines are."""

    def __init__(self, lines: list[Interval]) -> None:
        self._lines = tuple(lines)

    def speech(self, _: AudioFile) -> tuple[Interval, ...]:
        return self._lines


def _dub(folder: Path, minutes: int, formats: list[str], given: dict[str, Any]) -> None:
    lines = [
        Interval(start := round(1000 * (n * 60 / LINES_A_MINUTE + 1)), start + round(1000 * LINE_S))
        for n in range(minutes * LINES_A_MINUTE)
    ]
    words = [word for number, line in enumerate(lines) for word in _words(number, line)]
    results = FolderResultStore(folder / "results")
    synthesizer = FakeSynthesizer()
    engines = Engines(
        speech_to_text=Cache(Direct(FakeSpeechToText(words)), results),
        voice_activity=_Hears(lines),
        translator=Cache(Direct(FakeTranslator()), results),
        synthesizers=(Synthesizer(synthesizer, Cache(Direct(synthesizer), results)),),
        rates=RememberedRates(FileSpeakingRates(folder / "rates.json"), results),
    )
    use_case = DubRecording(
        engines=engines,
        transactions=MemoryDatabase().begin,
        blobs=FolderBlobStore(folder / "out"),
        clock=SystemClock(),
        models=dict,
        recordings=KeptRecordings(FolderRecordingStore(folder / "recordings"), engines),
        results=results,
    )
    voice, background = folder / "voice.flac", folder / "background.flac"
    options = DubOptions(formats=tuple(formats))
    request = DubRequest(voice, background, None, (LANGUAGE,), options, translations=given)
    with workspace(folder / "out") as scratch:
        outcome = use_case(request, request.inputs(), scratch, lambda _: None, lambda: None)
    made = outcome.manifest
    print(json.dumps(made.timings_ms | made.languages[LANGUAGE].timings_ms))


def _words(number: int, line: Interval) -> list[Word]:
    step = line.duration_ms // LINE_WORDS
    starts = [line.start_ms + k * step for k in range(LINE_WORDS)]
    texts = [f"w{number}" for _ in starts[:-1]] + [f"w{number}."]
    return [Word(text, at, at + step, 0.9) for text, at in zip(texts, starts, strict=True)]


WAYS: dict[str, Callable[..., None]] = {"make": make, "first": first, "render": render}

if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    WAYS[order.pop("way")](Path(order.pop("folder")), **order)

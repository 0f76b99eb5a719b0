from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.recordings import FolderRecordingStore
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.filesystem.speaking_rates import FileSpeakingRates
from ytdubber.adapters.filesystem.workspace import workspace
from ytdubber.adapters.memory.unit_of_work import MemoryDatabase
from ytdubber.app.casting.engines import Engines
from ytdubber.app.casting.remembered_rates import RememberedRates
from ytdubber.app.local.dub_outcome import DubOutcome
from ytdubber.app.local.dub_recording import DubRecording
from ytdubber.app.local.dub_request import DubRequest
from ytdubber.app.local.kept_recordings import KeptRecordings
from ytdubber.app.pipeline.progress import Progress
from ytdubber.domain.job import DubOptions
from ytdubber.domain.transcript import Word
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.middleware.fallback import ByLanguage
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.signer import Signer
from ytdubber.testing.engines import (
    FakeSpeechToText,
    FakeSynthesizer,
    FakeTranslator,
    FakeVoiceActivity,
)
from ytdubber.testing.shortening import FakeShortener

SPANS_S = ((0.5, 2.5), (3.2, 5.0), (6.0, 8.5))
"""When somebody speaks in the recording tests dub."""


class TickingClock:
    """A millisecond passes with every look."""

    def __init__(self) -> None:
        self._ms = 0

    def now(self) -> datetime:
        self._ms += 1
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=self._ms)

    def monotonic_ms(self) -> int:
        self._ms += 1
        return self._ms


def words() -> list[Word]:
    """Four words in each span, the last of each ending a sentence."""
    found = []
    for number, (start_s, end_s) in enumerate(SPANS_S):
        edges = np.linspace(start_s * 1000, end_s * 1000, 5).astype(int)
        for place in range(4):
            text = f"word{number}{place}" + ("." if place == 3 else "")
            found.append(Word(text, int(edges[place]), int(edges[place + 1]), 0.9))
    return found


@dataclass
class FakeDubbing:
    """A place to dub in, with fake engines."""

    folder: Path
    speech_to_text: FakeSpeechToText = field(default_factory=lambda: FakeSpeechToText(words()))
    translator: FakeTranslator = field(default_factory=FakeTranslator)
    synthesizer: FakeSynthesizer = field(default_factory=FakeSynthesizer)
    others: tuple[FakeSynthesizer, ...] = ()
    premium: tuple[FakeSynthesizer, ...] = ()
    shortener: FakeShortener | None = None
    progress: list[Progress] = field(default_factory=list)
    database: MemoryDatabase = field(default_factory=MemoryDatabase)
    fetch_pair: Callable[[str, str], None] = lambda *_: None
    whole_pair: Callable[[str, str], bool] = lambda *_: True
    need_room: Callable[[int], None] = lambda _: None
    signer: Signer | None = None
    keeps: bool = False

    def __post_init__(self) -> None:
        rate_hz = 16_000
        voice = np.zeros(9 * rate_hz, np.float32)
        for start_s, end_s in SPANS_S:
            span = slice(int(start_s * rate_hz), int(end_s * rate_hz))
            voice[span] = 0.2 * np.sin(np.arange(span.stop - span.start) * 0.2)
        sf.write(self.voice, voice, rate_hz)
        noise = np.random.default_rng(1).normal(0, 0.05, (9 * 48_000, 2)).astype(np.float32)
        sf.write(self.background, noise, 48_000)

    @property
    def voice(self) -> Path:
        return self.folder / "voice.wav"

    @property
    def background(self) -> Path:
        return self.folder / "background.wav"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def request(self, *targets: str, **options: object) -> DubRequest:
        chosen = {"formats": ("flac",)} | options
        return DubRequest(
            voice=self.voice,
            background=self.background,
            source_language=None,
            target_languages=targets or ("pt",),
            options=DubOptions(**chosen),  # type: ignore[arg-type]  # tests pass what they mean
        )

    def engines(self) -> Engines:
        results = FolderResultStore(self.folder / "results")

        def cached(speakers: tuple[FakeSynthesizer, ...]) -> tuple[Synthesizer, ...]:
            return tuple(Synthesizer(each, Cache(Direct(each), results)) for each in speakers)

        return Engines(
            speech_to_text=Cache(Direct(self.speech_to_text), results),
            voice_activity=FakeVoiceActivity(),
            translator=Cache(Direct(self.translator), results),
            synthesizers=cached((self.synthesizer, *self.others)),
            rates=RememberedRates(FileSpeakingRates(self.folder / "rates.json"), results),
            shortener=Direct(self.shortener) if self.shortener else None,
            premium=ByLanguage(cached(self.premium)),
        )

    def use_case(self) -> DubRecording:
        engines, recordings = self.engines(), FolderRecordingStore(self.folder / "recordings")
        return DubRecording(
            engines=engines,
            transactions=self.database.begin,
            blobs=FolderBlobStore(self.out),
            clock=TickingClock(),
            models=lambda: {"a-model": {"weights.bin": "00"}},
            fetch_pair=self.fetch_pair,
            whole_pair=self.whole_pair,
            need_room=self.need_room,
            signer=self.signer,
            recordings=KeptRecordings(recordings, engines) if self.keeps else None,
            results=FolderResultStore(self.folder / "results") if self.keeps else None,
        )

    def dub(self, request: DubRequest, check: Callable[[], None] = lambda: None) -> DubOutcome:
        use_case = self.use_case()
        use_case.validate(request)
        inputs = request.inputs()
        done = use_case.finished(request, inputs)
        if done is not None:
            return done
        with workspace(self.out) as scratch:
            return use_case(request, inputs, scratch, self.progress.append, check)

    def counts(self) -> tuple[int, int, int]:
        engines = (self.speech_to_text, self.translator, self.synthesizer)
        heard, translated, spoken = (engine.calls.count for engine in engines)
        return heard, translated, spoken


@pytest.fixture
def fakes(tmp_path: Path) -> FakeDubbing:
    return FakeDubbing(tmp_path)


def stages(progress: Sequence[Progress], language: str | None) -> list[str]:
    seen = [p.stage.value for p in progress if p.language == language]
    return list(dict.fromkeys(seen))

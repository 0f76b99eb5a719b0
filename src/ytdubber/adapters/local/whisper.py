"""Speech to text by whisper, through faster-whisper."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from itertools import groupby
from typing import Any

from ytdubber.app.dubs.code_version import code_version
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.languages import NAMES
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.model_store import ModelStore
from ytdubber.ports.speech_to_text import Transcription

from .device import Device
from .memory import give_back
from .receipts import Meter
from .recording import RATE_HZ, Recording, open_recording
from .silero import SileroVoiceActivity, intervals, least_likely_ms
from .whisper_decoding import transcribe_windows
from .whisper_languages import by_language
from .whisper_windows import Stretch, Window, windows
from .whisper_words import TranscribedWindow, words_of

PROVIDER = "faster-whisper"

NOT_HEARD = frozenset({"ga"})
"""The languages of ours that whisper was not trained on."""

BATCH = 3
"""Windows decoded at once: a fifth faster than one by one on two cores, for some 90 MB each. More
gain little."""

_COMPUTE: Mapping[Device, str] = {"cpu": "int8", "cuda": "int8_float16"}
"""CTranslate2's types: 8-bit weights, with what a card reckons fastest between them."""

MIN_PAUSE_MS = 160
"""Pauses from this length on may part two windows."""


class WhisperSpeechToText:
    """Whisper with 8-bit weights, decoding greedily.

    One recording is heard at a time; a second caller waits. Closing does not: what is under way
    keeps the weights until it ends.
    """

    def __init__(
        self,
        models: ModelStore,
        model: str = "whisper-base",
        threads: int = 2,
        device: Device = "cpu",
    ) -> None:
        self._models = models
        self._device = device
        self._model = model
        self._threads = threads
        self._vad = SileroVoiceActivity()
        self._whisper: Any = None
        self._lock = threading.Lock()

    @property
    def engine(self) -> EngineId:
        """The versions of the library and of our decoding, the device unless it is the processor,
        and the hash of the weights.
        """
        parts = [version("faster-whisper"), code_version(__name__, "ctranslate2", "tokenizers")]
        parts += [] if self._device == "cpu" else [self._device]  # it hears by other arithmetic
        weights = self._models.version(self._model)
        return EngineId(PROVIDER, self._model, "+".join([*parts, weights]))

    @property
    def languages(self) -> frozenset[str]:
        """What it understands; only English for a model whose name ends in `.en`."""
        if self._model.endswith(".en"):
            return frozenset({"en"})
        return frozenset(NAMES) - NOT_HEARD

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: CallContext
    ) -> Transcription:
        """The words of a 16 kHz mono recording.

        A language that is given is taken for all of it. One that is not is found out for every few
        seconds; the transcription's is the one most of it is in, and words in another name theirs.

        `call.raise_if_cancelled` runs before each batch, which is up to 90 s of sound and takes
        some five seconds on two cores. Where nobody speaks whisper is not asked, since it invents
        words for silence and noise; the language is then the given one, or English.
        """
        if language is not None and language not in self.languages:
            raise VendorError(PROVIDER, ErrorKind.UNSUPPORTED, f"{self._model} has no '{language}'")
        meter = Meter(self.engine, "transcribe", "audio_seconds")
        transcribed: list[TranscribedWindow] = []
        with open_recording(audio, PROVIDER) as recording:
            duration_ms = recording.samples * 1000 // RATE_HZ
            likely = self._vad.probabilities(recording)
            speech = intervals(likely, recording.samples, MIN_PAUSE_MS)
            call.raise_if_cancelled()
            if speech:
                with self._lock:
                    whisper = self._load()
                    try:
                        stretches = self._stretches(whisper, recording, speech, language, call)
                        quietest = partial(least_likely_ms, likely)
                        found = windows(stretches, duration_ms, quietest)
                        language = language or _main(found)
                        if {window.language for window in found} == {language}:
                            call.spoken(language)
                        for batch in _batches(found):
                            call.raise_if_cancelled()
                            pieces = transcribe_windows(whisper, recording, batch, _hints(glossary))
                            transcribed += map(
                                TranscribedWindow, [window.language for window in batch], pieces
                            )
                            call.progress(len(transcribed) / len(found))
                    except RuntimeError as error:
                        raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, str(error)) from error
        language = language or "en"
        return Transcription(
            language=language,
            words=words_of(transcribed, language, duration_ms),
            receipt=meter.receipt(Decimal(duration_ms) / 1000),
        )

    def warm_up(self) -> None:
        """Load the weights."""
        with self._lock:
            self._load()

    def close(self) -> None:
        """Give back the weights' memory; calling again loads them again."""
        self._whisper = None
        self._vad.close()
        give_back()

    def _stretches(
        self,
        whisper: Any,
        recording: Recording,
        speech: Sequence[Interval],
        language: str | None,
        call: CallContext,
    ) -> list[Stretch]:
        """The speech with its language: the one that is given, or what is found."""
        if language is None and whisper.model.is_multilingual:
            return by_language(whisper, recording, speech, self.languages, call.raise_if_cancelled)
        return [Stretch(interval, language or "en") for interval in speech]

    def _load(self) -> Any:
        whisper = self._whisper
        if whisper is None:
            folder = self._models.open(self._model)
            from faster_whisper import WhisperModel

            try:
                whisper = self._whisper = WhisperModel(
                    str(folder),
                    device=self._device,
                    compute_type=_COMPUTE[self._device],
                    cpu_threads=self._threads,
                    local_files_only=True,
                )
            except (RuntimeError, ValueError, OSError) as error:
                raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, str(error)) from error
        return whisper


def _batches(found: Sequence[Window]) -> Iterator[Sequence[Window]]:
    """The windows in order, as many at once as are decoded together, of one language each."""
    for _, group in groupby(found, lambda window: window.language):
        alike = list(group)
        for first in range(0, len(alike), BATCH):
            yield alike[first : first + BATCH]


def _main(found: Sequence[Window]) -> str:
    """The language most of it is in."""
    lengths_ms: Counter[str] = Counter()
    for window in found:
        lengths_ms[window.language] += window.duration_ms
    return max(lengths_ms, key=lambda code: lengths_ms[code])


def _hints(glossary: Sequence[str]) -> str | None:
    return ", ".join(glossary) or None

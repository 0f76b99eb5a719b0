"""Speech to text by whisper, through faster-whisper."""

import threading
from collections.abc import Sequence
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Fault, VendorError
from ytdubber.domain.languages import NAMES
from ytdubber.domain.media import AudioFile
from ytdubber.ports.call import Call
from ytdubber.ports.model_store import ModelStore
from ytdubber.ports.speech_to_text import Transcription

from .receipts import Meter
from .recording import RATE_HZ, open_recording
from .silero import SileroVoiceActivity
from .whisper_decoding import hear, language_of
from .whisper_windows import windows
from .whisper_words import Piece, words_of

PROVIDER = "faster-whisper"

NOT_HEARD = frozenset({"ga"})
"""The languages of ours that whisper was not trained on."""

BATCH = 4
"""Windows decoded at once: a fifth faster than one by one on two cores; eight gain nothing more."""

MIN_PAUSE_MS = 160
"""Pauses from this length on may part two windows."""


class WhisperSpeechToText:
    """Whisper with 8-bit weights on the processor, decoding greedily.

    One recording is heard at a time; a second caller waits.
    """

    def __init__(self, models: ModelStore, model: str = "whisper-base", threads: int = 2) -> None:
        self._models = models
        self._model = model
        self._threads = threads
        self._vad = SileroVoiceActivity()
        self._whisper: Any = None
        self._lock = threading.Lock()

    @property
    def engine(self) -> EngineId:
        """The library's version and the hash of the weights."""
        library = version("faster-whisper")
        return EngineId(PROVIDER, self._model, f"{library}+{self._models.version(self._model)}")

    @property
    def languages(self) -> frozenset[str]:
        """What it understands; only English for a model whose name ends in `.en`."""
        if self._model.endswith(".en"):
            return frozenset({"en"})
        return frozenset(NAMES) - NOT_HEARD

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: Call
    ) -> Transcription:
        """The words of a 16 kHz mono recording.

        `call.check` runs before each batch, which is up to two minutes of sound and takes some five
        seconds on two cores. Where nobody speaks whisper is not asked, since it invents words for
        silence and noise; the language is then the given one, or English.
        """
        if language is not None and language not in self.languages:
            raise VendorError(PROVIDER, Fault.UNSUPPORTED, f"{self._model} has no '{language}'")
        meter = Meter(self.engine, "transcribe", "audio_seconds")
        heard: list[list[Piece]] = []
        with open_recording(audio, PROVIDER) as recording:
            duration_ms = recording.samples * 1000 // RATE_HZ
            found = windows(self._vad.speech_in(recording, MIN_PAUSE_MS), duration_ms)
            call.check()
            if found:
                with self._lock:
                    whisper = self._load()
                    language = language or language_of(whisper, recording, found)
                    for first in range(0, len(found), BATCH):
                        call.check()
                        batch = found[first : first + BATCH]
                        try:
                            heard += hear(whisper, recording, batch, language, _hints(glossary))
                        except RuntimeError as error:
                            raise VendorError(PROVIDER, Fault.UNAVAILABLE, str(error)) from error
                        call.progress((first + len(batch)) / len(found))
        language = language or "en"
        return Transcription(
            language=language,
            words=words_of(heard, language, duration_ms),
            receipt=meter.receipt(Decimal(duration_ms) / 1000),
        )

    def warm_up(self) -> None:
        """Load the weights."""
        with self._lock:
            self._load()

    def close(self) -> None:
        """Give back the weights' memory; calling again loads them again."""
        with self._lock:
            self._whisper = None
        self._vad.close()

    def _load(self) -> Any:
        if self._whisper is None:
            folder = self._models.open(self._model)
            from faster_whisper import WhisperModel

            try:
                self._whisper = WhisperModel(
                    str(folder),
                    device="cpu",
                    compute_type="int8",
                    cpu_threads=self._threads,
                    local_files_only=True,
                )
            except (RuntimeError, ValueError, OSError) as error:
                raise VendorError(PROVIDER, Fault.UNAVAILABLE, str(error)) from error
        return self._whisper


def _hints(glossary: Sequence[str]) -> str | None:
    return ", ".join(glossary) or None

"""Speech by Kokoro, an open model of 82 million weights, through ONNX Runtime."""

import threading
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytdubber.app.dubs.code_version import code_version
from ytdubber.app.vendors.synthesis_request import voice_of
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.voice import Voice
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.model_store import ModelStore
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities

from .device import Device
from .espeak_library import espeak_version, need_espeak
from .kokoro_phonemes import parts_of, phonemes_of, vocabulary
from .kokoro_voices import ACCENTS, VOICES
from .memory import Room, give_back
from .receipts import Meter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROVIDER = "kokoro"
MODEL = "kokoro-82m"
NETWORK = "kokoro-v1.0.int8.onnx"
VOICE_MODEL = "kokoro-voices"
RATE_HZ = 24_000

VOICE_SHAPE = (510, 1, 256)
"""A voice has one style for every number of phonemes, 1 to 510."""

SENTENCE_PAUSE_MS = 250
CLAUSE_PAUSE_MS = 100
"""Pauses between the parts of a text that is too long to be spoken at once."""

_PROVIDERS: Mapping[Device, str] = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
}
_ARENAS: Mapping[Device, str] = {"cpu": "cpu:0", "cuda": "gpu:0"}
MOST_PHONEMES = 330
"""Under way at once: what is spoken takes some 1.4 MB a phoneme while the network runs."""


class KokoroSynthesizer:
    """Kokoro with 8-bit weights: natural voices for seven languages.

    One session serves two callers at once on one thread each, which takes three quarters of the
    time that one caller with two threads takes. The same request gives the same bytes.
    """

    def __init__(self, models: ModelStore, device: Device = "cpu") -> None:
        self._models = models
        self._device = device
        self._lock = threading.Lock()
        self._room = Room(MOST_PHONEMES)
        self._session: Any = None
        self._styles: dict[str, NDArray[np.float32]] = {}

    @property
    def engine(self) -> EngineId:
        """The versions of ONNX Runtime, of our readings and of espeak-ng, which gives the phonemes,
        and the hashes of the model and of the voices.
        """
        parts = [_onnxruntime(), code_version(__name__), espeak_version()]
        parts += [] if self._device == "cpu" else [self._device]  # it speaks by other arithmetic
        hashes = [self._models.version(MODEL), self._models.version(VOICE_MODEL)]
        return EngineId(PROVIDER, MODEL, "+".join([*parts, *hashes]))

    @property
    def capabilities(self) -> TTSCapabilities:
        """Long texts are spoken in parts, so their length is a matter of patience alone."""
        return TTSCapabilities(RATE_HZ, max_chars=2_000, concurrency=2)

    def voices(self, language: str) -> Sequence[Voice]:
        """A female and a male voice a language (French: female only), English in two accents."""
        return tuple(voice for voice in VOICES if voice.language == language)

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        """Speak a line. Lines of more than some 13 s are parted at sentence ends and commas.

        Raises:
            PartMissing: espeak-ng, which gives the phonemes, is not installed.
        """
        from ytdubber.audio.speech import write

        from .text_normalization import spoken_form

        voice = voice_of(self, request)
        meter = Meter(self.engine, "speak", "characters")
        need_espeak("Kokoro's voices")
        session, style = self._load(voice.id)
        text = spoken_form(request.text, request.language)
        parts = parts_of(phonemes_of(text, ACCENTS[voice.id[0]]))
        pieces: list[NDArray[np.float32]] = []
        for part in parts:
            call.raise_if_cancelled()
            with self._room.hold(len(part), call):
                pieces.append(_say(session, style, part, self._device))
        receipt = meter.receipt(len(request.text))
        if not any(len(piece) for piece in pieces):
            raise VendorError(PROVIDER, ErrorKind.BAD_OUTPUT, "nothing was spoken", receipt=receipt)
        return Speech(write(_joined(pieces, parts), RATE_HZ, into), receipt)

    def warm_up(self) -> None:
        """Load the network."""
        self._load(VOICES[0].id)

    def close(self) -> None:
        """Give back the weights' memory; calling again loads them again."""
        with self._lock:
            self._session = None
            self._styles = {}
        give_back()

    def _load(self, voice_id: str) -> "tuple[Any, NDArray[np.float32]]":
        with self._lock:
            if voice_id not in self._styles:
                self._styles[voice_id] = _style(self._models.open(VOICE_MODEL), voice_id)
            if self._session is None:
                self._session = _session(self._models.open(MODEL), self._device)
            return self._session, self._styles[voice_id]


def _onnxruntime() -> str:
    """The version of ONNX Runtime, whichever of its builds is installed."""
    try:
        return version("onnxruntime")
    except PackageNotFoundError:
        return version("onnxruntime-gpu")


def _session(folder: Path, device: Device) -> Any:
    """The network, loaded. Without memory patterns, which are kept for every length of text ever
    spoken, and with an arena that grows by what is needed and not by doubling. (Without the arena:
    1.6 GB.)
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    try:
        return onnxruntime.InferenceSession(
            str(folder / NETWORK),
            options,
            providers=[(_PROVIDERS[device], {"arena_extend_strategy": "kSameAsRequested"})],
        )
    except Exception as error:  # onnxruntime's errors share no base but Exception
        raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, f"{NETWORK} does not load") from error


def _shrinking(device: Device) -> Any:
    """Options of a run after which the arena keeps nothing that is not in use: the longest line so
    far would hold 500 MB until the end.
    """
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", _ARENAS[device])
    return options


def _style(folder: Path, voice_id: str) -> "NDArray[np.float32]":
    import numpy as np

    return np.fromfile(folder / f"{voice_id}.bin", dtype="<f4").reshape(VOICE_SHAPE)


def _say(
    session: Any, style: "NDArray[np.float32]", part: str, device: Device
) -> "NDArray[np.float32]":
    """One part, without the silence around it; nothing for marks alone."""
    import numpy as np

    from ytdubber.audio.speech import trimmed

    if not any(map(str.isalpha, part)):
        return np.zeros(0, np.float32)
    numbers = [vocabulary()[letter] for letter in part]
    feed = {
        "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
        "style": style[len(numbers) - 1],
        "speed": np.ones(1, dtype=np.float32),
    }
    try:
        samples = session.run(None, feed, _shrinking(device))[0]
    except Exception as error:  # onnxruntime's errors share no base but Exception
        raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, str(error)) from error
    return trimmed(np.ravel(samples), RATE_HZ)


def _joined(pieces: "Sequence[NDArray[np.float32]]", parts: Sequence[str]) -> "NDArray[np.float32]":
    """The pieces with the pause that the end of each part calls for; none after the last."""
    import numpy as np

    line = [pieces[0]]
    for part, piece in zip(parts, pieces[1:], strict=False):
        pause_ms = SENTENCE_PAUSE_MS if part[-1] in ".!?…" else CLAUSE_PAUSE_MS
        line += [np.zeros(pause_ms * RATE_HZ // 1000, np.float32), piece]
    return np.concatenate(line)

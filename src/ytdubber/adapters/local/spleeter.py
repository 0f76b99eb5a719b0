"""The voice of a mixed recording by Spleeter, Deezer's separator of two stems, on ONNX Runtime."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytdubber.app.dubs.code_version import code_version
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.model_store import ModelStore
from ytdubber.ports.voice_separator import Separation

from .memory import give_back
from .receipts import Meter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROVIDER = "spleeter"
MODEL = "spleeter-2stems"
NETWORK_SHA256 = "083871745ce05a918710ffb22579bb71c7db52248a9c2650ea755f4a6c697a8f"
"""Of the network that is built of the pinned weights."""
RATE_HZ = 44_100
"""What it was trained at; it hears up to 11 kHz of it, and what is above is no voice to it."""
POLL_INTERVAL_S = 0.2
"""How often a caller who waits looks whether they are cancelled."""
CONTEXT = 64
"""Frames on either side of a block that the network sees beside those it judges: a second and a
half. Without them the voice is up to 0.2 dB worse (SI-SDR), by where blocks happen to begin."""


class SpleeterSeparator:
    """Spleeter with float weights: a block of 9 s at a time, in some 600 MB whatever the length.

    One recording is separated at a time; a second caller waits, and may be cancelled. The same
    recording gives the same bytes on one machine.
    """

    def __init__(self, models: ModelStore, threads: int = 2) -> None:
        self._models = models
        self._threads = threads
        self._session: Any = None
        self._loading, self._separating = threading.Lock(), threading.Lock()

    @property
    def engine(self) -> EngineId:
        """The versions of ONNX Runtime and of our part, and the hash of the weights."""
        parts = [_onnxruntime(), code_version(__name__), self._models.version(MODEL)]
        return EngineId(PROVIDER, MODEL, "+".join(parts))

    def separate(self, mix: AudioFile, into: Path, call: CallContext) -> Separation:
        """Write the voice, 16-bit at 44.1 kHz with the mix's channels. The mix has one or two."""
        from ytdubber.audio.resample import samples_at
        from ytdubber.audio.wav import WavFile

        with self._alone(call):
            meter = Meter(self.engine, "separate", "audio_seconds")
            session = self._load()
            total = samples_at(mix, RATE_HZ)
            with WavFile(str(into), "PCM_16") as wav:
                wav.rate_hz, wav.channels = RATE_HZ, mix.channels
                for block in _voice(session, mix):
                    call.raise_if_cancelled()
                    wav.write(block[: total - wav.samples])
                    call.progress(wav.samples / max(1, total))
        seconds = Decimal(mix.samples) / mix.sample_rate_hz
        made = AudioFile(into, RATE_HZ, mix.channels, total)
        return Separation(made, meter.receipt(seconds))

    def warm_up(self) -> None:
        """Load the network."""
        self._load()

    def close(self) -> None:
        """Give back the network's memory; calling again loads it again."""
        with self._loading:
            self._session = None
        give_back()

    @contextmanager
    def _alone(self, call: CallContext) -> Iterator[None]:
        """One at a time."""
        while not self._separating.acquire(timeout=POLL_INTERVAL_S):
            call.raise_if_cancelled()
        try:
            yield
        finally:
            self._separating.release()

    def _load(self) -> Any:
        with self._loading:
            if self._session is None:
                self._session = _session(self._models.open(MODEL), self._threads)
            return self._session


def _onnxruntime() -> str:
    import onnxruntime

    return str(onnxruntime.__version__)


def _session(folder: Path, threads: int) -> Any:
    """The network, built and loaded."""
    import onnxruntime

    from .spleeter_network import spleeter_network
    from .tensorflow_checkpoint import read_checkpoint

    network = spleeter_network(read_checkpoint(folder / "model.index", folder / "model.data"))
    if hashlib.sha256(network).hexdigest() != NETWORK_SHA256:
        raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, "its network is not the pinned one")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base but Exception
        raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, "its network does not load") from error


def _voice(session: Any, mix: AudioFile) -> "Iterator[NDArray[np.float32]]":
    """The voice in blocks, float32[n, channels], and some silence after it.

    The network sees CONTEXT frames before and after those of which its answer is taken.
    """
    import numpy as np

    from ytdubber.audio.spectrum import BINS, DELAY, HOP, Analysis, Synthesis

    analysis, synthesis = Analysis(mix.channels), Synthesis(mix.channels)
    seen = np.zeros((mix.channels, 2 * CONTEXT, BINS), np.complex64)
    skipped = DELAY + CONTEXT * HOP
    for block in _blocks(mix):
        seen = np.concatenate([seen, analysis.spectra(block)], axis=1)
        voice = _filtered(session, seen)[:, CONTEXT:-CONTEXT]
        seen = seen[:, -2 * CONTEXT :]
        sound = synthesis.sound(voice)
        yield sound[skipped:]
        skipped = max(0, skipped - len(sound))


def _blocks(mix: AudioFile) -> "Iterator[NDArray[np.float32]]":
    """The recording as the network takes it, with silence after it that pushes out all of it."""
    import numpy as np

    from ytdubber.audio.resample import resampled
    from ytdubber.audio.spectrum import DELAY, HOP

    from .spleeter_network import FRAMES

    size, missing = (FRAMES - 2 * CONTEXT) * HOP, 0
    for block in resampled(mix, RATE_HZ, size):
        missing = size - len(block)
        yield np.pad(block, ((0, missing), (0, 0)))
    if missing < DELAY + CONTEXT * HOP:
        yield np.zeros((size, mix.channels), np.float32)


def _filtered(session: Any, spectra: "NDArray[np.complex64]") -> "NDArray[np.complex64]":
    """The voice in complex64[channels, FRAMES, bins]; nothing above what the network hears."""
    import numpy as np

    from .spleeter_network import BINS, CHANNELS, INPUT

    seen = np.abs(spectra[:, :, :BINS])
    both = np.broadcast_to(seen, (CHANNELS, *seen.shape[1:]))[np.newaxis]
    try:
        (share,) = session.run(None, {INPUT: np.ascontiguousarray(both)})
    except Exception as error:  # onnxruntime's errors share no base but Exception
        raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, str(error)) from error
    voice = np.zeros_like(spectra)
    voice[:, :, :BINS] = spectra[:, :, :BINS] * share[0, : len(spectra)]
    return voice

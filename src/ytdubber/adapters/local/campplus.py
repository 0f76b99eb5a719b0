"""Speakers told apart on this machine.

pyannote's segmentation finds when voices change and overlap, CAM++ which of them are one person's.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytdubber.app.dubs.code_version import code_version
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, ModelCorrupt, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.domain.speakers import SpeakerTurn, person_id
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.model_store import ModelStore
from ytdubber.ports.speaker_diarizer import Diarization

from .memory import give_back
from .receipts import Meter
from .recording import RATE_HZ, open_recording

if TYPE_CHECKING:
    from .diarization_windows import Networks
    from .torch_checkpoint import Tensors

PROVIDER = "campplus"
MODEL = "speakers"
VOICES, VOICES_SHA256 = (
    "campplus_cn_en_common.pt",
    "8a1ad626be9a52d0a038f9287fe325bdce2005c0f75650e1d9006ee900de7d84",
)
SEGMENTATION, SEGMENTATION_SHA256 = (
    "pyannote_segmentation_3.0.bin",
    "4943a4d6318b0a990258bb605dc6ebab0a050911e9e5d5092d6a56fa5ff96f22",
)
"""The published weights, and the hashes of the ONNX models that are made of them."""


class CampplusDiarizer:
    """CAM++ (zh-en) with pyannote's segmentation 3.0, through ONNX Runtime.

    One recording is listened to at a time; a second caller waits. Memory grows with the length by
    some 20 MB an hour.
    """

    def __init__(self, models: ModelStore, threads: int = 2) -> None:
        self._models = models
        self._threads = threads
        self._networks: Networks | None = None
        self._lock = threading.Lock()

    @property
    def engine(self) -> EngineId:
        """The versions of ONNX Runtime and of our clustering, and the hash of the weights."""
        parts = [version("onnxruntime"), code_version(__name__), self._models.version(MODEL)]
        return EngineId(PROVIDER, "campplus-zh-en+segmentation-3.0", "+".join(parts))

    def diarize(self, audio: AudioFile, speakers: int | None, call: CallContext) -> Diarization:
        """Who speaks when. `call.raise_if_cancelled` runs before each window of 10 s."""
        from .diarization_turns import turns
        from .diarization_windows import window_count

        meter = Meter(self.engine, "diarize", "audio_seconds")
        with open_recording(audio, PROVIDER) as recording, self._lock:
            networks = self._load()
            duration_ms = recording.samples * 1000 // RATE_HZ
            count, local = window_count(recording.samples), []
            try:
                for number, people in enumerate(networks.windows(recording), start=1):
                    call.raise_if_cancelled()
                    local += people
                    call.progress(number / count)
            except RuntimeError as error:
                raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, str(error)) from error
        found = (
            SpeakerTurn(person_id(person), round(start_s * 1000), round(end_s * 1000))
            for person, start_s, end_s in turns(local, count, speakers)
        )
        within = tuple(
            replace(turn, end_ms=min(turn.end_ms, duration_ms))
            for turn in found
            if turn.start_ms < duration_ms
        )
        return Diarization(within, meter.receipt(Decimal(duration_ms) / 1000))

    def warm_up(self) -> None:
        """Load both networks."""
        with self._lock:
            self._load()

    def close(self) -> None:
        """Give back the networks' memory; calling again loads them again."""
        with self._lock:
            self._networks = None
        give_back()

    def _load(self) -> "Networks":
        from .campplus_network import campplus_network
        from .diarization_windows import Networks
        from .segmentation_network import segmentation_network

        if self._networks is None:
            folder = self._models.open(MODEL)
            self._networks = Networks(
                self._session(folder / SEGMENTATION, segmentation_network, SEGMENTATION_SHA256),
                self._session(folder / VOICES, campplus_network, VOICES_SHA256),
            )
        return self._networks

    def _session(self, path: Path, network: "Callable[[Tensors], bytes]", sha256: str) -> Any:
        """A network made of published weights; what is made is the same everywhere.

        Raises:
            ModelCorrupt: it is not.
        """
        import onnxruntime

        from .torch_checkpoint import read_checkpoint

        made = network(read_checkpoint(path))
        actual = hashlib.sha256(made).hexdigest()
        if actual != sha256:
            raise ModelCorrupt(
                file=f"the network made of {path.name}", actual=actual, expected=sha256, model=MODEL
            )
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = self._threads
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        return onnxruntime.InferenceSession(made, options, providers=["CPUExecutionProvider"])

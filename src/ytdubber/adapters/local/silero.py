"""Voice activity by Silero VAD, whose network comes inside faster-whisper."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ytdubber.domain.media import AudioFile, Interval

from .recording import RATE_HZ, Recording, open_recording

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW = 512
"""Samples the network judges at once: 32 ms."""

CONTEXT = 64
"""Samples of the window before that it sees again."""

BLOCK_WINDOWS = 3_750
"""Windows judged in one run, 2 minutes: bounds memory to some 10 MB whatever the length."""

ENTER = 0.5
"""Probability from which a window begins speech (Silero's default)."""

LEAVE = 0.35
"""Probability under which a window ends it (Silero's default, 0.15 lower)."""

DIP_WINDOWS = 3
"""Some 100 ms: shorter dips are inside words."""

MIN_SILENCE_MS = 250
MIN_SPEECH_MS = 100


class SileroVoiceActivity:
    """Says when somebody speaks, to one window of 32 ms, without padding."""

    def __init__(self, block_windows: int = BLOCK_WINDOWS) -> None:
        self._block = block_windows * WINDOW
        self._session: Any = None
        self._lock = threading.Lock()

    def speech(self, audio: AudioFile) -> tuple[Interval, ...]:
        """When somebody speaks, in order."""
        with open_recording(audio, "silero") as recording:
            return self.speech_in(recording)

    def speech_in(
        self, recording: Recording, min_silence_ms: int = MIN_SILENCE_MS
    ) -> tuple[Interval, ...]:
        """The same, for a recording that is open."""
        return intervals(self.probabilities(recording), recording.samples, min_silence_ms)

    def close(self) -> None:
        """Give back the network's memory; calling again loads it again."""
        with self._lock:
            self._session = None

    def probabilities(self, recording: Recording) -> "NDArray[np.float32]":
        """How sure the network is of speech in each window, float32[windows]."""
        import numpy as np

        session = self._load()
        memory = np.zeros((1, 1, 128), np.float32)
        cell = np.zeros((1, 1, 128), np.float32)
        tail = np.zeros(CONTEXT, np.float32)
        found = np.zeros(-(-recording.samples // WINDOW), np.float32)
        for start in range(0, recording.samples, self._block):
            block = recording.read(start, self._block)
            judged, memory, cell = session.run(
                None, {"input": _windows(tail, block), "h": memory, "c": cell}
            )
            found[start // WINDOW :][: judged.size] = judged.reshape(-1)
            tail = block[-CONTEXT:]
        return found

    def _load(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = _session()
            return self._session


def _session() -> Any:
    """The network of the faster-whisper package; one thread serves so small a thing best."""
    from importlib.resources import files

    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    network = files("faster_whisper").joinpath("assets", "silero_vad_v6.onnx").read_bytes()
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def _windows(tail: "NDArray[np.float32]", block: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """The block as rows of one window each, led by the end of the window before."""
    import numpy as np

    padding = np.zeros(-len(block) % WINDOW, np.float32)
    line = np.concatenate([tail, block, padding])
    rows = np.lib.stride_tricks.sliding_window_view(line, CONTEXT + WINDOW)[::WINDOW]
    return np.ascontiguousarray(rows)


def least_likely_ms(probabilities: "NDArray[np.float32]", within: Interval) -> int:
    """The time at which speech is least likely, as it is over DIP_WINDOWS windows; at least one of
    them lies within the interval.
    """
    import numpy as np

    window_ms = WINDOW * 1000 / RATE_HZ
    first, last = (round(at / window_ms) for at in (within.start_ms, within.end_ms))
    judged = probabilities[first : max(last, first + 1)]
    dips = np.convolve(judged, np.ones(min(DIP_WINDOWS, len(judged))), "same")
    middle_ms = round((first + int(np.argmin(dips)) + 0.5) * window_ms)
    return min(max(middle_ms, within.start_ms + 1), within.end_ms)


def intervals(
    probabilities: "Sequence[float] | NDArray[np.float32]", samples: int, min_silence_ms: int
) -> tuple[Interval, ...]:
    """Speech from one probability a window: Silero's own rule, without its padding.

    Speech begins at a window of ENTER and ends where windows stay under LEAVE for the given time;
    what lasts no longer than MIN_SPEECH_MS is dropped.
    """
    spans: list[tuple[int, int]] = []
    began: int | None = None
    quiet: int | None = None
    for index, probability in enumerate(probabilities):
        here = index * WINDOW
        if probability >= ENTER:
            quiet = None
            began = here if began is None else began
        elif probability < LEAVE and began is not None:
            quiet = here if quiet is None else quiet
            if (here - quiet) * 1000 >= min_silence_ms * RATE_HZ:
                spans.append((began, quiet))
                began = quiet = None
    if began is not None:
        spans.append((began, samples))
    return tuple(
        Interval(start * 1000 // RATE_HZ, end * 1000 // RATE_HZ)
        for start, end in spans
        if (end - start) * 1000 > MIN_SPEECH_MS * RATE_HZ
    )

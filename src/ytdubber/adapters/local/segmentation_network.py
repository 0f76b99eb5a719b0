"""pyannote's segmentation network as an ONNX graph, from the weights its authors published.

Bredin and Laurent, "End-to-end speaker segmentation for overlap-aware resegmentation", Interspeech
2021, with the powerset loss of Plaquet and Bredin (Interspeech 2023): a bank of band-pass filters
that were learned (Ravanelli and Bengio, "Speaker recognition from raw waveform with SincNet", 2018)
and two convolutions, four recurrent layers in both directions, two linear ones. Names of weights
are the checkpoint's.
"""

from dataclasses import dataclass

import numpy as np

from .onnx_graph import OnnxGraph
from .torch_checkpoint import Tensors

INPUT, OUTPUT = "samples", "log_probabilities"
RATE_HZ = 16_000
CLASSES = ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
"""Who speaks, of three people, by class."""

FILTER, STEP = 251, 10
"""Samples of a filter, and from one place of it to the next."""
LEAST_HZ = 50.0
"""The least lower edge of a filter, and its least width."""
POOL = 3
LAYERS, HIDDEN, DIRECTIONS = 4, 128, 2
LEAK = 0.01
EPSILON = 1e-5


def segmentation_network(weights: Tensors) -> bytes:
    """The model's bytes, always the same for the same weights.

    It takes samples float32[n, 1, samples] at 16 kHz and gives float32[n, frames, 7 classes].

    Raises:
        KeyError: a tensor is missing among the weights.
    """
    return _Network(OnnxGraph("segmentation"), weights).build()


@dataclass(frozen=True, slots=True)
class _Network:
    graph: OnnxGraph
    weights: Tensors

    def build(self) -> bytes:
        """The whole network."""
        now = self._filtered(self._norm("sincnet.wav_norm1d", INPUT))
        now = self._pooled(0, self._node("Abs", [now], "loud"))
        for number in (1, 2):
            name = f"sincnet.conv1d.{number}"
            inputs = [now, self._constant(f"{name}.weight"), self._constant(f"{name}.bias")]
            now = self._pooled(number, self._node("Conv", inputs, f"{name}/out"))
        now = self._node("Transpose", [now], "frames_first", perm=(2, 0, 1))
        both = self._integers("both_directions", 0, 0, DIRECTIONS * HIDDEN)
        for layer in range(LAYERS):
            now = self._recurrent(layer, now)
            now = self._node("Transpose", [now], f"lstm{layer}/turned", perm=(0, 2, 1, 3))
            now = self._node("Reshape", [now, both], f"lstm{layer}/out")
        for name in ("linear.0", "linear.1"):
            now = self._leaky(self._linear(name, now))
        now = self._node("Transpose", [self._linear("classifier", now)], "classes", perm=(1, 0, 2))
        self._node("LogSoftmax", [now], OUTPUT, axis=-1)
        classes = len(CLASSES)
        return self.graph.model({INPUT: ("n", 1, "samples")}, {OUTPUT: ("n", "frames", classes)})

    def _filtered(self, source: str) -> str:
        """The band-pass filters: for each pair of edges an even and an odd one, whose left half is
        reckoned and whose right half mirrors it (SincNet, equation 4).
        """
        bank = "sincnet.conv1d.0.filterbank"
        low = self._edge(f"{bank}.low_hz_", self._number("least_hz", LEAST_HZ), "low_hz")
        wide = self._edge(f"{bank}.band_hz_", low, "high_hz_open")
        wide = self._node("Add", [wide, "least_hz"], "high_hz_wide")
        high = self._node("Min", [wide, self._number("nyquist", RATE_HZ / 2)], "high_hz")
        times, window = self._constant(f"{bank}.n_"), self._constant(f"{bank}.window_")
        half = self._node("Div", [times, self._number("two", 2.0)], "half_times")
        band = self._node("Sub", [high, low], "band")
        double = self._node("Mul", [band, "two"], "double_band")
        low_at = self._node("MatMul", [low, times], "low_at")
        high_at = self._node("MatMul", [high, times], "high_at")
        backwards = [self._integers(f"backwards{i}", v) for i, v in enumerate((-1, -FILTER, 1, -1))]
        bank_sides = []
        for kind, first, second in (("Sin", high_at, low_at), ("Cos", low_at, high_at)):
            one = self._node(kind, [first], f"{kind}/first")
            other = self._node(kind, [second], f"{kind}/second")
            left = self._node("Sub", [one, other], f"{kind}/difference")
            left = self._node("Div", [left, half], f"{kind}/over_time")
            left = self._node("Mul", [left, window], f"{kind}/left")
            start, end, axis, step = backwards
            right = self._node("Slice", [left, start, end, axis, step], f"{kind}/mirrored")
            centre = double
            if kind == "Cos":
                right = self._node("Neg", [right], "Cos/right")
                centre = self._node("Sub", [double, double], "Cos/centre")
            whole = self._node("Concat", [left, centre, right], f"{kind}/whole", axis=1)
            bank_sides.append(self._node("Div", [whole, double], f"{kind}/filters"))
        filters = self._node("Concat", bank_sides, "filters_flat", axis=0)
        filters = self._node("Unsqueeze", [filters, self._integers("one_channel", 1)], "filters")
        return self._node("Conv", [source, filters], "filtered", strides=(STEP,))

    def _edge(self, name: str, base: str, output: str) -> str:
        size = self._node("Abs", [self._constant(name)], f"{output}/size")
        return self._node("Add", [base, size], output)

    def _pooled(self, number: int, source: str) -> str:
        facts = {"kernel_shape": (POOL,), "strides": (POOL,)}
        now = self._node("MaxPool", [source], f"pooled{number}", **facts)
        return self._leaky(self._norm(f"sincnet.norm1d.{number}", now))

    def _recurrent(self, layer: int, source: str) -> str:
        """An LSTM in both directions; PyTorch has its gates in another order than ONNX."""
        ends = (f"l{layer}", f"l{layer}_reverse")

        def stacked(*kinds: str) -> str:
            rows = [
                np.concatenate([_gates(self.weights[f"lstm.{kind}_{end}"]) for kind in kinds])
                for end in ends
            ]
            return self.graph.constant(f"lstm{layer}/{kinds[0]}", np.stack(rows))

        inputs = [source, stacked("weight_ih"), stacked("weight_hh"), stacked("bias_ih", "bias_hh")]
        facts = {"direction": "bidirectional", "hidden_size": HIDDEN}
        return self._node("LSTM", inputs, f"lstm{layer}/both", **facts)

    def _linear(self, name: str, source: str) -> str:
        turned = self.graph.constant(f"{name}/turned", self.weights[f"{name}.weight"].T)
        now = self._node("MatMul", [source, turned], f"{name}/product")
        return self._node("Add", [now, self._constant(f"{name}.bias")], f"{name}/out")

    def _norm(self, name: str, source: str) -> str:
        inputs = [source, self._constant(f"{name}.weight"), self._constant(f"{name}.bias")]
        return self._node("InstanceNormalization", inputs, f"{name}/out", epsilon=EPSILON)

    def _leaky(self, source: str) -> str:
        return self._node("LeakyRelu", [source], f"{source}/leaky", alpha=LEAK)

    def _number(self, name: str, value: float) -> str:
        return self.graph.constant(name, np.array(value, np.float32))

    def _integers(self, name: str, *values: int) -> str:
        return self.graph.constant(name, np.array(values, np.int64))

    def _constant(self, name: str) -> str:
        return self.graph.constant(name, self.weights[name])

    def _node(self, operator: str, inputs: list[str], output: str, **facts: object) -> str:
        return self.graph.node(operator, inputs, output, **facts)  # type: ignore[arg-type]


def _gates(rows: np.ndarray) -> np.ndarray:
    """Input, forget, cell, output, as ONNX has them: input, output, forget, cell."""
    entry, forget, cell, out = np.split(rows, 4)
    return np.concatenate([entry, out, forget, cell])

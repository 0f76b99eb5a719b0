"""CAM++ as an ONNX graph, from the weights that its authors published: a voice as 192 numbers.

Wang et al., "CAM++: a fast and efficient network for speaker verification using context-aware
masking", Interspeech 2023: a convolutional head over time and frequency, then densely connected
time-delay layers, each masked by what its surroundings of 100 frames and all frames are like; mean
and deviation over time make one vector. Names of weights are the checkpoint's.
"""

from dataclasses import dataclass

import numpy as np

from .onnx_graph import OnnxGraph
from .torch_checkpoint import Tensors

BANDS, SIZE = 80, 192
INPUT, OUTPUT = "features", "voice"

BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Of each block of layers, how many and how far apart are the frames they look at."""
CONTEXT_FRAMES = 100
KERNEL = 3
EPSILON = 1e-5
_HALF_BANDS = {"head.layer1.0", "head.layer2.0"}
"""The residual blocks that keep every other band."""


def campplus_network(weights: Tensors) -> bytes:
    """The model's bytes, always the same for the same weights.

    It takes features float32[n, frames, 80 bands], of at least three frames, and gives float32[n,
    192]: of the same voice they point the same way.

    Raises:
        KeyError: a tensor is missing among the weights.
    """
    net = _Network(OnnxGraph("campplus"), weights)
    net.integers("channel_axis", 1)
    net.integers("time_axis", 2)
    net.integers("zero", 0)
    net.integers("last_axis", -1)
    net.integers("each_of_context", 1, 1, 1, CONTEXT_FRAMES)
    net.integers("as_time", 0, 0, -1)
    return net.build()


@dataclass(frozen=True, slots=True)
class _Network:
    graph: OnnxGraph
    weights: Tensors

    def build(self) -> bytes:
        """The whole network."""
        now = self.node("Transpose", [INPUT], "bands_first", perm=(0, 2, 1))
        now = self._head(now)
        now = self._conv("xvector.tdnn.linear", now, strides=(2,), pads=(2, 2))
        now = self._norm("xvector.tdnn.nonlinear.batchnorm", now)
        self.node("Shape", [now], "frames", start=2, end=3)
        for number, (layers, dilation) in enumerate(BLOCKS, start=1):
            for layer in range(1, layers + 1):
                name = f"xvector.block{number}.tdnnd{layer}"
                beside = self._dense_layer(name, now, dilation)
                now = self.node("Concat", [now, beside], f"{name}/joined", axis=1)
            name = f"xvector.transit{number}"
            now = self._norm(f"{name}.nonlinear.batchnorm", now)
            now = self._conv(f"{name}.linear", now)
        now = self._norm("xvector.out_nonlinear.batchnorm", now)
        now = self._conv("xvector.dense.linear", self._statistics(now))
        now = self._norm("xvector.dense.nonlinear.batchnorm", now, last=True)
        self.node("Squeeze", [now, "time_axis"], OUTPUT)
        return self.graph.model({INPUT: ("n", "frames", BANDS)}, {OUTPUT: ("n", SIZE)})

    def node(
        self, operator: str, inputs: list[str], output: str, **facts: int | tuple[int, ...] | float
    ) -> str:
        """As the graph's."""
        return self.graph.node(operator, inputs, output, **facts)

    def integers(self, name: str, *values: int) -> str:
        """A list of whole numbers."""
        return self.graph.constant(name, np.array(values, np.int64))

    def _head(self, source: str) -> str:
        now = self.node("Unsqueeze", [source, "channel_axis"], "one_channel")
        now = self._conv2d("head.conv1", "head.bn1", now)
        for name in ("head.layer1.0", "head.layer1.1", "head.layer2.0", "head.layer2.1"):
            now = self._residual(name, now, 2 if name in _HALF_BANDS else 1)
        now = self._conv2d("head.conv2", "head.bn2", now, 2)
        channels = self.weights["head.conv2.weight"].shape[0]
        shape = self.integers("bands_as_channels", 0, channels * BANDS // 8, -1)
        return self.node("Reshape", [now, shape], "head/out")

    def _residual(self, name: str, source: str, step: int) -> str:
        now = self._conv2d(f"{name}.conv1", f"{name}.bn1", source, step)
        now = self._conv2d(f"{name}.conv2", f"{name}.bn2", now, last=True)
        beside = source
        if f"{name}.shortcut.0.weight" in self.weights:
            beside = self._conv2d(
                f"{name}.shortcut.0", f"{name}.shortcut.1", source, step, last=True
            )
        now = self.node("Add", [now, beside], f"{name}/sum")
        return self.node("Relu", [now], f"{name}/out")

    def _conv2d(
        self, name: str, norm: str, source: str, step: int = 1, *, last: bool = False
    ) -> str:
        edge = self.weights[f"{name}.weight"].shape[-1] // 2
        now = self._conv(name, source, strides=(step, 1), pads=(edge,) * 4)
        return self._norm(norm, now, last=last)

    def _dense_layer(self, name: str, source: str, dilation: int) -> str:
        now = self._norm(f"{name}.nonlinear1.batchnorm", source)
        now = self._conv(f"{name}.linear1", now)
        now = self._norm(f"{name}.nonlinear2.batchnorm", now)
        edge = KERNEL // 2 * dilation
        local = self._conv(
            f"{name}.cam_layer.linear_local", now, pads=(edge, edge), dilations=(dilation,)
        )
        mask = self._conv(f"{name}.cam_layer.linear1", self._context(name, now))
        mask = self.node("Relu", [mask], f"{name}/relu")
        mask = self._conv(f"{name}.cam_layer.linear2", mask)
        mask = self.node("Sigmoid", [mask], f"{name}/mask")
        return self.node("Mul", [local, mask], f"{name}/out")

    def _context(self, name: str, source: str) -> str:
        """The mean of all frames, and that of the 100 frames that each is among."""
        whole = self.node("ReduceMean", [source], f"{name}/mean", axes=(2,))
        near = self.node(
            "AveragePool",
            [source],
            f"{name}/near",
            kernel_shape=(CONTEXT_FRAMES,),
            strides=(CONTEXT_FRAMES,),
            ceil_mode=1,
        )
        near = self.node("Unsqueeze", [near, "last_axis"], f"{name}/near4")
        near = self.node("Expand", [near, "each_of_context"], f"{name}/each")
        near = self.node("Reshape", [near, "as_time"], f"{name}/flat")
        near = self.node("Slice", [near, "zero", "frames", "time_axis"], f"{name}/cut")
        return self.node("Add", [whole, near], f"{name}/context")

    def _statistics(self, source: str) -> str:
        """Mean and unbiased standard deviation over time."""
        mean = self.node("ReduceMean", [source], "mean", axes=(2,))
        off = self.node("Sub", [source, mean], "off")
        square = self.node("Mul", [off, off], "square")
        total = self.node("ReduceSum", [square, "time_axis"], "total")
        count = self.node("Cast", ["frames"], "count", to=1)
        self.graph.constant("one", np.array([1.0], np.float32))
        count = self.node("Sub", [count, "one"], "count_less_one")
        variance = self.node("Div", [total, count], "variance")
        deviation = self.node("Sqrt", [variance], "deviation")
        return self.node("Concat", [mean, deviation], "statistics", axis=1)

    def _conv(self, name: str, source: str, **facts: tuple[int, ...]) -> str:
        inputs = [source, self._constant(f"{name}.weight")]
        if f"{name}.bias" in self.weights:
            inputs.append(self._constant(f"{name}.bias"))
        return self.node("Conv", inputs, f"{name}/out", **facts)

    def _norm(self, name: str, source: str, *, last: bool = False) -> str:
        """Normalized as in training, and what is below 0 cut off unless it is the last."""
        mean = self._constant(f"{name}.running_mean")
        variance = self._constant(f"{name}.running_var")
        size = self.weights[mean].shape
        scale, shift = f"{name}.weight", f"{name}.bias"
        for each, plain in ((scale, 1.0), (shift, 0.0)):
            values = self.weights.get(each)
            self.graph.constant(each, np.full(size, plain, "f4") if values is None else values)
        inputs = [source, scale, shift, mean, variance]
        now = self.node("BatchNormalization", inputs, f"{name}/out", epsilon=EPSILON)
        return now if last else self.node("Relu", [now], f"{name}/relu")

    def _constant(self, name: str) -> str:
        return self.graph.constant(name, self.weights[name])

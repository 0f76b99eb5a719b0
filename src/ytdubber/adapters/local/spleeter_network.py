"""Spleeter's network for two stems as an ONNX graph, from the weights that Deezer published.

Two U-Nets (Jansson et al., "Singing voice separation with deep U-Net convolutional networks", ISMIR
2017; Hennequin et al., "Spleeter", JOSS 2020) see the magnitudes of a mix: one estimates those of
the voice, the other those of the rest. What the graph gives is the voice's share of the power of
both in each bin, a Wiener filter. The weights' names are those of the checkpoint; TensorFlow's
padding "same" is spelled out, since for an even length it is not symmetric.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .onnx_graph import OnnxGraph

CHANNELS, FRAMES, BINS = 2, 512, 1024
INPUT, OUTPUT = "magnitudes", "voice_share"

LEVELS = 6
NORM_EPSILON = 1e-3
LEAK = 0.2
EPSILON = 1e-10
"""Keeps the share of silence defined: one half."""

Weights = Mapping[str, NDArray[np.float32]]


def spleeter_network(weights: Weights) -> bytes:
    """The model's bytes, always the same for the same weights.

    It takes float32[n, 2 channels, 512 frames, 1024 bins] and gives shares from 0 to 1 of the same
    shape.

    Raises:
        KeyError: a tensor is missing among the weights.
    """
    graph = OnnxGraph("spleeter-2stems")
    voice, rest = (_UNet(graph, weights, number).build() for number in range(2))
    powers = [graph.node("Mul", [each, each], f"{each}_power") for each in (voice, rest)]
    whole = graph.node("Add", powers, "power")
    for name, value in (("epsilon", EPSILON), ("half_epsilon", EPSILON / 2)):
        graph.constant(name, np.array(value, np.float32))
    whole = graph.node("Add", [whole, "epsilon"], "power_not_zero")
    voice = graph.node("Add", [powers[0], "half_epsilon"], "voice_not_zero")
    graph.node("Div", [voice, whole], OUTPUT)
    shape = ("n", CHANNELS, FRAMES, BINS)
    return graph.model({INPUT: shape}, {OUTPUT: shape})


@dataclass(frozen=True, slots=True)
class _UNet:
    """One of the two networks: 0 for the voice, 1 for the rest."""

    graph: OnnxGraph
    weights: Weights
    number: int

    def build(self) -> str:
        """The name of the magnitudes it estimates."""
        down, now = list[str](), INPUT
        for level in range(LEVELS):
            now = self._conv(level, now, strides=(2, 2), pads=(1, 1, 2, 2))
            down.append(now)
            if level < LEVELS - 1:
                now = self._then("LeakyRelu", self._norm(level, now), alpha=LEAK)
        for level in range(LEVELS):
            now = self._norm(LEVELS + level, self._then("Relu", self._transposed(level, now)))
            if level < LEVELS - 1:
                beside = down[LEVELS - 2 - level]
                now = self.graph.node("Concat", [beside, now], self._name("joined", level), axis=1)
        last = self._conv(LEVELS, now, dilations=(2, 2), pads=(3, 3, 3, 3))
        share = self._then("Sigmoid", last)
        return self.graph.node("Mul", [share, INPUT], self._name("estimate", 0))

    def _conv(self, level: int, source: str, **facts: tuple[int, ...]) -> str:
        name = _numbered("conv2d", self.number * (LEVELS + 1) + level)
        return self.graph.node("Conv", [source, *self._kernel(name)], f"{name}/out", **facts)

    def _transposed(self, level: int, source: str) -> str:
        name = _numbered("conv2d_transpose", self.number * LEVELS + level)
        inputs = [source, *self._kernel(name)]
        return self.graph.node(
            "ConvTranspose", inputs, f"{name}/out", strides=(2, 2), pads=(1, 1, 2, 2)
        )

    def _norm(self, level: int, source: str) -> str:
        name = _numbered("batch_normalization", self.number * 2 * LEVELS + level)
        parts = [f"{name}/{part}" for part in ("gamma", "beta", "moving_mean", "moving_variance")]
        inputs = [source, *(self.graph.constant(each, self.weights[each]) for each in parts)]
        return self.graph.node("BatchNormalization", inputs, f"{name}/out", epsilon=NORM_EPSILON)

    def _kernel(self, name: str) -> tuple[str, str]:
        """TensorFlow has height, width, channels; ONNX has the channels first."""
        kernel = self.weights[f"{name}/kernel"].transpose(3, 2, 0, 1)
        bias = self.weights[f"{name}/bias"]
        constant = self.graph.constant
        return constant(f"{name}/kernel", kernel), constant(f"{name}/bias", bias)

    def _then(self, operator: str, source: str, **facts: float) -> str:
        return self.graph.node(operator, [source], f"{source}/{operator}", **facts)

    def _name(self, what: str, number: int) -> str:
        return f"{what}_{self.number}_{number}"


def _numbered(name: str, number: int) -> str:
    """As TensorFlow numbers layers of a kind."""
    return f"{name}_{number}" if number else name

"""ONNX models written by us: the same graph gives the same bytes, and nothing else is needed.

Numbers of fields are those of `onnx.proto` (ONNX 1.15: IR version 9).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

IR_VERSION, OPSET = 9, 17
_FLOAT32, _INT64 = 1, 7  # TensorProto.DataType
_FLOAT, _INT, _STRING, _INTS = 1, 2, 3, 7  # AttributeProto.type

Attribute = float | int | str | Sequence[int]


@dataclass(slots=True)
class OnnxGraph:
    """A graph whose inputs and outputs are float32 tensors, node after node.

    Attributes:
        name: What it is called in the file.
    """

    name: str
    _nodes: list[bytes] = field(default_factory=list)
    _tensors: list[bytes] = field(default_factory=list)

    def constant(self, name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """Add weights, or integers such as a shape; gives their name."""
        whole = np.issubdtype(values.dtype, np.integer)
        data = np.ascontiguousarray(values, "<i8" if whole else "<f4").tobytes()
        kind = _INT64 if whole else _FLOAT32
        dims = b"".join(_int(1, size) for size in values.shape)
        self._tensors.append(dims + _int(2, kind) + _text(8, name) + _bytes(9, data))
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, **facts: Attribute) -> str:
        """Add an operation of the standard set, its attributes by name; gives its output's name.
        An input that is left out has the name "".
        """
        names = b"".join(_text(1, each) for each in inputs)
        attributes = b"".join(_bytes(5, _attribute(*each)) for each in facts.items())
        self._nodes.append(names + _text(2, output) + _text(4, operator) + attributes)
        return output

    def model(
        self,
        inputs: dict[str, Sequence[int | str]],
        outputs: dict[str, Sequence[int | str]],
    ) -> bytes:
        """The whole model, as onnxruntime reads it.

        Args:
            inputs: Shapes of what it is given, by name; a dimension that varies has a name.
            outputs: The same of what it gives.
        """
        graph = b"".join(
            [
                *(_bytes(1, each) for each in self._nodes),
                _text(2, self.name),
                *(_bytes(5, each) for each in self._tensors),
                *(_bytes(11, _value(*each)) for each in inputs.items()),
                *(_bytes(12, _value(*each)) for each in outputs.items()),
            ]
        )
        opset = _text(1, "") + _int(2, OPSET)
        return _int(1, IR_VERSION) + _bytes(7, graph) + _bytes(8, opset)


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    dims = b"".join(
        _bytes(1, _int(1, each) if isinstance(each, int) else _text(2, each)) for each in shape
    )
    tensor = _int(1, _FLOAT32) + _bytes(2, dims)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _attribute(name: str, value: Attribute) -> bytes:
    head = _text(1, name)
    if isinstance(value, float):
        return head + _tag(2, 5) + struct.pack("<f", value) + _int(20, _FLOAT)
    if isinstance(value, int):
        return head + _int(3, value) + _int(20, _INT)
    if isinstance(value, str):
        return head + _text(4, value) + _int(20, _STRING)
    return head + b"".join(_int(8, each) for each in value) + _int(20, _INTS)


def _text(number: int, text: str) -> bytes:
    return _bytes(number, text.encode())


def _bytes(number: int, data: bytes) -> bytes:
    return _tag(number, 2) + _varint(len(data)) + data


def _int(number: int, value: int) -> bytes:
    return _tag(number, 0) + _varint(value)


def _tag(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _varint(value: int) -> bytes:
    """A number; one below 0 as its two's complement of 64 bits."""
    parts = bytearray()
    value &= (1 << 64) - 1
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)

"""Tensors of a PyTorch checkpoint, read as data; nothing in it is run.

A checkpoint (`torch.save` since PyTorch 1.6) is a ZIP file, uncompressed: `data.pkl` is a pickle of
a dictionary whose tensors name files beside it, which hold their numbers. A pickle may call any
function it names. Here it may name three: the dictionary's and the tensor's own, and the types of
its numbers; all else it names becomes a thing that takes everything and does nothing.
"""

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

STATE = "state_dict"
"""Where a checkpoint of PyTorch Lightning has its tensors."""

_TYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}

Tensors = Mapping[str, NDArray[np.float32]]


def read_checkpoint(path: Path) -> Tensors:
    """Every float32 tensor by its name; those of other types are left out.

    Raises:
        ValueError: it is no such checkpoint, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = _load(archive)
    except (zipfile.BadZipFile, pickle.UnpicklingError, KeyError, TypeError, EOFError) as error:
        raise ValueError(f"{path.name} is no checkpoint of PyTorch's, or damaged") from error
    found = found.get(STATE, found)
    return {
        name: values
        for name, values in found.items()
        if isinstance(values, np.ndarray) and values.dtype == np.float32
    }


def _load(archive: zipfile.ZipFile) -> dict[str, Any]:
    (pickled,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
    folder = pickled.removesuffix("data.pkl")

    def numbers(kind: str, key: str) -> NDArray[Any]:
        return np.frombuffer(archive.read(f"{folder}data/{key}"), _TYPES[kind])

    made = _Reader(archive.read(pickled), numbers).load()
    if not isinstance(made, dict):
        raise TypeError(type(made))
    return made


class _Inert:
    """Stands for what is not a tensor: takes everything, does nothing."""

    def __init__(self, *_: object, **__: object) -> None:
        """Takes anything."""

    def __setstate__(self, _: object) -> None:
        """Takes anything."""


class _Reader(pickle.Unpickler):
    """Reads a pickle of tensors."""

    def __init__(self, data: bytes, numbers: Callable[[str, str], NDArray[Any]]) -> None:
        super().__init__(io.BytesIO(data))
        self._numbers = numbers

    def find_class(self, module: str, name: str) -> Any:
        """What a name in the pickle stands for."""
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in _TYPES:
            return name
        return _Inert

    def persistent_load(self, pid: Any) -> NDArray[Any]:
        """The numbers of a tensor: the pickle has their type, and the file beside it."""
        _, kind, key, *_ = pid
        return self._numbers(kind, key)


def _tensor(
    numbers: NDArray[Any], offset: int, shape: Sequence[int], strides: Sequence[int], *_: object
) -> NDArray[Any]:
    """A tensor by where its numbers are; strides are in numbers."""
    reach = offset + sum((size - 1) * step for size, step in zip(shape, strides, strict=True)) + 1
    if min((*shape, *strides, offset), default=0) < 0 or reach > len(numbers):
        raise TypeError("a tensor reaches past its numbers")
    steps = [step * numbers.itemsize for step in strides]
    return np.lib.stride_tricks.as_strided(numbers[offset:], shape, steps)

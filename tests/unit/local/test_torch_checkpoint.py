"""Checkpoints of PyTorch's are data: what they name is not run."""

import io
import os
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ytdubber.adapters.local.torch_checkpoint import read_checkpoint


class Storage:
    """Numbers beside the pickle, as PyTorch names them."""

    def __init__(self, key: str, kind: str = "FloatStorage") -> None:
        self.key, self.kind = key, kind


class Named:
    """Stands for something of a module's."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class Tensor:
    def __init__(self, storage: Storage, offset: int, shape: Any, strides: Any) -> None:
        self.parts: Any = (storage, offset, shape, strides, False, OrderedDict())


class Command:
    """Runs a program where a pickle is believed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.path}",)


PythonPickler: Any = vars(pickle)["_Pickler"]
"""The one that is written in Python can be extended."""


class Pickler(PythonPickler):  # type: ignore[misc]
    """Writes what PyTorch writes, which is not here."""

    def persistent_id(self, value: object) -> object:
        if isinstance(value, Storage):
            return ("storage", Named("torch", value.kind), value.key, "cpu", 1)
        return None

    def save(self, value: object, save_persistent_id: bool = True) -> None:
        if isinstance(value, Named):
            self.write(f"c{value.module}\n{value.name}\n".encode())
        elif isinstance(value, Tensor):
            self.save(Named("torch._utils", "_rebuild_tensor_v2"))
            self.save(value.parts)
            self.write(pickle.REDUCE)
        else:
            super().save(value, save_persistent_id)


def checkpoint(path: Path, value: object, **numbers: NDArray[Any]) -> Path:
    pickled = io.BytesIO()
    Pickler(pickled, protocol=2).dump(value)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled.getvalue())
        for key, values in numbers.items():
            archive.writestr(f"archive/data/{key}", values.tobytes())
    return path


NUMBERS = np.arange(12, dtype="<f4")


def test_tensors_are_read_with_their_strides(tmp_path: Path) -> None:
    state = {
        "whole": Tensor(Storage("a"), 0, (3, 4), (4, 1)),
        "turned": Tensor(Storage("a"), 4, (4, 2), (1, 4)),
        "count": Tensor(Storage("b", "LongStorage"), 0, (), ()),
    }
    path = checkpoint(tmp_path / "x.pt", state, a=NUMBERS, b=np.array([7], "<i8"))
    read = read_checkpoint(path)
    assert read.keys() == {"whole", "turned"}
    assert read["whole"].tolist() == NUMBERS.reshape(3, 4).tolist()
    assert read["turned"].tolist() == NUMBERS[4:].reshape(2, 4).T.tolist()


def test_what_it_names_besides_is_not_run(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    state = OrderedDict(weight=Tensor(Storage("a"), 0, (2,), (1,)))
    value = {"state_dict": state, "hook": Command(touched)}
    read = read_checkpoint(checkpoint(tmp_path / "x.pt", value, a=NUMBERS))
    assert read["weight"].tolist() == [0, 1]
    assert not touched.exists()


def test_a_tensor_past_its_numbers_is_refused(tmp_path: Path) -> None:
    for shape, strides in (((13,), (1,)), ((2, 2), (11, 1)), ((2,), (-1,))):
        state = {"weight": Tensor(Storage("a"), 0, shape, strides)}
        path = checkpoint(tmp_path / "x.pt", state, a=NUMBERS)
        with pytest.raises(ValueError, match=r"x\.pt is no checkpoint"):
            read_checkpoint(path)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.pt"
    path.write_bytes(b"no archive")
    with pytest.raises(ValueError, match=r"x\.pt is no checkpoint"):
        read_checkpoint(path)

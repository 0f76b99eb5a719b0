"""Tensors of a TensorFlow checkpoint, read as data by their published format; nothing in it is run.

A checkpoint (V2, "tensor bundle") is two files: the tensors' bytes one after another, and an index
of where each is. The index is a LevelDB table (its `table_format.md`) whose values are
`BundleEntryProto` (`tensorflow/core/protobuf/tensor_bundle.proto`).
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOOTER_BYTES = 48
MAGIC = 0xDB4775248B80FB57
"""Ends every LevelDB table."""

_FLOAT32 = 1  # DT_FLOAT
_DTYPE, _SHAPE, _SHARD, _OFFSET, _SIZE = 1, 2, 3, 4, 5
_DIMENSION, _LENGTH = 2, 1  # of TensorShapeProto and its Dim

Fields = dict[int, list[int | bytes]]


def read_checkpoint(index: Path, data: Path) -> Mapping[str, NDArray[np.float32]]:
    """Every float32 tensor by its name; tensors of other types are left out.

    Args:
        index: The file that says where tensors are.
        data: The file that has them, the only one of its checkpoint.

    Raises:
        ValueError: it is no such checkpoint, or damaged.
    """
    table, tensors = index.read_bytes(), np.memmap(data, np.uint8, "r")
    try:
        found = {
            name.decode(): _tensor(fields, tensors)
            for name, fields in _entries(table)
            if fields.get(_DTYPE) == [_FLOAT32]
        }
    except (IndexError, KeyError, TypeError) as error:
        raise ValueError(f"{index.name} is no checkpoint's index, or damaged") from error
    return found


def _tensor(fields: Fields, tensors: NDArray[np.uint8]) -> NDArray[np.float32]:
    shape = [_number(_fields(each), _LENGTH) for each in _parts(_fields(_bytes(fields, _SHAPE)))]
    start, size = _number(fields, _OFFSET), _number(fields, _SIZE)
    if _number(fields, _SHARD) or size != 4 * math.prod(shape) or start + size > len(tensors):
        raise ValueError("a tensor is not where the index says")
    return tensors[start : start + size].view("<f4").reshape(shape)


def _parts(shape: Fields) -> Iterator[bytes]:
    for part in shape.get(_DIMENSION, []):
        if not isinstance(part, bytes):
            raise ValueError("a shape has no dimensions")
        yield part


def _entries(table: bytes) -> Iterator[tuple[bytes, Fields]]:
    """Names and what is said of them, from every block that the block at the end names."""
    footer = table[-FOOTER_BYTES:]
    if int.from_bytes(footer[-8:], "little") != MAGIC:
        raise ValueError("its index does not end as one")
    _, place = _handle(footer, 0)
    blocks, _ = _handle(footer, place)
    for _, handle in _pairs(table, blocks):
        for name, value in _pairs(table, _handle(handle, 0)[0]):
            if name:  # the nameless one is about the checkpoint as a whole
                yield name, _fields(value)


def _pairs(table: bytes, block: slice) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a block; a key says how much of the key before it begins with."""
    if table[block.stop] != 0:
        raise ValueError("its index is compressed")
    body = table[block]
    restarts = int.from_bytes(body[-4:], "little")
    end, place, key = len(body) - 4 * (restarts + 1), 0, b""
    while place < end:
        shared, place = _varint(body, place)
        own, place = _varint(body, place)
        size, place = _varint(body, place)
        key = key[:shared] + body[place : place + own]
        place += own
        yield key, body[place : place + size]
        place += size


def _handle(data: bytes, place: int) -> tuple[slice, int]:
    """Where a block is, and the place behind that."""
    start, place = _varint(data, place)
    size, place = _varint(data, place)
    return slice(start, start + size), place


def _fields(message: bytes) -> Fields:
    """The fields of a protocol buffer by number; those of fixed size as their bytes."""
    found: Fields = {}
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        number, kind = tag >> 3, tag & 7
        value: int | bytes
        if kind == 0:
            value, place = _varint(message, place)
        else:
            if kind == 2:
                size, place = _varint(message, place)
            else:
                size = {1: 8, 5: 4}[kind]
            value = message[place : place + size]
            place += size
        found.setdefault(number, []).append(value)
    return found


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7
    raise ValueError("a number is too long")


def _number(fields: Fields, field: int) -> int:
    """A number; 0 where it is left out, as protocol buffers have it."""
    value = fields.get(field, [0])[-1]
    if not isinstance(value, int):
        raise ValueError("a number is none")
    return value


def _bytes(fields: Fields, field: int) -> bytes:
    value = fields.get(field, [b""])[-1]
    if not isinstance(value, bytes):
        raise ValueError("a message is none")
    return value

"""Messages between the program and its workers: a length, a JSON header, and the raw bytes of arrays. No pickle."""

import json
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PREFIX: Final = struct.Struct("!4sIQ")
MAGIC: Final = b"QTW1"
DTYPES: Final[Mapping[str, np.dtype[Any]]] = {"b": np.dtype(np.bool_), "f": np.dtype("<f8"), "i": np.dtype("<i8")}
LETTERS: Final = ("b", "f", "i", "B", "F", "I")
"""How a frame's header names an array's type; a capital: the array lies in memory column by column."""
LARGEST_HEADER: Final = 4_000_000
MOST_DIMENSIONS: Final = 4
PANEL_ARRAYS: Final = ("times", "open", "high", "low", "close", "volume")
"""The arrays of a "panel" frame: nanoseconds since 1970, shape (bars,), and prices, each of shape (bars, symbols)."""
PANELS_KEPT: Final = 2
"""How many panels a server keeps, the last ones."""


class FrameError(Exception):
    """What came is not a frame, or is larger than agreed."""


class EndOfFrames(FrameError):
    """The other side is gone."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A message: its kind, what it says, and its arrays (bool, float64 or int64) by name."""

    kind: str
    values: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


ReadInto = Callable[[memoryview], int | None]
"""Fills a buffer as far as it can, like io.RawIOBase.readinto; 0 at the end."""


def encode(kind: str, values: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]] | None = None) -> list[memoryview]:
    """The pieces of a frame, to be written one after the other. `values` must be what JSON can say."""
    table = []
    payload = []
    for name, array in (arrays or {}).items():
        letter = {"b": "b", "f": "f", "i": "i"}[array.dtype.kind]
        columns_first = array.ndim > 1 and array.flags.f_contiguous and not array.flags.c_contiguous
        plain = np.ascontiguousarray(array.T if columns_first else array, dtype=DTYPES[letter])
        table.append([name, letter.upper() if columns_first else letter, list(array.shape)])
        payload.append(plain.reshape(-1).view(np.uint8).data)
    header = json.dumps({"kind": kind, "values": values, "arrays": table}).encode()
    size = sum(piece.nbytes for piece in payload)
    return [memoryview(PREFIX.pack(MAGIC, len(header), size) + header), *payload]


def read_frame(read_into: ReadInto, largest_payload: int, prefix: bytes = b"") -> Frame:
    """Read one frame. Raises EndOfFrames when there is none any more, FrameError for anything that is not one.

    `prefix`: first bytes that were read already. Nothing in the frame is trusted: lengths, names, types and shapes
    are checked against each other and against `largest_payload` (bytes) before memory is taken for them.
    """
    start = prefix + _exactly(read_into, PREFIX.size - len(prefix), at_start=not prefix).tobytes()
    magic, header_size, payload_size = PREFIX.unpack(start)
    if magic != MAGIC or header_size > LARGEST_HEADER or payload_size > largest_payload:
        raise FrameError("the message has no valid beginning, or is too large")
    kind, values, table = _header(_exactly(read_into, header_size).tobytes())
    sizes = [math.prod(shape) * DTYPES[letter.lower()].itemsize for _, letter, shape in table]
    if sum(sizes) != payload_size:
        raise FrameError("the arrays' shapes do not fit the message's length")
    payload = _exactly(read_into, payload_size)
    arrays = {}
    offset = 0
    for (name, letter, shape), size in zip(table, sizes, strict=True):
        piece = payload[offset : offset + size]
        # a stranger's byte may be neither 0 nor 1, and would make a boolean that is both
        flat = piece != 0 if letter in "bB" else _aligned(np.frombuffer(piece, DTYPES[letter.lower()]))
        arrays[name] = flat.reshape(shape, order="C" if letter.islower() else "F")
        offset += size
    return Frame(kind, values, arrays)


def _aligned(array: NDArray[Any]) -> NDArray[Any]:
    """The array; a copy where it lies between the words of memory: Python's views read none that does."""
    return array if array.flags.aligned else array.copy()


def _header(text: bytes) -> tuple[str, Mapping[str, Any], list[tuple[str, str, tuple[int, ...]]]]:
    try:
        header = json.loads(text)
        kind, values, entries = header["kind"], header["values"], header["arrays"]
        table = [(name, letter, tuple(shape)) for name, letter, shape in entries]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FrameError("the message's header cannot be read") from error
    names = set()
    for name, letter, shape in table:
        sane = isinstance(name, str) and name not in names and letter in LETTERS
        if not sane or len(shape) > MOST_DIMENSIONS or not all(type(n) is int and 0 <= n < 2**40 for n in shape):
            raise FrameError("the message describes an array that cannot be")
        names.add(name)
    if not isinstance(kind, str) or not isinstance(values, dict):
        raise FrameError("the message's header says nothing known")
    return kind, values, table


def _exactly(read_into: ReadInto, size: int, at_start: bool = False) -> NDArray[np.uint8]:
    """Read `size` bytes, 8-byte aligned in memory."""
    buffer = np.empty(size, dtype=np.uint8)
    view = buffer.data
    done = 0
    while done < size:
        count = read_into(view[done:])
        if not count:
            if at_start and done == 0:
                raise EndOfFrames("the other side has ended")
            raise EndOfFrames("the other side ended inside a message")
        done += count
    return buffer

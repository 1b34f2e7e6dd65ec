"""Frames carry arrays unchanged, and nothing else passes for a frame."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from builder_app.quicktest.worker import frames

arrays = st.dictionaries(
    st.text(min_size=1, max_size=10),
    hnp.arrays(
        st.sampled_from([np.dtype(np.float64), np.dtype(np.bool_), np.dtype(np.int64)]),
        hnp.array_shapes(max_dims=3, min_side=0, max_side=6),
    ),
    max_size=4,
)


def packed(kind: str, values: dict[str, Any], table: dict[str, Any]) -> bytes:
    return b"".join(frames.encode(kind, values, table))


def read(data: bytes, largest: int = 1 << 20) -> frames.Frame:
    return frames.read_frame(io.BytesIO(data).readinto, largest)


@given(arrays, st.integers(0, 16))
def test_arrays_come_back_bit_for_bit(table: dict[str, Any], split: int) -> None:
    data = packed("kind", {"a": 1}, table)
    frame = frames.read_frame(io.BytesIO(data[split:]).readinto, 1 << 20, data[:split])
    assert (frame.kind, frame.values) == ("kind", {"a": 1})
    assert list(frame.arrays) == list(table)
    for name, array in table.items():
        assert frame.arrays[name].dtype == array.dtype
        assert frame.arrays[name].shape == array.shape
        assert frame.arrays[name].tobytes() == array.tobytes()


@given(arrays)
def test_plain_python_reads_every_array_through_a_view(table: dict[str, Any]) -> None:
    """As the engine does that is not compiled: numbers behind an odd count of booleans lie between memory's words."""
    sent = {"": np.ones(3, dtype=bool), **table}
    for name, array in read(packed("kind", {}, sent)).arrays.items():
        assert np.array_equal(array.data.tolist(), sent[name].tolist(), equal_nan=array.dtype.kind == "f")


@settings(max_examples=300)
@given(st.binary(max_size=200), st.integers(0, 400), st.booleans())
def test_damaged_bytes_give_a_frame_or_a_frame_error(noise: bytes, place: int, cut: bool) -> None:
    data = packed("kind", {"a": [1, 2]}, {"x": np.arange(5.0), "y": np.ones((2, 2), dtype=bool)})
    damaged = data[:place] + noise + (b"" if cut else data[place + len(noise) :])
    try:
        frame = read(damaged)
    except frames.FrameError:
        return
    for array in frame.arrays.values():
        assert array.dtype in (np.float64, np.bool_, np.int64)


def test_bytes_that_are_neither_true_nor_false_become_true() -> None:
    data = bytearray(packed("kind", {}, {"x": np.zeros(3, dtype=bool)}))
    data[-3:] = bytes([0, 2, 255])
    assert read(bytes(data)).arrays["x"].view(np.uint8).tolist() == [0, 1, 1]


TABLES = ('[["x", "O", [1]]]', '[["x", "f", [-1]]]', '[["x", "f", [1.5]]]', '[["x", "f", [true]]]', '[["x", [], [1]]]',
          '[["x", "f", [1,1,1,1,1]]]', '[[1, "f", [1]]]', '[["x", "b", [4]], ["x", "b", [4]]]', "5",
          '[["x", "f", [2]]]', '[["x", "f", [1]]')  # fmt: skip
HEADERS = (
    b"[]",
    b"{",
    b"[" * 100_000,
    b"\xff\xfe",
    b'{"kind": 1, "values": {}, "arrays": [["x", "f", [1]]]}',
    b'{"kind": "a", "values": [], "arrays": [["x", "f", [1]]]}',
    *(f'{{"kind": "a", "values": {{}}, "arrays": {table}}}'.encode() for table in TABLES),
)


@pytest.mark.parametrize("header", HEADERS)
def test_header_that_lies_is_refused(header: bytes) -> None:
    with pytest.raises(frames.FrameError):
        read(frames.PREFIX.pack(frames.MAGIC, len(header), 8) + header + b"12345678")


def test_length_over_the_limit_is_refused_before_memory_is_taken() -> None:
    with pytest.raises(frames.FrameError, match="too large"):
        read(frames.PREFIX.pack(frames.MAGIC, 10, 1 << 60))


def test_end_between_frames_and_inside_one_are_told_apart() -> None:
    with pytest.raises(frames.EndOfFrames, match="has ended"):
        read(b"")
    with pytest.raises(frames.EndOfFrames, match="inside"):
        read(packed("kind", {}, {"x": np.ones(9)})[:-1])

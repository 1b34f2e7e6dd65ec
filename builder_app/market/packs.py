"""A pool's whole panel in one file that is mapped into memory: reading hundreds of symbols in the blink of an eye.

A pack is a copy that can be lost: it is taken only where every file of the library that it was made of is as it was
then, and where its checksum fits. It is written whole or not at all, and never changed.
"""

import contextlib
import hashlib
import json
import mmap
import os
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from builder_app.market.prices.panel import FIELDS, Panel

FOLDER: Final = "packs"
LEAST_SYMBOLS: Final = 40
"""Fewer symbols are read about as fast from their own files."""
LARGEST: Final = 1_500_000_000
"""Bytes of a pack at most."""
MOST_PACKS: Final = 4

_MARK: Final = b"PRICEPACK1\n"
_ALIGNED: Final = 64

State = tuple[str, int, int]
"""A file's name, time of change and size."""


def read_pack(folder: Path, states: Sequence[State], wish: str) -> Panel | None:
    """The panel that was packed for this wish from files in these states; None where there is none that can be used."""
    path = _path(folder, wish)
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)  # arrays that compiled loops may take
        return _panel(mapped, [list(state) for state in states], wish)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def write_pack(folder: Path, states: Sequence[State], wish: str, panel: Panel) -> None:
    """Pack a panel; where that cannot be done, nothing is lost."""
    if len(panel.symbols) < LEAST_SYMBOLS or _size(panel) > LARGEST:
        return
    arrays = [panel.times.astype("<i8"), *(getattr(panel, name) for name in FIELDS)]
    checksum = 0
    for array in arrays:
        checksum = zlib.crc32(np.ascontiguousarray(array).data, checksum)
    head = {
        "wish": wish,
        "states": [list(state) for state in states],
        "symbols": list(panel.symbols),
        "bars": len(panel.times),
        "frequency": panel.frequency,
        "fingerprint": panel.fingerprint,
        "remarks": list(panel.remarks),
        "checksum": checksum,
    }
    text = json.dumps(head).encode()
    with contextlib.suppress(OSError):
        (folder / FOLDER).mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".packing-", dir=folder / FOLDER)
        try:
            with os.fdopen(handle, "wb") as file:
                begin = _MARK + len(text).to_bytes(8, "little") + zlib.crc32(text).to_bytes(4, "little") + text
                file.write(begin + b"\0" * (-len(begin) % _ALIGNED))
                for array in arrays:
                    file.write(np.ascontiguousarray(array).data)
            Path(name).replace(_path(folder, wish))
        finally:
            Path(name).unlink(missing_ok=True)
        _forget_old(folder)


def _panel(mapped: mmap.mmap, states: list[list[object]], wish: str) -> Panel | None:
    start = len(_MARK) + 12
    length = int.from_bytes(mapped[len(_MARK) : len(_MARK) + 8], "little")
    text = mapped[start : start + length]
    if mapped[: len(_MARK)] != _MARK or zlib.crc32(text).to_bytes(4, "little") != mapped[len(_MARK) + 8 : start]:
        return None
    head = json.loads(text)
    if head["states"] != states or head["wish"] != wish:
        return None
    bars, symbols = int(head["bars"]), tuple(head["symbols"])
    begin = start + length
    begin += -begin % _ALIGNED
    end = begin + 8 * bars * (1 + len(FIELDS) * len(symbols))
    if len(mapped) != end or zlib.crc32(memoryview(mapped)[begin:end]) != head["checksum"]:
        return None
    times = np.frombuffer(mapped, dtype="<i8", count=bars, offset=begin).astype("datetime64[ns]")
    size = bars * len(symbols)
    arrays = {}
    for number, name in enumerate(FIELDS):
        place = begin + 8 * bars + 8 * size * number
        arrays[name] = np.frombuffer(mapped, dtype="<f8", count=size, offset=place).reshape(bars, len(symbols))
    return Panel(
        symbols,
        times,
        open=arrays["open"],
        high=arrays["high"],
        low=arrays["low"],
        close=arrays["close"],
        volume=arrays["volume"],
        fingerprint=str(head["fingerprint"]),
        frequency=str(head["frequency"]),
        remarks=tuple(head["remarks"]),
    )


def _path(folder: Path, wish: str) -> Path:
    return folder / FOLDER / f"{hashlib.sha256(wish.encode()).hexdigest()[:24]}.pack"


def _size(panel: Panel) -> int:
    return 8 * len(panel.times) * (1 + len(FIELDS) * len(panel.symbols))


def _forget_old(folder: Path) -> None:
    packs = sorted((folder / FOLDER).glob("*.pack"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in packs[MOST_PACKS:]:
        path.unlink(missing_ok=True)

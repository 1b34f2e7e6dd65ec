"""One Parquet file: one symbol's bars at one frequency, with what is known about them.

What is known stands in the file's own metadata, so that bars and description are always of one piece. A file is
written beside its place and moved into it; a reader sees the old one or the new one, never a part.
"""

import datetime
import hashlib
import json
import os
import string
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from builder_app.market.prices.panel import FIELDS, Bars, bars_of, panel_of

SUFFIX: Final = ".parquet"
_METADATA: Final = b"price_bars"
_VERSION: Final = 1
_PLAIN: Final = frozenset(string.ascii_uppercase + string.digits + "-_")


class BarsDamaged(ValueError):
    """A file of the library that cannot be read; the text is a whole sentence."""


@dataclass(frozen=True, slots=True)
class SymbolInfo:
    """What the library knows of a symbol's bars. Dates are those of the first and last bar; times are UTC."""

    symbol: str
    frequency: str
    bars: int
    start: datetime.date
    end: datetime.date
    source: str
    imported_at: datetime.datetime
    fingerprint: str
    remarks: tuple[str, ...] = field(default=())


def file_name(symbol: str, frequency: str) -> str:
    """A name for the symbol's file that every file system takes and that no two symbols share.

    Capitals, digits, - and _ stay; every other byte becomes %XX (lower case too: some file systems ignore case). The
    tilde keeps names such as CON from being devices on Windows.
    """
    escaped = "".join(
        character if character in _PLAIN else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in symbol
    )
    if len(escaped) > 150:
        escaped = f"{escaped[:100]}~{hashlib.sha256(symbol.encode()).hexdigest()[:32].upper()}"
    return f"{escaped}~{frequency.replace(' ', '-')}{SUFFIX}"


def describe(bars: Bars, source: str) -> SymbolInfo:
    """The description of bars imported now."""
    days = bars.times.astype("datetime64[D]").astype(object)
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    fingerprint = panel_of([bars]).fingerprint
    return SymbolInfo(
        bars.symbol, bars.frequency, len(days), days[0], days[-1], source, now, fingerprint, remarks=bars.remarks
    )


def write_beside(folder: Path, bars: Bars, info: SymbolInfo) -> Path:
    """Write the bars to a new file in `folder` that no reader looks at yet, durably; its path."""
    description = {"version": _VERSION, **asdict(info)}
    text = json.dumps(description, default=lambda value: value.isoformat(), ensure_ascii=False)
    columns = {"time": pa.array(bars.times)} | {name: pa.array(getattr(bars, name)) for name in FIELDS}
    table = pa.table(columns).replace_schema_metadata({_METADATA: text.encode()})
    handle, name = tempfile.mkstemp(prefix=".importing-", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def read_info(path: Path) -> SymbolInfo:
    """The description of the bars in a file, without reading them. Raises BarsDamaged."""
    try:
        metadata: Mapping[bytes, bytes] = pq.read_schema(path).metadata or {}
        info = _info(json.loads(metadata[_METADATA]))
        if path.name != file_name(info.symbol, info.frequency):
            raise ValueError("the file is not where this symbol's bars belong")
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    return info


def read_bars_file(path: Path) -> Bars:
    """The bars in a file, proved by their fingerprint. Raises BarsDamaged."""
    try:
        table = pq.read_table(path, use_threads=False, memory_map=False)
        info = _info(json.loads((table.schema.metadata or {})[_METADATA]))
        fields = {name: table[name].to_numpy().astype(np.float64, copy=True) for name in FIELDS}
        times = table["time"].to_numpy().astype("datetime64[ns]")
        bars = bars_of(info.symbol, times, fields, info.frequency, info.remarks)
        intact = panel_of([bars]).fingerprint == info.fingerprint
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise _damaged(path) from error
    if not intact:
        raise _damaged(path)
    return bars


def _info(stored: dict[str, Any]) -> SymbolInfo:
    if stored.pop("version") != _VERSION:
        raise ValueError("unknown version")
    stored["start"], stored["end"] = (datetime.date.fromisoformat(stored[name]) for name in ("start", "end"))
    stored["imported_at"] = datetime.datetime.fromisoformat(stored["imported_at"])
    return SymbolInfo(**{**stored, "remarks": tuple(stored["remarks"])})


def _damaged(path: Path) -> BarsDamaged:
    symbol = path.name.removesuffix(SUFFIX).rpartition("~")[0]
    sentence = f"The stored prices of {symbol} ({path}) are damaged; import them again, or remove that file."
    return BarsDamaged(sentence)

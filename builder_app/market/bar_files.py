"""One Parquet file: one symbol's bars at one frequency, with what is known about them.

The file holds the prices as they were given, and where they are adjusted for splits and dividends the factor by which.
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
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from builder_app.market.importing.preparing import Accepted
from builder_app.market.importing.repairs import MadeRepair, made_from_json
from builder_app.market.prices.panel import FIELDS, Bars, panel_of
from builder_app.market.prices.reading import Arranged

SUFFIX: Final = ".parquet"
_METADATA: Final = b"price_bars"
_VERSION: Final = 2
_KNOWN_VERSIONS: Final = (1, 2)
_FACTOR: Final = "factor"
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
    has_raw: bool = False
    """Are there raw prices beside the adjusted ones?"""
    uses_raw: bool = False
    """Are the raw ones those that tests run on?"""
    zone: str = "UTC"
    """The zone of the exchange's clock: which of its days a bar within a day belongs to."""
    origin: str = ""
    """Where the prices came from, as JSON, so that they can be fetched again the same way."""
    repairs: tuple[MadeRepair, ...] = ()
    rows_file: str = ""
    """The file with the rows as they were before the repairs; none without repairs."""


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


def describe(accepted: Accepted, source: str, origin: str = "", *, uses_raw: bool = False) -> SymbolInfo:
    """The description of bars imported now."""
    bars = accepted.bars
    days = bars.times.astype("datetime64[ns]").astype("datetime64[D]").astype(object)
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    return SymbolInfo(
        accepted.symbol,
        bars.frequency,
        len(days),
        days[0],
        days[-1],
        source,
        now,
        _fingerprint(accepted.symbol, bars, uses_raw=uses_raw),
        bars.remarks,
        has_raw=bars.factor is not None,
        uses_raw=uses_raw,
        zone=accepted.zone,
        origin=origin,
        repairs=accepted.repairs,
    )


def _fingerprint(symbol: str, bars: Arranged, *, uses_raw: bool) -> str:
    return panel_of([_chosen(symbol, bars, uses_raw=uses_raw)]).fingerprint


def _chosen(symbol: str, bars: Arranged, *, uses_raw: bool) -> Bars:
    return (replace(bars, factor=None) if uses_raw else bars).bars(symbol)


def write_beside(folder: Path, bars: Arranged, info: SymbolInfo) -> Path:
    """Write the bars to a new file in `folder` that no reader looks at yet, durably; its path."""
    description = {name: getattr(info, name) for name in (field.name for field in fields(info))}
    description |= {"version": _VERSION, "repairs": [made.to_json() for made in info.repairs]}
    text = json.dumps(description, default=lambda value: value.isoformat(), ensure_ascii=False)
    columns = {"time": pa.array(bars.times.astype("datetime64[ns]"))}
    columns |= {name: pa.array(bars.raw[name]) for name in FIELDS}
    if bars.factor is not None:
        columns[_FACTOR] = pa.array(bars.factor)
    return write_table_beside(folder, pa.table(columns).replace_schema_metadata({_METADATA: text.encode()}))


def write_table_beside(folder: Path, table: pa.Table) -> Path:
    """Write a table to a new file in `folder` that no reader looks at yet, durably; its path."""
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
    """The bars in a file that tests run on, proved by their fingerprint. Raises BarsDamaged."""
    info, bars = read_stored(path)
    return _chosen(info.symbol, bars, uses_raw=info.uses_raw)


def read_raw_bars(path: Path) -> Bars:
    """The bars in a file as they were given, not adjusted. Raises BarsDamaged."""
    info, bars = read_stored(path)
    return _chosen(info.symbol, bars, uses_raw=True)


def read_stored(path: Path) -> tuple[SymbolInfo, Arranged]:
    """Everything in a file, proved by its fingerprint. Raises BarsDamaged."""
    try:
        table = pq.read_table(path, use_threads=False, memory_map=False)
        info = _info(json.loads((table.schema.metadata or {})[_METADATA]))
        raw = {name: table[name].to_numpy().astype(np.float64, copy=True) for name in FIELDS}
        factor = table[_FACTOR].to_numpy().astype(np.float64, copy=True) if _FACTOR in table.column_names else None
        times = table["time"].to_numpy().astype("datetime64[ns]").astype(np.int64)
        bars = Arranged(times, info.frequency, raw, factor, info.remarks)
        intact = _fingerprint(info.symbol, bars, uses_raw=info.uses_raw) == info.fingerprint
        intact = intact and path.name == file_name(info.symbol, info.frequency)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise _damaged(path) from error
    if not intact:
        raise _damaged(path)
    return info, bars


def _info(stored: dict[str, Any]) -> SymbolInfo:
    if stored.pop("version") not in _KNOWN_VERSIONS:
        raise ValueError("unknown version")
    stored["start"], stored["end"] = (datetime.date.fromisoformat(stored[name]) for name in ("start", "end"))
    stored["imported_at"] = datetime.datetime.fromisoformat(stored["imported_at"])
    repairs = tuple(made_from_json(made) for made in stored.get("repairs", ()))
    return SymbolInfo(**{**stored, "remarks": tuple(stored["remarks"]), "repairs": repairs})


def _damaged(path: Path) -> BarsDamaged:
    symbol = path.name.removesuffix(SUFFIX).rpartition("~")[0]
    sentence = f"The stored prices of {symbol} ({path}) are damaged; import them again, or remove that file."
    return BarsDamaged(sentence)

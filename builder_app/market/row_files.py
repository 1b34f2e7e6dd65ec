"""The rows of a symbol as they were before any repair, kept beside the library so that repairs can be undone."""

import hashlib
import json
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from builder_app.market.bar_files import SUFFIX, BarsDamaged, file_name, write_table_beside
from builder_app.market.prices.checks import Rows

FOLDER: Final = "rows"
_METADATA: Final = b"price_rows"
_PLACES: Final = ("file", "lines", "written", "ahead")


def keep_rows(folder: Path, symbol: str, frequency: str, rows: Rows) -> str:
    """Write the rows into the library in `folder`; the name of their file there."""
    (folder / FOLDER).mkdir(exist_ok=True)
    told = {"files": list(rows.files), "faults": list(rows.faults), "remarks": list(rows.remarks)}
    columns = {name: pa.array(getattr(rows, name).astype(np.int64)) for name in _PLACES}
    columns |= {f"value_{name}": pa.array(values, from_pandas=False) for name, values in rows.values.items()}
    table = pa.table(columns).replace_schema_metadata({_METADATA: json.dumps(told).encode()})
    made = write_table_beside(folder / FOLDER, table)
    name = f"{file_name(symbol, frequency).removesuffix(SUFFIX)}~{_digest(made)}{SUFFIX}"
    made.replace(folder / FOLDER / name)
    return name


def kept_rows(folder: Path, name: str) -> Rows:
    """The rows in a file that `keep_rows` named, proved by its name. Raises BarsDamaged."""
    path = folder / FOLDER / name
    sentence = f"The rows before the repairs ({path}) are missing or damaged; import the prices again to undo repairs."
    try:
        if not name.endswith(f"~{_digest(path)}{SUFFIX}"):
            raise BarsDamaged(sentence)
        table = pq.read_table(path, use_threads=False, memory_map=False)
        told = json.loads((table.schema.metadata or {})[_METADATA])
        places = {place: table[place].to_numpy().astype(np.int64, copy=True) for place in _PLACES}
        values = {
            column.removeprefix("value_"): table[column].to_numpy().astype(np.float64, copy=True)
            for column in table.column_names
            if column.startswith("value_")
        }
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise BarsDamaged(sentence) from error
    return Rows(
        tuple(told["files"]), **places, values=values, faults=tuple(told["faults"]), remarks=tuple(told["remarks"])
    )


def forget_rows(folder: Path, name: str) -> None:
    """Remove a rows' file that is not needed any more."""
    if name:
        (folder / FOLDER / name).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16].upper()

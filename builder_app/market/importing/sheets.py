"""Price files of every known form as sheets of texts: CSV, Excel, Parquet, and folders of them."""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.table import Sheet, read_sheet, recognised, symbol_of

EXCEL: Final = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
PARQUET: Final = (".parquet", ".pq")
TEXT: Final = (".csv", ".csv.gz", ".txt", ".tsv")
SUFFIXES: Final = (*TEXT, *EXCEL, *PARQUET)
NEEDS_EXCEL: Final = (
    "{file} is a spreadsheet, and the package that reads them is not installed here; install python-calamine "
    "(pip install python-calamine), or save the prices as CSV."
)
_HEADER_ROWS: Final = 20
_EPOCH: Final = datetime.datetime(1899, 12, 30)  # day 0 of spreadsheets has no zone
_SERIALS: Final = (10_000.0, 80_000.0)
"""Days of spreadsheets from 1927 to 2119, where a date was stored as a bare number."""


def price_files(paths: Sequence[str | Path]) -> list[Path]:
    """The files that are meant, a folder standing for the price files in it. Raises PricesUnreadable."""
    files: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(one for one in path.iterdir() if one.is_file() and _is_price_file(one))
        if not inside:
            raise PricesUnreadable([f"The folder {path} has no CSV files, nor Excel or Parquet; name the price files."])
        files += inside
    if not files:
        raise PricesUnreadable(["No price file was named; give the path of a CSV, Excel or Parquet file."])
    return list(dict.fromkeys(files))


def _is_price_file(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES) and not path.name.startswith((".", "~$"))


def read_sheets(path: Path) -> list[Sheet]:
    """The tables of prices in a file, one but for workbooks. Raises PricesUnreadable where there is none."""
    lower = path.name.lower()
    if lower.endswith(EXCEL):
        return _workbook(path)
    if lower.endswith(PARQUET):
        return [_parquet(path)]
    return [read_sheet(path)]


def _workbook(path: Path) -> list[Sheet]:
    try:
        import python_calamine
    except ImportError:
        raise PricesUnreadable([NEEDS_EXCEL.format(file=path.name)]) from None
    _must_exist(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            pages = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError) as error:
        sentence = (
            f"{path.name} could not be read as a spreadsheet ({str(error).rstrip('.')}); save it anew, or as CSV."
        )
        raise PricesUnreadable([sentence]) from None
    filled = [(name, cells) for name, cells in pages if any(any(cell != "" for cell in row) for row in cells)]
    if not filled:
        raise PricesUnreadable([f"{path.name} is empty; it needs a line of column names and one line a bar."])
    found = [sheet for name, cells in filled if (sheet := _page(path, name, cells, alone=len(filled) == 1)) is not None]
    if not found:
        raise PricesUnreadable([f"{path.name} has column names but no rows; give it prices, or leave it out."])
    known = [sheet for sheet in found if "date" in recognised(sheet.names)]
    return known or found[:1]  # sheets of notes beside sheets of prices are left alone


def _page(path: Path, name: str, cells: Sequence[Sequence[Any]], *, alone: bool) -> Sheet | None:
    """One page of a workbook; its columns begin where most of what is needed is named."""
    head = _header_row(cells)
    width = max((place + 1 for place, cell in enumerate(cells[head]) if cell != ""), default=0)
    names = tuple(_text(cell) for cell in cells[head][:width])
    numbered = [(number, row) for number, row in enumerate(cells) if number > head and any(cell != "" for cell in row)]
    if not width or not numbered:
        return None
    columns = [[row[place] if place < len(row) else "" for _, row in numbered] for place in range(width)]
    meanings = recognised(names)
    texts = tuple(
        tuple(map(_date_text if meaning == "date" else _text, column))
        for meaning, column in zip(meanings, columns, strict=True)
    )
    file = path.name if alone else f"{path.name}, sheet {name}"
    lines = np.array([number + 1 for number, _ in numbered], dtype=np.int64)
    return Sheet(file, _stem(path) if alone else name, names, texts, lines)


def _header_row(cells: Sequence[Sequence[Any]]) -> int:
    filled = [number for number, row in enumerate(cells) if any(cell != "" for cell in row)]
    counts = {
        number: len(set(recognised([_text(cell) for cell in cells[number]])) - {""}) for number in filled[:_HEADER_ROWS]
    }
    best = max(counts, key=lambda number: (counts[number], -number))
    return best if counts[best] >= 3 else filled[0]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)


def _date_text(cell: Any) -> str:
    if isinstance(cell, float) and _SERIALS[0] < cell < _SERIALS[1]:
        return (_EPOCH + datetime.timedelta(days=cell)).isoformat(sep=" ")
    return _text(cell)


def _parquet(path: Path) -> Sheet:
    import pyarrow as pa
    import pyarrow.parquet as pq

    _must_exist(path)
    try:
        table = pq.read_table(path, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")[:120]
        sentence = f"{path.name} could not be read as a Parquet file ({reason}); write it anew, or as CSV."
        raise PricesUnreadable([sentence]) from None
    names = tuple("" if name.startswith("__index_level_") else name for name in table.column_names)
    ordered = sorted(range(len(names)), key=lambda place: names[place] != "")  # pandas writes its index last
    if not table.num_rows or not names:
        raise PricesUnreadable([f"{path.name} has no rows; give it prices, or leave it out."])
    columns = tuple(_arrow_texts(table.column(place)) for place in ordered)
    lines = np.arange(1, table.num_rows + 1, dtype=np.int64)
    return Sheet(path.name, _stem(path), tuple(names[place] for place in ordered), columns, lines)


def _arrow_texts(column: Any) -> Sequence[str]:
    """A column of Parquet as texts that say its values in full; nothing where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        utc = column.cast(pa.timestamp("ns", "UTC")).to_numpy(zero_copy_only=False).astype("datetime64[ns]")
        local = pc.local_timestamp(column).cast(pa.timestamp("ns")).to_numpy(zero_copy_only=False)
        local = local.astype("datetime64[ns]")
        minutes = ((local - utc) // np.timedelta64(1, "m")).astype(np.int64)
        return [_with_zone(text, int(ahead)) for text, ahead in zip(_iso(local), minutes, strict=True)]
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return list(_iso(column.cast(pa.timestamp("ns")).to_numpy(zero_copy_only=False).astype("datetime64[ns]")))
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    writer: Callable[[Any], str] = repr if pa.types.is_floating(column.type) else str
    if pa.types.is_floating(column.type):
        column = column.cast(pa.float64())
    return ["" if value is None else writer(value) for value in column.to_pylist()]


def _iso(times: Any) -> list[str]:
    return ["" if text == "NaT" else text for text in np.datetime_as_string(times, unit="ns").tolist()]


def _with_zone(text: str, ahead: int) -> str:
    sign = "-" if ahead < 0 else "+"
    return f"{text}{sign}{abs(ahead) // 60:02}:{abs(ahead) % 60:02}" if text else ""


def _stem(path: Path) -> str:
    lower = path.name.lower()
    ending = next((suffix for suffix in (*EXCEL, *PARQUET) if lower.endswith(suffix)), "")
    return path.name[: len(path.name) - len(ending)].strip() if ending else symbol_of(path)


def _must_exist(path: Path) -> None:
    if not path.exists():
        raise PricesUnreadable([f"There is no file {path}; check its name."])

"""Reading prices from CSV files: one long file with a symbol column, or one file per symbol.

Everything that is wrong in any of the files is collected and said at once. Values are the float64 nearest to their
text; with an adjusted close, open, high, low and close are scaled by adjusted close / close and the volume by the
inverse, so that a split is not a fall of the price.
"""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .checks import Rows, joined, outside_remark, repeated_times, value_problems
from .dates import DAY, Times, frequency_of, read_times
from .numbers import read_numbers
from .panel import FIELDS, Bars, FloatArray, Panel, bars_of, cut, gap_remarks, panel_of
from .problems import PricesUnreadable, first_and_count, no_such_symbol
from .table import Table, read_table

_NUMBERS: Final = ("open", "high", "low", "close", "adjusted", "volume")
_LONGEST_SYMBOL: Final = 60

Date = datetime.date | str | None
"""A day, as a date or as text such as 2010-01-31; None: as far as the prices go."""


def read_prices(
    paths: Sequence[str | Path],
    stock_pool: Sequence[str] = (),
    start_date: Date = None,
    end_date: Date = None,
) -> Panel:
    """The prices in these files (a folder stands for its CSV files) as a Panel.

    `stock_pool` gives the symbols and their order; empty: all, in alphabetical order. Dates are inclusive.
    Raises PricesUnreadable with a sentence for everything that is wrong.
    """
    return select(read_bars(paths, frozenset(stock_pool)), stock_pool, (start_date, end_date))


def select(bars: Sequence[Bars], stock_pool: Sequence[str], dates: tuple[Date, Date]) -> Panel:
    """A Panel of the pool's bars from the first to the second date. Raises PricesUnreadable as `read_prices` does."""
    pool = tuple(dict.fromkeys(stock_pool))
    by_symbol = {one.symbol: one for one in bars}
    known = sorted(by_symbol)
    missing = [no_such_symbol(symbol, known, "the prices") for symbol in pool if symbol not in by_symbol]
    if missing:
        raise PricesUnreadable(missing)
    panel = cut(panel_of([by_symbol[symbol] for symbol in pool or known]), *dates, pool)
    return replace(panel, remarks=(*panel.remarks, *gap_remarks(panel)))


def read_bars(
    paths: Sequence[str | Path],
    wanted: Collection[str] = (),
    on_file: Callable[[Path, float], None] | None = None,
) -> tuple[Bars, ...]:
    """Each symbol's checked and adjusted bars, sorted by symbol. `wanted` empty: every symbol.

    Rows of symbols that are not wanted are not checked. `on_file` is told each file before it is read, and the share
    of files done; what it raises ends the reading. Raises PricesUnreadable.
    """
    problems: list[str] = []
    parts: dict[str, list[Rows]] = {}
    known: set[str] = set()
    files = _files(paths)
    for number, path in enumerate(files):
        if on_file is not None:
            on_file(path, number / len(files))
        try:
            for symbol, rows in rows_by_symbol(read_table(path)):
                known.add(symbol)
                if not wanted or symbol in wanted:
                    parts.setdefault(symbol, []).append(rows)
        except PricesUnreadable as unreadable:
            problems += unreadable.problems
    if not problems:
        problems = [no_such_symbol(symbol, sorted(known), "the prices") for symbol in sorted(set(wanted) - known)]
    found = {symbol: arranged(symbol, joined(parts[symbol])) for symbol in sorted(parts)}
    problems += [problem for one in found.values() for problem in one.problems]
    if problems:
        raise PricesUnreadable(problems)
    return tuple(one.bars(symbol) for symbol, one in found.items())


def _files(paths: Sequence[str | Path]) -> list[Path]:
    files: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(one for one in path.iterdir() if one.name.lower().endswith((".csv", ".csv.gz")))
        if not inside:
            raise PricesUnreadable([f"The folder {path} has no CSV files; name the price files."])
        files += inside
    if not files:
        raise PricesUnreadable(["No price file was named; give the path of a CSV file."])
    return list(dict.fromkeys(files))


def rows_by_symbol(table: Table) -> list[tuple[str, Rows]]:
    """Each symbol's rows of a table. Raises PricesUnreadable where they cannot be told apart or read."""
    times = read_times(table.file, table.columns["date"], table.day_first)
    texts = {name: table.columns[name] for name in _NUMBERS if name in table.columns}
    numbers, misread = read_numbers(table.file, texts, table.decimal)
    if "volume" not in numbers:
        numbers["volume"] = np.zeros(len(table.lines))
    faults: dict[int, str] = {row: _not_a_date(table, row) for row in times.faults}
    for row, name, text in misread:
        faults.setdefault(row, _not_a_number(table, row, name, text))
    rows_of = _groups(table)
    return [(symbol, _rows(table, times, numbers, (rows, faults))) for symbol, rows in rows_of.items()]


def _rows(table: Table, times: Times, numbers: dict[str, FloatArray], choice: tuple[list[int], dict[int, str]]) -> Rows:
    rows, faults = choice
    sentences = [faults[row] for row in rows if row in faults] if faults else []
    clean = np.array([row for row in rows if row not in faults] if faults else rows, dtype=np.int64)
    return Rows(
        (table.file,),
        np.zeros(len(clean), dtype=np.int64),
        table.lines[clean],
        times.written[clean],
        times.ahead_of_utc[clean],
        {name: values[clean] for name, values in numbers.items()},
        tuple(first_and_count(sentences, "a text that cannot be read")),
        table.remarks,
    )


def _groups(table: Table) -> dict[str, list[int]]:
    """Row numbers by symbol. Raises PricesUnreadable where a symbol cannot be one."""
    if "symbol" not in table.columns:
        groups = {table.symbol: list(range(len(table.lines)))}
    else:
        groups = {}
        for row, text in enumerate(table.columns["symbol"]):
            groups.setdefault(text.strip(), []).append(row)
    problems = []
    for symbol, rows in groups.items():
        place = f"{table.file}, line {table.lines[rows[0]]}"
        if not symbol:
            problems.append(f"{place} has no symbol; fill it in, or remove the line.")
        elif len(symbol) > _LONGEST_SYMBOL or not symbol.isprintable():
            shown = repr(symbol[:20])
            problems.append(f"{place} has the symbol {shown}; use at most {_LONGEST_SYMBOL} printable characters.")
    if problems:
        raise PricesUnreadable(first_and_count(problems, "no usable symbol"))
    return groups


def _not_a_date(table: Table, row: int) -> str:
    text = table.columns["date"][row].strip()
    place = f"{table.file}, line {table.lines[row]}"
    if not text:
        return f"{place} has no date; fill it in, or remove the line."
    return f"{place}: '{text[:40]}' is not a date in the form of the others; write dates as 2010-01-31."


def _not_a_number(table: Table, row: int, name: str, text: str) -> str:
    symbol = table.columns["symbol"][row].strip() if "symbol" in table.columns else table.symbol
    place = f"{table.file}, line {table.lines[row]} ({symbol}, {table.columns['date'][row].strip()})"
    return f"In {place} the {name} was '{text[:40]}'; it must be a number. Correct or remove the line."


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """A symbol's rows in order of time, or what is wrong with them. Arrays have shape (bars,).

    `raw` holds the five fields as they stand in the files; `factor` is adjusted close / close, None without one.
    """

    times: NDArray[np.int64]
    frequency: str
    raw: dict[str, FloatArray]
    factor: FloatArray | None = None
    remarks: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def bars(self, symbol: str) -> Bars:
        """The adjusted bars."""
        instants = self.times.astype("datetime64[ns]")
        return bars_of(symbol, instants, adjusted(self.raw, self.factor), self.frequency, self.remarks)


def bar_times(rows: Rows) -> tuple[NDArray[np.int64], str]:
    """Each row's time as a bar (UTC, nanoseconds; for days and longer its date), and how often there is one."""
    utc = rows.written - rows.ahead
    frequency = frequency_of(np.unique(utc))
    if frequency in ("daily", "weekly", "monthly"):
        return rows.written - rows.written % DAY, frequency  # whatever clock and zone it was written with
    return utc, frequency


def arranged(symbol: str, rows: Rows) -> Arranged:
    """A symbol's rows as bars; where there are problems, the bars are not to be used."""
    times, frequency = bar_times(rows)
    order = np.argsort(times, kind="stable")
    problems = [*rows.faults, *value_problems(symbol, rows), *repeated_times(symbol, rows, times, order)]
    if problems:
        return Arranged(times, frequency, {}, problems=tuple(problems))
    remarks = [*rows.remarks, *outside_remark(symbol, rows)]
    if not (times[1:] > times[:-1]).all():
        remarks.append(f"The rows of {symbol} in {', '.join(rows.files)} were not in order of date; they were sorted.")
    values = {name: values[order] for name, values in rows.values.items()}
    factor = values.pop("adjusted") / values["close"] if "adjusted" in values else None
    return Arranged(times[order], frequency, {name: values[name] for name in FIELDS}, factor, tuple(remarks))


def adjusted(raw: Mapping[str, FloatArray], factor: FloatArray | None) -> dict[str, FloatArray]:
    """The five fields, scaled for splits and dividends where there is a factor."""
    if factor is None:
        return {name: raw[name] for name in FIELDS}
    # One factor for all four keeps their order: high stays the highest.
    return {**{name: raw[name] * factor for name in FIELDS[:4]}, "volume": raw["volume"] / factor}

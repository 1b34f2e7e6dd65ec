"""A Panel: the prices of several symbols on one time axis."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .problems import PricesUnreadable, no_such_symbol

FIELDS: Final = ("open", "high", "low", "close", "volume")

FloatArray = NDArray[np.float64]
TimeArray = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Bars × symbols. Every array has the shape (bars, symbols), dtype float64, C order.

    A bar that a symbol does not have (before its first, after its last, a gap between) is NaN in all five fields:
    a gap, not a price. `times` has shape (bars,), dtype datetime64[ns], rising, in UTC without zone (a daily bar's time
    is its date at midnight). Prices are adjusted for splits and dividends.
    `fingerprint` is the SHA-256 (hex) of symbols, times and the five arrays' bytes.
    `remarks` are sentences about the prices that a strategist should know: gaps, rows that were sorted.
    """

    symbols: tuple[str, ...]
    times: NDArray[np.datetime64]
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    fingerprint: str
    frequency: str = "daily"
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """The valid bars of one symbol in order. Arrays have shape (bars,); their meaning is that of a Panel's."""

    symbol: str
    times: TimeArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    frequency: str = "daily"
    remarks: tuple[str, ...] = ()


def bars_of(
    symbol: str, times: TimeArray, fields: Mapping[str, FloatArray], frequency: str, remarks: Sequence[str] = ()
) -> Bars:
    """One symbol's Bars from arrays by the names of FIELDS."""
    return Bars(
        symbol,
        times,
        open=fields["open"],
        high=fields["high"],
        low=fields["low"],
        close=fields["close"],
        volume=fields["volume"],
        frequency=frequency,
        remarks=tuple(remarks),
    )


def make_panel(
    symbols: Sequence[str],
    times: TimeArray,
    fields: Mapping[str, FloatArray],
    frequency: str = "daily",
    remarks: Sequence[str] = (),
) -> Panel:
    """A Panel of these arrays (`fields` by the names of FIELDS, each bars × symbols), with its fingerprint.

    Raises ValueError where shapes do not fit or times do not rise: that is a fault of the caller, not of the prices.
    """
    axis = np.ascontiguousarray(times, dtype="datetime64[ns]")
    arrays = {name: np.ascontiguousarray(fields[name], dtype=np.float64) for name in FIELDS}
    shape = (len(axis), len(symbols))
    for name, array in arrays.items():
        if array.shape != shape:
            raise ValueError(f"The array {name} has the shape {array.shape}; it must be {shape}.")
    if not (axis[1:] > axis[:-1]).all():
        raise ValueError("The times must rise from bar to bar.")
    fingerprint = _fingerprint(symbols, axis, arrays)
    return Panel(
        tuple(symbols),
        axis,
        open=arrays["open"],
        high=arrays["high"],
        low=arrays["low"],
        close=arrays["close"],
        volume=arrays["volume"],
        fingerprint=fingerprint,
        frequency=frequency,
        remarks=tuple(remarks),
    )


def _fingerprint(symbols: Sequence[str], times: TimeArray, arrays: Mapping[str, FloatArray]) -> str:
    digest = hashlib.sha256("\n".join(symbols).encode() + b"\0")
    digest.update(times.astype("<i8").tobytes())
    for name in FIELDS:
        digest.update(arrays[name].astype("<f8", copy=False).tobytes())
    return digest.hexdigest()


def panel_of(bars: Sequence[Bars]) -> Panel:
    """The symbols' bars, one column each in the given order, on the union of their times, with all their remarks.

    Raises PricesUnreadable where there are no bars, or where bars of different frequencies would be mixed.
    """
    if not bars:
        raise PricesUnreadable(["There are no prices; name a price file, or import one."])
    frequencies = {one.frequency: one.symbol for one in bars}
    if len(frequencies) > 1:
        found = ", ".join(f"{frequency} ({symbol})" for frequency, symbol in frequencies.items())
        raise PricesUnreadable([f"The symbols have bars of different frequencies: {found}. Test them separately."])
    times = np.unique(np.concatenate([one.times for one in bars]))
    fields = {name: np.full((len(times), len(bars)), np.nan) for name in FIELDS}
    for column, one in enumerate(bars):
        rows = np.searchsorted(times, one.times)
        for name in FIELDS:
            fields[name][rows, column] = getattr(one, name)
    remarks = dict.fromkeys(remark for one in bars for remark in one.remarks)
    return make_panel([one.symbol for one in bars], times, fields, bars[0].frequency, tuple(remarks))


def cut(
    panel: Panel,
    start: datetime.date | str | None = None,
    end: datetime.date | str | None = None,
    symbols: Sequence[str] = (),
) -> Panel:
    """The panel from `start` to `end` (dates, both inclusive; None: as far as it goes) with these symbols in order.

    Without `symbols` all are kept that have a bar in the range. Bars that no symbol has are left out.
    Raises PricesUnreadable where a symbol is not there or has no bars in the range.
    """
    first, last = _day(start, "start"), _day(end, "end")
    if first is not None and last is not None and first > last:
        raise PricesUnreadable([f"The start date {first} is after the end date {last}; exchange them."])
    pool = tuple(dict.fromkeys(symbols)) or panel.symbols
    column = {symbol: number for number, symbol in enumerate(panel.symbols)}
    missing = [no_such_symbol(symbol, panel.symbols, "the prices") for symbol in pool if symbol not in column]
    if missing:
        raise PricesUnreadable(missing)
    rows = np.ones(len(panel.times), dtype=bool)
    rows &= True if first is None else panel.times >= first
    rows &= True if last is None else panel.times < last + np.timedelta64(1, "D")
    present = {symbol: bool((~np.isnan(panel.close[rows, column[symbol]])).any()) for symbol in pool}
    absent = [_no_bars(panel, column[symbol], first, last) for symbol in pool if not present[symbol]]
    if not any(present.values()) and len(pool) > 1:
        raise PricesUnreadable([_nobody_has_bars(panel, first, last)])
    if absent and (symbols or len(pool) == 1):
        advice = "Choose other dates, or take it out of the pool."
        raise PricesUnreadable([f"{sentence} {advice}" for sentence in absent])
    kept = [symbol for symbol in pool if present[symbol]]
    columns = np.array([column[symbol] for symbol in kept])
    rows &= (~np.isnan(panel.close[:, columns])).any(axis=1)
    if rows.all() and tuple(kept) == panel.symbols:
        return panel
    fields = {name: getattr(panel, name)[np.ix_(rows, columns)] for name in FIELDS}
    remarks = (*panel.remarks, *(f"{sentence} It was left out." for sentence in absent))
    return make_panel(kept, panel.times[rows], fields, panel.frequency, remarks)


def _day(value: datetime.date | str | None, which: str) -> np.datetime64 | None:
    if value is None or value == "":
        return None
    try:
        date = datetime.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    except ValueError:
        sentence = f"The {which} date was '{value}'; it must be a date such as 2010-01-31."
        raise PricesUnreadable([sentence]) from None
    return np.datetime64(datetime.date(date.year, date.month, date.day), "D")


def _range(first: np.datetime64 | None, last: np.datetime64 | None) -> str:
    since = f" from {first}" if first is not None else ""
    return since + (f" up to {last}" if last is not None else "")


def _no_bars(panel: Panel, column: int, first: np.datetime64 | None, last: np.datetime64 | None) -> str:
    own = panel.times[~np.isnan(panel.close[:, column])].astype("datetime64[D]")
    runs = f"its prices run from {own[0]} to {own[-1]}" if len(own) else "it has none at all"
    return f"{panel.symbols[column]} has no bars{_range(first, last)}; {runs}."


def _nobody_has_bars(panel: Panel, first: np.datetime64 | None, last: np.datetime64 | None) -> str:
    days = panel.times.astype("datetime64[D]")
    runs = f"the prices run from {days[0]} to {days[-1]}" if len(days) else "there are none at all"
    return f"None of the symbols has bars{_range(first, last)}; {runs}. Choose other dates."


def gap_remarks(panel: Panel) -> tuple[str, ...]:
    """A sentence for each symbol that lacks bars between its first and its last one while others have them."""
    remarks = []
    for column, symbol in enumerate(panel.symbols):
        own = np.flatnonzero(~np.isnan(panel.close[:, column]))
        missing = int(own[-1] - own[0] + 1 - len(own)) if len(own) else 0
        if missing:
            bars = "1 bar" if missing == 1 else f"{missing} bars"
            sentence = f"{symbol} lacks {bars} between its first and its last; they are gaps, not prices."
            remarks.append(sentence)
    return tuple(remarks)

"""Qlib's folder of binary files: calendars/day.txt, instruments/all.txt, features/<symbol>/<field>.day.bin.

A field's file holds little-endian float32 numbers: first the place in the calendar at which the symbol begins, then its
values. Qlib's prices are adjusted, and factor is adjusted / raw price; NaN is no value.
Source: the format as Qlib's documentation gives it ("Data Layer", qlib.readthedocs.io).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from builder_app.market.frequencies import minutes_of
from builder_app.market.importing.findings import check
from builder_app.market.importing.preparing import OnProgress, Prepared, PreparedSymbol
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.checks import Rows
from builder_app.market.prices.dates import read_times
from builder_app.market.prices.panel import FIELDS

_FREQUENCIES: Final = {"day": "daily", "1min": "1min", "5min": "5min", "15min": "15min", "30min": "30min"}
"""Qlib's words for frequencies."""
_MINUTE: Final = 60_000_000_000


def is_qlib_folder(path: Path) -> bool:
    """Has the folder calendars and features, as Qlib's have?"""
    return (path / "calendars").is_dir() and (path / "features").is_dir()


def prepare_qlib(
    folder: Path,
    on_progress: OnProgress,
    wanted: Sequence[str] = (),
    *,
    frequency: str | None = None,
    exchange: str | None = None,
) -> Prepared:
    """What an import of a Qlib folder would bring: all of its symbols, or those wanted. Raises PricesUnreadable.

    `frequency` None: days where there are days, else the first that there is.
    """
    word = _word(folder, frequency)
    times = _calendar(folder, word)
    symbols = _symbols(folder, wanted)
    found: list[PreparedSymbol] = []
    problems: list[str] = []
    for number, symbol in enumerate(symbols):
        on_progress(f"Reading {symbol}", number / len(symbols))
        try:
            rows = _rows(folder, symbol, word, times)
        except PricesUnreadable as unreadable:
            problems += unreadable.problems
            continue
        found.append(PreparedSymbol(symbol, rows, check(symbol, rows, exchange)))
    if not found:
        raise PricesUnreadable(problems or [f"The Qlib folder {folder} has no symbols; look at its features folder."])
    origin = {"kind": "qlib", "paths": [str(folder.absolute())], "frequency": _FREQUENCIES.get(word, word)}
    return Prepared(tuple(found), f"Qlib {folder.name}", tuple(problems), origin)


def _word(folder: Path, frequency: str | None) -> str:
    """Qlib's word for the frequency."""
    if frequency is None:
        return next((word for word in _FREQUENCIES if (folder / "calendars" / f"{word}.txt").exists()), "day")
    return next((word for word, name in _FREQUENCIES.items() if name == frequency), frequency)


def _calendar(folder: Path, word: str) -> NDArray[np.int64]:
    path = folder / "calendars" / f"{word}.txt"
    try:
        texts = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        there = ", ".join(sorted(one.stem for one in (folder / "calendars").glob("*.txt"))) or "none"
        raise PricesUnreadable([f"{folder} has no Qlib calendar {path.name}; its calendars are {there}."]) from None
    texts = [text for text in texts if text.strip()]
    times = read_times(path.name, texts)
    if times.faults or not texts or not (np.diff(times.written) > 0).all():
        raise PricesUnreadable([f"The Qlib calendar {path} is not a list of rising dates; correct it."])
    return times.written + minutes_of(_FREQUENCIES.get(word, word)) * _MINUTE  # Qlib's bars stand at their start


def _symbols(folder: Path, wanted: Sequence[str]) -> list[str]:
    folders = {one.name.upper(): one.name for one in (folder / "features").iterdir() if one.is_dir()}
    if wanted:
        missing = [symbol for symbol in wanted if symbol.upper() not in folders]
        if missing:
            raise PricesUnreadable([f"The Qlib folder {folder} has no features of {', '.join(missing[:20])}."])
        return [symbol.upper() for symbol in wanted]
    return sorted(folders)


def _rows(folder: Path, symbol: str, word: str, times: NDArray[np.int64]) -> Rows:
    place = next(one for one in (folder / "features").iterdir() if one.name.upper() == symbol)
    columns: dict[str, NDArray[np.float64]] = {}
    first = 0
    for name in (*FIELDS, "factor"):
        path = place / f"{name}.{word}.bin"
        if not path.exists() and name == "factor":
            continue
        start, numbers = _numbers(path, symbol, len(times))
        if columns and (start != first or len(numbers) != len(columns["open"])):
            raise PricesUnreadable([f"{path} has other days than the other fields of {symbol}; write them anew."])
        first, columns[name] = start, numbers
    own = times[first : first + len(columns["open"])]
    here = ~np.isnan(np.stack([columns[name] for name in FIELDS[:4]])).all(axis=0)  # a day without trading is no bar
    values = {name: array[here] for name, array in columns.items()}
    nothing = np.zeros(int(here.sum()), dtype=np.int64)
    lines = np.flatnonzero(here).astype(np.int64) + first + 1
    file = f"{symbol} in {folder.name}"
    return Rows((file,), nothing, lines, own[here], nothing.copy(), _raw(values))


def _raw(values: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """The raw prices with the adjusted close beside them, where the factors say how they were adjusted."""
    factor = values.pop("factor", None)
    values["volume"] = np.nan_to_num(values["volume"], nan=0.0)
    if factor is None or np.isnan(factor).any() or not (factor > 0).all() or bool((factor == 1.0).all()):
        return values
    raw = {name: values[name] / factor for name in FIELDS[:4]}
    return {**raw, "volume": values["volume"] * factor, "adjusted": values["close"]}


def _numbers(path: Path, symbol: str, days: int) -> tuple[int, NDArray[np.float64]]:
    try:
        content = np.fromfile(path, dtype="<f4").astype(np.float64)
    except OSError:
        raise PricesUnreadable(
            [f"{symbol} has no file {path.name} in the Qlib folder; write it, or leave it out."]
        ) from None
    fits = (
        len(content) > 1 and content[0] >= 0 and content[0] == int(content[0]) and content[0] + len(content) - 1 <= days
    )
    if not fits:
        raise PricesUnreadable([f"{path} does not fit its Qlib calendar of {days:,} days; write it anew."])
    return int(content[0]), content[1:]

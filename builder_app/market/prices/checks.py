"""One symbol's rows, and what can be wrong in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .panel import FloatArray
from .problems import first_and_count

PRICES = ("open", "high", "low", "close", "adjusted")

LARGEST_PRICE: Final = 1e12
"""A price above it is refused: no market has one, and figures computed from it leave the range of float64."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A symbol's rows as they stand in files. Arrays have shape (rows,); times are int64 nanoseconds.

    `written` is the time on the clock of the file, `ahead` what that clock is ahead of UTC. `faults` are sentences
    about cells that could not be read; their rows are in no array.
    """

    files: tuple[str, ...]
    file: NDArray[np.int64]
    lines: NDArray[np.int64]
    written: NDArray[np.int64]
    ahead: NDArray[np.int64]
    values: Mapping[str, FloatArray]
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def where(self, symbol: str, row: int) -> str:
        """The row's place in words: file, line, symbol and date."""
        time = np.datetime64(int(self.written[row]), "ns")
        midnight = time == time.astype("datetime64[D]")
        shown = str(time.astype("datetime64[D]")) if midnight else str(time.astype("datetime64[s]")).replace("T", " ")
        return f"{self.files[self.file[row]]}, line {self.lines[row]} ({symbol}, {shown})"


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of several files, one after another. An adjusted close counts where all of them have one."""
    if len(parts) == 1:
        return parts[0]
    names = [name for name in parts[0].values if all(name in part.values for part in parts)]
    return Rows(
        tuple(part.files[0] for part in parts),
        np.concatenate([np.full(len(part.lines), number) for number, part in enumerate(parts)]),
        np.concatenate([part.lines for part in parts]),
        np.concatenate([part.written for part in parts]),
        np.concatenate([part.ahead for part in parts]),
        {name: np.concatenate([part.values[name] for part in parts]) for name in names},
        tuple(fault for part in parts for fault in part.faults),
        tuple(remark for part in parts for remark in part.remarks),
    )


def value_problems(symbol: str, rows: Rows) -> list[str]:
    """Prices that are missing, not above zero or too large, volumes below zero or infinite, highs below their low."""
    absent: list[str] = []
    impossible: list[str] = []
    too_large: list[str] = []
    for name, values in rows.values.items():
        word = {"adjusted": "adjusted close"}.get(name, name)
        for row in np.flatnonzero(np.isnan(values)):
            place = rows.where(symbol, int(row))
            absent.append(f"{place} has no {word}; fill it in, or remove the line.")
        wrong = values <= 0 if name in PRICES else np.isinf(values) | (values < 0)
        limit = "above zero" if name in PRICES else "zero or more"
        for row in np.flatnonzero(wrong):
            place, value = rows.where(symbol, int(row)), f"{values[row]:.15g}"
            impossible.append(f"In {place} the {word} was {value}; it must be {limit}. Correct or remove the line.")
        for row in np.flatnonzero(values > LARGEST_PRICE) if name in PRICES else ():
            too_large.append(_too_large(rows.where(symbol, int(row)), f"the {word}", values[row]))
    too_large += [_too_large(rows.where(symbol, row), "the adjusted high", high) for row, high in _scaled_beyond(rows)]
    crossed = []
    high, low = rows.values["high"], rows.values["low"]
    for row in np.flatnonzero(high < low):
        place = rows.where(symbol, int(row))
        crossed.append(
            f"In {place} the high ({high[row]:.15g}) was below the low ({low[row]:.15g}). Correct or remove the line."
        )
    return [
        *first_and_count(absent, "no value"),
        *first_and_count(impossible, "an impossible value"),
        *first_and_count(too_large, "a price that is too large"),
        *first_and_count(crossed, "high below low"),
    ]


def _too_large(place: str, what: str, price: float) -> str:
    limit = f"a price may be {LARGEST_PRICE:,.0f} at most"
    return f"In {place} {what} was {price:.15g}; {limit}. Correct the line, remove it, or use a larger unit of money."


def _scaled_beyond(rows: Rows) -> list[tuple[int, float]]:
    """Rows whose high is too large once it is scaled by adjusted close / close, and that high."""
    if "adjusted" not in rows.values:
        return []
    high, close, adjusted = (rows.values[name] for name in ("high", "close", "adjusted"))
    usable = (close > 0) & (high <= LARGEST_PRICE) & (adjusted <= LARGEST_PRICE)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        scaled = high * (adjusted / close)
    return [(int(row), float(scaled[row])) for row in np.flatnonzero(usable & (scaled > LARGEST_PRICE))]


def repeated_times(symbol: str, rows: Rows, times: NDArray[np.int64], order: NDArray[np.intp]) -> list[str]:
    """A sentence for each row whose time another row has too. `order` sorts `times`, stably."""
    in_order = times[order]
    sentences = []
    for position in np.flatnonzero(in_order[1:] == in_order[:-1]):
        first, second = int(order[position]), int(order[position + 1])
        file, line = rows.files[rows.file[first]], rows.lines[first]
        other = f"line {line}" if rows.file[first] == rows.file[second] else f"{file}, line {line}"
        sentences.append(f"{rows.where(symbol, second)} repeats the date of {other}; keep one of the two.")
    return first_and_count(sentences, "a repeated date")


def outside_remark(symbol: str, rows: Rows) -> tuple[str, ...]:
    """A remark where opens or closes lie outside low to high: such bars are used as they are."""
    values = rows.values
    outside = np.zeros(len(rows.lines), dtype=bool)
    for name in ("open", "close"):
        outside |= (values[name] > values["high"]) | (values[name] < values["low"])
    count = int(outside.sum())
    if not count:
        return ()
    bars = "1 bar has its" if count == 1 else f"{count} bars have their"
    place = rows.where(symbol, int(np.flatnonzero(outside)[0]))
    return (f"{symbol}: {bars} open or close outside low to high; used as they are. The first is {place}.",)

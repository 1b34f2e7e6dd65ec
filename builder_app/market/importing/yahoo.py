"""Prices from Yahoo through the package yfinance, which is an extra: nothing else of the program needs the network."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from builder_app.market.frequencies import minutes_of
from builder_app.market.importing.findings import check
from builder_app.market.importing.preparing import OnProgress, Prepared, PreparedSymbol
from builder_app.market.importing.yahoo_package import YahooSilent, awaited, history
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.checks import Rows

SOURCE: Final = "Yahoo"
INTERVALS: Final = {
    "1min": "1m",
    "5min": "5m",
    "15min": "15m",
    "30min": "30m",
    "hourly": "1h",
    "daily": "1d",
}
"""Yahoo's words for frequencies. Weekly and monthly bars are made of daily ones here."""
_MINUTE: Final = 60_000_000_000
_COLUMNS: Final = {"open": "Open", "high": "High", "low": "Low", "close": "Close", "volume": "Volume"}

Download = Callable[["YahooWish", str], Any]
"""Asks for one symbol; the answer is a pandas DataFrame as yfinance gives it."""


@dataclass(frozen=True, slots=True)
class YahooWish:
    """What is to be fetched. `start` None: as far back as Yahoo goes; `end` (inclusive) None: up to today."""

    symbols: tuple[str, ...]
    frequency: str = "daily"
    start: datetime.date | None = None
    end: datetime.date | None = None


def symbols_in(text: str) -> tuple[str, ...]:
    """The symbols in a line that a strategist typed, parted by commas or spaces, in capitals."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,;]+", text.upper())))


def prepare_yahoo(
    wish: YahooWish, on_progress: OnProgress, download: Download | None = None, exchange: str | None = None
) -> Prepared:
    """Fetch symbols one after another; what could not be had is said in `left_out`.

    `on_progress` is told each symbol, and again while Yahoo is waited for; what it raises ends the fetching.

    Raises PricesUnreadable: yfinance is not installed, there is no network, or no symbol has prices.
    """
    if wish.frequency not in INTERVALS:
        raise PricesUnreadable([f"Yahoo has no {wish.frequency} bars; ask for one of {', '.join(INTERVALS)}."])
    if not wish.symbols:
        raise PricesUnreadable(["No symbol was named; write symbols such as AAPL, MSFT."])
    ask = download or _download
    found: list[PreparedSymbol] = []
    left_out: list[str] = []
    for number, symbol in enumerate(wish.symbols):
        telling = partial(on_progress, f"Fetching {symbol} from Yahoo", number / len(wish.symbols))
        telling()
        try:
            rows, zone = _rows(symbol, awaited(partial(ask, wish, symbol), telling), wish.frequency)
        except YahooSilent as silent:
            left_out.append(silent.about(wish.symbols[number:]))
            break
        except PricesUnreadable as unreadable:
            left_out += unreadable.problems
            continue
        found.append(PreparedSymbol(symbol, rows, check(symbol, rows, exchange), zone))
    if not found:
        raise PricesUnreadable(left_out)
    on_progress("Fetched", 1.0)
    origin = {"kind": "yahoo", "frequency": wish.frequency, "start": wish.start.isoformat() if wish.start else None}
    return Prepared(tuple(found), SOURCE, origin=origin, left_out=tuple(left_out))


def _download(wish: YahooWish, symbol: str) -> Any:
    end = wish.end + datetime.timedelta(days=1) if wish.end is not None else None  # Yahoo's end is not included
    asked: dict[str, Any] = {"start": wish.start, "end": end} if wish.start or end else {"period": _longest(wish)}
    return history(symbol, INTERVALS[wish.frequency], minutes_of(wish.frequency), asked)


def _longest(wish: YahooWish) -> str:
    """Yahoo keeps bars of minutes for days only."""
    minutes = minutes_of(wish.frequency)
    if not minutes:
        return "max"
    return "5d" if minutes == 1 else "1mo" if minutes < 60 else "1y"


def _rows(symbol: str, frame: Any, frequency: str) -> tuple[Rows, str]:
    """The rows of Yahoo's answer and the zone of its exchange. Bars within a day are put at their end."""
    missing = [title for title in _COLUMNS.values() if frame is None or title not in frame.columns]
    if missing or not len(frame):
        raise PricesUnreadable([f"Yahoo gave no prices of {symbol}; check the symbol, or choose other dates."])
    remarks = tuple(frame.attrs.get("remarks", ()))
    frame = frame.dropna(subset=list(_COLUMNS.values())[:4], how="all")  # a day that has only a dividend is no bar
    index = frame.index
    zone = str(index.tz) if index.tz is not None else "UTC"
    written = index.tz_localize(None) if index.tz is not None else index
    utc = index.tz_convert(None) if index.tz is not None else index
    local, instants = (times.to_numpy().astype("datetime64[ns]").astype(np.int64) for times in (written, utc))
    values = {name: frame[title].to_numpy(dtype=np.float64, copy=True) for name, title in _COLUMNS.items()}
    if "Adj Close" in frame.columns and not minutes_of(frequency):
        values["adjusted"] = frame["Adj Close"].to_numpy(dtype=np.float64, copy=True)
    nothing = np.zeros(len(local), dtype=np.int64)
    later = minutes_of(frequency) * _MINUTE
    lines = np.arange(1, len(local) + 1, dtype=np.int64)
    ahead = local - instants
    return Rows((f"Yahoo's {symbol}",), nothing, lines, local + later, ahead, values, remarks=remarks), zone


def updated(symbols: Sequence[str], frequency: str, start: str | None) -> YahooWish:
    """The wish to fetch symbols again from the same first day up to today."""
    return YahooWish(tuple(symbols), frequency, datetime.date.fromisoformat(start) if start else None)

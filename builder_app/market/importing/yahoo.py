"""Prices from Yahoo through the package yfinance, which is an extra: nothing else of the program needs the network."""

import datetime
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from builder_app.market.frequencies import minutes_of
from builder_app.market.importing.findings import check
from builder_app.market.importing.preparing import OnProgress, Prepared, PreparedSymbol
from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.checks import Rows

SOURCE: Final = "Yahoo"
NOT_INSTALLED: Final = (
    "Prices from Yahoo need the package yfinance, which is not installed here: pip install 'strategy-builder[yahoo]'. "
    "Prices from files need nothing more."
)
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
_TIMEOUT: Final = 20
_OFFLINE: Final = re.compile(r"resolve|connect|network|unreachable|timed? ?out|proxy|dns|ssl|curl", re.IGNORECASE)

Download = Callable[["YahooWish", str], Any]
"""Asks for one symbol; the answer is a pandas DataFrame as yfinance gives it."""


@dataclass(frozen=True, slots=True)
class YahooWish:
    """What is to be fetched. `start` None: as far back as Yahoo goes; `end` (inclusive) None: up to today."""

    symbols: tuple[str, ...]
    frequency: str = "daily"
    start: datetime.date | None = None
    end: datetime.date | None = None


def is_installed() -> bool:
    """Is the package yfinance there?"""
    import importlib.util

    return importlib.util.find_spec("yfinance") is not None


def symbols_in(text: str) -> tuple[str, ...]:
    """The symbols in a line that a strategist typed, parted by commas or spaces, in capitals."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,;]+", text.upper())))


def prepare_yahoo(
    wish: YahooWish, on_progress: OnProgress, download: Download | None = None, exchange: str | None = None
) -> Prepared:
    """Fetch symbols one after another; `on_progress` is told each, and may raise to stop.

    Raises PricesUnreadable: yfinance is not installed, there is no network, or no symbol has prices.
    """
    if wish.frequency not in INTERVALS:
        raise PricesUnreadable([f"Yahoo has no {wish.frequency} bars; ask for one of {', '.join(INTERVALS)}."])
    if not wish.symbols:
        raise PricesUnreadable(["No symbol was named; write symbols such as AAPL, MSFT."])
    ask = download or _download
    found: list[PreparedSymbol] = []
    problems: list[str] = []
    for number, symbol in enumerate(wish.symbols):
        on_progress(f"Fetching {symbol} from Yahoo", number / len(wish.symbols))
        try:
            rows, zone = _rows(symbol, ask(wish, symbol), wish.frequency)
        except PricesUnreadable as unreadable:
            problems += unreadable.problems
            continue
        found.append(PreparedSymbol(symbol, rows, check(symbol, rows, exchange), zone))
    if not found:
        raise PricesUnreadable(problems)
    on_progress("Fetched", 1.0)
    origin = {"kind": "yahoo", "frequency": wish.frequency, "start": wish.start.isoformat() if wish.start else None}
    return Prepared(tuple(found), SOURCE, tuple(problems), origin)


def _download(wish: YahooWish, symbol: str) -> Any:
    try:
        import yfinance
    except ImportError:
        raise PricesUnreadable([NOT_INSTALLED]) from None
    end = wish.end + datetime.timedelta(days=1) if wish.end is not None else None  # Yahoo's end is not included
    asked: dict[str, Any] = {"start": wish.start, "end": end} if wish.start or end else {"period": _longest(wish)}
    try:
        yfinance.config.debug.hide_exceptions = False
        logging.getLogger("yfinance").setLevel(logging.CRITICAL)  # what it would say is said here, in sentences
        return yfinance.Ticker(symbol).history(
            interval=INTERVALS[wish.frequency], auto_adjust=False, actions=False, timeout=_TIMEOUT, **asked
        )
    except Exception as error:  # yfinance lets through whatever its libraries raise
        raise PricesUnreadable([_sentence(symbol, error)]) from error


def _longest(wish: YahooWish) -> str:
    """Yahoo keeps bars of minutes for days only."""
    minutes = minutes_of(wish.frequency)
    if not minutes:
        return "max"
    return "5d" if minutes == 1 else "1mo" if minutes < 60 else "1y"


def _sentence(symbol: str, error: Exception) -> str:
    text = str(error).replace("\n", " ").strip().rstrip(".")[:200]
    kind = type(error).__name__
    if "RateLimit" in kind or "429" in text:
        return f"Yahoo refuses more requests for now, so {symbol} was not fetched; try again in some minutes."
    if isinstance(error, OSError) or _OFFLINE.search(f"{kind} {text}"):
        return f"Yahoo could not be reached, so {symbol} was not fetched; check the network, or import a file."
    return f"Yahoo gave no prices of {symbol} ({text or kind}); check the symbol, or choose other dates."


def _rows(symbol: str, frame: Any, frequency: str) -> tuple[Rows, str]:
    """The rows of Yahoo's answer and the zone of its exchange. Bars within a day are put at their end."""
    missing = [title for title in _COLUMNS.values() if frame is None or title not in frame.columns]
    if missing or not len(frame):
        raise PricesUnreadable([f"Yahoo gave no prices of {symbol}; check the symbol, or choose other dates."])
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
    return Rows((f"Yahoo's {symbol}",), nothing, lines, local + later, local - instants, values), zone


def updated(symbols: Sequence[str], frequency: str, start: str | None) -> YahooWish:
    """The wish to fetch symbols again from the same first day up to today."""
    return YahooWish(tuple(symbols), frequency, datetime.date.fromisoformat(start) if start else None)

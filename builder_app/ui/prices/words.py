"""The words of the price windows."""

import datetime
from collections.abc import Sequence
from typing import Final

from builder_app.session.prices.price_library import FREQUENCY_TITLES
from builder_app.session.prices.prices_import import Action, Finding, Kind, Prepared

MEANING_TITLES: Final = {
    "": "—",
    "date": "Date",
    "clock": "Time of day",
    "symbol": "Symbol",
    "open": "Open",
    "high": "High",
    "low": "Low",
    "close": "Close",
    "adjusted": "Adjusted close",
    "volume": "Volume",
}
KIND_TITLES: Final = {
    Kind.UNREADABLE: "Texts that cannot be read",
    Kind.MISSING: "Missing prices",
    Kind.NO_VOLUME: "Missing volumes",
    Kind.IMPOSSIBLE: "Impossible values",
    Kind.CROSSED: "High below low",
    Kind.REPEATED: "Repeated dates",
    Kind.OUTSIDE: "Open or close outside low to high",
    Kind.CLOSED_DAY: "Bars on days without trading",
    Kind.OUTLIER: "Outliers",
    Kind.SPLIT: "Splits not adjusted",
    Kind.GAP: "Gaps",
}
ACTION_TITLES: Final = {
    Action.LEAVE_OUT: "Leave these rows out",
    Action.ZERO: "Take the volume as 0",
    Action.EXCHANGE: "Exchange high and low",
    Action.WIDEN: "Widen high and low",
    Action.KEEP_LAST: "Keep the last row",
    Action.KEEP_FIRST: "Keep the first row",
    Action.ADJUST: "Adjust the prices before",
}
_DAY: Final = 86_400_000_000_000
"""Nanoseconds."""


def frequency_title(frequency: str) -> str:
    """The frequency as one says it."""
    return FREQUENCY_TITLES.get(frequency, frequency)


def counted(count: int, one: str, more: str = "") -> str:
    """The number with its noun."""
    return f"1 {one}" if count == 1 else f"{count:,} {more or one + 's'}"


def summary(prepared: Prepared) -> str:
    """What an import would bring, in a line."""
    if not prepared.symbols:
        return "Nothing can be imported yet."
    frequencies = list(dict.fromkeys(one.frequency for one in prepared.symbols))
    rows = sum(len(one.rows.lines) for one in prepared.symbols)
    symbols = counted(len(prepared.symbols), "symbol")
    what = ", ".join(frequency_title(frequency).lower() for frequency in frequencies[:3])
    return f"{symbols} · {what} · {counted(rows, 'row')}{_range(prepared)}"


def _range(prepared: Prepared) -> str:
    """The first and the last day, by which one sees whether dates were understood."""
    filled = [one.rows.written for one in prepared.symbols if len(one.rows.written)]
    if not filled:
        return ""
    first, last = min(int(times.min()) for times in filled), max(int(times.max()) for times in filled)
    days = [datetime.date(1970, 1, 1) + datetime.timedelta(days=time // _DAY) for time in (first, last)]
    return f" · {days[0]} to {days[1]}"


def open_errors(findings: Sequence[Finding], repaired: int) -> str:
    """What must be repaired before the import, in a line; empty where nothing must."""
    left = sum(finding.is_error for finding in findings) - repaired
    if left <= 0:
        return ""
    return "1 fault must be repaired first." if left == 1 else f"{left:,} faults must be repaired first."

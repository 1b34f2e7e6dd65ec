"""About Month start.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow d77098b579e5.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Percent of equity",
            "long_entry": "any_of",
            "long_exit": "down",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [],
        },
    ],
    "portfolio": {"maximum_positions": None},
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def period_numbers(time: np.ndarray, timeframe: str) -> np.ndarray:
    """A number for each bar, the same within a period; weeks begin on Monday."""
    hours = time.astype("datetime64[h]").astype(np.int64)
    days = time.astype("datetime64[D]").astype(np.int64)
    months = time.astype("datetime64[M]").astype(np.int64)
    return {
        "hour": hours,
        "day": days,
        "week": (days + 3) // 7,
        "month": months,
        "quarter": months // 3,
        "year": months // 12,
    }[timeframe]


def new_period(time: np.ndarray, timeframe: str) -> np.ndarray:
    """True at the first bar of each period; the very first bar counts as one."""
    numbers = period_numbers(time, timeframe)
    first = np.ones(len(time), dtype=bool)
    first[1:] = numbers[1:] != numbers[:-1]
    return first


def period_start(time: np.ndarray, timeframe: str) -> np.ndarray:
    """For each bar the place of the first bar of its period."""
    places = np.arange(len(time))
    return np.maximum.accumulate(np.where(new_period(time, timeframe), places, 0))


def month_start(time: np.ndarray, days: int) -> np.ndarray:
    """True on the first so many days of the month that have bars."""
    count = np.cumsum(new_period(time, "day"))
    return count - count[period_start(time, "month")] < days


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    time = prices["time"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Month start
    month_start_time_1 = month_start(time, 1)
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = month_start_time_1 | up
    return {"any_of": any_of, "down": down}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))

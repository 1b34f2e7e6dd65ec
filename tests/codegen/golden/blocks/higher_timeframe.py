"""About Higher time frame.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 2049ee3db6b5.
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
            "strength": "higher_timefram_open",
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


def completed(
    series: np.ndarray,
    time: np.ndarray,
    timeframe: str,
    part: str,
) -> np.ndarray:
    """The open, high, low or close of the last completed period."""
    starts = np.flatnonzero(new_period(time, timeframe))
    if len(starts) == 0:
        return np.full_like(series, np.nan)
    values = {
        "open": series[starts],
        "high": np.maximum.reduceat(series, starts),
        "low": np.minimum.reduceat(series, starts),
        "close": series[np.append(starts[1:], len(series)) - 1],
    }[part]
    periods = np.cumsum(new_period(time, timeframe)) - 1
    return np.where(periods > 0, values[periods - 1], np.nan)


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    open_ = prices["open"]
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    time = prices["time"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Higher time frame
    higher_timefram_open = completed(open_, time, "week", "open")
    higher_timefram_high = completed(high, time, "week", "high")
    higher_timeframe_low = completed(low, time, "week", "low")
    higher_timefra_close = completed(close, time, "week", "close")
    # Greater than
    higher_timefra_close_above_1 = is_above(higher_timefra_close, 1.0)
    # Greater than
    higher_timefram_high_above_1 = is_above(higher_timefram_high, 1.0)
    # Greater than
    higher_timeframe_low_above_1 = is_above(higher_timeframe_low, 1.0)
    # Greater than
    higher_timefram_open_above_1 = is_above(higher_timefram_open, 1.0)
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = (
        higher_timefra_close_above_1
        | higher_timefram_high_above_1
        | higher_timeframe_low_above_1
        | higher_timefram_open_above_1
        | up
    )
    return {
        "any_of": any_of,
        "down": down,
        "higher_timefram_open": higher_timefram_open,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))

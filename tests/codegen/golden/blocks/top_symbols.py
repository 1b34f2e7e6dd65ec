"""About Top symbols.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 1c31603b64f3.
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


def order_across(values: np.ndarray) -> np.ndarray:
    """1 for the highest value, 2 for the next…; of equal ones in pool order."""
    order = np.argsort(-values, axis=1, kind="stable")
    places = np.empty_like(values)
    counted = np.arange(1.0, values.shape[1] + 1)
    np.put_along_axis(places, order, np.broadcast_to(counted, values.shape), axis=1)
    return np.where(np.isnan(values), np.nan, places)


def top_across(
    values: np.ndarray,
    count: int,
    timeframe: str,
    market: object,
) -> np.ndarray:
    """True for the symbols of the highest values, as chosen at the period's first bar.

    Of equal values the pool's first comes first. The choice at the first bar of a
    period holds until the next; with "bar" it is made anew at every bar.
    """
    chosen = order_across(values) <= count
    if timeframe == "bar":
        return chosen
    return chosen[period_start(market.times, timeframe)]


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    return {"close": close}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    close = earlier["close"]
    # Top symbols
    top_symbols = top_across(close, 2, "week", market)
    return {"top_symbols": top_symbols}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    top_symbols = earlier["top_symbols"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = top_symbols | up
    return {"any_of": any_of, "down": down}


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))

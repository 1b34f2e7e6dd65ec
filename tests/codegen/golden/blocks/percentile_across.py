"""About Percentile across symbols.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 233822f3befb.
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
            "strength": "percentile_across_close",
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


def rank_across(values: np.ndarray) -> np.ndarray:
    """Each symbol's rank at a bar: 1 has the highest value; ties share their mean."""
    ranks = np.full_like(values, np.nan)
    for bar, row in enumerate(values):
        known = ~np.isnan(row)
        ordered = np.sort(row[known])
        below = np.searchsorted(ordered, row[known], "left")
        up_to = np.searchsorted(ordered, row[known], "right")
        ranks[bar, known] = len(ordered) - (below + up_to - 1) / 2
    return ranks


def percentile_across(values: np.ndarray) -> np.ndarray:
    """The percentage of the other symbols that are below, ties by half; alone 50."""
    count = np.sum(~np.isnan(values), axis=1)[:, np.newaxis]
    others = np.maximum(count - 1, 1)
    share = 100 * (count - rank_across(values)) / others
    return np.where(count > 1, share, np.where(np.isnan(values), np.nan, 50.0))


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    return {"close": close}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    close = earlier["close"]
    # Percentile across symbols
    percentile_across_close = percentile_across(close)
    return {"percentile_across_close": percentile_across_close}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    percentile_across_close = earlier["percentile_across_close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Down: Less than
    down = is_below(close, average)
    # Greater than
    greater_than = is_above(percentile_across_close, 1.0)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = greater_than | up
    return {
        "any_of": any_of,
        "down": down,
        "percentile_across_close": percentile_across_close,
    }


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))

"""About Rank.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 9bf880ceb390.
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
            "strength": "rank_across_close",
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


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    return {"close": close}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    close = earlier["close"]
    # Rank
    rank_across_close = rank_across(close)
    from_below = rank_across(-close)
    return {"from_below": from_below, "rank_across_close": rank_across_close}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    from_below = earlier["from_below"]
    rank_across_close = earlier["rank_across_close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Down: Less than
    down = is_below(close, average)
    # Greater than
    from_below_above_1 = is_above(from_below, 1.0)
    # Greater than
    rank_across_close_above_1 = is_above(rank_across_close, 1.0)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = from_below_above_1 | rank_across_close_above_1 | up
    return {"any_of": any_of, "down": down, "rank_across_close": rank_across_close}


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))

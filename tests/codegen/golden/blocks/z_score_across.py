"""About Z-score across symbols.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow e3c53f997c4a.
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
            "strength": "z_score_across_close",
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


def divide(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """a / b, and NaN where b is 0."""
    return a / np.where(b == 0, np.nan, b)


def z_score_across(values: np.ndarray) -> np.ndarray:
    """How many standard deviations a symbol lies above the mean of all at that bar."""
    known = ~np.isnan(values)
    count = np.sum(known, axis=1)[:, np.newaxis].astype(np.float64)
    total = np.cumsum(np.where(known, values, 0.0), axis=1)[:, -1:]
    distance = values - divide(total, count)
    squares = np.cumsum(np.where(known, distance * distance, 0.0), axis=1)[:, -1:]
    top = np.where(known, values, -np.inf).max(axis=1, keepdims=True)
    bottom = np.where(known, values, np.inf).min(axis=1, keepdims=True)
    spread = np.where(top == bottom, 0.0, np.sqrt(divide(squares, count)))
    return divide(distance, spread)


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    return {"close": close}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    close = earlier["close"]
    # Z-score across symbols
    z_score_across_close = z_score_across(close)
    return {"z_score_across_close": z_score_across_close}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    z_score_across_close = earlier["z_score_across_close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Down: Less than
    down = is_below(close, average)
    # Greater than
    z_score_across_close_above_1 = is_above(z_score_across_close, 1.0)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = z_score_across_close_above_1 | up
    return {
        "any_of": any_of,
        "down": down,
        "z_score_across_close": z_score_across_close,
    }


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))

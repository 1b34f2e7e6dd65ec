"""About Other symbol.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow ba692777808a.
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
            "strength": "other_symbol",
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [],
        },
    ],
    "portfolio": {"maximum_positions": None},
    "other_symbols": {"SPY": "The block 'Other symbol'"},
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def of_symbol(key: str, symbol: str, market: object) -> np.ndarray:
    """One symbol's last known value under that key, for every symbol that has a bar."""
    values = market.others[symbol][key]
    places = np.arange(len(values))
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, places))
    known = np.where(last < 0, np.nan, values[last])
    return np.where(market.bars, known[:, np.newaxis], np.nan)


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    return {"close": close}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    # Other symbol
    other_symbol = of_symbol("close", "SPY", market)
    return {"other_symbol": other_symbol}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    other_symbol = earlier["other_symbol"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Down: Less than
    down = is_below(close, average)
    # Greater than
    other_symbol_above_1 = is_above(other_symbol, 1.0)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = other_symbol_above_1 | up
    return {"any_of": any_of, "down": down, "other_symbol": other_symbol}


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))

"""About Benchmark.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow ce45b5782c2b.
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
            "strength": "benchmark",
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


def of_benchmark(market: object) -> np.ndarray:
    """The close of the test's benchmark, for every symbol that has a bar."""
    return np.where(market.bars, market.benchmark[:, np.newaxis], np.nan)


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    return {}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    # Benchmark
    benchmark = of_benchmark(market)
    return {"benchmark": benchmark}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    benchmark = earlier["benchmark"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Greater than
    benchmark_above_1 = is_above(benchmark, 1.0)
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = benchmark_above_1 | up
    return {"any_of": any_of, "down": down, "benchmark": benchmark}


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))

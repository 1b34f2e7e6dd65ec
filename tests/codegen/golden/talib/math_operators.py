"""Math operators.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow aa3d5c7aa403.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Default position",
            "long_entry": "any_of",
            "long_exit": None,
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 10.0},
            "exits": [],
        },
    ],
    "portfolio": {"maximum_positions": None},
}


def crossed_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is above b and at the bar before was not above it."""
    lead = a - b
    tie = 1e-9 * np.maximum(np.abs(a), np.abs(b))
    crossed = lead > tie
    crossed[1:] &= (lead <= tie)[:-1]
    crossed[:1] = False
    return crossed


def as_series(values: np.ndarray) -> np.ndarray:
    """Whole numbers as a series like any other."""
    return values.astype(np.float64)


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Bars since the extremes
    cumsum = ta.CUMSUM(np.full_like(close, 1.0))
    min_30 = ta.MIN(close, timeperiod=30)
    bars_since_extremes_part = np.isnan(min_30)
    minmaxindex_1, minmaxindex_2 = ta.MINMAXINDEX(close, timeperiod=30)
    bars_since_lowest_part = cumsum - 1
    bars_since_lowest_part_2 = np.where(
        bars_since_extremes_part, np.nan, as_series(minmaxindex_1)
    )
    bars_since_lowest = bars_since_lowest_part - bars_since_lowest_part_2
    max_30 = ta.MAX(close, timeperiod=30)
    bars_since_extremes_part_2 = np.isnan(max_30)
    bars_since_highest_part = cumsum - 1
    bars_since_highest_part_2 = np.where(
        bars_since_extremes_part_2, np.nan, as_series(minmaxindex_2)
    )
    bars_since_highest = bars_since_highest_part - bars_since_highest_part_2
    # Crosses above
    crosses_above = crossed_above(bars_since_highest, 0.5)
    # Crosses above
    crosses_above_2 = crossed_above(bars_since_lowest, 0.5)
    # Bars since the highest
    maxindex_30 = ta.MAXINDEX(close, timeperiod=30)
    bars_since_highest_2_part = cumsum - 1
    bars_since_highest_2_part_2 = np.where(
        bars_since_extremes_part_2, np.nan, as_series(maxindex_30)
    )
    bars_since_highest_2 = bars_since_highest_2_part - bars_since_highest_2_part_2
    # Crosses above
    crosses_above_3 = crossed_above(bars_since_highest_2, 0.5)
    # Bars since the lowest
    minindex_30 = ta.MININDEX(close, timeperiod=30)
    bars_since_lowest_2_part = cumsum - 1
    bars_since_lowest_2_part_2 = np.where(
        bars_since_extremes_part, np.nan, as_series(minindex_30)
    )
    bars_since_lowest_2 = bars_since_lowest_2_part - bars_since_lowest_2_part_2
    # Crosses above
    crosses_above_4 = crossed_above(bars_since_lowest_2, 0.5)
    # Lowest and highest
    lowest_and_lowest, lowest_and_highest = ta.MINMAX(close, timeperiod=30)
    # Crosses above
    crosses_above_5 = crossed_above(lowest_and_highest, 0.5)
    # Crosses above
    crosses_above_6 = crossed_above(lowest_and_lowest, 0.5)
    # Rolling sum
    sum_30 = ta.SUM(close, timeperiod=30)
    # Crosses above
    sum_30_crossed_above_0_5 = crossed_above(sum_30, 0.5)
    # Running total
    running_total = ta.CUMSUM(close)
    # Crosses above
    crosses_above_7 = crossed_above(running_total, 0.5)
    # Or
    any_of = (
        crosses_above
        | crosses_above_2
        | crosses_above_3
        | crosses_above_4
        | crosses_above_5
        | crosses_above_6
        | sum_30_crossed_above_0_5
        | crosses_above_7
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))

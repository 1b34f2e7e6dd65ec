"""Functions of the strategy's text that look across symbols: `values` is bars × symbols, NaN where one has no value.

What has no value is not counted and gets none. `market` is what the engine hands to a step across symbols.
"""

import numpy as np

from builder_app.codegen.prelude.basics import divide
from builder_app.codegen.prelude.calendar import period_start

# mypy: disable-error-code="no-any-return,attr-defined"


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


def order_across(values: np.ndarray) -> np.ndarray:
    """1 for the highest value, 2 for the next…; of equal ones in pool order."""
    order = np.argsort(-values, axis=1, kind="stable")
    places = np.empty_like(values)
    counted = np.arange(1.0, values.shape[1] + 1)
    np.put_along_axis(places, order, np.broadcast_to(counted, values.shape), axis=1)
    return np.where(np.isnan(values), np.nan, places)


def percentile_across(values: np.ndarray) -> np.ndarray:
    """The percentage of the other symbols that are below, ties by half; alone 50."""
    count = np.sum(~np.isnan(values), axis=1)[:, np.newaxis]
    others = np.maximum(count - 1, 1)
    share = 100 * (count - rank_across(values)) / others
    return np.where(count > 1, share, np.where(np.isnan(values), np.nan, 50.0))


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


def of_symbol(key: str, symbol: str, market: object) -> np.ndarray:
    """One symbol's last known value under that key, for every symbol that has a bar."""
    values = market.others[symbol][key]
    places = np.arange(len(values))
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, places))
    known = np.where(last < 0, np.nan, values[last])
    return np.where(market.bars, known[:, np.newaxis], np.nan)


def of_benchmark(market: object) -> np.ndarray:
    """The close of the test's benchmark, for every symbol that has a bar."""
    return np.where(market.bars, market.benchmark[:, np.newaxis], np.nan)

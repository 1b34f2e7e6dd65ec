"""Low volatility.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 4896e59e9ee0.
"""

import numpy as np

PARAMETERS = {
    "held": 2,
    "period": 120,
}

RULES = {
    "legs": [
        {
            "name": "Equal weights",
            "long_entry": "the_calmest",
            "long_exit": "long_exit",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": "size"},
            "exits": [],
            "rebalance": "rebalance",
        },
    ],
    "portfolio": {"maximum_positions": None},
}


def previous(series: np.ndarray, bars: int) -> np.ndarray:
    """The value so many bars ago; NaN where there was no such bar yet."""
    if bars < 0:
        raise ValueError("A strategy cannot look ahead: bars must be 0 or more.")
    shifted = np.full_like(series, np.nan)
    shifted[bars:] = series[: max(len(series) - bars, 0)]
    return shifted


def highest(series: np.ndarray, period: int) -> np.ndarray:
    """The highest of the last so many values, this bar's among them."""
    top = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        top[period - 1 :] = windows.max(axis=1)
    return top


def lowest(series: np.ndarray, period: int) -> np.ndarray:
    """The lowest of the last so many values, this bar's among them."""
    bottom = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        bottom[period - 1 :] = windows.min(axis=1)
    return bottom


def divide(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """a / b, and NaN where b is 0."""
    return a / np.where(b == 0, np.nan, b)


def rolling_sum(series: np.ndarray, period: int) -> np.ndarray:
    """The sum of the last so many values, this bar's among them."""
    total = previous(series, period - 1)
    for bars in range(period - 2, -1, -1):
        total = total + previous(series, bars)
    return total


def standard_deviation(series: np.ndarray, period: int) -> np.ndarray:
    """How far the last so many values lie from their mean: the root mean square."""
    mean = rolling_sum(series, period) / period
    total = np.zeros_like(series)
    for bars in range(period - 1, -1, -1):
        distance = previous(series, bars) - mean
        total = total + distance * distance
    flat = highest(series, period) == lowest(series, period)
    return np.where(flat, 0.0, np.sqrt(total / period))


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
    # Volatility
    volatility_part = np.log(divide(close, previous(close, 1)))
    volatility_part_2 = 100 * standard_deviation(volatility_part, PARAMETERS["period"])
    volatility_part_3 = np.sqrt(np.full_like(close, 252))
    volatility = volatility_part_2 * volatility_part_3
    return {"volatility": volatility}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    volatility = earlier["volatility"]
    # The calmest: Bottom symbols
    the_calmest = top_across(-volatility, PARAMETERS["held"], "quarter", market)
    return {"the_calmest": the_calmest}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    time = prices["time"]
    the_calmest = earlier["the_calmest"]
    # Equal weights: Equal weight
    long_exit = ~the_calmest
    size = divide(np.full_like(close, 95.0), PARAMETERS["held"])
    rebalance = new_period(time, "quarter")
    return {
        "the_calmest": the_calmest,
        "long_exit": long_exit,
        "rebalance": rebalance,
        "size": size,
    }


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone f6ee10bd1d0baf7a 558aefb4bc4c60b7
# QlpoOTFBWSZTWdkGccoAAhefgFAHcjACREUKv+//ukAB8JQUEUkyGhNU9T2Ep5QaGanqZlAkJRomiaNqDTTRkA
# DTQxpoNADJoDI00MTRhjTQaAGTQGRpoYmjOG5b/yt93zPrUj9d9/r7Vg8alXl9TDGVdbR79omLJWaeTPsmVVUB
# jd8p1kK8kZglbCxP67g8xuhyDJUoVJQZE0o1URByDcaFTGMjeGRhDIy1vLNcXzTGbXEd8gDYJsLgkntsNo9eqN
# /GoxOkj60lQBddAsMZplnz0HfpvIetng2I7bp5Cd4l19fAF9TGitM+4zl8Q6DTpuRcjEILHkUNuWrkaeebLtnR
# xjUGWKdrB9M5Z3H7DkOTQGkJoEJquTt+pYE8ZAe1dDQ513DeD3zveRD8k4JIcQ1ORcmVLWyiwSZZRuwNreMFwx
# oDms3NJpQ0PNvOgYNmXObUoSQwBtEnxMaTZVKBpfuePfV6bXiculdINS6ht8U4geYagwPg3kQ7Q5EgNZnAPNrY
# 7xFmkx7G3qZuQ6l5YiUIs07w14dejaZkBi4G5wIT0ozMHKrlY/5Mgxm3BwGOGMpk5FhLBi2r6vrHbskhqeIKd5
# Ad5/8XckU4UJDZBnHK

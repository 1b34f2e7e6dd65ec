"""Return per risk.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow c31646672f8c.
"""

import numpy as np

PARAMETERS = {
    "held": 2,
    "look_back": 63,
}

RULES = {
    "legs": [
        {
            "name": "Equal weights",
            "long_entry": "the_best_in_a_good_market",
            "long_exit": "long_exit",
            "short_entry": None,
            "short_exit": None,
            "strength": "return_per_risk",
            "size": {"kind": "percent_of_equity", "value": "size"},
            "exits": [],
            "rebalance": "rebalance",
        },
    ],
    "portfolio": {"maximum_positions": None},
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def previous(series: np.ndarray, bars: int) -> np.ndarray:
    """The value so many bars ago; NaN where there was no such bar yet."""
    if bars < 0:
        raise ValueError("A strategy cannot look ahead: bars must be 0 or more.")
    shifted = np.full_like(series, np.nan)
    shifted[bars:] = series[: max(len(series) - bars, 0)]
    return shifted


def change(series: np.ndarray, bars: int) -> np.ndarray:
    """The value less the value so many bars ago."""
    return series - previous(series, bars)


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


def of_benchmark(market: object) -> np.ndarray:
    """The close of the test's benchmark, for every symbol that has a bar."""
    return np.where(market.bars, market.benchmark[:, np.newaxis], np.nan)


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    # Return of three months: Return
    return_of_value = divide(
        100 * change(close, PARAMETERS["look_back"]),
        previous(close, PARAMETERS["look_back"]),
    )
    # Volatility
    volatility_part = np.log(divide(close, previous(close, 1)))
    volatility_part_3 = standard_deviation(volatility_part, PARAMETERS["look_back"])
    volatility_part_2 = 100 * volatility_part_3
    volatility_part_4 = np.sqrt(np.full_like(close, 252))
    volatility = volatility_part_2 * volatility_part_4
    # Return per risk: Divide
    return_per_risk = divide(return_of_value, volatility)
    return {"return_per_risk": return_per_risk}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    return_per_risk = earlier["return_per_risk"]
    # The benchmark: Benchmark
    the_benchmark = of_benchmark(market)
    # The best of the pool: Top symbols
    the_best_of_the_pool = top_across(
        return_per_risk, PARAMETERS["held"], "month", market
    )
    return {
        "the_benchmark": the_benchmark,
        "the_best_of_the_pool": the_best_of_the_pool,
    }


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    time = prices["time"]
    the_benchmark = earlier["the_benchmark"]
    the_best_of_the_pool = earlier["the_best_of_the_pool"]
    return_per_risk = earlier["return_per_risk"]
    # Its 200-bar average: Mean
    its_200_bar_average = rolling_sum(the_benchmark, 200) / 200
    # A good market: Greater than
    a_good_market = is_above(the_benchmark, its_200_bar_average)
    # The best, in a good market: And
    the_best_in_a_good_market = the_best_of_the_pool & a_good_market
    # Equal weights: Equal weight
    long_exit = ~the_best_in_a_good_market
    size = divide(np.full_like(close, 95.0), PARAMETERS["held"])
    rebalance = new_period(time, "month")
    return {
        "the_best_in_a_good_market": the_best_in_a_good_market,
        "long_exit": long_exit,
        "return_per_risk": return_per_risk,
        "rebalance": rebalance,
        "size": size,
    }


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 4167a1b25382c4fa ef5ae466fe7dbce2
# QlpoOTFBWSZTWUrLYN8AA/cfgFAHezAiYFUKv+//ulADKwe6FaAYSUaU0bU09QNGg0GgGgARU96JokxGmRgEAG
# QYmEmkqp+p5Kb1Q2ppoaaAyMTIDGMhkNBoNGgDQANDBIiECNT00mETIDCaDZFvPlwtsDbTGwh3nT7pxHxm7OHN
# dKCFBBQdjE5wdXEFhQya5xkGQA0gahMeT2vCIw9Z4qFV6AA3DE+oIhN5NWCcogj6S65hhYqiI6OYXzyaDUeG0J
# mvG8Le3hPVeTibJ/i/hyW0RmFrbco0xMxuBLCUWYW1lMBkWGGFGjYrbFrITGslEq767LuZv6N3TRy8bvp7Qnaw
# /6iqio9VsnxSSjATYiiFCRz9mCsC+31BSwV441wBV8ZX3svMTAkjRUhMYICUsKyrNl9V1AoeGxxIAq00AqHQ7h
# 1u6iKWQvHHG6MkjLoIoOoCqy5HurZEKvpJ+QTqNO9wHTbgQlBZUQeZkxtjdQUYuVMTZVzVqRfpqw+GRvkd3l+p
# 05EjRA0XkjvHWgKvliTtih6BxBZqwCgrbkUQ+YUPGSZCwBRKloouRWkCSR7TZ1pw5yp60IlILmdxVFtyDonK4m
# pASb0ZpSC1jMOBxLg35g2yGo8kIhYXmU6RpMd5bxlA2nKEc3RgCfIBUSqtQpVGAe1u9VEdhZdg1s76qcSEiCuQ
# CpZMqPAAepdSxUHNpMRq4TEzhgeGlQ7evvoHjiAb1fB4LUUrhz4yEl6LzkUz7UjcboNgCmAPc48mJsW0hIojiR
# pOu6A3C64LKid4jPEKoljaFeMbb5aQcwJI2OtLwxUIUELghlRNrXfinLwgjLIklqQFFwCkJaWCNLGGZFi4aMkR
# hXrksgsfC2iM71mHYGQjYGYKM8YtSDMi4d9l5h5v19UiAJzyOVsz0lb+/i7kinChIJWWwb4=

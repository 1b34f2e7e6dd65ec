"""Momentum and calm.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow d378c73216d1.
"""

import numpy as np

PARAMETERS = {
    "held": 2,
    "look_back": 126,
}

RULES = {
    "legs": [
        {
            "name": "More for the better",
            "long_entry": "the_best_scores",
            "long_exit": "long_exit",
            "short_entry": None,
            "short_exit": None,
            "strength": "momentum_less_risk",
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


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    # Return of half a year: Return
    return_of_half_value = divide(
        100 * change(close, PARAMETERS["look_back"]),
        previous(close, PARAMETERS["look_back"]),
    )
    # Volatility
    volatility_part = np.log(divide(close, previous(close, 1)))
    volatility_part_2 = 100 * standard_deviation(volatility_part, 60)
    volatility_part_3 = np.sqrt(np.full_like(close, 252))
    volatility = volatility_part_2 * volatility_part_3
    return {"return_of_half_value": return_of_half_value, "volatility": volatility}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    return_of_half_value = earlier["return_of_half_value"]
    volatility = earlier["volatility"]
    # Momentum score: Z-score across symbols
    momentum_score = z_score_across(return_of_half_value)
    # Risk score: Z-score across symbols
    risk_score = z_score_across(volatility)
    return {"momentum_score": momentum_score, "risk_score": risk_score}


def measures_2(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    momentum_score = earlier["momentum_score"]
    risk_score = earlier["risk_score"]
    # Momentum less risk: Subtract
    momentum_less_risk = momentum_score - risk_score
    return {"momentum_less_risk": momentum_less_risk}


def across_2(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    momentum_less_risk = earlier["momentum_less_risk"]
    # The best scores: Top symbols
    the_best_scores = top_across(
        momentum_less_risk, PARAMETERS["held"], "month", market
    )
    # More for the better: Rank weight
    more_for_the_better_part = order_across(momentum_less_risk)
    return {
        "the_best_scores": the_best_scores,
        "more_for_the_better_part": more_for_the_better_part,
    }


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    time = prices["time"]
    the_best_scores = earlier["the_best_scores"]
    more_for_the_better_part = earlier["more_for_the_better_part"]
    momentum_less_risk = earlier["momentum_less_risk"]
    # More for the better: Rank weight
    long_exit = ~the_best_scores
    size = divide(
        95.0 * (PARAMETERS["held"] + 1 - more_for_the_better_part),
        PARAMETERS["held"] * (PARAMETERS["held"] + 1) / 2,
    )
    rebalance = new_period(time, "month")
    return {
        "the_best_scores": the_best_scores,
        "long_exit": long_exit,
        "momentum_less_risk": momentum_less_risk,
        "rebalance": rebalance,
        "size": size,
    }


STEPS = (measures, across, measures_2, across_2, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 8ddab45d3f63f8a5 fdefbb0a53c7075e
# QlpoOTFBWSZTWfkww+8AA2ifgFAHczACQlUKv+//ukACyDs2yVrUJIk2oap5qj1NPKZGQyBoYQSaSianojQjTQ
# ADQDTQYGQZAAYjQZDIDBIkFJ+pkanimamg0BpoAeftt3stzWS4fb+/Hhxv30VxJyGyQXs86UiwLWwZyHeF14WX
# QPG3DV1YaPjp6yCQ3NEDeidQ7ZiYggxTVxw3k1E3zokNuHVvZ4P3de48jw3yI4K3FuYXG4QshRYljIYYFVq2Wy
# i1BQhjWSjCrOO2y8s6eenPOzOGvT3k+yH+GKrPa0nuYS99hCsJrIQg95iKiOPER4NIzsIc3R+N0N0SSDTekSML
# AWORkasnZmbqcpiJeue+m4RuP0nOEumBHp59UKy5Iuoz4lUF57wJFakOcBF7piK85YYGSbG0PPAEs15Q1IeXLJ
# bpnbN5y4p3WyrkplCUtsjzgaCqkNaioTEeZEYajksxF6oCImnDwGFmkYBp8Wy7qIiy9BLlKfhx192hoOtbKutX
# MTyV3Ny1ZjBqCqTiMF4mhaFUpxKaQxjJKWDxGBuHiNdOsvEO4Q94IqlNZGVIHULB8auFEJq/bwmrFVAixcCK0V
# BJhmUqWKHlF5MmrSuPZM2dOWgeXNUEtW2jDGzOJoB7A3mRM0J4dSDi7gQwPye5aDNuwkgroVQF1tOZPLoyelmu
# x1msN1ZDrTitr6uzDtkR4rEYxsvGO8JE0iCAzAZWQxQOtuhl+b44DuCGuBFyxYWyCpaQYptL6F9yYg6zxQnesA
# ZrQsBDs5yg2RQcVmWDkHJ8+aCBTOjL8hwX50/xdyRThQkPkww+8A==

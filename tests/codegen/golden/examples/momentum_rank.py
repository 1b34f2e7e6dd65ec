"""Momentum rank.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow a59134104190.
"""

import numpy as np

PARAMETERS = {
    "held": 2,
    "look_back": 252,
    "skip": 21,
}

RULES = {
    "legs": [
        {
            "name": "Equal weights",
            "long_entry": "the_best_of_the_pool",
            "long_exit": "long_exit",
            "short_entry": None,
            "short_exit": None,
            "strength": "gain_between",
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


def divide(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """a / b, and NaN where b is 0."""
    return a / np.where(b == 0, np.nan, b)


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
    # A year ago: Previous value
    a_year_ago = previous(close, PARAMETERS["look_back"])
    # A month ago: Previous value
    a_month_ago = previous(close, PARAMETERS["skip"])
    # Gain between: Divide
    gain_between = divide(a_month_ago, a_year_ago)
    return {"gain_between": gain_between}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    gain_between = earlier["gain_between"]
    # The best of the pool: Top symbols
    the_best_of_the_pool = top_across(gain_between, PARAMETERS["held"], "month", market)
    return {"the_best_of_the_pool": the_best_of_the_pool}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    time = prices["time"]
    the_best_of_the_pool = earlier["the_best_of_the_pool"]
    gain_between = earlier["gain_between"]
    # Equal weights: Equal weight
    long_exit = ~the_best_of_the_pool
    size = divide(np.full_like(close, 95.0), PARAMETERS["held"])
    rebalance = new_period(time, "month")
    return {
        "the_best_of_the_pool": the_best_of_the_pool,
        "long_exit": long_exit,
        "gain_between": gain_between,
        "rebalance": rebalance,
        "size": size,
    }


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 82f5b73e211ac6c7 20e802b3504546fa
# QlpoOTFBWSZTWfvUUF0AAtEfgFAHcjAiwkQKv+//ukACcNcrppWEkimnpNPSBoNBoDTT1DTQSEiYqnqNPRHqAN
# p6TUeoAGSETTyamjTAjIyGQwAqiRpkmSYFPaoyaBoBtTTn9vH6Lpx7V57763xkwdi0NPvS6uXdm7zMxUdrjhGS
# S1ST9T4AMDArswQH6x4qmFMZJLxTKVxrtwtpB1znv4aOt+R/R68xxMdEjkJRUKpygIgg2mQGBChqORDcbZIC0U
# gCihU5oaHvZ+e6TkxF1E4IBsQhQWoolNNANpUBEvx7wLgeXNAeGQPKK29VZJDbsMGmMGvR14uw6/K1B4vpHpVH
# q2TXuhh8yLXpu1Qs9Khr/WVIfUZ0iWXrpotGELLJaRQFop41i9914cQ/04QfTa5vbuh0UGiwZUHtkU0/HWLqFB
# viocLaRa9TclHaCo3Z6h8UTUUCHuKpUqljWORsjEIMPJswfmILUk4w1hQcKNTk5rtIi1MYJWeTDhMzG/o4sGca
# CcJ3CfEMIYxyVLH8rtdCeO2EXXiR8tHoALiuCk9hba6vKi0WU22O7Px2X75B8O+ZHLyvMS6e/qYGCr3LMZa80M
# w8KDu59ZNVEK9V4seE+CP9mrMLpIymZ3y2Exho2DQXQQiVxN8+OX7h8pOEJAB4AMCY7S4MXSJyvFbe0bkK8N6L
# m9JIm+7NXLLJlHNPBWha11yTgJwvaWNnJEr/4u5IpwoSH3qKC6A=

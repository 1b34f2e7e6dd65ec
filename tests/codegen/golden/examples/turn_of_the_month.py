"""Turn of the month.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow afa6790eee40.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "average_period": 100,
}

RULES = {
    "legs": [
        {
            "name": "A fifth each",
            "long_entry": "months_end_in_an_uptrend",
            "long_exit": "the_turn_is_over",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [],
        },
    ],
    "portfolio": {"maximum_positions": None},
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


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


def month_start(time: np.ndarray, days: int) -> np.ndarray:
    """True on the first so many days of the month that have bars."""
    count = np.cumsum(new_period(time, "day"))
    return count - count[period_start(time, "month")] < days


def month_end(time: np.ndarray, days: int) -> np.ndarray:
    """True where fewer than so many days, Monday to Friday, are left in the month."""
    tomorrow = time.astype("datetime64[D]") + 1
    next_month = (time.astype("datetime64[M]") + 1).astype("datetime64[D]")
    return np.busday_count(tomorrow, next_month) < days


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    time = prices["time"]
    # The last days: Month end
    the_last_days = month_end(time, 4)
    # Not the last days: Not
    not_the_last_days = ~the_last_days
    # Long average: Simple moving average
    long_average = ta.SMA(close, timeperiod=PARAMETERS["average_period"])
    # The first days: Month start
    the_first_days = month_start(time, 3)
    # Not the first days: Not
    not_the_first_days = ~the_first_days
    # The turn is over: And
    the_turn_is_over = not_the_last_days & not_the_first_days
    # Above the long average: Greater than
    above_the_long_average = is_above(close, long_average)
    # Month's end, in an uptrend: And
    months_end_in_an_uptrend = the_last_days & above_the_long_average
    return {
        "months_end_in_an_uptrend": months_end_in_an_uptrend,
        "the_turn_is_over": the_turn_is_over,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 20db313b683957d4 395799f11644262b
# QlpoOTFBWSZTWZC8U3MAA3yfgFCHbhAiB0QKv+f/+kACiDtqsBCSTRT1TYTTU9NTQekzUwyh6TQSEiagJoBoAa
# aAaAYGQZAAYjQZDIDAqUJMJlT2QmRqMgAD1GmPAyDjlbxKJwWU4PqcfFo4waJI1EWNGaJaAwaYF6w7zILL0LUU
# Wu6M1s+s04LyGN2Fw6wWcFqBWWWlqA1mgQbbLuaCzFTeELflbM45MaJbjwN7v2UqkEUnVQkCmwVIVFSSSBBjJK
# pDdFEEmMBSQklPGjLYx65yu96fQAb33/0TYMa7pBArAoke3UCuJT0EpVWu2BKRSSQ47EsxuiZaa9ejZddAE+c4
# AnileGkjuPEXzr0F5KmhFLJCcKFMZ0ifYC8YHBKoka1rbdgWb7KbuZwq1gNgrG+IYN4TQe6FvmCfCIOCqrVlyi
# /LkCcBSD8eMkWOZ8SkIyOMaW1REQtQatsrOBsFrvVK6vVeLelS82CVZUyO7MwzGwrFIFcuntvG26+WiYjswX+r
# UXzZvJRmpmTBSdBKJpLlbuqjZp2F7PGsl+LMTlubnODkX3yWSVlDL93FjE6b+Da6DUfy0WPLvRyuf1vY+expfW
# TRkJWNtUTknBy7ReOsf7CYTwyWQyXd62O6jyjmWlqYszdEoYqqTW+HYywcRaVeeOOeF9hKbxLllFMq1rHjYz8C
# 9iKHG3rwZjhdz9/iZN2spFJNCW9l1sNt4TFtXYO2eaQ6+4/3iFgL9aX+LuSKcKEhIXim5g==

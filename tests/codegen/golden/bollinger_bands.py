"""Bollinger bands.

Trades long, with a target.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 7179546001e6.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Percent of equity",
            "long_entry": "long_entry",
            "long_exit": "back_at_the_middle",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "target", "unit": "percent", "value": 12.0},
            ],
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


def crossed_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is above b and at the bar before was not above it."""
    lead = a - b
    tie = 1e-9 * np.maximum(np.abs(a), np.abs(b))
    crossed = lead > tie
    crossed[1:] &= (lead <= tie)[:-1]
    crossed[:1] = False
    return crossed


def previous(series: np.ndarray, bars: int) -> np.ndarray:
    """The value so many bars ago; NaN where there was no such bar yet."""
    if bars < 0:
        raise ValueError("A strategy cannot look ahead: bars must be 0 or more.")
    shifted = np.full_like(series, np.nan)
    shifted[bars:] = series[: max(len(series) - bars, 0)]
    return shifted


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    low = prices["low"]
    close = prices["close"]
    # Bollinger bands
    _, middle, lower = ta.BBANDS(close, timeperiod=20, nbdevup=2.0, nbdevdn=2.0)
    # Yesterday's low: Previous value
    yesterdays_low = previous(low, 1)
    # Under the lower band: Less than
    under_the_lower_band = is_below(close, lower)
    # Undercut and back: Greater than
    undercut_and_back = is_above(close, yesterdays_low)
    # Back at the middle: Crosses above
    back_at_the_middle = crossed_above(close, middle)
    # Percent of equity
    long_entry = undercut_and_back | under_the_lower_band
    return {"long_entry": long_entry, "back_at_the_middle": back_at_the_middle}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 780acfadfd77bbff 2841a1eaa1da5102
# QlpoOTFBWSZTWXL4z1oABWyfgFCHcBAQAAIqv+//+kADBAk7XVG3CKhNMRTZTQ9JoNNpqGjQIilPUNFPFD1GQe
# k0YT1PKCKhNRoZGmhoNA0AAikCammTTTUNAAA0beunQ24kZ5iG5Sf3OkYRo/nTWhdhfWtK1o/ORfCm6cgxna1s
# LVxxiWlTmShdYpkpgtylykYwasTfWljIyjSxLAtrbSECysLRoWS9VNymvdqkzQikLrYSQhIQJCBTUpANqB2iBO
# dbbVKpUYDRGIMKUUIgyo0qgSVSKb9ezjaE+DpyUvmYtp5uLx/R3FPxNymNAfCIhnKNVMKUU/lU6ZUt6A81IpSF
# R2KQJwIqoMAoamnhtA8WUYZKVd6m2ulz7Og4qdiOKP0a1HmDmARl1yFM+uubewd8OSkSRynAQmDC446mQHropq
# wYEcmS3OHQicjo9w4S9+fzU+Wi2EkTNGsZFqPMtF4UqppCmeBspVgKClwqcDl7c90kjR4BdGMAcwbZynf3Zds2
# 4AoDfLLy91P2RweLBhgAYdo24BxysmQVUg0He6FZg3QL/cgamG2CWlLcplGpTWKUkZk2wlc0tDwhfWcJipkwcY
# FmFIsKQps0MQXYaTOhRikGZQqEcQy2KNeflfMFsaGNlojJgjx3A7C2vZHeZoHMUhFJI46A7CzHlVzqAQlNdKTA
# ZiPTrSeusgkDGuWDopk0gbA0RkoWlAWxk1BlAtyaN3WZc2hGylRSykhSZLCwN9DQsAXwwP6rRXRqU1uWucVI1E
# kYqRzu+SldaXmGHwSQLaDVDt1jCO2qWqmsGT/VH/i7kinChIOXxnrQ

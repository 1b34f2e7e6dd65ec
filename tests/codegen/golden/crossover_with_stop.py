"""Moving average crossover.

Trades long, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 121aa4ececc8.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "fast_period": 10,
    "slow_period": 30,
    "stop_percent": 5.0,
}

RULES = {
    "legs": [
        {
            "name": "A quarter each",
            "long_entry": "golden_cross",
            "long_exit": "death_cross",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 25.0},
            "exits": [
                {
                    "kind": "stop",
                    "unit": "percent",
                    "value": PARAMETERS["stop_percent"],
                },
            ],
        },
    ],
    "portfolio": {"maximum_positions": 4},
}


def crossed_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is above b and at the bar before was not above it."""
    lead = a - b
    tie = 1e-9 * np.maximum(np.abs(a), np.abs(b))
    crossed = lead > tie
    crossed[1:] &= (lead <= tie)[:-1]
    crossed[:1] = False
    return crossed


def crossed_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is below b and at the bar before was not below it."""
    lead = b - a
    tie = 1e-9 * np.maximum(np.abs(a), np.abs(b))
    crossed = lead > tie
    crossed[1:] &= (lead <= tie)[:-1]
    crossed[:1] = False
    return crossed


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Fast average: Simple moving average
    fast_average = ta.SMA(close, timeperiod=PARAMETERS["fast_period"])
    # Slow average: Simple moving average
    slow_average = ta.SMA(close, timeperiod=PARAMETERS["slow_period"])
    # Death cross: Crosses below
    death_cross = crossed_below(fast_average, slow_average)
    # Golden cross: Crosses above
    golden_cross = crossed_above(fast_average, slow_average)
    return {"golden_cross": golden_cross, "death_cross": death_cross}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 885c71916f5ede31 5ac3f25487f2ae80
# QlpoOTFBWSZTWdwu/J0AAykfgFAHfhA1gkgKv+f/+kACiHDINISSR6KZNGhoAAA0ABISmmpih6gAANAAAwBpoa
# NGIyAaADQwRKIk8jI1NiJDTIPUxDNT1Nlvnfz32uWO7NM5z9wRWh2uMFs7SKY0TXKJDDOPhha13L6OvinfHaXu
# 2c4jQRmLNh5wbHvMvSjaqElqwbegWKgQl0i+OQ7lTyNnEjbsgfsIVIxuFR0VVCKSImRMTIMgUVBtSQIyNwkUkb
# YCpPW2T3XnwYb+pryKdI9iEjCfOlBSSRBqpRD15iWieZ4olPKml4kDylAUOWqlTdYDhme2uRxJ9JP5TUShecxP
# 3Zc+IdVlENqHX1xHdtBL0/LXA+4mMo+44DCtU2EJUT4GoXpS/edPM4GjH5QaazBjERU5ImEX/HEK+oipfISBDo
# oFHJPeYGWcFAUEh6pQpMpWgpsYXdsFizKmOYIhvTDHBbBMQ5nbK0bi1SJkW1MCPKBcbyeAlCm4TMEyShaE0Mjl
# eWw+UNxuWUMr7BMzW4EpHCSQXQNlCyFIWXwbB135fF4WgGRYUNVyqcUyTXut8M+tyHevFTgQIF4JRpFz4jnA0Q
# g2HAf9Ub+CUQNk1h3jTgUsTJUMLJFIgKojFsVLcZiWPvXjqSK+aVlSVBO4E23NkGxNi7A5wp2vWVOOJo9sVqbX
# gJWolcM3nMQ6HT09EKie/a0KGAntFP8XckU4UJDcLvyd

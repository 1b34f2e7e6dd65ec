"""Moving average crossover.

Trades long, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 59cad25784e0.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "fast_period": 10,
    "slow_period": 30,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "fast_crosses_above_slow",
            "long_exit": "fast_crosses_below_slow",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 5.0},
            ],
        },
    ],
    "portfolio": {"maximum_positions": 5},
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
    # Fast crosses below slow: Crosses below
    fast_crosses_below_slow = crossed_below(fast_average, slow_average)
    # Fast crosses above slow: Crosses above
    fast_crosses_above_slow = crossed_above(fast_average, slow_average)
    return {
        "fast_crosses_above_slow": fast_crosses_above_slow,
        "fast_crosses_below_slow": fast_crosses_below_slow,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 4161242f38339760 667b18bf193751bf
# QlpoOTFBWSZTWcp1vwoABYafgFIHehAjAkgKv+f/+lADd7lSigAUYAGjQ0YRk0GjTQGDSnpAAAAABoACTSkiGm
# mgADQAGIGABo0NGEZNBo00BgVIiENKeKYyk0xAyaaNPQu2lNx8oMXX7oDjLC6IwQbYUIBoEshJqNGFQqZEy4d3
# l987Ya42rObVpj9mzThrXImEfVH9i6cgsPZFg6bKiuLEiVpGVjihcBtIcRDezZKaAzkEphVEVWMY4MAmSLjjB6
# 0neoXVXZaLRclSLEoiMglEpAKBFlCMoAUoWkFGzapWu7F90cV56rvRf0b+Hzfgj4VsjG8SMRKiPCLI+to1RXv+
# XyR6IpF0shm8bwEFR00oECIaD4NXR3Kq3651Fr9/jrNar/b7otze5HT7cJG5yR6peEn8xNyfWapvyI5yb7pSme
# b4ozm3/cyUoqNIyNFqwjZH3STJxLx0fTs/FrtaXdr7ENSekEYDEUiJ/HmETrRokMiGRzlo9n9EsjJqZO3t03pK
# keEXIuRybRzzx9mjzWTSJv5Pgi0+1POPEjlxJt4NTmb6SYRzPN/nbRMyNkM9VYJuo7qPcjobo8yOpad3d3evDi
# r32nJG6kq3blmSejfgReUc0TB6GMM0WQqZcafejRPEJw6+ORoidmC53jt5CZUHaJ33kcPInvV//AnlHnIdTiRc
# Q7YuT2xHT0iehMGWCdj1plOXWJaRYlOhSna7VdR7ZF2y6o0ORrIyFnRRGcJN4YZrpwann604jhQbzUm7Y1zauJ
# N0cCOqMEZOCqkaaGyG0U4J+GHlrEpHFL2lKkexGMRKRj3cvDKNz5Pn89sDBJLZCwDYbNxnY4ILvwhZBd1MJPyL
# uSKcKEhlOt+FAA==

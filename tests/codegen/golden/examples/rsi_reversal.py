"""RSI reversal.

Trades long, with a stop and a target.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow f88d73711486.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "oversold": 30.0,
    "recovered": 60.0,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "rsi_leaves_oversold",
            "long_exit": "rsi_has_recovered",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 8.0},
                {"kind": "target", "unit": "percent", "value": 15.0},
            ],
        },
    ],
    "portfolio": {"maximum_positions": 5},
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def crossed_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is above b and at the bar before was not above it."""
    lead = a - b
    tie = 1e-9 * np.maximum(np.abs(a), np.abs(b))
    crossed = lead > tie
    crossed[1:] &= (lead <= tie)[:-1]
    crossed[:1] = False
    return crossed


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # RSI of the close: Relative strength index
    rsi_of_the_close = ta.RSI(close, timeperiod=14)
    # RSI leaves oversold: Crosses above
    rsi_leaves_oversold = crossed_above(rsi_of_the_close, PARAMETERS["oversold"])
    # RSI has recovered: Greater than
    rsi_has_recovered = is_above(rsi_of_the_close, PARAMETERS["recovered"])
    return {
        "rsi_leaves_oversold": rsi_leaves_oversold,
        "rsi_has_recovered": rsi_has_recovered,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone ff0ec7b07ab69173 634720b0c7c0dfeb
# QlpoOTFBWSZTWceyjAsAAzQfgFIHf1AiIFgKv+f/+kAChDlAUhoKaZpR6gADIA9J6gAJCUykZPUPSDIAGmgBkM
# ZDIaDQaNAGgAaGBUkQRpoFP0oyA00AA0K5X6W7sw7VCK0eaKK+Ht0Ga8R3IUzAWqgQTURiylAMhuqVz0gkWmED
# mc990B6tIE8EJAgwkZGIpJqm44ws8Cm3xCuMMDMBRa4bS+pG7ND1ipsRSRVUVEyRkAaicSqiSRuSDYRkkjcUjE
# ih5FjOZZaMcDWupG17waaZ3yADaQFIIg+dYiwjtnczx8QQ/L0pPRqiqqqb3GrL1UQfYqPsenvhi6Yo693j7vQ/
# NLd6M3gj8bveeRWaPj7kaRbhvI4RbzERPYcAmGOpqwnoWAj84bNjkwM+O/cSHLLVy5oxfDK6OepROXkjexIwM0
# xNuuI2TOVYWkMp9PnbXRhHJHFfXafm2xpjGPnMcTjHOtdd0ZIucH+wymEipL8VXmqo2Ud07iU0RsR0lpyqOyzZ
# 36NxXPO8jZnwItpMKknmMt0umRe0svR5UZ9t7j26TFDmuWnaOl3Ude3dN1VOutWmfWLwZEVHGsqOaNkUm1zCi8
# 5Fl8Y4n9y01tDOkMqmlnIBCEuaZcGkUBAihFjogXL6d2RgXU4cC17TOb9+RFyMDJV7DoZZZo0hTef5d5uJqcJb
# gqVojC6YVXnx5zZqeHh4+MFJHwvqxvdcYjYyf4u5IpwoSGPZRgWA

"""RSI reversal.

Trades long, with a trailing stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 27f55f84c49e.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Fixed shares",
            "long_entry": "rsi_14_crossed_above_30",
            "long_exit": "rsi_14_above_70",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "shares", "value": 100.0},
            "exits": [
                {"kind": "trailing_stop", "unit": "percent", "value": 8.0},
            ],
        },
    ],
    "portfolio": {"maximum_positions": None},
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
    # Relative strength index
    rsi_14 = ta.RSI(close, timeperiod=14)
    # Greater than
    rsi_14_above_70 = is_above(rsi_14, 70.0)
    # Crosses above
    rsi_14_crossed_above_30 = crossed_above(rsi_14, 30.0)
    return {
        "rsi_14_crossed_above_30": rsi_14_crossed_above_30,
        "rsi_14_above_70": rsi_14_above_70,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone a15dc7b36f3fda88 8ca982e6ed4da402
# QlpoOTFBWSZTWTT7614AAzifgFAHaNAAIBgKv+f/+kACKdzqs1thFUeiDIRMjJo9INNGmgSFUYQADINAAARRIN
# Jkj1NPRGjanqADQRJJlTEyPUaHqNGgBoK1FvX05fdvblbEpRI1KLdOc7roj2+Pr3usxyXBcFrSfgZzhEpISBCN
# OBFG3D2lkSodJfxBUkyVNtpsahSkwrQaWvsgRKJMgUBQsQJESiogRaRKSUsW+CVL81mTYmfQ6i84qtL0WiwrxW
# QfeVuWHXzXtWF11tusC0DBYCAVdo2oGJ6nH804+sb1oeS9JOHAOq9y2SHz36AW6L2qLnzA0fjcBLK2AfqsZHUO
# zFce8lIGIGNlzOCwudi9dO60LmYuE7TfYBNDCsV4YzLVmBvKYc1j+g7nC1dHSAt3OWVGApK8mgcnfIFym+gOcl
# tKDGNkJohYNi7xYZZNd5HVhdCGcEwLdazUMwtQa6VLl+pXbdQ7ijZloqZXgbF43hnmhwFsAdCrXQDastsXH7S6
# 88IXCAWFidIEm1cno68gsEAwhKkUuLArAmdFqcKrVbxd60FvpeBbhepOl7H9QkXr4LubyKNFiAsXGWTC7pBrr+
# D4iFUNKcvghEJqRwMnKl/xdyRThQkDT7614A==

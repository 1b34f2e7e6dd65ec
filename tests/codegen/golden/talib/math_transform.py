"""Math transform.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 0f7d1aaf03ac.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Default position",
            "long_entry": "any_of",
            "long_exit": None,
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 10.0},
            "exits": [],
        },
    ],
    "portfolio": {"maximum_positions": None},
}


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
    # Arc cosine
    acos = ta.ACOS(close)
    # Crosses above
    acos_crossed_above_0_5 = crossed_above(acos, 0.5)
    # Arc sine
    asin = ta.ASIN(close)
    # Crosses above
    asin_crossed_above_0_5 = crossed_above(asin, 0.5)
    # Arc tangent
    atan = ta.ATAN(close)
    # Crosses above
    atan_crossed_above_0_5 = crossed_above(atan, 0.5)
    # Logarithm to base 10
    log10 = ta.LOG10(close)
    # Crosses above
    log10_crossed_above_0_5 = crossed_above(log10, 0.5)
    # Cosine
    cos = ta.COS(close)
    # Crosses above
    cos_crossed_above_0_5 = crossed_above(cos, 0.5)
    # Exponential
    exp = ta.EXP(close)
    # Crosses above
    exp_crossed_above_0_5 = crossed_above(exp, 0.5)
    # Hyperbolic cosine
    cosh = ta.COSH(close)
    # Crosses above
    cosh_crossed_above_0_5 = crossed_above(cosh, 0.5)
    # Hyperbolic sine
    sinh = ta.SINH(close)
    # Crosses above
    sinh_crossed_above_0_5 = crossed_above(sinh, 0.5)
    # Hyperbolic tangent
    tanh = ta.TANH(close)
    # Crosses above
    tanh_crossed_above_0_5 = crossed_above(tanh, 0.5)
    # Natural logarithm
    ln = ta.LN(close)
    # Crosses above
    ln_crossed_above_0_5 = crossed_above(ln, 0.5)
    # Round down
    floor = ta.FLOOR(close)
    # Crosses above
    floor_crossed_above_0_5 = crossed_above(floor, 0.5)
    # Round up
    ceil = ta.CEIL(close)
    # Crosses above
    ceil_crossed_above_0_5 = crossed_above(ceil, 0.5)
    # Sine
    sin = ta.SIN(close)
    # Crosses above
    sin_crossed_above_0_5 = crossed_above(sin, 0.5)
    # Square root
    sqrt = ta.SQRT(close)
    # Crosses above
    sqrt_crossed_above_0_5 = crossed_above(sqrt, 0.5)
    # Tangent
    tan = ta.TAN(close)
    # Crosses above
    tan_crossed_above_0_5 = crossed_above(tan, 0.5)
    # Or
    any_of = (
        acos_crossed_above_0_5
        | asin_crossed_above_0_5
        | atan_crossed_above_0_5
        | log10_crossed_above_0_5
        | cos_crossed_above_0_5
        | exp_crossed_above_0_5
        | cosh_crossed_above_0_5
        | sinh_crossed_above_0_5
        | tanh_crossed_above_0_5
        | ln_crossed_above_0_5
        | floor_crossed_above_0_5
        | ceil_crossed_above_0_5
        | sin_crossed_above_0_5
        | sqrt_crossed_above_0_5
        | tan_crossed_above_0_5
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))

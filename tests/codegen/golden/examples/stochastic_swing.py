"""Stochastic swing.

Trades long, with a stop and a target.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 525cda7db28b.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "overbought": 75,
    "oversold": 25,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "up_from_oversold",
            "long_exit": "down_from_overbought",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 8.0},
                {"kind": "target", "unit": "risk", "value": 2.0},
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
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # Stochastic
    stochastic_k, stochastic_d = ta.STOCH(
        high,
        low,
        close,
        fastk_period=14,
        slowk_period=3,
        slowk_matype=0,
        slowd_period=3,
        slowd_matype=0,
    )
    # Turns down: Crosses below
    turns_down = crossed_below(stochastic_k, stochastic_d)
    # Overbought: Greater than
    overbought = is_above(stochastic_k, PARAMETERS["overbought"])
    # Oversold: Less than
    oversold = is_below(stochastic_k, PARAMETERS["oversold"])
    # Down from overbought: And
    down_from_overbought = turns_down & overbought
    # Turns up: Crosses above
    turns_up = crossed_above(stochastic_k, stochastic_d)
    # Up from oversold: And
    up_from_oversold = oversold & turns_up
    return {
        "up_from_oversold": up_from_oversold,
        "down_from_overbought": down_from_overbought,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone cead20c6ce599d9d ebe363cc7ce5cd22
# QlpoOTFBWSZTWYrCW7IAA8ifgFIHftAGAI4Kv+//+kAC60TgA04apPJoZJgE00MADEJgEpkpk0Emj1AaAAHqAA
# RKIQnqMhpoaDCMCGg0CpTSJkaAKn+lBqaaaPU9CabUe1Rp5a68krMhIvJcRk7mOyC+DBDahuDhaWyFAiDBSkAU
# i2JTN4Y57Kmy0UKCrfNKX2dLZ8GZWs7cS/LDe24dYuAHIt8SFsIRhJimQq0JG2UslCUxrcIum+IK3US1NQm6Fz
# BUQejZCEfqJljcSplyESQEySMhktzIm0xxCGOIEiWwaGNtJEENyTjXhyWl06aaKbtxzkBqiNXMowImqhRSsUSx
# Wql/mDcDNGs1gMj3YgYSBdstrZIiJ35lal9gB0+Bo9cub0K+XfC98cqJtMifjyLv+VlD6LeUPxpMJ+vnoJvNH0
# Jw0KufmLnrLouSpkXrLilzdp8+fi1lrW48iaezzq5OVTT0Jm1K2CaGJ244DI1kqSoOcm/3aN/BMDlC7f2PvXBu
# TdtNZ1M6MtJxdJa8uVLfa5NZzOUmGkyYRLIp4XcFljgo2lls571vekpS5NROZZUTExV3dlTDy3DYzcKRiJsz5G
# xbFUFdDG6dhYxvmuZnrY6zKa8d859Dc2SGqYFGcdOpsfCOWllrZx66x7d3ZZaW2ROc+InJc7I1hVDvSXLzhfbt
# dHZsE1Wh1koprmWWMImZRvXMcGkxOO/FCV9NAlCHibgoyxagEMCJCopcRcWyjJG17XtaMMGDQ8MU6t5l83uLuE
# z4LeLOJMaXsnx0pPLLuYuZ5+fp6SLo/xg9qrxyJ97K7F3JFOFCQisJbsg=

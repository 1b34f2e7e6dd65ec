"""RSI-2.

Trades long, with a time stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow c596317d554b.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "entry_level": 10,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "a_dip_in_an_uptrend",
            "long_exit": "back_above_the_5_bar_average",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "time_stop", "unit": "bars", "value": 10},
            ],
        },
    ],
    "portfolio": {"maximum_positions": 5},
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # RSI of two bars: Relative strength index
    rsi_of_two_bars = ta.RSI(close, timeperiod=2)
    # A deep dip: Less than
    a_deep_dip = is_below(rsi_of_two_bars, PARAMETERS["entry_level"])
    # 5-bar average: Simple moving average
    sma_5_bar_average = ta.SMA(close, timeperiod=5)
    # Back above the 5-bar average: Greater than
    back_above_the_5_bar_average = is_above(close, sma_5_bar_average)
    # 200-bar average: Simple moving average
    sma_200_bar_average = ta.SMA(close, timeperiod=200)
    # In an uptrend: Greater than
    in_an_uptrend = is_above(close, sma_200_bar_average)
    # A dip in an uptrend: And
    a_dip_in_an_uptrend = in_an_uptrend & a_deep_dip
    return {
        "a_dip_in_an_uptrend": a_dip_in_an_uptrend,
        "back_above_the_5_bar_average": back_above_the_5_bar_average,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone ebb81b814f643e3d b7dbe87e271d7833
# QlpoOTFBWSZTWTmBkOQAA+4fgFIHchAyINgKv+//+kAC6AnbYVrYSRTET0FPETyQYmj0TINNBISSZMmqeKYCaf
# qg2CjRjQwBpoaNGIyAaADQwSJCTDRGp5NQAAAAlz6evF9CCjywOfFo0lmWuymsezU47Ko6Ieeg8LhVRw7miyty
# fGssMqMWuZaqs7r5s167Wzz5jvwc9tfIwxxt/9ADBC3IV97Y2Pa1BvCEbbGndlVWY6FqYO9ImodN4l6fS5+aOW
# BAk+KKqIbCnVQkKY2NCpCp05CqiZGA41EqRREMkkgNkTSE25FTvyb3b9jatvef30Qjo+oNsG216SJC82klZJUC
# 00NPVoWCE8JwQqaFSco7sULKHB026JBiBHUZHU25pKJ4RAL/bYb9/i33nA2uhUGpSQr3D53hRUuAR7A9CCByUl
# wQMpzQlWiSomLNNQeCFANHlg0xgQiSRVSQvZQWRdFE5hjkbveSR9ewqw6GOq2z9sFqitxV1yFuPqs+XahWKQhS
# RMkK/thJBSskOA4lSlbW9lYWoHVdA2jbiDV1NgoYgaJY1SJoUgngf2dimUEmBeimQ5khjGcRhwRkapJjwqAaCE
# 0ajKODI3C6LwsB3m+2ebQMtqIUermaDTQGgbrESAhoi9/bF8WrbA4HJNIMwgIRlj6KAtgs/MKsnRG6YYNiJVCE
# yta5hGJStU0hoIg1M0UDeI/aKtsAMoECUlYQl2eEGBE3JvuFqVAwYlBRK0zgXbNvvvCXNlcCThCWAhcZBe5kAV
# Cqz3WiMYXAuKRLA7lIa5yG7zB1azDWp1ahQhjDylQYFwaLTnzBUl6ntc5nTQv46+RdyRThQkDmBkOQ

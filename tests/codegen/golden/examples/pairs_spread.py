"""Pairs spread.

Trades long and short, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 06e953c3bacf.
"""

import numpy as np

PARAMETERS = {
    "deviations": 2.0,
    "period": 60,
}

RULES = {
    "legs": [
        {
            "name": "10 % of equity",
            "long_entry": "cheap_against_ibm",
            "long_exit": "back_from_below",
            "short_entry": "dear_against_ibm",
            "short_exit": "back_from_above",
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 10.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 15.0},
            ],
        },
    ],
    "portfolio": {"maximum_positions": None, "maximum_net_exposure": 40.0},
    "other_symbols": {"IBM": "The block 'IBM'"},
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


def previous(series: np.ndarray, bars: int) -> np.ndarray:
    """The value so many bars ago; NaN where there was no such bar yet."""
    if bars < 0:
        raise ValueError("A strategy cannot look ahead: bars must be 0 or more.")
    shifted = np.full_like(series, np.nan)
    shifted[bars:] = series[: max(len(series) - bars, 0)]
    return shifted


def highest(series: np.ndarray, period: int) -> np.ndarray:
    """The highest of the last so many values, this bar's among them."""
    top = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        top[period - 1 :] = windows.max(axis=1)
    return top


def lowest(series: np.ndarray, period: int) -> np.ndarray:
    """The lowest of the last so many values, this bar's among them."""
    bottom = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        bottom[period - 1 :] = windows.min(axis=1)
    return bottom


def divide(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """a / b, and NaN where b is 0."""
    return a / np.where(b == 0, np.nan, b)


def rolling_sum(series: np.ndarray, period: int) -> np.ndarray:
    """The sum of the last so many values, this bar's among them."""
    total = previous(series, period - 1)
    for bars in range(period - 2, -1, -1):
        total = total + previous(series, bars)
    return total


def standard_deviation(series: np.ndarray, period: int) -> np.ndarray:
    """How far the last so many values lie from their mean: the root mean square."""
    mean = rolling_sum(series, period) / period
    total = np.zeros_like(series)
    for bars in range(period - 1, -1, -1):
        distance = previous(series, bars) - mean
        total = total + distance * distance
    flat = highest(series, period) == lowest(series, period)
    return np.where(flat, 0.0, np.sqrt(total / period))


def z_score(series: np.ndarray, period: int) -> np.ndarray:
    """How many standard deviations a value lies above the mean of the last so many."""
    mean = rolling_sum(series, period) / period
    return divide(series - mean, standard_deviation(series, period))


def of_symbol(key: str, symbol: str, market: object) -> np.ndarray:
    """One symbol's last known value under that key, for every symbol that has a bar."""
    values = market.others[symbol][key]
    places = np.arange(len(values))
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, places))
    known = np.where(last < 0, np.nan, values[last])
    return np.where(market.bars, known[:, np.newaxis], np.nan)


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    return {"close": close}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    # IBM: Other symbol
    ibm = of_symbol("close", "IBM", market)
    return {"ibm": ibm}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    ibm = earlier["ibm"]
    # Below: Multiply
    below = np.full_like(close, PARAMETERS["deviations"] * -1.0)
    # Ratio to IBM: Divide
    ratio_to_ibm = divide(close, ibm)
    # Distance from its average: Z-score
    distance_from_its_average = z_score(ratio_to_ibm, PARAMETERS["period"])
    # Back from above: Crosses below
    back_from_above = crossed_below(distance_from_its_average, 0.0)
    # Dear against IBM: Crosses above
    dear_against_ibm = crossed_above(
        distance_from_its_average, PARAMETERS["deviations"]
    )
    # Cheap against IBM: Crosses below
    cheap_against_ibm = crossed_below(distance_from_its_average, below)
    # Back from below: Crosses above
    back_from_below = crossed_above(distance_from_its_average, 0.0)
    return {
        "cheap_against_ibm": cheap_against_ibm,
        "back_from_below": back_from_below,
        "dear_against_ibm": dear_against_ibm,
        "back_from_above": back_from_above,
    }


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 75d47d9b948c0694 7d523268eab200c7
# QlpoOTFBWSZTWVynA5YABSwfgFIHdxAeI1QKv+//+lADiYPSaAFIiGVPKNNqMmIMIwAZJppgSmk0CFPUAaAAPU
# 0aA00EmkpNKHqaMIB6QYT1MIGmQwA00aDTEAAADIAKkhBNRpiZJ6IjTTagZGynqZEuHaa+5mNTSRYrABJRAvQR
# 4k5+PkwVoQSVAwHUABzdQEX2SYMIU3L4RWC1EnD5CH3q1tPK90oVbVyeapRKJQsyjmNHLJKj3lLrZgxYCrM0Jk
# Nq+oVVWeZqrMtYN0Nmw0XcR1pF2wDZqHd3mDdiGV+BDVBh4pe60tLaW0tsS25hcyAZAEtMpRHLjTCDKNqGUo2w
# tCwFC5mYhAtsDI3hu5eJb69D2u505ubXk1+U3yTvZPKCKCIp9mqKqSC8hYOHp8IM4K/Slq+dvPzQW0MyTrzdAO
# tqnE7RyQCdsGQ0F4QsOffIGpx6BDk5ToEeHPVVU8miqjvgG0nVB6uHBlZn8n28x9yVgnY0b0+RN303oPXU9mXG
# f1Byi+svMt+iWLtJOYoteD6yqkZ1Bwrs8/4bVi5OQST8micmgzrysBDTnqhgtt69v2g0VHvrRBtGQ6eFYblM6F
# tfGOVTCLobpv4+F9Dge3ScyeTVyHHl1XTzrE1R5TTuNKHA/725zY5I5s+8xBe3gZDtaRiUuhUL+P4Rh3Sqrj71
# 7p1aHL8iVUljug8kFT3DZozwUfGnZGpNd04Y9GUTbRBu9NaqqkjoL53LSkVU6qvnH3VDLpmPLbl8Pi4zOE5mEW
# ltYoc/FGToaH52b57uyZk6zv69FKmhG5BwseLa06NaVVKKlIoljW8Vqqk7cFT55GOM5HZgkwjvcrxUPCrWqqNn
# Sjw0W4GBhcaIEwdmk7FS6hqTsFCUWaK76ucYQ4JGE0zr5F6KzZINEF2ShSN0xGclVWu2saZTBPwwc8tpuwsS02
# bdsGLtspJ1XRvyzMC1htNNesAkw32xFHcTsB7If/F3JFOFCQXKcDlg

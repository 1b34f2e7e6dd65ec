"""Z-score reversal.

Trades long, with a stop and a time stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow be4bffd131d3.
"""

import numpy as np

PARAMETERS = {
    "entry_score": 2.0,
    "period": 20,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "far_below_the_mean",
            "long_exit": "back_at_the_mean",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 10.0},
                {"kind": "time_stop", "unit": "bars", "value": 20},
            ],
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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Below the mean: Multiply
    below_the_mean = np.full_like(close, PARAMETERS["entry_score"] * -1.0)
    # Distance from the mean: Z-score
    distance_from_the_mean = z_score(close, PARAMETERS["period"])
    # Back at the mean: Crosses above
    back_at_the_mean = crossed_above(distance_from_the_mean, 0.0)
    # Far below the mean: Crosses below
    far_below_the_mean = crossed_below(distance_from_the_mean, below_the_mean)
    return {
        "far_below_the_mean": far_below_the_mean,
        "back_at_the_mean": back_at_the_mean,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 3a5e4afee869393a c59a6f71df1437ca
# QlpoOTFBWSZTWemqR6EABXkfgFIHcBAXAMQav+//+lADawe95uh0K7oRSIU0/QFADTI0PUeppkeoQaqeCh6RkY
# EYRhGAgSaSoyiek0aMBMmJgjNRoIoUjaU/UgPUZAPUAAaBFJqaBNMJoFNMgA0MJYfOnCc92+JVyDZHOU+Rn1Kd
# OcCcbrCVLfuURVXKqElj7gpQ4EE6OY1wc1FgEEYEEHEmsR5kazMuRmT5C6gnm2MK7kqo5ZUWZgXGjLYWVFoOb5
# DbukNdNH5VDgkGZiiKKixFtyy27JBDhgH+ZOZCoNZBkLCsChKSDCMQiUbWACSDZCywAbELZBkLpo66tDhM5pDL
# nm303bCTsfk9xTxjBScQZhAIBhU7KUBM/P9YKWUhjQiNFNakKVVUEypMzZTSJIukyAEYChoZHDb3Gu07JwpR8F
# OPx5ON3iF6mqywVtC409xZKUKZ4APQ4hVG9SWVk+d/EAoEhcmqEEqYKeojFx6/OAw5ddpmSktzMbIfPwNclEYD
# FQE+DJB28dBqpbVSA5NFNN1MY7RYKYhUOcEc7FrHQOENAcEbw4Tn++l5oSpaLpOfQ8VKHlBt37BxvUv4h7aBnU
# MVI0CzRlkGRD/eZKPAg7kBuGnxBgOCPUUhOR3PIuLioRNymDC2z48MM7hKuTkKQDIYovMFVQyoETYHpC2XD0VL
# 8++VUXQkIg5jkShrqKVIVuMQdgfCoF48UTqKZUATR2hqQmUi7gyFiFTaqmftBaFt+paWINgps4zG1KQUgIBhj4
# ZOUbt5qpPIgLgbFaAEHJnRaLHAX18OOSzCsmpS5qouZKYl1IFMFJFNLQwIgG3IK4IGOI3Mkr7lhvW8GHWamxb2
# u0xUqmBCnfVl13xWpMjANxnnyIZCS0hSB/A03yulkFwkKQXfcZD/F3JFOFCQ6apHoQ==

"""Load everything a strategy may use before the lock, since afterwards no file can be read."""

import contextlib
import math  # noqa: F401  (loaded for the strategies, as the following)

import numpy as np
import numpy.fft
import numpy.linalg
import numpy.ma
import numpy.polynomial
import numpy.random
import pandas as pd  # noqa: F401
import talib  # noqa: F401

from . import guard

_EXERCISE = """
import math
import numpy as np
import pandas as pd
import talib
def signals(prices):
    close = prices["close"]
    series = pd.Series(close)
    frame = pd.DataFrame({"a": series, "b": series.shift(1)})
    for rolling in (series.rolling(3), series.ewm(span=3), series.expanding()):
        rolling.mean()
        rolling.std()
    series.rolling(3).max()
    series.rolling(3).rank()
    series.rolling(3).corr(frame["b"])
    frame.rank(axis=1)
    frame.corr()
    series.groupby(series > 2).mean()
    series.pct_change()
    series.diff().fillna(0.0).clip(0, 1).cumsum().quantile(0.5)
    series.where(series > 2).ffill().interpolate()
    str(frame.describe())
    np.polyfit(close, close, 1)
    np.linalg.lstsq(np.eye(3), np.ones(3), rcond=None)
    np.fft.fft(close)
    np.random.default_rng(0).normal(size=3)
    np.nanmedian(close)
    np.percentile(close, 5)
    np.lib.stride_tricks.sliding_window_view(close, 3)
    return {"a": talib.SMA(close, timeperiod=3) > 0}
"""


def preload() -> None:
    """Import the four libraries and call what they import only when it is first used."""
    close = np.arange(1.0, 21.0)
    guard.load(_EXERCISE)["signals"]({"close": close})
    with contextlib.suppress(SyntaxError):
        guard.load("x = 1 +")

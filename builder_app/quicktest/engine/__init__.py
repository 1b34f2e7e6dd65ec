"""The engine of a quick test: signals in, trades and metrics out. It works on its own, beside a strategy's file.

In: a strategy's `signals` and RULES, prices of the shape `prices.Prices`, settings.  Out: an outcome with metrics.
Not here: files of prices, processes, this program. It needs numpy, and is faster where numba is installed. The fill
rules stand at the top of `loop.py`, the metrics' definitions in `metrics.py`.
"""

from .run import run

__all__ = ["run"]

"""One symbol's prices over the bars of a result, read for the charts on a thread that nothing else waits for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from builder_app.market.prices import PricesUnreadable
from builder_app.market.prices.panel import FloatArray
from builder_app.quicktest.request import RunResult
from builder_app.session.background import Latest
from builder_app.session.desk import Desk

Prices = Mapping[str, FloatArray]
"""Open, high, low and close over the result's bars, NaN where the symbol has none; each of shape (bars,)."""
FIELDS: Final = ("open", "high", "low", "close")


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """A symbol of a result, and who wants its prices."""

    symbol: str
    times: NDArray[np.datetime64]
    frequency: str
    take: Callable[[str, Prices | None], None]


class ShownPrices:
    """Asked and answered in the owner's thread; of questions that wait the newest is kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._latest = Latest("shown-prices", self._read, self._answered)
        self._newest: _Question | None = None

    def ask(self, symbol: str, result: RunResult, frequency: str, take: Callable[[str, Prices | None], None]) -> None:
        """Call `take` with the symbol and its prices; with None where the library does not have them any more."""
        self._newest = _Question(symbol, result.times, frequency, take)
        self._latest.ask("prices", self._newest)

    @property
    def is_idle(self) -> bool:
        """Nothing is being read."""
        return self._latest.is_idle

    def close(self) -> None:
        """End the thread after what it is reading; nobody wants that any more."""
        self._newest = None
        self._latest.close()

    def _read(self, _key: str, asked: _Question) -> Prices | None:
        first, last = (asked.times[place].astype("datetime64[D]").item() for place in (0, -1))
        try:
            panel = self._desk.rooms.library.load((asked.symbol,), first, last, asked.frequency)
        except (PricesUnreadable, ValueError, OSError):
            return None
        return {name: over_bars(asked.times, panel.times, getattr(panel, name)[:, 0]) for name in FIELDS}

    def _answered(self, _key: str, asked: _Question, prices: Prices | None) -> None:
        def take() -> None:
            if asked is self._newest:
                asked.take(asked.symbol, prices)

        self._desk.post(take)


def over_bars(times: NDArray[np.datetime64], known: NDArray[np.datetime64], values: FloatArray) -> FloatArray:
    """The values, known at their own rising times, at the bars `times`; NaN where there is none; shape (bars,)."""
    found = np.full(len(times), np.nan)
    wanted = times.astype("datetime64[ns]")
    there = known.astype("datetime64[ns]")
    places = np.searchsorted(there, wanted)
    inside = places < len(there)
    same = np.zeros(len(times), dtype=np.bool_)
    same[inside] = there[places[inside]] == wanted[inside]
    found[same] = values[places[same]]
    return found

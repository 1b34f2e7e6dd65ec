"""What the check of a strategy's signals found, in whole sentences."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SignalsCheck:
    """Whether signals see the future, and how many bars they depend on where the history begins.

    `looks_ahead`: a signal was another one once later bars were cut off. `warm_up_bars`: None where the signals had
    not settled at the end of what was looked at. `sentences` say both, and where.
    """

    symbols: tuple[str, ...]
    looks_ahead: bool
    warm_up_bars: int | None
    sentences: tuple[str, ...]


def signals_check_from(found: object, times: NDArray[np.datetime64]) -> SignalsCheck | None:
    """Read a worker's findings, data from a stranger; None where they are not what they should be."""
    try:
        return _read(dict(found), times)  # type: ignore[call-overload]
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def _read(found: dict[str, Any], times: NDArray[np.datetime64]) -> SignalsCheck:
    symbols = tuple(str(symbol)[:40] for symbol in found["symbols"][:5])
    if found["failed"]:
        return SignalsCheck(symbols, False, None, (f"The signals could not be checked: {str(found['failed'])[:500]}",))
    differences = [(str(key)[:80], str(symbol)[:40], int(bar)) for key, symbol, bar in found["look_ahead"][:20]]
    cuts, bars, warm_up = len(found["cuts"]), int(found["bars"]), found["warm_up_bars"]
    settled = None if warm_up is None else int(warm_up)
    on = " and ".join(symbols)
    if differences:
        key, symbol, bar = differences[0]
        date = np.datetime_as_string(times[bar], unit="D")
        first = (
            f"The strategy looks ahead: “{key}” for {symbol} on {date} is another one once later prices are cut off; "
            "its results cannot be had in trading."
        )
    else:
        first = f"No look-ahead: on {on} the signals on {cuts} histories that were cut off are those on the whole."
    if settled is None:
        second = (
            f"The signals on {on} still depend on where the history begins after {bars:,} bars; give the test a longer "
            "history, or the indicators shorter periods."
        )
    else:
        second = f"Warm-up: on {on} the signals do not depend on where the history begins after {settled:,} bars."
    return SignalsCheck(symbols, bool(differences), settled, (first, second))

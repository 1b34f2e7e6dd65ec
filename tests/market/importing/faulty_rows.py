"""Rows of prices to be made faulty in one way."""

from pathlib import Path

import numpy as np

from builder_app.market.importing.columns import ColumnChoice
from builder_app.market.importing.preparing import Prepared, PreparedSymbol, prepare
from builder_app.market.prices.checks import Rows

DAY = 86_400_000_000_000


def some_rows(count: int = 60, first: str = "2020-01-01", seed: int = 1) -> Rows:
    """Weekdays of a quiet share, from the first weekday on."""
    random = np.random.default_rng(seed)
    days = np.arange(np.datetime64(first), np.datetime64(first) + 3 * count)
    days = days[np.is_busday(days)][:count]
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, count)))
    open_ = close * (1 + random.normal(0, 0.003, count))
    values = {
        "open": open_,
        "high": np.maximum(open_, close) * 1.005,
        "low": np.minimum(open_, close) * 0.995,
        "close": close,
        "volume": random.uniform(1e5, 1e6, count),
    }
    written = days.astype("datetime64[ns]").astype(np.int64)
    nothing = np.zeros(count, dtype=np.int64)
    return Rows(("ABC.csv",), nothing, np.arange(2, count + 2), written, nothing.copy(), values)


def quiet(_stage: str, _share: float) -> None:
    """Nobody asked for progress."""


def prepared(path: Path, choice: ColumnChoice | None = None, names: tuple[str, ...] = ()) -> Prepared:
    """What an import of this file would bring, without a calendar."""
    return prepare([path], quiet, {names: choice} if choice is not None else {}, exchange="")


def only(found: Prepared) -> PreparedSymbol:
    """The one symbol that was prepared."""
    assert not found.problems, found.problems
    (one,) = found.symbols
    return one

"""Prices and crossover signals that every oracle trades, and one way to run an oracle's driver on them."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import talib
from numpy.typing import NDArray

from builder_app.quicktest.engine.prices import Pool
from builder_app.quicktest.engine.simulate import Simulation
from tests.quicktest.oracles.environment import ROOT
from tests.quicktest.trading import leg, trade

SHARES = 100.0


@dataclass(frozen=True)
class Signals:
    """A pool without gaps and its entries and exits, shape (bars, symbols)."""

    pool: Pool
    buy: NDArray[np.bool_]
    sell: NDArray[np.bool_]


def crossovers(pool: Pool, fast: int, slow: int) -> Signals:
    """Averages of closes that cross, decided at the close."""
    buy, sell = np.zeros(pool.fields[3].shape, bool), np.zeros(pool.fields[3].shape, bool)
    for column in range(len(pool.symbols)):
        close = np.ascontiguousarray(pool.fields[3][:, column])
        lead = talib.SMA(close, timeperiod=fast) - talib.SMA(close, timeperiod=slow)
        buy[1:, column] = (lead[1:] > 0) & (lead[:-1] <= 0)
        sell[1:, column] = (lead[1:] < 0) & (lead[:-1] >= 0)
    return Signals(pool, buy, sell)


def samples() -> Signals:
    """AAPL and GOOG on the days that both have, SMA 10/30."""
    frame = pd.read_csv(ROOT / "resources" / "samples" / "stocks.csv.gz", parse_dates=["Date"])
    scale = frame["Adj Close"] / frame["Close"]
    tables = []
    for name in ("Open", "High", "Low", "Close"):
        frame[name] = frame[name] * scale
        table = frame.pivot_table(index="Date", columns="Ticker", values=name)[["AAPL", "GOOG"]].dropna()
        tables.append(np.ascontiguousarray(table.to_numpy()))
    times = table.index.to_numpy().astype("datetime64[ns]")
    return crossovers(Pool(("AAPL", "GOOG"), times, (*tables, np.full(tables[0].shape, 1e6))), 10, 30)


def hundred(bars: int = 400) -> Signals:
    """A hundred random walks, SMA 5/15."""
    random = np.random.default_rng(7)
    shape = (bars, 100)
    close = 50 * np.exp(np.cumsum(random.normal(0, 0.02, shape), axis=0))
    opens = close * np.exp(random.normal(0, 0.01, shape))
    high = np.maximum(opens, close) * np.exp(np.abs(random.normal(0, 0.01, shape)))
    low = np.minimum(opens, close) / np.exp(np.abs(random.normal(0, 0.01, shape)))
    times = np.datetime64("2020-01-01", "ns") + np.arange(bars) * np.timedelta64(1, "D")
    pool = Pool(tuple(f"S{n:02}" for n in range(100)), times, (opens, high, low, close, np.full(shape, 1e6)))
    return crossovers(pool, 5, 15)


def ours(case: Signals, exits: list[dict[str, Any]], **options: Any) -> Simulation:
    """What this engine trades, with more cash than it needs; other arrays go by their keys."""
    arrays = {"buy": case.buy, "sell": case.sell} | options.pop("arrays", {})
    size = {"kind": "shares", "value": SHARES}
    return trade(case.pool, [leg(size=size, exits=exits)], arrays, initial_capital=1e9, **options)


def theirs(python: Path, driver: str, case: Signals, folder: Path, **options: float) -> list[list[float]]:
    """The rows that an oracle's driver wrote."""
    fields = dict(zip(("open", "high", "low", "close"), case.pool.fields, strict=False))
    settings: dict[str, Any] = {"stop": 0.0, "commission": 0.0, "shares": SHARES} | options | fields
    np.savez(folder / "in.npz", allow_pickle=False, buy=case.buy, sell=case.sell, **settings)
    command = [str(python), "-I", str(Path(__file__).parent / driver), str(folder / "in.npz"), str(folder / "out.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    rows: list[list[float]] = json.loads((folder / "out.json").read_text())
    return rows

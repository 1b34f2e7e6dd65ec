"""Runs in vectorbt's environment: SMA 10/30 crossover, 5 % stop, costs, on the prices of a folder; prints seconds."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import vectorbt as vbt  # type: ignore[import-not-found]

CLOCK = time.process_time if os.environ.get("BENCHMARK_CLOCK") == "processor" else time.perf_counter
COSTS = {"fees": 0.001, "slippage": 0.0005}


def run(frames: dict[str, Any], fast: int) -> float:
    """Signals, trades and the usual numbers."""
    close = frames["close"]
    quick = vbt.MA.run(close, fast, short_name="quick").ma.to_numpy()
    slow = vbt.MA.run(close, 30, short_name="slow").ma.to_numpy()
    above = quick > slow
    known = ~np.isnan(quick) & ~np.isnan(slow)
    entries, exits = np.zeros(above.shape, bool), np.zeros(above.shape, bool)
    entries[2:] = above[1:-1] & ~above[:-2] & known[:-2]  # decided at a close, filled at the next open
    exits[2:] = ~above[1:-1] & above[:-2] & known[:-2]
    portfolio = vbt.Portfolio.from_signals(
        close, entries, exits, price=frames["open"], open=frames["open"], high=frames["high"], low=frames["low"],
        sl_stop=0.05, size=1.0 / close.shape[1], size_type="percent", init_cash=100_000, cash_sharing=True,
        group_by=True, stop_entry_price="fillprice", freq="1D", **COSTS,
    )  # fmt: skip
    trades = portfolio.trades
    numbers = (
        portfolio.total_return(), portfolio.sharpe_ratio(), portfolio.sortino_ratio(), portfolio.calmar_ratio(),
        portfolio.max_drawdown(), portfolio.annualized_volatility(), trades.win_rate(), trades.profit_factor(),
        trades.expectancy(), trades.count(),
    )  # fmt: skip
    return float(numbers[-1])


def main(folder: str, rounds: int) -> None:
    data = np.load(Path(folder) / "prices.npz")
    index = pd.DatetimeIndex(data["times"].view("datetime64[ns]"))
    frames = {name: pd.DataFrame(data[name], index=index) for name in ("open", "high", "low", "close")}
    run(frames, 9)
    seconds = []
    for number in range(rounds):
        begun = CLOCK()
        run(frames, 10 + number % 5)
        seconds.append(CLOCK() - begun)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

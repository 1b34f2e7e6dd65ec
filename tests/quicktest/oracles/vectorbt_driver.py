"""Runs in the oracle's environment: trades signal arrays with the package `vectorbt`; npz in, JSON out.

Usage: python vectorbt_driver.py IN.npz OUT.json.  IN holds open, high, low, close, buy, sell of shape (bars, symbols),
`stop` (a fraction below the fill price, 0 for none), `commission` and `shares`.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import vectorbt as vbt  # type: ignore[import-not-found]


def main(source: str, target: str) -> None:
    data = np.load(source)
    frames = {name: pd.DataFrame(data[name]) for name in ("open", "high", "low", "close")}

    def next_bar(flags: np.ndarray) -> np.ndarray:
        """Decided at a close, filled at the next open."""
        return np.concatenate([np.zeros((1, flags.shape[1]), bool), flags[:-1]])

    stop = float(data["stop"])
    portfolio = vbt.Portfolio.from_signals(
        frames["close"], next_bar(data["buy"]), next_bar(data["sell"]), price=frames["open"],
        open=frames["open"], high=frames["high"], low=frames["low"], size=float(data["shares"]), init_cash=1e9,
        fees=float(data["commission"]), stop_entry_price="fillprice", **({"sl_stop": stop} if stop else {}),
    )  # fmt: skip
    records = portfolio.trades.records
    columns = ["col", "entry_idx", "exit_idx", "entry_price", "exit_price", "size", "pnl", "status"]
    Path(target).write_text(json.dumps(records[columns].to_numpy().tolist()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

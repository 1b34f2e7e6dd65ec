"""Runs in the oracle's environment: trades signal arrays with the package `backtesting`; npz in, JSON out.

Usage: python backtesting_driver.py IN.npz OUT.json.  IN holds open, high, low, close, buy, sell, `stop` (a fraction
below a price, 0 for none), `stop_from` (0: a level given per decision bar in `level`, set with the order; 1: set on
the trade after its fill, from its entry price), `commission` and `shares`.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy  # type: ignore[import-not-found]


def main(source: str, target: str) -> None:
    data = np.load(source)
    frame = pd.DataFrame(
        {name.title(): data[name] for name in ("open", "high", "low", "close")},
        index=pd.date_range("2000-01-01", periods=len(data["open"])),
    )
    frame["Volume"] = 1.0
    buy, sell, level = data["buy"], data["sell"], data["level"]
    stop, shares, after = float(data["stop"]), int(data["shares"]), int(data["stop_from"]) == 1

    class Signals(Strategy):  # type: ignore[misc]
        def init(self) -> None:
            pass

        def next(self) -> None:
            bar = len(self.data) - 1
            if after and stop:
                for trade in self.trades:
                    if trade.sl is None:
                        trade.sl = trade.entry_price * (1.0 - stop)
            if sell[bar]:
                for trade in self.trades:
                    trade.close()
            elif buy[bar] and not self.position:
                self.buy(size=shares, sl=level[bar] if stop and not after else None)

    test = Backtest(frame, Signals, cash=1e7, commission=float(data["commission"]), finalize_trades=True)
    trades: Any = test.run()["_trades"]
    columns = ["EntryBar", "ExitBar", "EntryPrice", "ExitPrice", "Size", "PnL"]
    rows = trades.sort_values("EntryBar")[columns].to_numpy().tolist()
    Path(target).write_text(json.dumps(rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

"""Runs in the oracle's environment: trades signal arrays with the package `backtrader`; npz in, JSON out.

Usage: python backtrader_driver.py IN.npz OUT.json.  IN holds open, high, low, close, buy and sell, (bars, symbols), and
`stop` (a fraction below the decision's close, 0 for none), `commission` and `shares`.
"""

import datetime
import json
import sys
from pathlib import Path
from typing import Any

import backtrader as bt  # type: ignore[import-not-found]
import numpy as np
import pandas as pd


class Signals(bt.Strategy):  # type: ignore[misc]
    params = (("buy", None), ("sell", None), ("stop", 0.0), ("shares", 1.0), ("rows", None))

    def __init__(self) -> None:
        self.stop_order: Any = None

    def notify_order(self, order: Any) -> None:
        if order.status == order.Completed:
            self.p.rows.append([len(self) - 1, order.executed.price, order.executed.size])

    def next(self) -> None:
        bar = len(self) - 1
        if self.p.sell[bar] and self.position:
            if self.stop_order is not None:
                self.cancel(self.stop_order)
            self.close()
        elif self.p.buy[bar] and not self.position:
            if self.p.stop:
                level = self.data.close[0] * (1.0 - self.p.stop)
                _, self.stop_order, _ = self.buy_bracket(
                    size=self.p.shares, exectype=bt.Order.Market, stopprice=level, limitexec=None
                )
            else:
                self.buy(size=self.p.shares)


def main(source: str, target: str) -> None:
    data = np.load(source)
    found = []
    for column in range(data["close"].shape[1]):
        index = [datetime.datetime(2000, 1, 1) + datetime.timedelta(days=n) for n in range(len(data["close"]))]
        frame = pd.DataFrame({name: data[name][:, column] for name in ("open", "high", "low", "close")}, index=index)
        frame["volume"] = 1e6
        rows: list[list[float]] = []
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame))
        cerebro.broker.setcash(1e9)
        cerebro.broker.setcommission(commission=float(data["commission"]))
        options = {"buy": data["buy"][:, column], "sell": data["sell"][:, column], "stop": float(data["stop"])}
        cerebro.addstrategy(Signals, shares=float(data["shares"]), rows=rows, **options)
        cerebro.run()
        found += [[column, *row] for row in rows]
    Path(target).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

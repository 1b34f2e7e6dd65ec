"""Runs in freqtrade's environment: backtests strategy.py on prices of stocks, as if they were pairs of an exchange.

Usage: python freqtrade_driver.py FOLDER. FOLDER holds strategy.py, config.json and the package `prices`, as an exported
folder does; the prices' path follows. The exchange's markets are made up, so that nothing is fetched. freqtrade fills
missing days up, and stocks have weekends: the bars are therefore given consecutive days, and named back in the answer.
Prices are rounded as the exchange rounds orders: freqtrade fills no order at a price that its candle does not hold.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

logging.disable(logging.CRITICAL)
FIRST = pd.Timestamp("1990-01-01", tz="UTC")
DIGITS = 10
FIELDS = ("open", "high", "low", "close", "volume")


def market(symbol: str) -> dict[str, Any]:
    """A market with no limits and prices to the last digit."""
    free = {"min": None, "max": None}
    return {
        "id": f"{symbol}USD",
        "symbol": f"{symbol}/USD",
        "base": symbol,
        "quote": "USD",
        "type": "spot",
        "spot": True,
        "margin": False,
        "swap": False,
        "future": False,
        "option": False,
        "contract": False,
        "active": True,
        "precision": {"amount": 1e-9, "price": 10.0**-DIGITS},
        "limits": {"amount": free, "price": free, "cost": free, "leverage": free},
        "info": {},
    }


def configuration(folder: Path, panel: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """What freqtrade is told."""
    return {
        "runmode": "backtest",
        "dry_run": True,
        "strategy": "FlowStrategy",
        "strategy_path": str(folder),
        "user_data_dir": folder,
        "datadir": folder / "data",
        "exportfilename": folder / "out.json",
        "dataformat_ohlcv": "feather",
        "stake_currency": "USD",
        "stake_amount": 1000.0,
        "tradable_balance_ratio": 1.0,
        "dry_run_wallet": settings["initial_capital"],
        "max_open_trades": -1,
        "fee": settings["commission_rate"],
        "timeframe": "1d",
        "trading_mode": "spot",
        "exchange": {"name": "binance", "pair_whitelist": [f"{name}/USD" for name in panel.symbols]},
        "pairlists": [{"method": "StaticPairList"}],
        "entry_pricing": {"price_side": "other", "use_order_book": False},
        "exit_pricing": {"price_side": "other", "use_order_book": False},
    }


def main(folder: Path, paths: list[str]) -> None:
    """Print the trades as CSV."""
    sys.path.insert(0, str(folder))
    from freqtrade.enums import RunMode  # type: ignore[import-not-found]
    from freqtrade.exchange import Exchange  # type: ignore[import-not-found]
    from freqtrade.optimize.backtesting import Backtesting  # type: ignore[import-not-found]
    from prices import read_prices  # type: ignore[import-not-found]

    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    panel = read_prices(paths, settings["stock_pool"])
    (folder / "data").mkdir()
    for column, symbol in enumerate(panel.symbols):
        rows = np.flatnonzero(~np.isnan(panel.close[:, column]))
        frame = pd.DataFrame({name: np.round(getattr(panel, name)[rows, column], DIGITS) for name in FIELDS})
        frame.insert(0, "date", FIRST + pd.to_timedelta(rows, unit="D"))
        frame.to_feather(folder / "data" / f"{symbol}_USD-1d.feather")
    markets = [market(symbol) for symbol in panel.symbols]

    def load(exchange: Any, reload: bool = False) -> None:
        exchange._api_async.set_markets(markets)

    Exchange._load_async_markets = load
    config = configuration(folder, panel, settings)
    config["runmode"] = RunMode.BACKTEST
    test = Backtesting(config)
    data, period = test.load_bt_data()
    test.backtest_one_strategy(test.strategylist[0], data, period)
    trades = next(iter(test.all_bt_content.values()))["results"]
    print("symbol,direction,quantity,entry_time,entry_price,exit_time,exit_price")
    for trade in trades.itertuples():
        opened, closed = (panel.times[(time - FIRST).days] for time in (trade.open_date, trade.close_date))
        symbol = trade.pair.partition("/")[0]
        print(symbol, "long", trade.amount, opened, trade.open_rate, closed, trade.close_rate, sep=",")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

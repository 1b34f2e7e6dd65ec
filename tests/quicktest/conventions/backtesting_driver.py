"""Runs in the oracle's environment: what backtesting.py itself says of an equity and its trades. JSON in and out."""

import json
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd
from backtesting._stats import compute_stats  # type: ignore[import-not-found]

warnings.simplefilter("ignore")
PERCENT = {
    "time_in_market": "Exposure Time [%]",
    "total_return": "Return [%]",
    "benchmark_return": "Buy & Hold Return [%]",
    "annual_return": "Return (Ann.) [%]",
    "volatility": "Volatility (Ann.) [%]",
    "cagr": "CAGR [%]",
    "alpha": "Alpha [%]",
    "max_drawdown": "Max. Drawdown [%]",
    "average_drawdown": "Avg. Drawdown [%]",
    "win_rate": "Win Rate [%]",
    "best_trade_return": "Best Trade [%]",
    "worst_trade_return": "Worst Trade [%]",
    "average_trade_return": "Avg. Trade [%]",
    "expectancy_return": "Expectancy [%]",
}
PLAIN = {
    "final_equity": "Equity Final [$]",
    "equity_peak": "Equity Peak [$]",
    "sharpe_ratio": "Sharpe Ratio",
    "sortino": "Sortino Ratio",
    "calmar": "Calmar Ratio",
    "beta": "Beta",
    "trade_count": "# Trades",
    "profit_factor": "Profit Factor",
    "system_quality": "SQN",
    "kelly": "Kelly Criterion",
}


def said(case: dict[str, Any]) -> dict[str, float]:
    """backtesting.py's own numbers of one case, by our names."""
    index = pd.DatetimeIndex(case["times"])
    market = np.array(case["benchmark"])
    bars = pd.DataFrame({"Open": market, "High": market, "Low": market, "Close": market}, index=index)
    trades = pd.DataFrame(
        {
            "EntryBar": [trade["entry_bar"] for trade in case["trades"]],
            "ExitBar": [trade["exit_bar"] for trade in case["trades"]],
            "PnL": [trade["pnl"] for trade in case["trades"]],
            "ReturnPct": [trade["return_fraction"] for trade in case["trades"]],
        }
    )
    trades["EntryTime"], trades["ExitTime"] = index[trades["EntryBar"]], index[trades["ExitBar"]]
    trades["Duration"] = trades["ExitTime"] - trades["EntryTime"]
    stats = compute_stats(trades, np.array(case["equity"]), bars, None)
    return {
        **{name: float(stats[title]) / 100 for name, title in PERCENT.items()},
        **{name: float(stats[title]) for name, title in PLAIN.items()},
    }


json.dump([said(case) for case in json.load(sys.stdin)], sys.stdout)

"""Runs in the oracle's environment: what freqtrade itself says of trades. Reads and writes JSON."""

import json
import sys
from typing import Any

import pandas as pd
from freqtrade.data import metrics  # type: ignore[import-not-found]


def said(case: dict[str, Any]) -> dict[str, float]:
    """freqtrade's own numbers of one case, by our names; those of its report that are one line there are so here."""
    times = pd.DatetimeIndex(case["times"])
    trades = pd.DataFrame(
        {
            "close_date": [times[trade["exit_bar"]] for trade in case["trades"]],
            "profit_abs": [trade["pnl"] for trade in case["trades"]],
            "profit_ratio": [trade["return_fraction"] for trade in case["trades"]],
        }
    )
    first, last, capital = times[0].to_pydatetime(), times[-1].to_pydatetime(), case["equity"][0]
    total = float(trades["profit_abs"].sum())
    fall = metrics.calculate_max_drawdown(trades, starting_balance=capital)
    expectancy, expectancy_ratio = metrics.calculate_expectancy(trades)
    wins, losses = trades[trades["profit_abs"] > 0], trades[trades["profit_abs"] < 0]
    lost = abs(losses["profit_abs"].sum())
    return {
        "total_return": total / capital,
        "total_profit": total,
        "final_equity": capital + total,
        "cagr": metrics.calculate_cagr((last - first).days, capital, capital + total),
        "sharpe_ratio": metrics.calculate_sharpe(trades, first, last, capital),
        "sortino": metrics.calculate_sortino(trades, first, last, capital),
        "calmar": metrics.calculate_calmar(trades, first, last, capital),
        "system_quality": metrics.calculate_sqn(trades, capital),
        "profit_factor": wins["profit_abs"].sum() / lost if lost else 0.0,
        "expectancy": expectancy,
        "expectancy_ratio": expectancy_ratio,
        "max_drawdown": fall.relative_account_drawdown,
        "max_relative_drawdown": metrics.calculate_max_drawdown(
            trades, starting_balance=capital, relative=True
        ).relative_account_drawdown,
        "max_drawdown_money": fall.drawdown_abs,
        "trade_count": len(trades),
        "win_rate": len(wins) / len(trades),
        "average_trade_return": trades["profit_ratio"].mean(),
    }


json.dump([{name: float(value) for name, value in said(case).items()} for case in json.load(sys.stdin)], sys.stdout)

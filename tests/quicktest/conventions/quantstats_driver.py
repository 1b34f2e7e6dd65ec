"""Runs in the oracle's environment: what quantstats itself says of daily returns. Reads and writes JSON."""

import json
import sys
import warnings
from typing import Any

import pandas as pd
import quantstats.stats as stats  # type: ignore[import-not-found]

warnings.simplefilter("ignore")


def said(case: dict[str, Any]) -> dict[str, float]:
    """quantstats' own numbers of one case, by our names."""
    index = pd.DatetimeIndex(case["times"])
    returns = pd.Series(case["equity"], index).groupby(index.normalize()).last().pct_change().dropna()
    market = pd.Series(case["benchmark"], index).groupby(index.normalize()).last().pct_change().dropna()
    greeks = stats.greeks(returns, market)
    return {
        "total_return": stats.comp(returns),
        "cagr": stats.cagr(returns),
        "volatility": stats.volatility(returns),
        "sharpe_ratio": stats.sharpe(returns),
        "sortino": stats.sortino(returns),
        "max_drawdown": stats.max_drawdown(returns),
        "calmar": stats.calmar(returns),
        "ulcer_index": stats.ulcer_index(returns),
        "recovery_factor": stats.recovery_factor(returns),
        "win_rate": stats.win_rate(returns),
        "average_win": stats.avg_win(returns),
        "average_loss": stats.avg_loss(returns),
        "payoff_ratio": stats.payoff_ratio(returns),
        "profit_factor": stats.profit_factor(returns),
        "kelly": stats.kelly_criterion(returns),
        "best_day": stats.best(returns),
        "worst_day": stats.worst(returns),
        "value_at_risk": stats.value_at_risk(returns),
        "conditional_value_at_risk": stats.conditional_value_at_risk(returns),
        "tail_ratio": stats.tail_ratio(returns),
        "beta": greeks["beta"],
        "alpha": greeks["alpha"],
        "information_ratio": stats.information_ratio(returns, market),
    }


json.dump([{name: float(value) for name, value in said(case).items()} for case in json.load(sys.stdin)], sys.stdout)

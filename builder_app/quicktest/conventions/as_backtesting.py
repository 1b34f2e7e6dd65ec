"""Metrics as backtesting.py has them (0.6.x, `backtesting/_stats.py`), written anew from what its documentation says.

Its returns are measured from the first close, its yearly numbers grow with the geometric mean, and its market is
the benchmark here.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..engine.metrics import Columns, Definition, Record, columns_of
from ..engine.returns import Times, drawdown_of, last_bars, last_of_each, returns_of
from .series import FloatArray, divided, mean_of

_NO_TRADES: Final = "No value without trades."
_NO_DAYS: Final = "No value with fewer than three days."
_WEEKENDS: Final = 2 / 7 * 0.6
"""From this share of weekend bars on, every day is a trading day."""

DEFINITIONS: Final = (
    Definition("time_in_market", "Exposure time", "fraction", "Share of the bars in which a position was open.",
               "bars from an entry bar to its exit bar, both counted, each once / bars", "0 without trades."),
    Definition("final_equity", "Final equity", "money", "The equity at the last close.", "last equity", ""),
    Definition("equity_peak", "Highest equity", "money", "The highest equity at a close.", "max(equity)", ""),
    Definition("total_return", "Return", "fraction", "Growth of the equity.", "last equity / first equity − 1", ""),
    Definition("benchmark_return", "Buy and hold return", "fraction", "Growth of the benchmark.",
               "last benchmark / first benchmark − 1", ""),
    Definition("annual_return", "Return, yearly", "fraction", "The geometric mean of the daily returns, yearly.",
               "(1 + g) ^ Y − 1, g: geometric mean with 0 for the first day", _NO_DAYS),
    Definition("volatility", "Volatility, yearly", "fraction", "Yearly deviation of compounded daily returns.",
               "√((var(r, ddof = 1) + (1 + g)²) ^ Y − (1 + g) ^ 2Y)", _NO_DAYS),
    Definition("cagr", "Yearly growth (CAGR)", "fraction",
               "The even yearly growth, with a year of Y calendar days: backtesting.py divides calendar days by "
               "trading days, so its number is lower than the usual one.",
               "(last equity / first equity) ^ (Y / calendar days) − 1", "No value for a test of one bar."),
    Definition("sharpe_ratio", "Sharpe ratio", "ratio", "Yearly return for yearly volatility, both compounded.",
               "yearly return / yearly volatility", _NO_DAYS),
    Definition("sortino", "Sortino ratio", "ratio", "Yearly return for the deviation of losing days.",
               "yearly return / (√mean(min(r, 0)²) · √Y)", _NO_DAYS),
    Definition("calmar", "Calmar ratio", "ratio", "Yearly return for the deepest drawdown.",
               "yearly return / deepest drawdown", "No value without a drawdown."),
    Definition("alpha", "Alpha", "fraction", "Return beyond what beta times the benchmark's return explains.",
               "return − beta · benchmark's return", _NO_DAYS),
    Definition("beta", "Beta", "ratio", "How far the equity moves with the benchmark, bar by bar.",
               "cov(ln r, ln b) / var(ln b)", _NO_DAYS),
    Definition("max_drawdown", "Deepest drawdown", "fraction", "The deepest fall below the highest equity so far.",
               "−max(1 − equity / running maximum)", "0 when the equity never fell."),
    Definition("average_drawdown", "Mean drawdown", "fraction", "Mean depth of the falls that lasted over one bar.",
               "−mean(deepest point of each fall)", "No value without such a fall."),
    Definition("trade_count", "Trades", "count", "Round trips.", "trades", ""),
    Definition("win_rate", "Winning trades", "fraction", "Share of the trades with a profit.",
               "trades with pnl > 0 / trades", _NO_TRADES),
    Definition("best_trade_return", "Best trade", "fraction", "The highest return of a trade.", "max(t)", _NO_TRADES),
    Definition("worst_trade_return", "Worst trade", "fraction", "The lowest return of a trade.", "min(t)", _NO_TRADES),
    Definition("average_trade_return", "Mean trade", "fraction", "The geometric mean of the trades' returns.",
               "(Π (1 + t)) ^ (1 / trades) − 1; 0 where a trade lost everything", _NO_TRADES),
    Definition("profit_factor", "Profit factor", "ratio", "Winning returns for each unit of losing ones.",
               "Σ t of winners / |Σ t of losers|", _NO_TRADES + " No value when no trade lost."),
    Definition("expectancy_return", "Expectancy", "fraction", "Mean return of a trade.", "mean(t)", _NO_TRADES),
    Definition("system_quality", "System quality number", "ratio", "How sure the mean profit is not chance.",
               "√trades · mean(pnl) / std(pnl, ddof = 1)", "No value with fewer than two trades."),
    Definition("kelly", "Kelly criterion", "fraction", "The share of the money that would grow fastest.",
               "wins − (1 − wins) / (mean win / mean loss)", "No value without a winner and a loser."),
)  # fmt: skip
"""r: returns from the last equity of each day (week, month or year where the bars are so far apart), t: of the trades.
Y: 252; 365 where bars lie on weekends, too; 52, 12 and 1 on weekly, monthly and yearly bars."""


def measure(record: Record) -> dict[str, float]:
    """The metrics by name, in the order of DEFINITIONS; NaN where one has no value."""
    with np.errstate(all="ignore"):
        found = {**_of_curves(record), **_of_trades(columns_of(record.trades), len(record.times))}
    return {definition.name: float(found[definition.name]) for definition in DEFINITIONS}


def _of_curves(record: Record) -> dict[str, float]:
    equity, market = record.equity, record.benchmark
    a_year, closes = _trading_year(record.times)
    returns = returns_of(equity[closes])
    mean = _geometric_mean(np.append(0.0, returns))  # the first day has no return, and counts as one of 0
    spread = returns.var(ddof=1) if returns.size > 1 else np.nan
    yearly = (1.0 + mean) ** a_year - 1.0 if returns.size else np.nan
    volatility = np.sqrt((spread + (1.0 + mean) ** 2) ** a_year - (1.0 + mean) ** (2 * a_year))
    downside = np.sqrt(mean_of(np.minimum(returns, 0.0) ** 2)) * np.sqrt(a_year)
    depth = -drawdown_of(equity)
    together = np.cov(np.diff(np.log(equity)), np.diff(np.log(market))) if len(equity) > 2 else np.full((2, 2), np.nan)
    beta = divided(float(together[0, 1]), float(together[1, 1]))
    grown, market_grown = float(equity[-1] / equity[0]) - 1.0, float(market[-1] / market[0]) - 1.0
    years = float((record.times[-1] - record.times[0]) / np.timedelta64(1, "D")) / a_year
    return {
        "final_equity": equity[-1],
        "equity_peak": equity.max(),
        "total_return": grown,
        "benchmark_return": market_grown,
        "annual_return": yearly,
        "volatility": volatility,
        "cagr": (1.0 + grown) ** (1.0 / years) - 1.0 if years else np.nan,
        "sharpe_ratio": divided(yearly, volatility),
        "sortino": divided(yearly, downside),
        "calmar": divided(yearly, float(depth.max())),
        "alpha": grown - beta * market_grown,
        "beta": beta,
        "max_drawdown": -float(depth.max()) or 0.0,
        "average_drawdown": -mean_of(_depths(depth)),
    }


def _trading_year(times: Times) -> tuple[int, NDArray[np.int64]]:
    """How many periods a year has, and the last bar of each period."""
    steps = np.sort(np.diff(times[-100:]).astype("timedelta64[ns]").astype(np.int64))
    usual = int(np.median(steps) // 86_400_000_000_000) if len(steps) else 0
    days = times.astype("datetime64[D]").astype(np.int64)
    if usual == 7:
        return 52, last_of_each((days + 3) // 7)  # weeks end on Sundays
    if usual == 31:
        return 12, last_bars(times, "M")
    if usual == 365:
        return 1, last_bars(times, "Y")
    on_weekends = np.mean((days + 3) % 7 >= 5) > _WEEKENDS
    return (365 if on_weekends else 252), last_bars(times, "D")


def _geometric_mean(returns: FloatArray) -> float:
    grown = returns + 1.0
    if grown.size == 0:
        return float("nan")
    return 0.0 if np.any(grown <= 0.0) else float(np.exp(np.log(grown).sum() / len(grown)) - 1.0)


def _depths(depth: FloatArray) -> FloatArray:
    """The deepest point of each fall that has a bar between the highs at its ends, or goes on at the last bar."""
    highs = np.unique(np.append(np.flatnonzero(depth == 0.0), len(depth) - 1))
    begins = np.flatnonzero(np.diff(highs) > 1)
    return np.array([depth[highs[place] : highs[place + 1] + 1].max() for place in begins], dtype=np.float64)


def _of_trades(trades: Columns, bars: int) -> dict[str, float]:
    profit, returns = trades.profit, trades.profit / (trades.quantity * trades.entry_price)
    count = len(profit)
    wins = float(np.mean(profit > 0.0)) if count else np.nan
    held = np.zeros(bars + 1, dtype=np.int64)
    np.add.at(held, trades.entry_bar, 1)
    np.add.at(held, trades.exit_bar + 1, -1)
    odds = divided(mean_of(profit[profit > 0.0]), -mean_of(profit[profit < 0.0]))
    return {
        "time_in_market": float(np.mean(np.cumsum(held)[:-1] > 0)),
        "trade_count": count,
        "win_rate": wins,
        "best_trade_return": returns.max() if count else np.nan,
        "worst_trade_return": returns.min() if count else np.nan,
        "average_trade_return": _geometric_mean(returns),
        "profit_factor": divided(float(returns[returns > 0].sum()), abs(float(returns[returns < 0].sum()))),
        "expectancy_return": mean_of(returns),
        "system_quality": divided(np.sqrt(count) * mean_of(profit), profit.std(ddof=1)) if count > 1 else np.nan,
        "kelly": wins - divided(1.0 - wins, odds),
    }

"""Metrics as freqtrade has them (2026.x, `freqtrade/data/metrics.py`), written anew from what its documentation says.

It looks at closed trades only: a fall is one of the money that trades have brought, and a year has 365 days.
"""

from typing import Final

import numpy as np

from ..engine.metrics import Columns, Definition, Record, columns_of
from .series import FloatArray, divided, mean_of

A_YEAR: Final = 365
NO_RATIO: Final = -100.0
"""What freqtrade writes for a ratio that has nothing to divide by."""
_NO_TRADES: Final = "0 without trades."
_NO_SPREAD: Final = "0 without trades; −100, as freqtrade writes it, where all of them brought the same."

DEFINITIONS: Final = (
    Definition("total_return", "Total profit", "fraction", "What the trades brought, over the starting balance.",
               "Σ pnl / initial capital", _NO_TRADES),
    Definition("total_profit", "Absolute profit", "money", "What the trades brought.", "Σ pnl", _NO_TRADES),
    Definition("final_equity", "Final balance", "money", "The starting balance and what the trades brought.",
               "initial capital + Σ pnl", ""),
    Definition("cagr", "Yearly growth (CAGR)", "fraction", "The even yearly growth, with a year of 365 days.",
               "(final balance / initial capital) ^ (365 / days) − 1", "0 for a test within one day."),
    Definition("sharpe_ratio", "Sharpe ratio", "ratio", "Profit a day for the deviation of the trades' profits.",
               "(Σ p / days) / std(p, ddof = 0) · √365", _NO_SPREAD),
    Definition("sortino", "Sortino ratio", "ratio", "Profit a day for the deviation of the losing trades' profits.",
               "(Σ p / days) / std(p < 0, ddof = 0) · √365",
               "0 without trades; −100, as freqtrade writes it, with fewer than two different losses."),
    Definition("calmar", "Calmar ratio", "ratio", "Profit a day, in percent, for the drawdown.",
               "(100 · Σ p / days) / drawdown · √365", "0 without trades; −100 without a drawdown."),
    Definition("system_quality", "System quality number", "ratio", "How sure the mean profit is, to 4 places.",
               "√trades · mean(p) / std(p, ddof = 1)", "0 without trades; −100 for one, or where all are equal."),
    Definition("profit_factor", "Profit factor", "ratio", "Money won for each unit of money lost.",
               "Σ pnl of winners / |Σ pnl of losers|", "0 when no trade lost."),
    Definition("expectancy", "Expectancy", "money", "Mean profit of a trade.",
               "wins · mean win − losses · mean loss", _NO_TRADES),
    Definition("expectancy_ratio", "Expectancy ratio", "ratio", "Expectancy for each unit that a losing trade loses.",
               "(1 + mean win / mean loss) · wins − 1", "100, as freqtrade writes it, when no trade lost."),
    Definition("max_drawdown", "Drawdown of the account", "fraction",
               "The share of the account lost in the fall that cost the most money, trade by trade.",
               "(highest − balance) / highest, where highest − balance in money is largest", _NO_TRADES),
    Definition("max_relative_drawdown", "Deepest drawdown, relative", "fraction",
               "The fall that cost the largest share of the account, trade by trade.",
               "max((highest − balance) / highest)", _NO_TRADES),
    Definition("max_drawdown_money", "Drawdown in money", "money", "The most money lost after a high, trade by trade.",
               "max(highest − balance)", _NO_TRADES),
    Definition("trade_count", "Trades", "count", "Round trips.", "trades", ""),
    Definition("win_rate", "Winning trades", "fraction", "Share of the trades with a profit.",
               "trades with pnl > 0 / trades", _NO_TRADES),
    Definition("average_trade_return", "Mean profit of a trade", "fraction", "Mean return of a trade.", "mean(t)",
               "No value without trades."),
)  # fmt: skip
"""p: each trade's profit over the initial capital, t: over its entry's value; days from the first to the last bar."""


def measure(record: Record) -> dict[str, float]:
    """The metrics by name, in the order of DEFINITIONS."""
    trades = columns_of(record.trades)
    days = int((record.times[-1] - record.times[0]) / np.timedelta64(1, "D"))
    with np.errstate(all="ignore"):
        found = {
            **_profits(trades, record.initial_capital, days),
            **_ratios(trades, record.initial_capital, days),
            **_odds(trades),
        }
    return {definition.name: float(found[definition.name]) for definition in DEFINITIONS}


def _profits(trades: Columns, capital: float, days: int) -> dict[str, float]:
    total = float(trades.profit.sum())
    final = capital + total
    return {
        "total_return": total / capital,
        "total_profit": total,
        "final_equity": final,
        "cagr": (final / capital) ** (A_YEAR / days) - 1.0 if days > 0 and final >= 0.0 else 0.0,
        "average_trade_return": mean_of(trades.profit / (trades.quantity * trades.entry_price)),
    }


def _ratios(trades: Columns, capital: float, days: int) -> dict[str, float]:
    share = trades.profit / capital
    depth, account, relative = _falls(trades, capital)
    falls = {"max_drawdown": account, "max_relative_drawdown": relative, "max_drawdown_money": depth}
    if share.size == 0 or days == 0:
        return {**falls, "sharpe_ratio": 0.0, "sortino": 0.0, "calmar": 0.0, "system_quality": _quality(share)}
    a_day = float(share.sum()) / days
    losses = share[share < 0.0]
    return {
        **falls,
        "sharpe_ratio": _yearly(a_day, float(share.std())),
        "sortino": _yearly(a_day, float(losses.std()) if losses.size else np.nan),
        "calmar": _yearly(a_day * 100.0, account),
        "system_quality": _quality(share),
    }


def _yearly(above: float, below: float) -> float:
    return above / below * float(np.sqrt(A_YEAR)) if below != 0.0 and not np.isnan(below) else NO_RATIO


def _quality(share: FloatArray) -> float:
    if share.size == 0:
        return 0.0
    deviation = float(share.std(ddof=1)) if share.size > 1 else np.nan
    if deviation == 0.0 or np.isnan(deviation):
        return NO_RATIO
    return round(float(np.sqrt(share.size)) * float(share.mean()) / deviation, 4)


def _falls(trades: Columns, capital: float) -> tuple[float, float, float]:
    """The fall that is largest in money: in money and as a share of the account; and the largest share of any."""
    order = np.argsort(trades.exit_bar, kind="stable")
    brought = np.append(0.0, np.cumsum(trades.profit[order]))
    highest = np.maximum.accumulate(np.maximum(brought, 0.0))
    shares = (highest - brought) / (capital + highest)
    place = int(np.argmax(highest - brought))
    return float(highest[place] - brought[place]), float(shares[place]), float(shares.max())


def _odds(trades: Columns) -> dict[str, float]:
    profit = trades.profit
    wins, losses = profit[profit > 0.0], profit[profit < 0.0]
    count = max(profit.size, 1)
    mean_win, mean_loss = (float(wins.mean()) if wins.size else 0.0), (float(-losses.mean()) if losses.size else 0.0)
    won, lost = wins.size / count, losses.size / count
    return {
        "trade_count": profit.size,
        "win_rate": won,
        "profit_factor": divided(float(wins.sum()), float(-losses.sum())) if losses.size else 0.0,
        "expectancy": won * mean_win - lost * mean_loss,
        "expectancy_ratio": (1.0 + mean_win / mean_loss) * won - 1.0 if mean_loss > 0.0 else 100.0,
    }

"""Metrics as quantstats has them (0.0.6x, Apache-2.0, `quantstats/stats.py`), written anew from its formulas.

It sees daily returns only, never trades: a "win" is a day that gained.
"""

from statistics import NormalDist
from typing import Final

import numpy as np

from ..engine.metrics import Definition, Record
from ..engine.returns import drawdown_of, last_bars, returns_of
from .series import FloatArray, divided, mean_of

PERIODS: Final = 252
CONFIDENCE: Final = 0.95
_NO_DAYS: Final = "No value with fewer than three days, or where the equity was not above zero."

DEFINITIONS: Final = (
    Definition("total_return", "Total return", "fraction", "Growth over all days.", "Π (1 + r) − 1", _NO_DAYS),
    Definition("cagr", "Yearly growth (CAGR)", "fraction",
               "The even yearly growth, with a year of 252 calendar days: quantstats divides calendar days by trading "
               "days, so its number is lower than the usual one.",
               "|Π (1 + r)| ^ (252 / calendar days from the first to the last return) − 1", _NO_DAYS),
    Definition("volatility", "Volatility", "fraction", "Yearly standard deviation of the daily returns.",
               "std(r, ddof = 1) · √252", _NO_DAYS),
    Definition("sharpe_ratio", "Sharpe ratio", "ratio", "Mean daily return for its deviation, yearly, no interest.",
               "mean(r) / std(r, ddof = 1) · √252", _NO_DAYS),
    Definition("sortino", "Sortino ratio", "ratio", "As the Sharpe ratio, with losing days only as risk.",
               "mean(r) / √(Σ r² of losing days / days) · √252", _NO_DAYS),
    Definition("max_drawdown", "Deepest drawdown", "fraction",
               "The deepest fall below the highest value so far, counted from the end of the first day on.",
               "min(p / running maximum of p) − 1 with p = Π (1 + r)", _NO_DAYS),
    Definition("calmar", "Calmar ratio", "ratio", "quantstats' yearly growth for its deepest drawdown.",
               "cagr / |max_drawdown|", _NO_DAYS + " No value without a drawdown."),
    Definition("ulcer_index", "Ulcer index", "fraction", "How deep and how long the falls were, in one number.",
               "√(Σ fall² / (days − 1))", _NO_DAYS),
    Definition("recovery_factor", "Recovery factor", "ratio", "The sum of the daily returns for the deepest drawdown.",
               "|Σ r| / |max_drawdown|", _NO_DAYS + " No value without a drawdown."),
    Definition("win_rate", "Winning days", "fraction", "Share of the days with a gain among the days that moved.",
               "days with r > 0 / days with r ≠ 0", _NO_DAYS),
    Definition("average_win", "Mean winning day", "fraction", "Mean return of the days that gained.", "mean(r > 0)",
               "No value without a gain."),
    Definition("average_loss", "Mean losing day", "fraction", "Mean return of the days that lost.", "mean(r < 0)",
               "No value without a loss."),
    Definition("payoff_ratio", "Payoff ratio", "ratio", "How large a winning day is beside a losing one.",
               "average win / |average loss|", "No value without a gain and a loss."),
    Definition("profit_factor", "Profit factor of days", "ratio", "Gains for each unit of loss, summed over days.",
               "Σ r of gains / |Σ r of losses|", "No value when no day lost."),
    Definition("kelly", "Kelly criterion", "fraction", "The share of the money that would grow fastest.",
               "(payoff · wins − (1 − wins)) / payoff", "No value without a gain and a loss."),
    Definition("best_day", "Best day", "fraction", "The highest daily return.", "max(r)", _NO_DAYS),
    Definition("worst_day", "Worst day", "fraction", "The lowest daily return.", "min(r)", _NO_DAYS),
    Definition("value_at_risk", "Value at risk, 95 %", "fraction",
               "The daily return that is undercut on one day of twenty, were returns normal.",
               "mean(r) + z(5 %) · std(r, ddof = 1)", _NO_DAYS),
    Definition("conditional_value_at_risk", "Expected shortfall, 95 %", "fraction",
               "The mean of the days below the value at risk.", "mean(r < value at risk)", _NO_DAYS),
    Definition("tail_ratio", "Tail ratio", "ratio", "The good tail for the bad one.",
               "|quantile(r, 95 %) / quantile(r, 5 %)|", _NO_DAYS),
    Definition("beta", "Beta", "ratio", "How far the equity moves with the benchmark.", "cov(r, b) / var(b)",
               _NO_DAYS + " No value when the benchmark did not move."),
    Definition("alpha", "Alpha", "fraction", "Yearly return that the benchmark's moves do not explain.",
               "(mean(r) − beta · mean(b)) · 252", _NO_DAYS + " No value when the benchmark did not move."),
    Definition("information_ratio", "Information ratio, daily", "ratio", "Mean daily lead for its deviation.",
               "mean(r − b) / std(r − b, ddof = 1)", _NO_DAYS + " No value when the lead never changes."),
)  # fmt: skip
"""r: daily returns of the equity, b: of the benchmark, from the last close of each date."""


def measure(record: Record) -> dict[str, float]:
    """The metrics by name, in the order of DEFINITIONS; NaN where one has no value."""
    closes = last_bars(record.times, "D")
    days, equity = record.times[closes].astype("datetime64[D]"), record.equity[closes]
    if len(days) < 3 or equity.min() <= 0.0:
        return {definition.name: np.nan for definition in DEFINITIONS}
    returns = returns_of(equity)
    years = float((days[-1] - days[1]).astype(np.int64)) / PERIODS
    with np.errstate(all="ignore"):
        found = {
            **_growth(returns, years),
            **_by_days(returns),
            **_tails(returns),
            **_beside(returns, returns_of(record.benchmark[closes])),
        }
    return {definition.name: float(found[definition.name]) for definition in DEFINITIONS}


def _growth(returns: FloatArray, years: float) -> dict[str, float]:
    grown = np.cumprod(1.0 + returns).astype(np.float64)
    falls = drawdown_of(grown)
    deepest, mean, year = float(falls.min()), float(returns.mean()), np.sqrt(PERIODS)
    deviation = float(returns.std(ddof=1))
    downside = np.sqrt(np.sum(returns[returns < 0.0] ** 2) / len(returns))
    yearly = float(np.abs(grown[-1]) ** (1.0 / years)) - 1.0 if years > 0.0 else np.nan
    return {
        "total_return": float(np.prod(1.0 + returns)) - 1.0,
        "cagr": yearly,
        "volatility": deviation * year,
        "sharpe_ratio": divided(mean, deviation) * year,
        "sortino": divided(mean, downside) * year,
        "max_drawdown": deepest,
        "calmar": divided(yearly, abs(deepest)),
        "ulcer_index": np.sqrt(np.sum(falls**2) / (len(returns) - 1)),
        "recovery_factor": divided(abs(float(returns.sum())), abs(deepest)),
    }


def _by_days(returns: FloatArray) -> dict[str, float]:
    gains, losses = returns[returns > 0.0], returns[returns < 0.0]
    wins = gains.size / (gains.size + losses.size) if gains.size + losses.size else 0.0
    payoff = divided(mean_of(gains), abs(mean_of(losses)))
    return {
        "win_rate": wins,
        "average_win": mean_of(gains),
        "average_loss": mean_of(losses),
        "payoff_ratio": payoff,
        "profit_factor": divided(float(gains.sum()), abs(float(losses.sum()))),
        "kelly": divided(payoff * wins - (1.0 - wins), payoff),
        "best_day": float(returns.max()),
        "worst_day": float(returns.min()),
    }


def _tails(returns: FloatArray) -> dict[str, float]:
    risk = float(returns.mean()) + NormalDist().inv_cdf(1.0 - CONFIDENCE) * float(returns.std(ddof=1))
    below = returns[returns < risk]
    low, high = np.quantile(returns, (1.0 - CONFIDENCE, CONFIDENCE))
    return {
        "value_at_risk": risk,
        "conditional_value_at_risk": float(below.mean()) if below.size else risk,
        "tail_ratio": abs(divided(float(high), float(low))),
    }


def _beside(returns: FloatArray, market: FloatArray) -> dict[str, float]:
    together = np.cov(returns, market)
    beta = divided(float(together[0, 1]), float(together[1, 1]))
    lead = returns - market
    return {
        "beta": beta,
        "alpha": (float(returns.mean()) - beta * float(market.mean())) * PERIODS,
        "information_ratio": divided(float(lead.mean()), float(lead.std(ddof=1))),
    }

"""Every metric's written definition, and the one function that computes them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import book
from .records import TradeRecord, Trades
from .returns import NOTHING, drawdown_of, last_bars, returns_a_year, returns_of

FloatArray = NDArray[np.float64]

CALENDAR_DAYS_A_YEAR: Final = 365.25


class Definition(NamedTuple):
    """One metric. `unit` is fraction, ratio, money, bars or count; `edge_cases` says when it has no value (NaN)."""

    name: str
    title: str
    unit: str
    definition: str
    formula: str
    edge_cases: str


_NO_TRADES = "No value without trades."
_NO_DAYS = "No value with fewer than three days, or where the equity was not above zero."

DEFINITIONS: Final = (
    Definition("total_return", "Total return", "fraction", "Growth of the equity over the test.",
               "last equity / initial capital − 1", "0 without trades."),
    Definition("cagr", "Yearly growth (CAGR)", "fraction", "The even yearly growth that gives the total return.",
               "(last equity / initial capital) ^ (365.25 / calendar days from first to last bar) − 1",
               "No value for a test of one bar, or where the last equity is not above zero."),
    Definition("volatility", "Volatility", "fraction", "Yearly standard deviation of the daily returns.",
               "std(r, ddof = 1) · √252", _NO_DAYS),
    Definition("sharpe_ratio", "Sharpe ratio", "ratio", "Mean daily return for its deviation, yearly, no interest.",
               "mean(r) / std(r, ddof = 1) · √252", _NO_DAYS + " No value when all returns are equal."),
    Definition("sortino", "Sortino ratio", "ratio", "As the Sharpe ratio, with losing days only as risk.",
               "mean(r) / √mean(min(r, 0)²) · √252", _NO_DAYS + " No value without a losing day."),
    Definition("calmar", "Calmar ratio", "ratio", "Yearly growth for the deepest drawdown.",
               "cagr / |max_drawdown|", "No value without a drawdown."),
    Definition("max_drawdown", "Deepest drawdown", "fraction", "The deepest fall below the highest equity so far.",
               "min(equity / running maximum − 1), at the closes", "0 when the equity never fell."),
    Definition("max_drawdown_length", "Fall, in bars", "bars", "Bars from the deepest drawdown's peak to its bottom.",
               "bar of the bottom − last bar at the peak before it", "0 when the equity never fell."),
    Definition("max_drawdown_recovery", "Recovery, in bars", "bars",
               "Bars from the deepest drawdown's bottom until the equity was at the peak again.",
               "first bar at or above the peak − bar of the bottom",
               "0 when the equity never fell; no value when it did not come back."),
    Definition("win_rate", "Winning trades", "fraction", "Share of the trades with a profit after costs.",
               "trades with pnl > 0 / trades", _NO_TRADES),
    Definition("profit_factor", "Profit factor", "ratio", "Money won for each unit of money lost, after costs.",
               "Σ pnl of winners / |Σ pnl of losers|", _NO_TRADES + " No value when no trade lost."),
    Definition("expectancy", "Mean profit a trade", "money", "Mean profit or loss of a trade after costs.",
               "Σ pnl / trades", _NO_TRADES),
    Definition("exposure", "Mean exposure", "fraction",
               "How much of the equity was in positions, at their market value at each close; long and short added up.",
               "mean(Σ quantity · close / equity), over all closes",
               "0 without trades; no value where the equity was not above zero at a close."),
    Definition("net_exposure", "Mean net exposure", "fraction",
               "As the mean exposure, with short positions taken off: how far the equity moved with prices.",
               "mean(Σ ± quantity · close / equity), + long and − short, over all closes",
               "0 without trades; no value where the equity was not above zero at a close."),
    Definition("time_in_market", "Time in the market", "fraction", "Share of the bars in which any position was open.",
               "bars from an entry bar to its exit bar, both counted, each once / bars", "0 without trades."),
    Definition("turnover", "Yearly turnover", "ratio", "How often a year the mean equity was bought and sold.",
               "Σ (entry value + exit value) / 2 / mean(equity) / years (as in CAGR)",
               "0 without trades; no value for a test of one bar, or where the mean equity is not above zero."),
    Definition("costs_paid", "Commission and tax", "money", "All commissions and taxes.", "Σ costs of the trades",
               "0 without trades."),
    Definition("slippage_paid", "Slippage", "money", "What the slippage cost, in money.",
               "Σ quantity · |price − price before slippage|, entries and exits", "0 without trades."),
    Definition("benchmark_return", "Benchmark's return", "fraction", "Growth of the benchmark over the test.",
               "last benchmark / initial capital − 1", "0 where the benchmark has no bar."),
    Definition("alpha", "Alpha", "fraction", "Yearly return that the benchmark's moves do not explain.",
               "(mean(r) − beta · mean(b)) · 252", _NO_DAYS + " No value when the benchmark did not move."),
    Definition("beta", "Beta", "ratio", "How far the equity moves with the benchmark.",
               "cov(r, b) / var(b), ddof = 1", _NO_DAYS + " No value when the benchmark did not move."),
    Definition("information_ratio", "Information ratio", "ratio", "Mean daily lead on the benchmark for its deviation.",
               "mean(r − b) / std(r − b, ddof = 1) · √252", _NO_DAYS + " No value when the lead never changes."),
    Definition("final_equity", "Final equity", "money", "The equity at the last close.", "last equity", ""),
    Definition("trade_count", "Trades", "count", "Round trips; one that was sold in parts counts once for each part.",
               "trades", ""),
    Definition("average_win", "Mean win", "money", "Mean profit of the winning trades.", "mean(pnl > 0)",
               "No value without a winner."),
    Definition("average_loss", "Mean loss", "money", "Mean loss of the losing trades, below zero.", "mean(pnl < 0)",
               "No value without a loser."),
    Definition("best_trade", "Best trade", "money", "The highest profit or loss of a trade.", "max(pnl)", _NO_TRADES),
    Definition("worst_trade", "Worst trade", "money", "The lowest profit or loss of a trade.", "min(pnl)", _NO_TRADES),
    Definition("average_bars_held", "Mean holding time", "bars", "Mean bars from entry to exit.",
               "mean(exit bar − entry bar)", _NO_TRADES),
    Definition("losing_streak", "Longest losing streak", "count", "Most losing trades in a row, by exit.",
               "longest run of pnl < 0", "0 without trades."),
    Definition("ambiguous_trades", "Ambiguous trades", "count", "Trades whose last bar touched stop and target.",
               "trades marked ambiguous", ""),
    Definition("rejected_entries", "Entries refused", "count", "Entries that were asked for and not taken.",
               "rejections", ""),
)  # fmt: skip
"""r: daily returns of the equity, b: of the benchmark (from the last close of each date). NaN stands for no value.
On weekly bars the returns are weekly ones and 52 stands for 252, on monthly bars monthly ones and 12."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """What metrics are computed from. Arrays have shape (bars,); `slippage` is the fraction of each price."""

    times: NDArray[np.datetime64]
    equity: FloatArray
    benchmark: FloatArray
    trades: Sequence[TradeRecord]
    rejections: int
    initial_capital: float
    slippage: float
    drawdown: FloatArray | None = None
    """`drawdown_of` the equity, where it is known already."""
    long: FloatArray | None = None
    """What the long positions are worth at each close, in money; None: it is not known."""
    short: FloatArray | None = None
    """What the short ones are, above zero."""


class Columns(NamedTuple):
    """Trades by column, shape (trades,)."""

    direction: NDArray[np.int64]
    entry_bar: NDArray[np.int64]
    exit_bar: NDArray[np.int64]
    ambiguous: NDArray[np.int64]
    quantity: FloatArray
    entry_price: FloatArray
    exit_price: FloatArray
    profit: FloatArray
    costs: FloatArray


_WHOLE: Final = (book.TRADE_DIRECTION, book.TRADE_ENTRY_BAR, book.TRADE_EXIT_BAR, book.TRADE_AMBIGUOUS)
_REAL: Final = (
    book.TRADE_QUANTITY, book.TRADE_ENTRY_PRICE, book.TRADE_EXIT_PRICE, book.TRADE_PROFIT, book.TRADE_COSTS,
)  # fmt: skip


def columns_of(trades: Sequence[TradeRecord]) -> Columns:
    """Trades by column, without making values of those that are columns already."""
    if isinstance(trades, Trades):
        whole, real = trades.whole[:, _WHOLE].T, trades.real[:, _REAL].T
    else:
        rows = [(t.direction, t.entry_bar, t.exit_bar, int(t.ambiguous)) for t in trades]
        whole = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        numbers = [(t.quantity, t.entry_price, t.exit_price, t.pnl, t.costs) for t in trades]
        real = np.array(numbers, dtype=np.float64).reshape(-1, 5).T
    return Columns(*map(np.ascontiguousarray, whole), *map(np.ascontiguousarray, real))


def measure(record: Record) -> dict[str, float]:
    """All metrics by name, in the order of DEFINITIONS; NaN where one has no value."""
    trades = columns_of(record.trades)
    with np.errstate(all="ignore"):
        found = {
            **_growth(record),
            **_daily(record),
            **_falls(record.equity, record.drawdown),
            **_trading(trades),
            **_activity(record, trades),
            **_at_stake(record),
            "rejected_entries": float(record.rejections),
        }
    found["calmar"] = _ratio(found["cagr"], abs(found["max_drawdown"]))
    return {definition.name: float(found[definition.name]) for definition in DEFINITIONS}


def _years(record: Record) -> float:
    return float((record.times[-1] - record.times[0]) / np.timedelta64(1, "D")) / CALENDAR_DAYS_A_YEAR


def _growth(record: Record) -> dict[str, float]:
    last = float(record.equity[-1])
    years = _years(record)
    growth = np.float64(last / record.initial_capital)
    grown = float(growth ** (1.0 / years)) - 1.0 if years > 0.0 and last > 0.0 else np.nan
    return {
        "total_return": last / record.initial_capital - 1.0,
        "cagr": grown if np.isfinite(grown) else np.nan,
        "final_equity": last,
        "benchmark_return": float(record.benchmark[-1]) / record.initial_capital - 1.0,
    }


def _daily(record: Record) -> dict[str, float]:
    """What rests on daily returns."""
    names = ("volatility", "sharpe_ratio", "sortino", "alpha", "beta", "information_ratio")
    closes = last_bars(record.times, "D")
    equity, benchmark = record.equity[closes], record.benchmark[closes]
    if len(closes) < 3 or equity.min() <= 0.0:
        return dict.fromkeys(names, np.nan)
    returns, market = returns_of(equity), returns_of(benchmark)
    a_year = returns_a_year(record.times[closes])
    year = np.sqrt(a_year)
    deviation, spread = returns.std(ddof=1), market.std(ddof=1)
    covariance = np.cov(returns, market, ddof=1)[0, 1]
    beta = covariance / spread**2 if spread > NOTHING else np.nan
    lead = returns - market
    return {
        "volatility": deviation * year,
        "sharpe_ratio": _ratio(returns.mean(), deviation) * year,
        "sortino": _ratio(returns.mean(), np.sqrt(np.mean(np.minimum(returns, 0.0) ** 2))) * year,
        "alpha": (returns.mean() - beta * market.mean()) * a_year,
        "beta": beta,
        "information_ratio": _ratio(lead.mean(), lead.std(ddof=1)) * year,
    }


def _falls(equity: FloatArray, known: FloatArray | None) -> dict[str, float]:
    """The deepest drawdown, how long it fell and how long it took to come back."""
    drawdown = drawdown_of(equity) if known is None else known
    bottom = int(np.argmin(drawdown))
    if drawdown[bottom] >= 0.0:
        return {"max_drawdown": 0.0, "max_drawdown_length": 0.0, "max_drawdown_recovery": 0.0}
    height = equity[: bottom + 1].max()
    peak = int(np.flatnonzero(equity[:bottom] == height)[-1])
    back = np.flatnonzero(equity[bottom:] >= height)
    return {
        "max_drawdown": float(drawdown[bottom]),
        "max_drawdown_length": float(bottom - peak),
        "max_drawdown_recovery": float(back[0]) if back.size else np.nan,
    }


def _trading(trades: Columns) -> dict[str, float]:
    """What rests on the trades' profits and losses."""
    profits = trades.profit
    wins, losses = profits[profits > 0.0], profits[profits < 0.0]
    return {
        "trade_count": profits.size,
        "win_rate": wins.size / profits.size if profits.size else np.nan,
        "profit_factor": wins.sum() / -losses.sum() if losses.size else np.nan,
        "expectancy": profits.mean() if profits.size else np.nan,
        "average_win": wins.mean() if wins.size else np.nan,
        "average_loss": losses.mean() if losses.size else np.nan,
        "best_trade": profits.max() if profits.size else np.nan,
        "worst_trade": profits.min() if profits.size else np.nan,
        "average_bars_held": float(np.mean(trades.exit_bar - trades.entry_bar)) if profits.size else np.nan,
        "losing_streak": _longest_run(profits < 0.0),
        "ambiguous_trades": float(np.count_nonzero(trades.ambiguous)),
    }


def _longest_run(flags: NDArray[np.bool_]) -> int:
    """The most flags in a row that are true."""
    ends = np.flatnonzero(np.concatenate(([True], ~flags, [True])))
    return int(np.diff(ends).max()) - 1


def _activity(record: Record, trades: Columns) -> dict[str, float]:
    """Time in the market, turnover and what trading cost."""
    entry, leaving = trades.quantity * trades.entry_price, trades.quantity * trades.exit_price
    slipped = np.zeros(len(entry))
    for value, side in ((entry, trades.direction), (leaving, -trades.direction)):
        slipped += np.abs(value - value / (1.0 + side * record.slippage))
    mean, years = float(record.equity.mean()), _years(record)
    traded = float((entry + leaving).sum())
    return {
        "time_in_market": _covered(trades.entry_bar, trades.exit_bar) / len(record.equity),
        "turnover": traded / 2.0 / mean / years if mean > 0.0 and years > 0.0 else np.nan,
        "costs_paid": float(trades.costs.sum()),
        "slippage_paid": float(slipped.sum()),
    }


def _at_stake(record: Record) -> dict[str, float]:
    """The mean exposures at the closes."""
    if record.long is None or record.short is None or record.equity.min() <= 0.0:
        return {"exposure": np.nan, "net_exposure": np.nan}
    inverse = 1.0 / record.equity
    long, short = (float(np.einsum("b,b->", one, inverse)) / len(inverse) for one in (record.long, record.short))
    return {"exposure": long + short, "net_exposure": long - short}


def _covered(first: NDArray[np.int64], last: NDArray[np.int64]) -> int:
    """How many bars lie in any of the spans, both ends counted."""
    order = np.argsort(first, kind="stable")
    reached = np.maximum.accumulate(last[order])
    before = np.concatenate(([-1], reached[:-1])) if len(reached) else reached
    return int(np.maximum(reached - np.maximum(first[order] - 1, before), 0).sum())


def _ratio(above: float, below: float) -> float:
    return above / below if below > NOTHING else np.nan


def definitions_by_name() -> Mapping[str, Definition]:
    """The definitions by the metrics' names."""
    return {definition.name: definition for definition in DEFINITIONS}

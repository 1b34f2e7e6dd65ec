"""Small results to show: real arithmetic on made-up equity, so that every figure can be checked by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from builder_app.quicktest.request import Rejection, RunResult, Trade
from builder_app.ui.theme import Theme

THEMES = Path(__file__).resolve().parents[3] / "resources" / "themes"


class Definition(NamedTuple):
    """A metric definition as the engine gives it."""

    name: str
    title: str
    unit: str
    definition: str = "What it means."
    formula: str = "a / b"
    edge_cases: str = ""


DEFINITIONS: Sequence[Definition] = (
    Definition("total_return", "Total return", "fraction", "Growth of the equity.", "last / first − 1"),
    Definition("sharpe_ratio", "Sharpe ratio", "ratio"),
    Definition("max_drawdown", "Deepest drawdown", "fraction"),
    Definition("win_rate", "Winning trades", "fraction", edge_cases="No value without trades."),
    Definition("expectancy", "Mean profit a trade", "money"),
    Definition("benchmark_return", "Benchmark's return", "fraction"),
    Definition("trade_count", "Trades", "count"),
    Definition("max_drawdown_length", "Fall, in bars", "bars"),
)


def theme(scheme: str = "dark") -> Theme:
    """A scheme of the theme files."""
    content = json.loads((THEMES / f"{scheme}.json").read_text(encoding="utf-8"))
    return Theme(content["scheme"], content["colors"])


def trade(symbol: str, entry_bar: int, exit_bar: int, pnl: float, **changed: Any) -> Trade:
    """A long trade of 10 shares bought at 100."""
    values: dict[str, Any] = {
        "symbol": symbol,
        "direction": 1,
        "quantity": 10.0,
        "entry_bar": entry_bar,
        "entry_price": 100.0,
        "exit_bar": exit_bar,
        "exit_price": 100.0 + pnl / 10.0,
        "exit_reason": "signal",
        "pnl": pnl,
        "costs": 2.0,
        "return_fraction": pnl / 1000.0,
    }
    return Trade(**{**values, **changed})


TRADES = (
    trade("IBM", 5, 20, 1234.5, exit_reason="target"),
    trade("AAPL", 10, 15, -250.5, exit_reason="stop", ambiguous=True),
    trade("MSFT", 30, 31, 0.0),
)
REJECTIONS = (Rejection("IBM", 7, 1, "The cash at this open did not suffice."),)


def held(one: Trade, bars: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """At which closes a trade's position is open."""
    return (np.arange(bars) >= one.entry_bar) & (np.arange(bars) < one.exit_bar)


def result(
    bars: int = 60,
    trades: Sequence[Trade] = TRADES,
    rejections: Sequence[Rejection] = REJECTIONS,
    seed: int = 0,
    **metrics: float,
) -> RunResult:
    """A result of so many days from 2003-01-01 on."""
    generator = np.random.default_rng(seed)
    equity = 100_000.0 * np.cumprod(1.0 + generator.normal(0.0005, 0.01, bars)).astype(np.float64)
    benchmark = 100_000.0 * np.cumprod(1.0 + generator.normal(0.0003, 0.01, bars)).astype(np.float64)
    drawdown = equity / np.maximum.accumulate(equity) - 1.0
    known = {
        "total_return": 0.124,
        "sharpe_ratio": 1.3,
        "max_drawdown": -0.081,
        "win_rate": 0.5 if trades else float("nan"),
        "expectancy": 328.0833,
        "benchmark_return": 0.0721,
        "trade_count": float(len(trades)),
        "max_drawdown_length": 1312.0,
    }
    return RunResult(
        times=np.datetime64("2003-01-01", "s") + np.arange(bars) * np.timedelta64(1, "D"),
        equity=equity,
        benchmark=benchmark,
        drawdown=drawdown,
        trades=tuple(trades),
        rejections=tuple(rejections),
        metrics={**known, **metrics},
        code_hash="c",
        data_fingerprint="d",
        seconds=0.21,
        symbols=("AAPL", "IBM", "MSFT"),
        notes=("One trade ended in a bar that touched both stop and target.",) if trades else (),
        long=np.zeros(bars) + sum(np.where(held(one, bars) & (one.direction > 0), 1000.0, 0.0) for one in trades),
        short=np.zeros(bars) + sum(np.where(held(one, bars) & (one.direction < 0), 1000.0, 0.0) for one in trades),
    )

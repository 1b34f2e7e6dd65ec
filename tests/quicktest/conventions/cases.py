"""Results to measure: one of a real test, and random ones that are odd where formulas differ."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from builder_app.market.prices import read_prices
from builder_app.quicktest.request import RunRequest, RunResult, TestConfig, Trade
from builder_app.quicktest.runner import Runner

SAMPLE: Final = Path(__file__).resolve().parents[3] / "resources" / "samples" / "stocks.csv.gz"
CROSSOVER: Final = """import talib as ta
RULES = {"legs": [{"name": "Position", "long_entry": "buy", "long_exit": "sell", "short_entry": None,
                   "short_exit": None, "strength": None, "size": {"kind": "percent_of_equity", "value": 30.0},
                   "exits": [{"kind": "stop", "unit": "percent", "value": 5.0}]}],
         "portfolio": {"maximum_positions": None}}


def signals(prices):
    fast, slow = ta.SMA(prices["close"], timeperiod=10), ta.SMA(prices["close"], timeperiod=30)
    return {"buy": fast > slow, "sell": fast < slow}
"""
STEPS: Final = {"daily": "D", "weekly": "W", "hourly": "h"}


def real_run() -> RunResult:
    """A crossover with a stop, on three stocks of the sample, with costs."""
    panel = read_prices([SAMPLE], ("AAPL", "GOOG", "IBM"))
    with Runner() as runner:
        result = runner.run(RunRequest(CROSSOVER, TestConfig(benchmark="GOOG"), panel))
    assert isinstance(result, RunResult), result
    return result


def random_run(seed: int, bars: int = 400, step: str = "daily", first: str = "2011-03-02") -> RunResult:
    """An equity, a benchmark and trades that need not fit each other; every trade ends on a bar of its own."""
    generator = np.random.default_rng(seed)
    times = np.datetime64(first, "ns") + np.arange(bars) * np.timedelta64(1, STEPS[step])  # type: ignore[call-overload]
    if step == "daily" and seed % 2:
        times = times[np.is_busday(times.astype("datetime64[D]"))]
    equity = 100_000.0 * np.cumprod(np.append(1.0, 1.0 + generator.normal(0.0004, 0.012, len(times) - 1)))
    benchmark = 100_000.0 * np.cumprod(np.append(1.0, 1.0 + generator.normal(0.0003, 0.01, len(times) - 1)))
    exits = np.sort(generator.choice(np.arange(2, len(times)), size=25, replace=False))
    trades = tuple(_trade(generator, int(bar)) for bar in exits)
    drawdown = equity / np.maximum.accumulate(equity) - 1.0
    return RunResult(times, equity, benchmark, drawdown, trades, (), {}, "", "", 0.0)


def _trade(generator: np.random.Generator, exit_bar: int) -> Trade:
    entry_bar = max(0, exit_bar - int(generator.integers(0, 20)))
    price, quantity, change = 50.0, float(generator.integers(1, 200)), float(generator.normal(0.004, 0.05))
    pnl = price * quantity * change
    return Trade("AAPL", 1, quantity, entry_bar, price, exit_bar, price * (1 + change), "signal", pnl, 0.0, change)


def as_json(results: list[RunResult]) -> str:
    """What the drivers read."""
    return json.dumps([_case(result) for result in results])


def _case(result: RunResult) -> dict[str, Any]:
    names = ("entry_bar", "exit_bar", "pnl", "return_fraction")
    return {
        "times": np.datetime_as_string(result.times).tolist(),
        "equity": result.equity.tolist(),
        "benchmark": result.benchmark.tolist(),
        "trades": [{name: getattr(trade, name) for name in names} for trade in result.trades],
    }

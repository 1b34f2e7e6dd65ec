"""Trades equal those of the package `backtesting` 0.6.6, trade by trade, on the same signal arrays of AAPL.

Its fill rules are this engine's but for two. It measures a stop from a price known when the order is placed, or, set
after the fill, from the fill price but not live in the entry bar. And it closes what is open at the end at the last
bar's open, not its close. Each test says which rule it switches, and on which side.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import talib
from numpy.typing import NDArray

from builder_app.quicktest.engine.prices import Pool
from builder_app.quicktest.engine.simulate import Simulation, TradeRecord
from tests.quicktest.oracles.cases import hundred
from tests.quicktest.oracles.environment import ROOT, OracleMissing, oracle_python
from tests.quicktest.trading import exit_rule, leg, trade

DRIVER = Path(__file__).parent / "backtesting_driver.py"
SHARES = 100
STOP = 0.05


@dataclass(frozen=True)
class Case:
    """AAPL as a pool of one, with SMA 10/30 signals."""

    pool: Pool
    buy: NDArray[np.bool_]
    sell: NDArray[np.bool_]


@pytest.fixture(scope="session")
def oracle() -> Path:
    try:
        return oracle_python("backtesting")
    except OracleMissing as error:
        pytest.skip(f"The oracle is not installed and the package index cannot be reached: {error}")


@pytest.fixture(scope="module")
def apple() -> Case:
    frame = pd.read_csv(ROOT / "resources" / "samples" / "stocks.csv.gz", parse_dates=["Date"])
    frame = frame[frame["Ticker"] == "AAPL"].sort_values("Date")
    scale = (frame["Adj Close"] / frame["Close"]).to_numpy()
    fields = [
        np.ascontiguousarray((frame[name].to_numpy() * scale)[:, None]) for name in ("Open", "High", "Low", "Close")
    ]
    volume = np.ascontiguousarray((frame["Volume"].to_numpy() / scale)[:, None])
    close = fields[3][:, 0].copy()
    fast, slow = talib.SMA(close, timeperiod=10), talib.SMA(close, timeperiod=30)
    above = fast > slow
    before = np.concatenate(([False], above[:-1]))
    known = ~np.isnan(slow) & ~np.isnan(np.concatenate(([np.nan], slow[:-1])))
    times = frame["Date"].to_numpy().astype("datetime64[ns]")
    return Case(Pool(("AAPL",), times, (*fields, volume)), known & above & ~before, known & ~above & before)


def theirs(oracle: Path, case: Case, folder: Path, **options: Any) -> list[list[float]]:
    """Their trades: entry bar, exit bar, entry price, exit price, size, profit."""
    names = ("open", "high", "low", "close")
    prices = {name: field[:, 0] for name, field in zip(names, case.pool.fields, strict=False)}
    settings: dict[str, Any] = {
        "stop": 0.0,
        "stop_from": 0,
        "commission": 0.0,
        "shares": SHARES,
        "level": prices["close"],
    } | options
    settings |= prices | {"buy": case.buy, "sell": case.sell}
    np.savez(folder / "in.npz", allow_pickle=False, **settings)
    command = [str(oracle), "-I", str(DRIVER), str(folder / "in.npz"), str(folder / "out.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    rows: list[list[float]] = json.loads((folder / "out.json").read_text())
    return rows


def ours(case: Case, exits: list[dict[str, Any]], **extra: Any) -> Simulation:
    arrays = {"buy": case.buy[:, None], "sell": case.sell[:, None]}
    arrays |= {"far": extra.pop("far")[:, None]} if "far" in extra else {}
    size = {"kind": "shares", "value": float(SHARES)}
    return trade(case.pool, [leg(size=size, exits=exits)], arrays, initial_capital=1e7, **extra)


def assert_equal(case: Case, mine: Sequence[TradeRecord], rows: list[list[float]]) -> None:
    """Bars exactly, prices and profits to 1e-9; the last trade, if open at the end, by the switched rule."""
    assert len(mine) == len(rows)
    last = len(case.buy) - 1
    for record, (entry_bar, exit_bar, entry_price, exit_price, size, pnl) in zip(mine, rows, strict=True):
        assert (record.entry_bar, record.quantity) == (entry_bar, size)
        assert record.entry_price == pytest.approx(entry_price, rel=1e-9, abs=1e-9)
        assert record.exit_bar == exit_bar
        if record.exit_reason == "end of test":  # switched: their last open is compared with our last close
            assert record.exit_bar == last
            assert exit_price == pytest.approx(case.pool.fields[0][last, 0], rel=1e-9)
            assert record.exit_price == case.pool.fields[3][last, 0]
            continue
        assert record.exit_price == pytest.approx(exit_price, rel=1e-9, abs=1e-9)
        assert record.pnl == pytest.approx(pnl, rel=1e-9, abs=1e-6)


def test_crossovers_without_a_stop_trade_alike(oracle: Path, apple: Case, tmp_path: Path) -> None:
    """Switched: the price at the end of the test only."""
    mine = ours(apple, []).trades
    assert len(mine) > 40
    assert_equal(apple, mine, theirs(oracle, apple, tmp_path))


def test_commission_costs_the_same(oracle: Path, apple: Case, tmp_path: Path) -> None:
    """Switched: the price at the end of the test only."""
    mine = ours(apple, [], commission_rate=0.002).trades
    assert_equal(apple, mine, theirs(oracle, apple, tmp_path, commission=0.002))


def test_stop_measured_from_the_close_of_the_decision_trades_alike(oracle: Path, apple: Case, tmp_path: Path) -> None:
    """Switched, here: the stop's distance from our fill is chosen so that its level is 5 % under the decision's close.

    Both stops are then live in the entry bar.
    """
    opens, closes = apple.pool.fields[0][:, 0], apple.pool.fields[3][:, 0]
    level = closes * (1.0 - STOP)
    distance = np.append(opens[1:] - level[:-1], np.nan)
    result = ours(apple, [exit_rule("stop", "distance", "far")], far=distance)
    assert result.rejections == ()
    assert sum(record.exit_reason == "stop" for record in result.trades) > 10
    assert any(record.entry_bar == record.exit_bar for record in result.trades)
    assert_equal(apple, result.trades, theirs(oracle, apple, tmp_path, stop=STOP, level=level))


def test_stop_measured_from_the_fill_trades_alike(oracle: Path, apple: Case, tmp_path: Path) -> None:
    """Switched, there: the stop is set on the trade after its fill, so it is not live in the entry bar.

    The trades that our stop ends in their entry bar are therefore left out, on both sides, and counted.
    """
    mine = ours(apple, [exit_rule("stop", "percent", 100 * STOP)]).trades
    assert sum(record.exit_reason == "stop" for record in mine) > 10
    rows = theirs(oracle, apple, tmp_path, stop=STOP, stop_from=1)
    at_once = {record.entry_bar for record in mine if record.entry_bar == record.exit_bar}
    assert len(mine) - len(at_once) > 35
    kept = tuple(record for record in mine if record.entry_bar not in at_once)
    assert_equal(apple, kept, [row for row in rows if row[0] not in at_once])


@pytest.mark.long
def test_a_hundred_symbols_trade_alike(oracle: Path, tmp_path: Path) -> None:
    """Switched: the price at the end of the test only."""
    whole = hundred()
    for column, symbol in enumerate(whole.pool.symbols):
        fields = tuple(np.ascontiguousarray(field[:, [column]]) for field in whole.pool.fields)
        case = Case(Pool((symbol,), whole.pool.times, fields), whole.buy[:, column], whole.sell[:, column])
        assert_equal(case, ours(case, []).trades, theirs(oracle, case, tmp_path))

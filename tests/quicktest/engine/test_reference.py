"""The loop trades as the reference does on random prices, its books close, and numba changes no bit."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from builder_app.quicktest.engine import accelerate, loop, simulate
from builder_app.quicktest.engine.prices import FIELDS, Pool
from builder_app.quicktest.engine.simulate import Simulation
from tests.quicktest.engine import reference
from tests.quicktest.trading import exit_rule, pool_from, trade

WORDS = ("maximum", "cash", "size", "opposite", "both", "exit too", "exit value", "strength", "no bar")
WORD_OF = dict(zip(loop.REJECTION_REASONS, WORDS, strict=True))


def random_pool(random: np.random.Generator, bars: int, symbols: int) -> Pool:
    """Random walks with gaps inside, late beginnings and early ends; a symbol may have no bar at all."""
    table: dict[str, list[tuple[float, float, float, float] | None]] = {}
    for column in range(symbols):
        price = float(random.uniform(5, 50))
        first, last = sorted(random.integers(0, bars + 1, 2)) if random.random() < 0.4 else (0, bars)
        rows: list[tuple[float, float, float, float] | None] = []
        for number in range(bars):
            if not first <= number < last or random.random() < 0.15:
                rows.append(None)
                continue
            open_price = price * math.exp(random.normal(0, 0.03))
            price = open_price * math.exp(random.normal(0, 0.04))
            high = max(open_price, price) * math.exp(abs(random.normal(0, 0.03)))
            low = min(open_price, price) / math.exp(abs(random.normal(0, 0.03)))
            rows.append((open_price, high, low, price))
        table[f"S{column}"] = rows
    table["S0"][0] = table["S0"][0] or (10.0, 11.0, 9.0, 10.0)
    return pool_from(table)


def random_leg(random: np.random.Generator) -> dict[str, Any]:
    kinds = [("percent_of_equity", random.uniform(5, 110)), ("cash", random.uniform(10, 900)), ("shares", 12.5)]
    kind, value = kinds[random.integers(3)]
    exits = []
    for name, smallest, largest in (("stop", 1, 15), ("trailing_stop", 1, 15), ("target", 1, 15), ("stop", 1, 15)):
        if random.random() < 0.4:
            unit = "percent" if random.random() < 0.5 else "distance"
            number: float | str = float(random.uniform(smallest, largest)) / (1 if unit == "percent" else 5)
            exits.append(exit_rule(name, unit, "far" if random.random() < 0.3 else number))
    return {
        "name": "leg",
        "long_entry": "a" if random.random() < 0.8 else None,
        "long_exit": "b" if random.random() < 0.8 else None,
        "short_entry": "c",
        "short_exit": "d" if random.random() < 0.8 else None,
        "strength": "s" if random.random() < 0.5 else None,
        "size": {"kind": kind, "value": float(value)},
        "exits": exits,
    }


def random_case(seed: int) -> tuple[Pool, list[dict[str, Any]], dict[str, NDArray[Any]], dict[str, Any]]:
    random = np.random.default_rng(seed)
    bars, symbols = int(random.integers(1, 40)), int(random.integers(1, 5))
    pool = random_pool(random, bars, symbols)
    shape = (bars, symbols)
    gaps = np.isnan(pool.fields[3])
    arrays: dict[str, NDArray[Any]] = {key: (random.random(shape) < 0.2) & ~gaps for key in "abcd"}
    arrays["s"] = random.integers(0, 3, shape).astype(float)  # equal strengths are common
    arrays["s"][random.random(shape) < 0.05] = np.nan
    arrays["far"] = random.uniform(0.2, 3.0, shape)
    arrays["far"][random.random(shape) < 0.1] = random.choice([np.nan, 0.0, -1.0])
    terms = {
        "initial_capital": float(random.uniform(100, 3000)),
        "commission_rate": float(random.choice([0.0, 0.002])),
        "minimum_commission": float(random.choice([0.0, 1.0])),
        "sell_tax_rate": float(random.choice([0.0, 0.001])),
        "slippage": float(random.choice([0.0, 0.003])),
        "lot_size": float(random.choice([0.0, 0.5, 5.0])),
        "maximum_positions": int(random.choice([0, 1, 3])),
        "intrabar_order": str(random.choice(["stop_first", "target_first"])),
    }
    return pool, [random_leg(random) for _ in range(random.integers(1, 4))], arrays, terms


def traded(seed: int) -> Simulation:
    pool, legs, arrays, terms = random_case(seed)
    return trade(pool, legs, arrays, None, **terms)


CASES = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32 - 1)


@CASES
@given(seeds)
def test_loop_trades_as_the_reference_does(seed: int) -> None:
    pool, legs, arrays, terms = random_case(seed)
    result = trade(pool, legs, arrays, None, **terms)
    bars = {
        symbol: [
            None if np.isnan(pool.fields[3][n, column]) else
            {name: float(pool.fields[i][n, column]) for i, name in enumerate(FIELDS)}
            for n in range(len(pool.times))
        ]
        for column, symbol in enumerate(pool.symbols)
    }  # fmt: skip
    values = {key: {s: array[:, c].tolist() for c, s in enumerate(pool.symbols)} for key, array in arrays.items()}
    account, equity = reference.run(bars, legs, values, terms)
    found = sorted(
        (t.symbol, t.leg, "long" if t.direction > 0 else "short", t.entry_bar, t.exit_bar, t.exit_reason, t.ambiguous,
         t.quantity, t.entry_price, t.exit_price, t.pnl, t.costs)
        for t in result.trades
    )  # fmt: skip
    expected = sorted(account.trades)
    assert [row[:7] for row in found] == [row[:7] for row in expected]
    for mine, theirs in zip(found, expected, strict=True):
        assert mine[7:] == pytest.approx(theirs[7:], rel=1e-9, abs=1e-9)
    assert result.equity.tolist() == pytest.approx(equity, rel=1e-9, abs=1e-9)
    refused = sorted((r.symbol, r.leg, r.bar, r.direction, WORD_OF[r.reason]) for r in result.rejections)
    assert refused == sorted(account.refused)


def test_random_cases_reach_every_reason() -> None:
    reasons, exits, ambiguous = set(), set(), False
    for seed in range(150):
        result = traded(seed)
        reasons |= {rejection.reason for rejection in result.rejections}
        exits |= {record.exit_reason for record in result.trades}
        ambiguous |= any(record.ambiguous for record in result.trades)
    assert reasons == set(loop.REJECTION_REASONS)
    assert exits == set(loop.EXIT_REASONS)
    assert ambiguous


@CASES
@given(seeds)
def test_books_close(seed: int) -> None:
    pool, legs, arrays, terms = random_case(seed)
    result = trade(pool, legs, arrays, None, **terms)
    profit = math.fsum(record.pnl for record in result.trades)
    assert result.equity[-1] - terms["initial_capital"] == pytest.approx(profit, rel=1e-9, abs=1e-9)
    assert result.cash[-1] == result.equity[-1]  # nothing is open at the end
    closes = pool.fields[3].copy()
    for bar in range(1, len(closes)):
        closes[bar] = np.where(np.isnan(closes[bar]), closes[bar - 1], closes[bar])
    held = np.zeros(len(closes))
    paid = 0.0
    for record in result.trades:
        span = slice(record.entry_bar, record.exit_bar)  # open at these closes
        held[span] += record.direction * record.quantity * closes[span, pool.symbols.index(record.symbol)]
        paid += record.costs
    assert (result.cash + held).tolist() == pytest.approx(result.equity.tolist(), rel=1e-9, abs=1e-9)
    gross = math.fsum(t.direction * t.quantity * (t.exit_price - t.entry_price) for t in result.trades)
    assert gross - profit == pytest.approx(paid, rel=1e-9, abs=1e-9)


def test_compiled_loop_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    compiled = accelerate.compiled()
    assert compiled is not None, accelerate._failed
    for seed in range(300):
        monkeypatch.setattr(simulate, "loop_for", lambda cells: loop.run_bars)
        plain = traded(seed)
        monkeypatch.setattr(simulate, "loop_for", lambda cells: compiled)
        fast = traded(seed)
        assert fast.trades == plain.trades
        assert fast.rejections == plain.rejections
        assert fast.equity.tobytes() == plain.equity.tobytes()
        assert fast.cash.tobytes() == plain.cash.tobytes()


def test_records_grow_when_they_are_full() -> None:
    bars = 3000
    random = np.random.default_rng(5)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, bars)))
    pool = pool_from({"A": [(c, c * 1.01, c * 0.99, c) for c in close.tolist()]})
    buy = np.zeros((bars, 1), dtype=np.bool_)
    buy[::2] = True
    result = trade(
        pool, [{"name": "", "long_entry": "buy", "long_exit": "sell", "size": {"kind": "shares", "value": 1.0}}],
        {"buy": buy, "sell": ~buy},
    )  # fmt: skip
    assert len(result.trades) == bars // 2
    assert [record.entry_bar for record in result.trades] == list(range(1, bars, 2))


def test_watch_stops_a_simulation() -> None:
    pool, legs, arrays, terms = random_case(3)
    from builder_app.quicktest.engine.rules import plan_from, rules_from
    from builder_app.quicktest.engine.settings import Settings

    rules, _ = rules_from({"legs": legs, "portfolio": {}})
    plan, _ = plan_from(rules, arrays, pool.fields[0].shape)
    assert plan is not None
    assert simulate.simulate(pool, plan, Settings(**terms), 0, lambda done: False) is None

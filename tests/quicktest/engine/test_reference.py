"""The loop trades as the reference does on random prices and rules, its books close, and numba changes no bit."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.quicktest.engine import accelerate, book, loop, simulate
from builder_app.quicktest.engine.prices import FIELDS
from tests.quicktest.engine import reference
from tests.quicktest.engine.random_cases import Case, random_case, traded
from tests.quicktest.engine.reference_values import Bar, World
from tests.quicktest.trading import pool_from, trade

WORDS = (
    "maximum", "cash", "size", "opposite", "both", "exit too", "exit value", "strength", "no bar", "size value",
    "cooldown", "halted", "lost today", "at limit", "past level", "volume", "weight", "gross", "net", "sector",
    "turnover", "too alike",
)  # fmt: skip
WORD_OF = dict(zip(book.REJECTION_REASONS, WORDS, strict=True))


def world_of(case: Case) -> World:
    """The case as the reference takes it."""
    own = {
        symbol: [
            Bar(n, *(float(case.pool.fields[i][n, column]) for i in range(len(FIELDS))))
            for n in range(len(case.pool.times))
            if not np.isnan(case.pool.fields[3][n, column])
        ]
        for column, symbol in enumerate(case.pool.symbols)
    }
    arrays = {key: {s: array[:, c].tolist() for c, s in enumerate(own)} for key, array in case.arrays.items()}
    days = case.pool.times.astype("datetime64[D]").tolist()
    return World(own, case.legs, arrays, case.settings, case.portfolio, days)


def in_order(trades: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Sorted so that rounding does not matter."""
    return sorted(trades, key=lambda trade: (*trade[:7], round(trade[9], 6)))


def compare(seed: int) -> None:
    case = random_case(seed)
    result = traded(case)
    account = reference.run(world_of(case))
    found = in_order(
        (t.symbol, t.leg, t.direction, t.entry_bar, t.exit_bar, t.exit_reason, t.ambiguous, t.quantity, t.entry_price,
         t.exit_price, t.pnl, t.costs, t.favourable_excursion, t.adverse_excursion)
        for t in result.trades
    )  # fmt: skip
    expected = in_order(account.trades)
    assert [row[:7] for row in found] == [row[:7] for row in expected]
    for mine, theirs in zip(found, expected, strict=True):
        assert mine[7:] == pytest.approx(theirs[7:], rel=1e-9, abs=1e-9)
    assert result.equity.tolist() == pytest.approx(account.equity, rel=1e-9, abs=1e-9)
    assert result.cash.tolist() == pytest.approx(account.cashes, rel=1e-9, abs=1e-9)
    held = np.array(account.held_at_close).reshape(-1, 2)
    assert result.long.tolist() == pytest.approx(held[:, 0].tolist(), rel=1e-9, abs=1e-9)
    assert result.short.tolist() == pytest.approx(held[:, 1].tolist(), rel=1e-9, abs=1e-9)
    refused = sorted((r.symbol, r.leg, r.bar, r.direction, WORD_OF[r.reason]) for r in result.rejections)
    assert refused == sorted(account.refused)
    assert result.rejections.total == len(refused)


CASES = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32 - 1)


@CASES
@given(seeds)
def test_loop_trades_as_the_reference_does(seed: int) -> None:
    compare(seed)


@pytest.mark.long
@settings(CASES, max_examples=10_000)
@given(seeds)
def test_loop_trades_as_the_reference_does_ten_thousand_times(seed: int) -> None:
    compare(seed)


def test_random_cases_reach_every_reason() -> None:
    reasons, exits, ambiguous = set(), set(), False
    for seed in range(1500):
        result = traded(random_case(seed))
        reasons |= set(result.rejections.by_reason)
        exits |= {record.exit_reason for record in result.trades}
        ambiguous |= any(record.ambiguous for record in result.trades)
    assert reasons == set(book.REJECTION_REASONS)
    assert exits == set(book.EXIT_REASONS)
    assert ambiguous


@CASES
@given(seeds)
def test_books_close(seed: int) -> None:
    """Cash and positions are the equity at every close, and the costs that were paid are the costs reported."""
    case = random_case(seed)
    result, capital = traded(case), case.settings["initial_capital"]
    profit = math.fsum(record.pnl for record in result.trades)
    assert result.equity[-1] - capital == pytest.approx(profit, rel=1e-9, abs=1e-9)
    assert result.cash[-1] == result.equity[-1]  # nothing is open at the end
    gross = math.fsum(t.direction * t.quantity * (t.exit_price - t.entry_price) for t in result.trades)
    assert gross - profit == pytest.approx(math.fsum(t.costs for t in result.trades), rel=1e-9, abs=1e-9)
    if any("rebalance" in leg for leg in case.legs):
        return  # bought in parts: which shares were held when, its trades do not say
    closes = case.pool.fields[3].copy()
    for bar in range(1, len(closes)):
        closes[bar] = np.where(np.isnan(closes[bar]), closes[bar - 1], closes[bar])
    held = np.zeros(len(closes))
    for record in result.trades:
        span = slice(record.entry_bar, record.exit_bar)  # open at these closes
        held[span] += record.direction * record.quantity * closes[span, case.pool.symbols.index(record.symbol)]
    assert (result.cash + held).tolist() == pytest.approx(result.equity.tolist(), rel=1e-9, abs=1e-9)


def test_compiled_loop_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    compiled = accelerate.compiled()
    assert compiled is not None, accelerate._failed
    for seed in range(600):
        case = random_case(seed)
        monkeypatch.setattr(simulate, "loop_for", lambda cells: loop.run_bars)
        plain = traded(case)
        monkeypatch.setattr(simulate, "loop_for", lambda cells: compiled)
        fast = traded(case)
        assert fast.trades.whole.tobytes() == plain.trades.whole.tobytes(), seed
        assert fast.trades.real.tobytes() == plain.trades.real.tobytes(), seed
        assert fast.rejections.rows.tobytes() == plain.rejections.rows.tobytes(), seed
        assert fast.equity.tobytes() == plain.equity.tobytes(), seed
        assert fast.cash.tobytes() == plain.cash.tobytes(), seed
        assert fast.long.tobytes() == plain.long.tobytes(), seed
        assert fast.short.tobytes() == plain.short.tobytes(), seed


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

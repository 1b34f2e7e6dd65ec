"""Rule 5's sizes and rule 10's rebalancing, from their wording, on bars made by hand."""

from typing import Any

import numpy as np
import pytest

from builder_app.quicktest.engine import book
from tests.quicktest.trading import FLAT, exit_rule, flags, leg, pool_from, short_leg, trade

UP = (20, 20, 20, 20)


def share(percent: float | str, **more: Any) -> dict[str, Any]:
    return {"kind": "percent_of_equity", "value": percent, **more}


def test_percent_of_equity_is_of_the_equity_at_the_fills_open_after_the_exits_there() -> None:
    pool = pool_from({"A": [FLAT, FLAT, UP, UP, UP], "B": [FLAT] * 5})
    arrays = {"buy": flags(pool, A=[0], B=[1]), "sell": flags(pool, A=[1])}
    result = trade(pool, [leg(size=share(100.0))], arrays, initial_capital=100.0)
    assert [(t.symbol, t.quantity) for t in result.trades] == [("A", 10.0), ("B", 20.0)]  # 200 after the exit at 20


def test_held_positions_count_at_the_open_and_in_a_gap_at_the_last_close() -> None:
    pool = pool_from({"A": [FLAT, FLAT, UP, UP], "B": [FLAT, FLAT, None, FLAT], "C": [FLAT] * 4})
    arrays = {"buy": flags(pool, A=[0], B=[0], C=[1])}
    legs = [leg(size=share(25.0))]
    result = trade(pool, legs, arrays, initial_capital=100.0)
    sizes = {t.symbol: t.quantity for t in result.trades}
    assert sizes == {"A": 2.5, "B": 2.5, "C": 3.125}  # 50 in cash, 50 in A at its open, 25 in B at its last close


def test_five_entries_of_a_fifth_fill_together_and_a_whole_reversal_fills() -> None:
    names = "ABCDE"
    costs: dict[str, Any] = {"commission_rate": 0.003, "slippage": 0.001, "sell_tax_rate": 0.002}
    pool = pool_from({name: [FLAT] * 3 for name in names})
    result = trade(pool, [leg(size=share(20.0))], {"buy": flags(pool, **{name: [0] for name in names})}, **costs)
    assert len(result.trades) == 5
    pool = pool_from({"A": [(10, 10, 10, 10), (13, 13, 13, 13), (7.7, 8, 7, 8), (9, 9, 9, 9)]})
    both = leg(size=share(100.0), short_entry="short", short_exit="cover")
    arrays = {"buy": flags(pool, A=[0]), "sell": flags(pool, A=[1]), "short": flags(pool, A=[1]), "cover": flags(pool)}
    result = trade(pool, [both], arrays, **costs)
    assert [t.direction for t in result.trades] == [1, -1]
    assert result.rejections.total == 0


def test_percent_may_be_a_series_read_at_the_decision() -> None:
    pool = pool_from({"A": [FLAT] * 4, "B": [FLAT] * 4})
    percent = np.array([[30.0, np.nan], [99.0, 50.0], [99.0, 50.0], [99.0, 50.0]])
    result = trade(pool, [leg(size=share("part"))], {"buy": flags(pool, A=[0], B=[0]), "part": percent},
                   initial_capital=1000.0)  # fmt: skip
    assert [(t.symbol, t.quantity) for t in result.trades] == [("A", 30.0)]
    assert [(r.symbol, r.bar, r.reason) for r in result.rejections] == [
        ("B", 0, book.REJECTION_REASONS[book.NO_SIZE_VALUE])
    ]


@pytest.mark.parametrize("short", [False, True])
def test_risk_percent_loses_that_part_of_the_equity_from_the_fill_to_the_tightest_stop(short: bool) -> None:
    stopped = (10, 20, 10, 15) if short else (10, 10, 1, 5)
    pool = pool_from({"A": [FLAT, FLAT, stopped, FLAT]})
    rules = [exit_rule("stop", "percent", 20.0), exit_rule("stop", "distance", 0.5)]
    make = short_leg if short else leg
    size = {"kind": "risk_percent", "value": 2.0}
    result = trade(pool, [make(size=size, exits=rules)], {"buy": flags(pool, A=[0])}, initial_capital=1000.0)
    (only,) = result.trades
    assert only.quantity == 40.0
    assert only.pnl == pytest.approx(-20.0)


def test_maximum_of_a_size_makes_it_smaller() -> None:
    pool = pool_from({"A": [FLAT] * 4})
    size = {"kind": "risk_percent", "value": 2.0, "maximum": 25.0}
    rules = [exit_rule("stop", "distance", 0.1)]
    (only,) = trade(pool, [leg(size=size, exits=rules)], {"buy": flags(pool, A=[0])}, initial_capital=1000.0).trades
    assert only.quantity == pytest.approx(25.0)


def test_kelly_takes_its_part_before_enough_trades_and_then_that_of_the_closed_trades() -> None:
    steps = [10, 10, 10, 12, 10, 10, 9, 10, 10, 10, 10]  # one trade won 20 %, one lost 10 %
    pool = pool_from({"A": [(p, p, p, p) for p in steps]})
    size = {"kind": "kelly", "value": 0.5, "minimum_trades": 2, "before": 10.0, "maximum": 80.0}
    arrays = {"buy": flags(pool, A=[0, 3, 7]), "sell": flags(pool, A=[2, 5, 9])}
    result = trade(pool, [leg(size=size)], arrays, initial_capital=1000.0)
    first, second, third = result.trades
    assert first.quantity == 10.0
    assert first.return_fraction == pytest.approx(0.2)
    assert second.return_fraction == pytest.approx(-0.1)
    equity = 1000.0 + first.pnl + second.pnl
    kelly = 0.5 - 0.5 / (0.2 / 0.1)  # W − (1 − W) / R
    assert third.quantity * third.entry_price == pytest.approx(equity * 0.5 * kelly)


def test_kelly_without_an_edge_refuses() -> None:
    steps = [10, 10, 10, 9, 10, 10, 10]
    pool = pool_from({"A": [(p, p, p, p) for p in steps]})
    size = {"kind": "kelly", "value": 1.0, "minimum_trades": 1, "before": 10.0, "maximum": 80.0}
    arrays = {"buy": flags(pool, A=[0, 4]), "sell": flags(pool, A=[2])}
    result = trade(pool, [leg(size=size)], arrays)
    assert len(result.trades) == 1
    assert [r.reason for r in result.rejections] == [book.REJECTION_REASONS[book.NO_SIZE]]


# Rule 10 ------------------------------------------------------------------------------------------------------------
def balanced(**changes: Any) -> dict[str, Any]:
    return leg(size=share(50.0), rebalance="again", **changes)


def test_rebalancing_sells_what_is_too_much_at_the_next_open_as_a_trade_of_its_own() -> None:
    pool = pool_from({"A": [FLAT, FLAT, UP, UP, UP]})
    arrays = {"buy": flags(pool, A=[0]), "again": flags(pool, A=[2])}
    result = trade(pool, [balanced()], arrays, initial_capital=1000.0)
    assert [(t.quantity, t.entry_price, t.exit_bar, t.exit_price, t.exit_reason) for t in result.trades] == [
        (12.5, 10.0, 3, 20.0, "rebalance"),  # 50 shares of 20 are two thirds of 1,500; half of it are 37.5
        (37.5, 10.0, 4, 20.0, "end of test"),
    ]


def test_rebalancing_buys_what_is_missing_at_a_mean_entry_price() -> None:
    down = (5, 5, 5, 5)
    pool = pool_from({"A": [FLAT, FLAT, down, down, down]})
    arrays = {"buy": flags(pool, A=[0]), "again": flags(pool, A=[2])}
    (only,) = trade(pool, [balanced()], arrays, initial_capital=1000.0).trades
    assert only.quantity == pytest.approx(75.0)  # half of 750 at 5
    assert only.entry_price == pytest.approx((50 * 10 + 25 * 5) / 75)
    assert only.entry_bar == 1


def test_rebalancing_sells_before_the_entries_and_buys_after_them() -> None:
    pool = pool_from({"A": [FLAT, FLAT, UP, UP, UP], "B": [FLAT] * 5})
    arrays = {"buy": flags(pool, A=[0], B=[2]), "again": flags(pool, A=[2])}
    result = trade(pool, [balanced(), ], arrays, initial_capital=1000.0)  # fmt: skip
    assert result.rejections.total == 0  # 500 in cash and 250 of A pay for 750 of B
    assert {t.symbol: t.quantity for t in result.trades if t.exit_reason == "end of test"} == {"A": 37.5, "B": 75.0}


def test_enlargement_without_cash_is_refused_and_recorded() -> None:
    down = (5, 5, 5, 5)
    pool = pool_from({"A": [FLAT, FLAT, down, down, down], "B": [FLAT] * 5})
    other = leg(long_entry="other", size={"kind": "cash", "value": 490.0})
    arrays = {"buy": flags(pool, A=[0]), "other": flags(pool, B=[1]), "again": flags(pool, A=[2])}
    result = trade(pool, [balanced(), other], arrays, initial_capital=1000.0)
    assert [(r.symbol, r.bar, r.reason) for r in result.rejections] == [("A", 3, book.REJECTION_REASONS[book.NO_CASH])]

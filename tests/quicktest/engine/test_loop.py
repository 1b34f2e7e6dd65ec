"""Each fill rule, from its wording at the top of the loop's file, on bars made by hand."""

from typing import Any

import numpy as np
import pytest

from builder_app.quicktest.engine import book
from tests.quicktest.trading import FLAT, exit_rule, flags, leg, pool_from, short_leg, trade

STOP_10 = exit_rule("stop", "percent", 10.0)
TARGET_10 = exit_rule("target", "percent", 10.0)


# Rule 1 -------------------------------------------------------------------------------------------------------------
def test_entry_decided_at_a_close_fills_at_the_next_open() -> None:
    pool = pool_from({"A": [FLAT, (11, 12, 10, 11.5), (13, 14, 12, 13.5)]})
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0]), "sell": flags(pool, A=[1])})
    (only,) = result.trades
    assert (only.entry_bar, only.entry_price, only.exit_bar, only.exit_price) == (1, 11.0, 2, 13.0)
    assert only.exit_reason == "signal"
    assert only.pnl == 20.0


def test_orders_wait_for_the_next_bar_of_a_symbol_in_a_gap() -> None:
    pool = pool_from({"A": [FLAT, None, None, (12, 12, 12, 12), None, (14, 14, 14, 14)], "B": [FLAT] * 6})
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0]), "sell": flags(pool, A=[3])})
    (only,) = result.trades
    assert (only.entry_bar, only.entry_price, only.exit_bar, only.exit_price) == (3, 12.0, 5, 14.0)


def test_money_of_an_exit_at_an_open_pays_for_an_entry_at_that_open() -> None:
    pool = pool_from({"A": [FLAT] * 5, "B": [FLAT] * 5})
    arrays = {"buy": flags(pool, A=[0], B=[2]), "sell": flags(pool, A=[2])}
    result = trade(pool, [leg()], arrays, initial_capital=100.0)
    assert [(t.symbol, t.entry_bar, t.exit_bar) for t in result.trades] == [("A", 1, 3), ("B", 3, 4)]
    assert list(result.rejections) == []


def test_exit_order_for_an_open_comes_before_a_stop_in_that_bar() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (8, 8, 5, 6), FLAT]})
    arrays = {"buy": flags(pool, A=[0]), "sell": flags(pool, A=[1])}
    (only,) = trade(pool, [leg(exits=[STOP_10])], arrays).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (2, 8.0, "signal")


# Rule 2 -------------------------------------------------------------------------------------------------------------
def test_slippage_makes_buys_dearer_and_sells_cheaper_on_every_fill() -> None:
    bars = [FLAT, FLAT, FLAT, (10, 10, 8, 9)]
    pool = pool_from({"A": bars})
    (long,) = trade(pool, [leg(exits=[STOP_10])], {"buy": flags(pool, A=[0])}, slippage=0.01).trades
    assert long.entry_price == pytest.approx(10.1)
    assert long.exit_price == pytest.approx(10.1 * 0.9 * 0.99)
    pool = pool_from({"A": [FLAT, FLAT, (10, 10, 8, 9)]})
    (short,) = trade(pool, [short_leg(exits=[TARGET_10])], {"buy": flags(pool, A=[0])}, slippage=0.01).trades
    assert short.entry_price == pytest.approx(9.9)
    assert short.exit_price == pytest.approx(9.9 * 0.9 * 1.01)


def test_commission_is_a_fraction_of_each_fill_with_a_minimum_and_sales_pay_tax() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (50, 50, 50, 50), (50, 50, 50, 50)]})
    arrays = {"buy": flags(pool, A=[0]), "sell": flags(pool, A=[1])}
    costs: dict[str, Any] = {"commission_rate": 0.01, "minimum_commission": 2.0, "sell_tax_rate": 0.1}
    (long,) = trade(pool, [leg()], arrays, **costs).trades
    assert long.costs == pytest.approx(2.0 + 5.0 + 50.0)  # 1 % of 100 is under the minimum; 1 % and tax of 500
    assert long.pnl == pytest.approx(400.0 - 57.0)
    (short,) = trade(pool, [short_leg()], arrays, **costs).trades
    assert short.costs == pytest.approx(2.0 + 10.0 + 5.0)  # the tax is on the sale, which is the entry
    assert short.pnl == pytest.approx(-400.0 - 17.0)


# Rule 3 -------------------------------------------------------------------------------------------------------------
def test_stop_fills_at_its_level_measured_from_the_fill_price() -> None:
    pool = pool_from({"A": [FLAT, (20, 20, 20, 20), (19, 20, 17, 19), FLAT]})
    (only,) = trade(pool, [leg(exits=[STOP_10])], {"buy": flags(pool, A=[0])}).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (2, 18.0, "stop")


def test_stop_fills_at_open_when_bar_gaps_below_it() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (7, 12, 6, 8), FLAT]})
    (only,) = trade(pool, [leg(exits=[STOP_10, TARGET_10])], {"buy": flags(pool, A=[0])}).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason, only.ambiguous) == (2, 7.0, "stop", False)


def test_target_fills_at_open_when_bar_gaps_above_it() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (12, 12, 6, 8), FLAT]})
    (only,) = trade(pool, [leg(exits=[STOP_10, TARGET_10])], {"buy": flags(pool, A=[0])}).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason, only.ambiguous) == (2, 12.0, "target", False)


def test_stop_is_live_in_the_entry_bar() -> None:
    pool = pool_from({"A": [FLAT, (10, 10, 8, 9), FLAT]})
    (only,) = trade(pool, [leg(exits=[STOP_10])], {"buy": flags(pool, A=[0])}).trades
    assert (only.entry_bar, only.exit_bar, only.exit_price) == (1, 1, 9.0)


def test_short_stop_is_above_and_its_target_below() -> None:
    up, down = (10, 12, 10, 11), (10, 10, 8, 9)
    pool = pool_from({"A": [FLAT, FLAT, up, FLAT], "B": [FLAT, FLAT, down, FLAT]})
    result = trade(pool, [short_leg(exits=[STOP_10, TARGET_10])], {"buy": flags(pool, A=[0], B=[0])})
    assert [(t.symbol, t.exit_price, t.exit_reason) for t in result.trades] == [
        ("A", 11.0, "stop"),
        ("B", 9.0, "target"),
    ]


def test_trailing_stop_uses_only_what_was_known_before_the_bar() -> None:
    rise_and_fall = (10, 20, 10, 19)  # its low of 10 is under 90 % of its own high, yet over 90 % of what was known
    pool = pool_from({"A": [FLAT, FLAT, rise_and_fall, (19, 19, 17, 18), FLAT]})
    (only,) = trade(
        pool, [leg(exits=[exit_rule("trailing_stop", "percent", 10.0)])], {"buy": flags(pool, A=[0])}
    ).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (3, 18.0, "trailing stop")


def test_trailing_stop_of_a_short_follows_the_lowest_low_at_its_distance() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (9, 9, 5, 6), (6, 7.5, 6, 7), FLAT]})
    rules = [exit_rule("trailing_stop", "distance", 2.0)]
    (only,) = trade(pool, [short_leg(exits=rules)], {"buy": flags(pool, A=[0])}).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (3, 7.0, "trailing stop")


def test_tightest_of_several_exits_counts() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 10, 5, 6), FLAT]})
    rules = [STOP_10, exit_rule("stop", "distance", 0.5), exit_rule("trailing_stop", "percent", 20.0)]
    (only,) = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0])}).trades
    assert (only.exit_price, only.exit_reason) == (9.5, "stop")


def test_exit_values_are_read_at_the_decision_and_stay() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 10, 7.5, 9), (10, 10, 5, 9), FLAT]})
    distance = np.array([[4.0], [1.0], [1.0], [1.0], [1.0]])
    (only,) = trade(
        pool, [leg(exits=[exit_rule("stop", "distance", "far")])], {"buy": flags(pool, A=[0]), "far": distance}
    ).trades
    assert (only.exit_bar, only.exit_price) == (3, 6.0)


@pytest.mark.parametrize("value", [np.nan, 0.0, -1.0, np.inf])
def test_exit_value_that_is_no_number_above_zero_refuses_the_entry(value: float) -> None:
    pool = pool_from({"A": [FLAT] * 4})
    result = trade(
        pool,
        [leg(exits=[exit_rule("stop", "distance", "far")])],
        {"buy": flags(pool, A=[0]), "far": np.full((4, 1), value)},
    )
    assert list(result.trades) == []
    assert [(r.bar, r.reason) for r in result.rejections] == [(0, book.REJECTION_REASONS[book.NO_EXIT_VALUE])]


# Rule 4 -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("order", "price", "reason"), [("stop_first", 9.0, "stop"), ("target_first", 11.0, "target")])
def test_bar_that_touches_both_is_ambiguous_and_settled_as_configured(order: str, price: float, reason: str) -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 12, 8, 10), FLAT]})
    (only,) = trade(pool, [leg(exits=[STOP_10, TARGET_10])], {"buy": flags(pool, A=[0])}, intrabar_order=order).trades
    assert (only.exit_price, only.exit_reason, only.ambiguous) == (price, reason, True)


# Rule 5 -------------------------------------------------------------------------------------------------------------
def test_entries_fill_by_strength_and_equal_strengths_in_pool_order() -> None:
    pool = pool_from({name: [FLAT] * 3 for name in "ABCD"})
    strength = np.tile([1.0, 1.0, 2.0, 1.0], (3, 1))
    arrays = {"buy": flags(pool, A=[0], B=[0], C=[0], D=[0]), "strength": strength}
    result = trade(pool, [leg(strength="strength")], arrays, initial_capital=300.0)
    assert sorted(t.symbol for t in result.trades) == ["A", "B", "C"]
    assert [(r.symbol, r.bar, r.reason) for r in result.rejections] == [("D", 1, book.REJECTION_REASONS[book.NO_CASH])]
    result = trade(pool, [leg(strength="strength")], arrays, initial_capital=100.0)
    assert [t.symbol for t in result.trades] == ["C"]


def test_strength_without_a_value_refuses_the_entry() -> None:
    pool = pool_from({"A": [FLAT] * 3})
    result = trade(pool, [leg(strength="s")], {"buy": flags(pool, A=[0]), "s": np.full((3, 1), np.nan)})
    assert [r.reason for r in result.rejections] == [book.REJECTION_REASONS[book.NO_STRENGTH]]


def test_money_of_a_stop_inside_a_bar_is_usable_from_the_next_open_only() -> None:
    falling = [FLAT, FLAT, (5, 5, 5, 5), (10, 10, 10, 10), (10, 10, 10, 10)]  # the stop fills at the open's price
    pool = pool_from({"A": falling, "B": [FLAT] * 5})
    arrays = {"buy": flags(pool, A=[0], B=[1, 2])}
    result = trade(pool, [leg(exits=[STOP_10], size={"kind": "shares", "value": 5.0})], arrays, initial_capital=75.0)
    assert [(t.symbol, t.entry_bar) for t in result.trades] == [("A", 1), ("B", 3)]  # 25 left at bar 2, 50 at bar 3


@pytest.mark.parametrize(("config", "strategy"), [(1, None), (0, 1), (1, 2), (3, 1)])
def test_smaller_of_both_maximum_positions_counts(config: int, strategy: int | None) -> None:
    pool = pool_from({"A": [FLAT] * 3, "B": [FLAT] * 3})
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0], B=[0])}, strategy, maximum_positions=config)
    assert [t.symbol for t in result.trades] == ["A"]
    assert [r.reason for r in result.rejections] == [book.REJECTION_REASONS[book.FULL]]


def test_percent_of_equity_is_of_the_equity_at_the_decision_and_includes_costs() -> None:
    pool = pool_from({"A": [FLAT, (20, 20, 20, 20), (20, 20, 20, 20)]})
    (only,) = trade(
        pool,
        [leg(size={"kind": "percent_of_equity", "value": 50.0})],
        {"buy": flags(pool, A=[0])},
        initial_capital=1000.0,
        commission_rate=0.01,
        slippage=0.01,
    ).trades
    price = 20.0 * 1.01
    assert only.quantity == pytest.approx(500.0 / (price * 1.01))


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("minimum", [0.0, 50.0])
def test_all_of_the_equity_can_be_invested(short: bool, minimum: float) -> None:
    pool = pool_from({"A": [(9.97, 10, 9, 9.97)] * 3})
    make = short_leg if short else leg
    result = trade(
        pool,
        [make(size={"kind": "percent_of_equity", "value": 100.0})],
        {"buy": flags(pool, A=[0])},
        initial_capital=1234.56,
        commission_rate=0.0017,
        slippage=0.0013,
        sell_tax_rate=0.0031,
        minimum_commission=minimum,
    )
    assert list(result.rejections) == []
    assert len(result.trades) == 1
    if not short:
        assert result.cash[1] == pytest.approx(0.0, abs=1e-9)


def test_cash_size_is_the_traded_value_with_slippage_and_commission_on_top() -> None:
    pool = pool_from({"A": [FLAT] * 3})
    (only,) = trade(
        pool,
        [leg(size={"kind": "cash", "value": 505.0})],
        {"buy": flags(pool, A=[0])},
        slippage=0.01,
        commission_rate=0.1,
    ).trades
    assert only.quantity * only.entry_price == pytest.approx(505.0)
    assert only.quantity == pytest.approx(50.0)


def test_lot_size_rounds_down_and_less_than_a_lot_is_refused() -> None:
    pool = pool_from({"A": [FLAT] * 3})
    size = {"kind": "cash", "value": 399.0}
    (only,) = trade(pool, [leg(size=size)], {"buy": flags(pool, A=[0])}, lot_size=10.0).trades
    assert only.quantity == 30.0
    result = trade(pool, [leg(size=size)], {"buy": flags(pool, A=[0])}, lot_size=100.0)
    assert [r.reason for r in result.rejections] == [book.REJECTION_REASONS[book.NO_SIZE]]
    (only,) = trade(
        pool, [leg(size={"kind": "shares", "value": 0.3})], {"buy": flags(pool, A=[0])}, lot_size=0.1
    ).trades
    assert only.quantity == pytest.approx(0.3)


def test_entry_is_refused_whole_when_cash_is_short() -> None:
    pool = pool_from({"A": [FLAT] * 3})
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0])}, initial_capital=99.99)
    assert list(result.trades) == []
    assert [(r.bar, r.direction, r.reason) for r in result.rejections] == [(1, 1, book.REJECTION_REASONS[book.NO_CASH])]


def test_short_credits_its_proceeds_and_holds_them_back_with_as_much_again() -> None:
    pool = pool_from({"A": [FLAT] * 4, "B": [FLAT] * 4})
    arrays = {"buy": flags(pool, A=[0], B=[1])}
    result = trade(pool, [short_leg()], arrays, initial_capital=199.0)
    assert result.cash[1] == 299.0
    assert result.equity[1] == 199.0
    assert [(r.symbol, r.bar) for r in result.rejections] == [("B", 2)]  # 99 of 299 are free, 100 are needed
    assert trade(pool, [short_leg()], arrays, initial_capital=200.0).rejections.total == 0


# Rule 6 -------------------------------------------------------------------------------------------------------------
def test_open_positions_are_closed_at_the_last_close_of_their_symbol_and_flagged() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 10, 10, 12), None, None], "B": [*[FLAT] * 4, (10, 10, 10, 13)]})
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0], B=[0])})
    assert [(t.symbol, t.exit_bar, t.exit_price, t.exit_reason) for t in result.trades] == [
        ("A", 2, 12.0, "end of test"),
        ("B", 4, 13.0, "end of test"),
    ]


def test_order_without_a_later_bar_is_refused() -> None:
    pool = pool_from({"A": [FLAT, FLAT, None]})
    result = trade(pool, [leg()], {"buy": flags(pool, A=[1])})
    assert [(r.bar, r.reason) for r in result.rejections] == [(1, book.REJECTION_REASONS[book.NO_LATER_BAR])]


def test_repeated_entry_at_the_last_bar_of_what_is_held_is_nothing() -> None:
    pool = pool_from({"A": [FLAT, FLAT, FLAT]})
    assert trade(pool, [leg()], {"buy": flags(pool, A=[0, 1, 2])}).rejections.total == 0


# Rule 7 -------------------------------------------------------------------------------------------------------------
def test_position_in_a_gap_is_valued_at_its_last_close() -> None:
    pool = pool_from({"A": [FLAT, (10, 10, 10, 15), None, FLAT], "B": [FLAT] * 4})
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0])}, initial_capital=1000.0)
    assert result.equity.tolist() == [1000.0, 1050.0, 1050.0, 1000.0]


# Deciding -----------------------------------------------------------------------------------------------------------
def test_exit_beats_entry_of_the_same_direction() -> None:
    pool = pool_from({"A": [FLAT] * 4})
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0]), "sell": flags(pool, A=[0])})
    assert list(result.trades) == []
    assert [r.reason for r in result.rejections] == [book.REJECTION_REASONS[book.EXIT_TOO]]
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0, 1]), "sell": flags(pool, A=[1])})
    assert [(t.entry_bar, t.exit_bar) for t in result.trades] == [(1, 2)]


BOTH = leg(short_entry="short", short_exit="cover")


def test_long_and_short_entry_cancel_each_other() -> None:
    pool = pool_from({"A": [FLAT] * 4})
    arrays = {"buy": flags(pool, A=[0]), "short": flags(pool, A=[0]), "cover": flags(pool)}
    result = trade(pool, [BOTH], arrays)
    assert list(result.trades) == []
    assert [(r.direction, r.reason) for r in result.rejections] == [(0, book.REJECTION_REASONS[book.BOTH_DIRECTIONS])]


def test_entry_against_the_position_held_is_refused() -> None:
    pool = pool_from({"A": [FLAT] * 4})
    arrays = {"buy": flags(pool, A=[0]), "short": flags(pool, A=[1]), "cover": flags(pool)}
    result = trade(pool, [BOTH], arrays)
    assert [t.direction for t in result.trades] == [1]
    assert [(r.bar, r.direction, r.reason) for r in result.rejections] == [
        (1, -1, book.REJECTION_REASONS[book.OPPOSITE_HELD])
    ]


def test_reversal_exits_first_and_enters_at_the_same_open() -> None:
    pool = pool_from({"A": [FLAT] * 5})
    arrays = {"buy": flags(pool, A=[0]), "sell": flags(pool, A=[2]), "short": flags(pool, A=[2]), "cover": flags(pool)}
    result = trade(pool, [BOTH], arrays, initial_capital=100.0)
    assert [(t.direction, t.entry_bar, t.exit_bar) for t in result.trades] == [(1, 1, 3), (-1, 3, 4)]


def test_repeated_entry_while_held_is_nothing() -> None:
    pool = pool_from({"A": [FLAT] * 5})
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0, 1, 2, 3])})
    assert len(result.trades) == 1
    assert list(result.rejections) == []


def test_legs_hold_their_own_positions_in_one_symbol() -> None:
    pool = pool_from({"A": [FLAT] * 5})
    result = trade(pool, [leg(), leg(long_entry="later")], {"buy": flags(pool, A=[0]), "later": flags(pool, A=[1])})
    assert [(t.leg, t.entry_bar) for t in result.trades] == [(0, 1), (1, 2)]

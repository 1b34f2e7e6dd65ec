"""Rule 3's stops that move, stops by risk and by time, and targets in parts, from its wording, on bars made by hand."""

from typing import Any

import numpy as np
import pytest

from builder_app.quicktest.engine import book
from tests.quicktest.trading import FLAT, exit_rule, flags, leg, pool_from, short_leg, trade

LAST = FLAT


def series(*values: float) -> Any:
    return np.array(values, dtype=float)[:, np.newaxis]


def test_price_stop_stands_at_the_level_read_at_the_decision() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 10, 8.7, 9), (9, 9, 8, 8.5), LAST]})
    rules = [exit_rule("stop", "price", "swing")]
    swing = series(8.5, 9.9, 9.9, 9.9, 9.9)
    (only,) = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0]), "swing": swing}).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (3, 8.5, "stop")


@pytest.mark.parametrize(("kind", "value"), [("stop", 10.0), ("stop", 11.0), ("target", 10.0), ("target", 9.0)])
def test_price_at_or_beyond_the_fill_refuses_the_entry(kind: str, value: float) -> None:
    pool = pool_from({"A": [FLAT] * 4})
    result = trade(pool, [leg(exits=[exit_rule(kind, "price", value)])], {"buy": flags(pool, A=[0])})
    assert [(r.bar, r.reason) for r in result.rejections] == [(1, book.REJECTION_REASONS[book.PAST_LEVEL])]


def test_level_stop_follows_its_series_one_bar_behind_and_rests_without_a_value() -> None:
    bars = [FLAT, FLAT, (10, 10, 9.2, 10), (10, 10, 9.0, 10), (10, 10, 9.4, 10), LAST]
    pool = pool_from({"A": bars})
    average = series(8.0, 9.1, np.nan, 9.5, 9.9, 9.9)  # in bar 2 it stands at 9.1, in bar 3 nowhere, in bar 4 at 9.5
    rules = [exit_rule("stop", "level", "average")]
    (only,) = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0]), "average": average}).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (4, 9.5, "stop")


def test_level_stop_may_loosen() -> None:
    pool = pool_from({"A": [FLAT, FLAT, FLAT, (10, 10, 9, 10), LAST]})
    average = series(9.5, 9.5, 8.0, 8.0, 8.0)
    rules = [exit_rule("stop", "level", "average")]
    (only,) = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0]), "average": average}).trades
    assert only.exit_reason == "end of test"


def test_moving_distance_is_read_at_the_bar_before_and_the_stop_never_loosens() -> None:
    bars = [FLAT, FLAT, (10, 14, 10, 14), (14, 14, 12.9, 13), (13, 13, 11.9, 12), LAST]
    pool = pool_from({"A": bars})
    distance = series(3.0, 3.0, 2.0, 5.0, 5.0, 5.0)  # before bar 3: 14 − 2 = 12; before bar 4: 14 − 5 would be looser
    rules = [exit_rule("trailing_stop", "moving_distance", "far")]
    (only,) = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0]), "far": distance}).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (4, 12.0, "trailing stop")


@pytest.mark.parametrize(
    ("unit", "value", "price", "reason"),
    [("percent", 10.0, 10.0, "break even"), ("distance", 1.0, 10.0, "break even"), ("risk", 0.5, 10.0, "break even"),
     ("risk", 1.5, 8.0, "stop")],
)  # fmt: skip
def test_break_even_stands_at_the_fill_once_the_gain_was_there_before_the_bar(
    unit: str, value: float, price: float, reason: str
) -> None:
    bars = [FLAT, (10, 11, 9.9, 10.5), (10.5, 10.5, 7.5, 8), LAST]  # 1 in gain; in its own bar 9.9 does not stop it
    rules = [exit_rule("stop", "distance", 2.0), exit_rule("break_even", unit, value)]
    pool = pool_from({"A": bars})
    (only,) = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0])}).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (2, price, reason)


def test_time_stop_orders_the_exit_at_the_close_of_its_last_bar_the_entry_bar_being_the_first() -> None:
    pool = pool_from({"A": [FLAT, FLAT, None, FLAT, (12, 12, 12, 12), LAST]})
    rules = [exit_rule("time_stop", "bars", 2)]
    (only,) = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0])}).trades
    assert (only.entry_bar, only.exit_bar, only.exit_price, only.exit_reason) == (1, 4, 12.0, "time")


def test_target_by_risk_is_a_multiple_of_the_distance_to_the_tightest_stop() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 13, 10, 12), LAST]})
    rules = [exit_rule("stop", "distance", 4.0), exit_rule("trailing_stop", "percent", 10.0),
             exit_rule("target", "risk", 2.0)]  # fmt: skip
    (only,) = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0])}).trades
    assert (only.exit_price, only.exit_reason) == (12.0, "target")


def parts() -> list[dict[str, Any]]:
    return [
        exit_rule("target", "distance", 3.0) | {"part": 50.0},
        exit_rule("target", "distance", 1.0) | {"part": 25.0},
        exit_rule("target", "distance", 2.0) | {"part": 25.0},
    ]


def test_targets_sell_their_parts_the_nearest_first_and_the_last_sells_what_is_left() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 12.5, 10, 12), (12, 13, 12, 13), LAST]})
    result = trade(
        pool, [leg(exits=parts())], {"buy": flags(pool, A=[0])}, commission_rate=0.01, initial_capital=1000.0
    )
    found = [(t.quantity, t.exit_bar, t.exit_price, t.exit_reason) for t in result.trades]
    assert found == [(2.5, 2, 11.0, "target"), (2.5, 2, 12.0, "target"), (5.0, 3, 13.0, "target")]
    assert [t.costs for t in result.trades] == pytest.approx([0.25 + 0.275, 0.25 + 0.3, 0.5 + 0.65])
    assert result.cash[-1] == pytest.approx(1000.0 + 2.5 + 5.0 + 15.0 - 1.0 - 0.275 - 0.3 - 0.65)


def test_parts_are_rounded_down_to_lots() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 12.5, 10, 12), (12, 13, 12, 13), LAST]})
    result = trade(pool, [leg(exits=parts())], {"buy": flags(pool, A=[0])}, lot_size=1.0)
    assert [t.quantity for t in result.trades] == [2.0, 2.0, 6.0]


def test_what_targets_left_ends_at_the_stop() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 11, 10, 11), (11, 11, 8, 8), LAST]})
    rules = [*parts(), exit_rule("stop", "distance", 1.0)]
    result = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0])})
    assert [(t.quantity, t.exit_price, t.ambiguous) for t in result.trades] == [(2.5, 11.0, False), (7.5, 9.0, False)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [("stop_first", [(10.0, 9.0, True)]), ("target_first", [(2.5, 11.0, True), (7.5, 9.0, True)])],
)
def test_ambiguous_bar_takes_the_stop_or_the_targets_that_it_touches(order: str, expected: list[Any]) -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 11.5, 8, 9), LAST]})
    rules = [*parts(), exit_rule("stop", "distance", 1.0)]
    result = trade(pool, [leg(exits=rules)], {"buy": flags(pool, A=[0])}, intrabar_order=order)
    assert [(t.quantity, t.exit_price, t.ambiguous) for t in result.trades] == expected


def test_short_sells_its_parts_below() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (10, 10, 7.5, 8), (8, 8, 7, 7), LAST]})
    result = trade(pool, [short_leg(exits=parts())], {"buy": flags(pool, A=[0])})
    assert [(t.quantity, t.exit_price) for t in result.trades] == [(2.5, 9.0), (2.5, 8.0), (5.0, 7.0)]


def test_excursions_are_the_best_and_the_worst_price_while_held() -> None:
    pool = pool_from({"A": [FLAT, (10, 13, 9, 10), (11, 20, 5, 11), LAST]})
    arrays = {"buy": flags(pool, A=[0]), "sell": flags(pool, A=[1])}
    (only,) = trade(pool, [leg()], arrays).trades
    assert [only.favourable_excursion, only.adverse_excursion] == pytest.approx([0.3, -0.1])
    (short,) = trade(pool, [short_leg()], arrays).trades
    assert [short.favourable_excursion, short.adverse_excursion] == pytest.approx([0.1, -0.3])

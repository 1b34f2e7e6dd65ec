"""Rules 8 and 9, price limits and volume shares, from their wording, on bars made by hand."""

from typing import Any

import numpy as np
import pytest

from builder_app.quicktest.engine import book
from builder_app.quicktest.engine.prices import Pool
from builder_app.quicktest.engine.simulate import Simulation
from tests.quicktest.trading import FLAT, exit_rule, flags, leg, pool_from, short_leg, trade

STOP_10 = exit_rule("stop", "percent", 10.0)


def refused(result: Simulation) -> list[tuple[str, int, str]]:
    return [(r.symbol, r.bar, r.reason) for r in result.rejections]


def why(reason: int) -> str:
    return book.REJECTION_REASONS[reason]


def shares(number: float, **changes: Any) -> dict[str, Any]:
    return leg(size={"kind": "shares", "value": number}, **changes)


# Rule 8 -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("percent", "expected"), [(20.0, 0), (19.0, 1)])
def test_weight_of_a_symbol_adds_up_its_legs(percent: float, expected: int) -> None:
    pool = pool_from({"A": [FLAT] * 5})
    arrays = {"buy": flags(pool, A=[0]), "short": flags(pool, A=[1])}
    legs = [leg(), short_leg() | {"short_entry": "short"}]
    result = trade(pool, legs, arrays, None, {"maximum_weight": percent}, initial_capital=1000.0)
    assert refused(result) == [("A", 2, why(book.OVER_WEIGHT))] * expected


def test_gross_exposure_adds_long_and_short_up_at_this_open() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (20, 20, 20, 20), (20, 20, 20, 20)], "B": [FLAT] * 4, "C": [FLAT] * 4})
    arrays = {"buy": flags(pool, A=[0]), "short": flags(pool, B=[1], C=[1])}
    legs = [leg(), short_leg() | {"short_entry": "short"}]
    result = trade(pool, legs, arrays, None, {"maximum_gross_exposure": 30.0}, initial_capital=1000.0)
    assert [t.symbol for t in result.trades] == ["A", "B"]  # 200 and 100 of 1,100 are 27 %
    assert refused(result) == [("C", 2, why(book.OVER_GROSS))]


def test_net_exposure_refuses_what_takes_it_further_from_zero() -> None:
    pool = pool_from({name: [FLAT] * 6 for name in "ABCD"})
    arrays = {"buy": flags(pool, A=[0], B=[1], D=[3]), "short": flags(pool, C=[2])}
    legs = [leg(), short_leg() | {"short_entry": "short"}]
    result = trade(pool, legs, arrays, None, {"maximum_net_exposure": 10.0}, initial_capital=1000.0)
    assert refused(result) == [("B", 2, why(book.OVER_NET))]
    assert sorted(t.symbol for t in result.trades) == ["A", "C", "D"]


def test_sector_cap_adds_its_symbols_up_and_leaves_those_without_one_alone() -> None:
    pool = pool_from({name: [FLAT] * 3 for name in "ABCD"})
    cap = {"sector_cap": {"percent": 15.0, "sectors": {"A": "Steel", "B": "Steel"}}}
    result = trade(pool, [leg()], {"buy": flags(pool, **{n: [0] for n in "ABCD"})}, None, cap, initial_capital=1000.0)
    assert refused(result) == [("B", 1, why(book.OVER_SECTOR))]


def test_turnover_counts_the_entries_of_the_last_bars() -> None:
    pool = pool_from({name: [FLAT] * 6 for name in "ABC"})
    cap = {"maximum_turnover": {"percent": 15.0, "bars": 2}}
    arrays = {"buy": flags(pool, A=[0], B=[1], C=[2])}
    result = trade(pool, [leg()], arrays, None, cap, initial_capital=1000.0)
    assert refused(result) == [("B", 2, why(book.OVER_TURNOVER))]  # bars 1 and 2; at bar 3 those of bar 1 do not count


def test_correlation_cap_refuses_a_symbol_that_moves_like_one_held() -> None:
    steps = [10.0, 11.0, 10.5, 12.0, 11.0, 11.5, 11.5]

    def bars(closes: list[float]) -> Any:
        return [(c, c, c, c) for c in closes]

    pool = pool_from({"A": bars(steps), "B": bars([2 * s for s in steps]), "C": bars([30 - s for s in steps])})
    arrays = {"buy": flags(pool, A=[0], B=[4], C=[4])}
    cap = {"correlation_cap": {"correlation": 0.5, "bars": 4}}
    result = trade(pool, [leg()], arrays, None, cap)
    assert refused(result) == [("B", 5, why(book.TOO_ALIKE))]
    longer = {"correlation_cap": {"correlation": 0.5, "bars": 5}}  # so many returns are not known at that open
    assert trade(pool, [leg()], arrays, None, longer).rejections.total == 0


# Rule 9 -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("cooldown", "expected"), [(0, 2), (1, 1), (2, 1)])
def test_cooldown_refuses_entries_for_so_many_bars_of_the_symbol_after_an_exit(cooldown: int, expected: int) -> None:
    pool = pool_from({"A": [FLAT, FLAT, FLAT, None, FLAT, FLAT]})  # out at bar 2; the next bar of the symbol is 4
    arrays = {"buy": flags(pool, A=[0, 2]), "sell": flags(pool, A=[1])}
    result = trade(pool, [leg(cooldown=cooldown)], arrays)
    assert len(result.trades) == expected
    assert refused(result) == [("A", 4, why(book.COOLING_DOWN))] * (2 - expected)


def test_cooldown_is_over_after_its_bars() -> None:
    pool = pool_from({"A": [FLAT] * 7})
    arrays = {"buy": flags(pool, A=[0, 2, 3, 4]), "sell": flags(pool, A=[1])}
    result = trade(pool, [leg(cooldown=2)], arrays)
    assert [t.entry_bar for t in result.trades] == [1, 5]  # out at 2; bars 3 and 4 pass


def test_drawdown_halt_takes_the_peak_anew() -> None:
    falling = [FLAT, FLAT, (10, 10, 8, 8), *[(8, 8, 8, 8)] * 3, (8, 8, 6, 6), *[(6, 6, 6, 6)] * 3]
    pool = pool_from({"A": falling, "B": [FLAT] * 10})
    halt = {"drawdown_halt": {"percent": 10.0, "bars": 2}}
    arrays = {"buy": flags(pool, A=[0], B=[6, 7])}  # 900 at bar 2, the peak after bar 4; 800 at bar 6
    result = trade(pool, [shares(50.0)], arrays, None, halt, initial_capital=1000.0)
    assert [bar for _, bar, _ in refused(result)] == [7, 8]


def test_drawdown_halt_ends_after_its_bars_or_never() -> None:
    falling = [FLAT, FLAT, (10, 10, 8, 8), *[(8, 8, 8, 8)] * 6]
    pool = pool_from({"A": falling, "B": [FLAT] * 9})
    arrays = {"buy": flags(pool, A=[0], B=[2, 3, 4, 5])}
    for bars, entered in ((2, [5]), (None, [])):
        halt = {"drawdown_halt": {"percent": 10.0, "bars": bars}}
        result = trade(pool, [shares(50.0)], arrays, None, halt, initial_capital=1000.0)
        assert [t.entry_bar for t in result.trades if t.symbol == "B"] == entered
        assert {reason for _, _, reason in refused(result)} == {why(book.HALTED)}
        assert [bar for _, bar, _ in refused(result)] == ([3, 4] if bars else [3, 4, 5, 6])


def hourly(pool: Pool, hours: int) -> Pool:
    times = pool.times[0] + np.arange(len(pool.times)) * np.timedelta64(hours, "h")
    return Pool(pool.symbols, times, pool.fields)


@pytest.mark.parametrize("closes", [False, True])
def test_daily_loss_refuses_entries_for_the_day_and_may_order_everything_out(closes: bool) -> None:
    down = (9, 9, 9, 9)
    pool = hourly(pool_from({"A": [FLAT, FLAT, down, down, down, down], "B": [FLAT] * 6}), 6)  # four bars a day
    arrays = {"buy": flags(pool, A=[0], B=[2, 3])}
    loss = {"daily_loss": {"percent": 5.0, "close": closes}}
    result = trade(pool, [shares(50.0)], arrays, None, loss, initial_capital=1000.0)  # 950 at bar 2
    assert refused(result) == [("B", 3, why(book.LOST_TODAY))]
    trades = {t.symbol: (t.entry_bar, t.exit_bar, t.exit_reason) for t in result.trades}
    assert trades["B"][0] == 4  # the next day
    assert trades["A"] == ((1, 3, "daily loss") if closes else (1, 5, "end of test"))


# Rule 1's price limit and rule 8's volume --------------------------------------------------------------------------
def test_entry_at_the_price_limit_is_refused_and_an_exit_waits() -> None:
    up, down = (11, 11, 11, 11), (9, 9, 9, 9)
    pool = pool_from({"A": [FLAT, up, up, up], "B": [FLAT, FLAT, down, (8.5, 9, 8, 9)]})
    arrays = {"buy": flags(pool, A=[0], B=[0]), "sell": flags(pool, B=[1])}
    result = trade(pool, [leg()], arrays, price_limit=0.1)
    assert refused(result) == [("A", 1, why(book.AT_LIMIT))]
    (only,) = result.trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (3, 8.5, "signal")


def test_short_entry_waits_for_no_limit_above_and_is_refused_below() -> None:
    pool = pool_from({"A": [FLAT, (11, 11, 11, 11), FLAT], "B": [FLAT, (9, 9, 9, 9), FLAT]})
    result = trade(pool, [short_leg()], {"buy": flags(pool, A=[0], B=[0])}, price_limit=0.1)
    assert [t.symbol for t in result.trades] == ["A"]
    assert refused(result) == [("B", 1, why(book.AT_LIMIT))]


def test_stop_that_the_bar_opens_beyond_at_the_limit_waits_for_the_next_open() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (8, 9.9, 7, 9.5), (9.4, 10, 9.4, 10), FLAT]})
    (only,) = trade(pool, [leg(exits=[STOP_10])], {"buy": flags(pool, A=[0])}, price_limit=0.2).trades
    assert (only.exit_bar, only.exit_price, only.exit_reason) == (3, 9.4, "stop")


def test_stop_inside_a_bar_that_opens_at_the_limit_fills() -> None:
    pool = pool_from({"A": [FLAT, FLAT, (9.5, 9.9, 7, 9.5), FLAT]})
    (only,) = trade(pool, [leg(exits=[STOP_10])], {"buy": flags(pool, A=[0])}, price_limit=0.05).trades
    assert (only.exit_bar, only.exit_price) == (2, 9.0)


@pytest.mark.parametrize(("share", "filled"), [(0.0, True), (0.01, True), (0.0099, False)])
def test_entry_larger_than_its_share_of_the_volume_is_refused(share: float, filled: bool) -> None:
    pool = pool_from({"A": [FLAT] * 3})  # a volume of 1,000 for 10 shares
    result = trade(pool, [leg()], {"buy": flags(pool, A=[0])}, maximum_volume_share=share)
    assert bool(result.trades) == filled
    assert refused(result) == ([] if filled else [("A", 1, why(book.TOO_LARGE_A_SHARE))])

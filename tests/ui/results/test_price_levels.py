"""Stops and targets in the chart of prices: drawn as the engine had them, named, and copied."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from builder_app.quicktest.engine.replay import Levels
from builder_app.quicktest.outcomes import trade_of
from builder_app.quicktest.request import RunResult
from builder_app.ui.results.chart_data import chart_as_text
from builder_app.ui.results.charts import PRICES, Charts
from builder_app.ui.results.figures import money
from builder_app.ui.results.price_chart import PriceChart
from builder_app.ui.results.price_levels import STYLES, steps
from tests.quicktest.engine.random_cases import random_pool
from tests.quicktest.trading import exit_rule, leg, replay_of, trade
from tests.ui.results.samples import result, theme

EXITS = [
    exit_rule("stop", "percent", 8.0),
    exit_rule("trailing_stop", "percent", 10.0),
    exit_rule("target", "percent", 9.0),
]


def of_a_real_test(bars: int = 120) -> tuple[RunResult, dict[str, np.ndarray]]:
    """A real test of stops and a target on one symbol with gaps, and its prices."""
    random = np.random.default_rng(4)
    pool = random_pool(random, bars, 1)
    arrays = {"buy": (random.random((bars, 1)) < 0.2) & ~np.isnan(pool.fields[3])}
    traded = trade(pool, [leg(exits=EXITS)], arrays)
    one = replace(
        result(bars, trades=[trade_of(record) for record in traded.trades]),
        symbols=pool.symbols, replay=replay_of(pool, ([leg(exits=EXITS)], arrays)),
    )  # fmt: skip
    return one, dict(zip(("open", "high", "low", "close"), (field[:, 0] for field in pool.fields), strict=False))


def shown(qtbot: QtBot, one: RunResult, prices: dict[str, np.ndarray]) -> PriceChart:
    charts = Charts(theme())
    qtbot.addWidget(charts)
    charts.resize(1000, 340)
    charts.prices_requested.connect(lambda symbol: charts.prices.show_prices(symbol, prices))
    with qtbot.waitExposed(charts):
        charts.show()
    charts.show_result(one, stale=False)
    charts.choose(PRICES)
    charts.grab()
    return charts.prices


def levels_of(one: RunResult) -> Levels:
    assert one.replay is not None
    found = one.replay.levels(one.symbols[0])
    assert found is not None
    return found


def test_each_bar_in_which_a_position_was_held_has_its_stop_and_its_target(qtbot: QtBot) -> None:
    one, prices = of_a_real_test()
    chart, levels = shown(qtbot, one, prices), levels_of(one)
    assert np.isfinite(levels.stop).sum() > 20
    for curve, values in zip(chart.levels.curves, (levels.stop, levels.target), strict=True):
        xs, ys = curve.getData()
        drawn = {round(float(x) - 0.5): float(y) for x, y in zip(xs[1::2], ys[1::2], strict=True)}
        assert drawn == {bar: float(values[bar, 0]) for bar in np.flatnonzero(np.isfinite(values[:, 0])).tolist()}
    assert [name for name, _, _ in chart.levels.drawn()] == ["Stop", "Target"]
    styles = [curve.opts["pen"].style() for curve in chart.levels.curves]
    assert styles == [style for _, _, style in STYLES]
    assert styles[0] != styles[1], "told apart without their colours"


def test_the_readout_says_which_stop_it_was_and_where(qtbot: QtBot) -> None:
    one, prices = of_a_real_test()
    chart, levels = shown(qtbot, one, prices), levels_of(one)
    held = np.flatnonzero(levels.entry_bar[:, 0] >= 0)
    names = set()
    for bar in held.tolist():
        line = chart.readout(bar)[1]
        assert f"Target {money(float(levels.target[bar, 0]))}" in line
        name = levels.stop_name(bar, 0)
        assert line.startswith(f"{name.capitalize()} {money(float(levels.stop[bar, 0]))}")
        names.add(name)
    assert names == {"stop", "trailing stop"}


def test_levels_are_copied_with_the_prices(qtbot: QtBot) -> None:
    one, prices = of_a_real_test()
    lines = chart_as_text(shown(qtbot, one, prices), one).splitlines()
    assert lines[0].split("\t") == ["Date", "Open", "High", "Low", "Close", "Stop", "Target"]
    assert len(lines) == len(one.times) + 1


def test_a_test_that_was_kept_without_them_asks_for_the_way_to_them(qtbot: QtBot) -> None:
    one, prices = of_a_real_test()
    kept, other = replace(one, replay=None), replace(one, replay=None)
    chart = shown(qtbot, kept, prices)
    assert chart._misses_levels
    assert chart.levels.drawn() == []
    asked: list[int] = []
    chart.replay_requested.connect(lambda: asked.append(1))
    chart.show_result(other, stale=False)
    assert asked == [1]
    chart.show_replay(kept, one.replay)
    assert chart._misses_levels, "that is not the result that is shown any more"
    chart.show_replay(other, None, "The prices were changed.")
    chart.grab()
    assert chart._why_no_levels == "The prices were changed."
    chart.show_replay(other, one.replay)
    chart.grab()
    assert [name for name, _, _ in chart.levels.drawn()] == ["Stop", "Target"]
    assert not chart._misses_levels


def test_where_no_stop_closed_a_trade_nothing_is_missed(qtbot: QtBot) -> None:
    one, prices = of_a_real_test()
    by_signal = [replace(each, exit_reason="signal") for each in one.trades]
    assert not shown(qtbot, replace(one, replay=None, trades=by_signal), prices)._misses_levels


def test_another_symbol_or_no_result_has_no_lines_of_the_one_before(qtbot: QtBot) -> None:
    one, prices = of_a_real_test()
    chart = shown(qtbot, one, prices)
    chart.show_result(None, stale=False)
    chart.grab()
    assert chart.levels.levels is None
    assert chart.levels.words(0) == []


@given(st.integers(0, 2**32 - 1), st.sampled_from([5, 40, 10_000]))
def test_steps_hold_each_level_over_its_bar_and_join_no_two_positions(seed: int, most: int) -> None:
    random = np.random.default_rng(seed)
    values = random.uniform(1.0, 2.0, (200, 2))
    values[random.random(values.shape) < 0.3] = np.nan
    positions = np.cumsum(random.random(values.shape) < 0.1, axis=0).astype(np.int64)
    xs, ys, joins = steps(values, positions, (20, 180), most)
    assert len(xs) == len(ys) == len(joins)
    assert len(xs) <= 2 * 2 * (most + 1)
    legs = np.cumsum(np.append(False, np.diff(xs) < 0.0))
    for begin in range(0, len(xs), 2):
        bar, number = round(xs[begin + 1] - 0.5), int(legs[begin])
        assert 20 <= bar <= 180
        assert ys[begin] == ys[begin + 1] == values[bar, number]
        assert joins[begin] == 1
        if joins[begin + 1]:
            following = round(xs[begin + 3] - 0.5)
            assert positions[following, number] == positions[bar, number]
            assert xs[begin + 2] == xs[begin + 1], "a step goes straight up or down"


def test_steps_of_nothing_are_none() -> None:
    xs, ys, joins = steps(np.full((9, 1), np.nan), np.zeros((9, 1), dtype=np.int64), (0, 8), 10)
    assert (len(xs), len(ys), len(joins)) == (0, 0, 0)


def test_levels_far_away_do_not_flatten_the_prices(qtbot: QtBot) -> None:
    one, prices = of_a_real_test()
    assert one.replay is not None
    exits = [exit_rule("target", "percent", 5_000.0)]
    arrays = {"buy": np.ones((len(one.times), 1), dtype=np.bool_) & ~np.isnan(prices["close"])[:, np.newaxis]}
    far = replace(one, replay=replay_of(one.replay.pool, ([leg(exits=exits)], arrays)))
    chart = shown(qtbot, far, prices)
    assert [name for name, _, _ in chart.levels.drawn()] == ["Target"]
    assert chart.plots[0].vb.viewRange()[1][1] == pytest.approx(float(np.nanmax(prices["high"])), rel=0.1)


def test_what_is_drawn_stays_while_a_test_on_the_same_prices_is_shown(qtbot: QtBot) -> None:
    one, prices = of_a_real_test()
    chart = shown(qtbot, one, prices)
    asked: list[str] = []
    chart.prices_requested.connect(asked.append)
    follows = replace(one, equity=one.equity * 1.01)
    chart.show_result(follows, stale=False)
    assert asked == []
    assert chart.columns()["Close"] is prices["close"]
    assert [name for name, _, _ in chart.levels.drawn()] == ["Stop", "Target"]
    others = replace(one, data_fingerprint="of other prices")
    chart.prices_requested.disconnect()
    chart.show_result(others, stale=False)
    assert chart.columns() == {}
    later = replace(one, times=one.times + np.timedelta64(7, "D"))
    chart.show_result(later, stale=False)
    assert chart.columns() == {}

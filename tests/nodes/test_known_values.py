"""What the blocks for data, statistics, time and ranks give, against pandas, TA-Lib or a formula written out here."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import talib
from numpy.typing import NDArray

from builder_app.codegen import prelude
from tests.nodes.test_recipes import PRICES, TEMPLATES, recipe_value

Array = NDArray[np.float64]
TIMES = np.busday_offset("2019-11-25", np.arange(300), roll="forward").astype("datetime64[ns]")
DATED: dict[str, Any] = {**PRICES, "time": TIMES}
CLOSE: Any = pd.Series(PRICES["close"], index=pd.DatetimeIndex(TIMES))
OTHER: Any = pd.Series(PRICES["open"][::-1].copy(), index=CLOSE.index)


def value(template: str, port: str = "value", **options: Any) -> Any:
    return recipe_value(template, port, {"prices": DATED, **options.pop("names", {})}, **options)


def near(one: Any, other: Any, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(np.asarray(one, dtype=float), np.asarray(other, dtype=float), tolerance, 1e-9)


def test_return_is_the_change_in_percent() -> None:
    near(value("returns", bars=5), 100 * CLOSE.pct_change(5))
    near(value("returns", "log_return", bars=1), 100 * np.log(CLOSE).diff())


def test_volatility_is_the_yearly_deviation_of_logarithmic_returns() -> None:
    near(value("volatility", period=20), 100 * np.log(CLOSE).diff().rolling(20).std(ddof=0) * 252**0.5, 1e-7)


def test_rolling_statistics_are_those_of_pandas() -> None:
    rolling = CLOSE.rolling(15)
    near(value("mean", period=15), rolling.mean())
    near(value("median", period=15), rolling.median())
    near(value("z_score", period=15), (CLOSE - rolling.mean()) / rolling.std(ddof=0), 1e-7)
    near(
        value("correlation_of", wired={"a": CLOSE.to_numpy(), "b": OTHER.to_numpy()}, period=15),
        CLOSE.rolling(15).corr(OTHER),
        1e-7,
    )
    ranks = rolling.rank()
    near(value("percentile_rank", period=15), 100 * (ranks - 1) / 14)
    near(value("slope", period=15), talib.LINEARREG_SLOPE(PRICES["close"], timeperiod=15), 1e-7)


def test_functions_of_formulas_are_those_of_talib_and_pandas() -> None:
    close = PRICES["close"]
    near(prelude.FUNCTIONS["standard_deviation"](close, 20), talib.STDDEV(close, timeperiod=20, nbdev=1.0), 1e-6)
    near(prelude.FUNCTIONS["rolling_sum"](close, 20), talib.SUM(close, timeperiod=20))


def test_statistics_have_no_value_where_the_window_has_none_and_recover() -> None:
    gap = PRICES["close"].copy()
    gap[100] = np.nan
    for name in ("mean", "median", "z_score", "percentile_rank", "slope"):
        known = ~np.isnan(value(name, wired={"series": gap}, period=10))
        assert known.tolist() == [bar >= 9 and not 100 <= bar < 110 for bar in range(300)], name


def test_flat_values_have_no_z_score_and_no_correlation() -> None:
    flat = np.full(30, 0.1)
    assert np.isnan(value("z_score", wired={"series": flat}, period=7)).all()
    assert np.isnan(value("correlation_of", wired={"a": flat, "b": np.arange(30.0)}, period=7)).all()
    assert value("percentile_rank", wired={"series": flat}, period=7)[6:].tolist() == [50.0] * 24


def test_arithmetic_of_two_values() -> None:
    a, b = CLOSE.to_numpy(), OTHER.to_numpy()
    wired = {"a": a, "b": b}
    near(value("smaller_of", wired=wired), np.minimum(a, b))
    near(value("larger_of", wired=wired), np.maximum(a, b))
    near(value("larger_of", wired={"a": a}, number=50.0), np.maximum(a, 50.0))
    near(value("power", wired={"a": a}, exponent=0.5), np.sqrt(a))
    near(value("percent_distance", wired=wired), (a / b - 1) * 100)
    near(value("clip", wired={"a": a}, lowest=48.0, highest=52.0), np.clip(a, 48.0, 52.0))
    near(value("absolute", wired={"series": a - b}), np.abs(a - b))
    near(value("sign", wired={"series": a - 50.0}), np.where(a > 50, 1, np.where(a < 50, -1, 0)))
    near(value("logarithm"), np.log(a))
    near(
        value("if_then_else", wired={"condition": a > b, **wired}),
        [x if x > y else y for x, y in zip(a, b, strict=True)],
    )
    near(value("traded_value", period=5), (CLOSE * PRICES["volume"]).rolling(5).mean())


def test_comparisons_with_tolerance() -> None:
    a = np.array([100.0, 100.4, 99.4, 101.0, np.nan, 100.0 + 1e-8])
    wired = {"a": a, "b": np.full(6, 100.0)}
    assert value("near", "result", wired=wired, tolerance=0.5).tolist() == [True, True, False, False, False, True]
    assert value("equals", "result", wired=wired).tolist() == [True, False, False, False, False, True]
    assert value("at_least", "result", wired=wired).tolist() == [True, True, False, True, False, True]
    assert value("at_most", "result", wired=wired).tolist() == [True, False, True, False, False, True]
    crossing = np.array([99.0, 101.0, 102.0, 99.0, 100.0, 101.0])
    crossed = value("crosses", "result", wired={"a": crossing, "b": np.full(6, 100.0)})
    assert crossed.tolist() == [False, True, False, True, False, True]


HELD = np.array([False, True, True, True, False, False, True, False])


def test_conditions_over_time() -> None:
    wired = {"condition": HELD}
    assert value("within_bars", "result", wired=wired, bars=2).tolist() == [
        False,
        True,
        True,
        True,
        True,
        False,
        True,
        True,
    ]
    assert value("for_bars", "result", wired=wired, bars=2).tolist() == [
        False,
        False,
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    np.testing.assert_array_equal(value("bars_since", wired=wired), [np.nan, 0, 0, 0, 1, 2, 0, 1])
    series = np.array([1.0, 2.0, 3.0, 2.0, 1.0, 1.0, 5.0, 6.0])
    rising, falling = (value(name, "result", wired={"series": series}, bars=2) for name in ("rising", "falling"))
    assert rising.tolist() == [False, False, True, False, False, False, False, True]
    assert falling.tolist() == [False, False, False, False, True, False, False, False]


def test_new_high_looks_at_the_bars_before_only() -> None:
    top = pd.Series(PRICES["high"])
    np.testing.assert_array_equal(value("new_high", "result", period=20), top > top.rolling(20).max().shift(1))
    bottom = pd.Series(PRICES["low"])
    np.testing.assert_array_equal(value("new_low", "result", period=20), bottom < bottom.rolling(20).min().shift(1))


def test_divergence_compares_two_windows_side_by_side() -> None:
    price = np.array([5.0, 4.0, 5.0, 6.0, 3.0, 4.0])
    indicator = np.array([50.0, 20.0, 40.0, 60.0, 30.0, 40.0])
    wired = {"price": price, "indicator": indicator}
    assert value("divergence", "bullish", wired=wired, period=3).tolist() == [False] * 5 + [True]
    wired = {"price": -price, "indicator": -indicator}
    assert value("divergence", "bearish", wired=wired, period=3).tolist() == [False] * 5 + [True]


def test_logic_of_votes() -> None:
    a, b, c = (np.array(each, dtype=bool) for each in ([1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 0]))
    assert value("exclusive_or", "result", wired={"a": a, "b": b}).tolist() == [False, True, True, False]
    votes = value("at_least_so_many", "result", wired={"conditions": [a, b, c]}, count=2)
    assert votes.tolist() == [True, True, True, False]


@pytest.mark.parametrize(("timeframe", "rule"), [("week", "W-SUN"), ("month", "ME"), ("quarter", "QE"), ("year", "YE")])
def test_higher_time_frame_is_the_period_before_and_never_this_one(timeframe: str, rule: str) -> None:
    frame = pd.DataFrame({name: PRICES[name] for name in ("open", "high", "low", "close")}, index=CLOSE.index)
    how = {"open": "first", "high": "max", "low": "min", "close": "last"}
    bars: Any = frame.resample(rule).agg(how).shift(1)
    period = CLOSE.index.to_period(rule.replace("ME", "M").replace("QE", "Q").replace("YE", "Y"))
    bars.index = bars.index.to_period(period.freq)
    for name in how:
        near(value("higher_timeframe", name, timeframe=timeframe), bars[name].reindex(period))
    averages: Any = frame["close"].resample(rule).last().rolling(2).mean().shift(1)
    averages.index = bars.index
    near(value("higher_timeframe_average", timeframe=timeframe, period=2), averages.reindex(period))


def test_calendar_is_that_of_pandas() -> None:
    dates = CLOSE.index
    assert value("weekday", "result", weekday="Friday").tolist() == (dates.day_name() == "Friday").tolist()
    assert value("month", "result", month="February").tolist() == (dates.month_name() == "February").tolist()
    month = pd.Series(dates.to_period("M"), index=dates)
    numbers = month.groupby(month).cumcount()
    assert value("month_start", "result", days=2).tolist() == (numbers < 2).tolist()
    after = dates + pd.offsets.BusinessDay(3)
    assert value("month_end", "result", days=3).tolist() == (after.to_period("M") != dates.to_period("M")).tolist()
    assert value("new_period", "result", timeframe="month").tolist() == (numbers == 0).tolist()


def test_session_is_from_its_start_on_and_before_its_end_and_may_pass_midnight() -> None:
    hours = np.arange("2024-03-01T00:00", "2024-03-02T00:00", 30, dtype="datetime64[m]").astype("datetime64[ns]")
    names = {"prices": {"time": hours}}
    day = value("session_time", "result", names=names, start="09:30", end="16:00")
    assert [str(time)[11:16] for time in hours[day]][:: day.sum() - 1] == ["09:30", "15:30"]
    night = value("session_time", "result", names=names, start="22:00", end="02:30")
    assert [str(time)[11:16] for time in hours[night]] == [
        *("00:00", "00:30", "01:00", "01:30", "02:00", "22:00", "22:30", "23:00", "23:30"),
    ]


TABLE = np.array([[3.0, 1.0, 2.0, np.nan], [5.0, 5.0, 1.0, 0.0], [np.nan, np.nan, 7.0, np.nan], [2.0, 2.0, 2.0, 2.0]])


def test_ranks_across_symbols_are_those_of_pandas() -> None:
    frame = pd.DataFrame(TABLE)
    near(value("rank", wired={"value": TABLE}), frame.rank(axis=1, ascending=False))
    near(value("rank", "from_below", wired={"value": TABLE}), frame.rank(axis=1))
    count = frame.count(axis=1)
    share = frame.rank(axis=1).sub(1).mul(100).div(count - 1, axis=0)
    share.iloc[2, 2] = 50.0
    near(value("percentile_across", wired={"value": TABLE}), share)
    scores = frame.sub(frame.mean(axis=1), axis=0).div(frame.std(axis=1, ddof=0), axis=0)
    scores.iloc[2:] = np.nan  # one alone, or all alike, have no spread
    near(value("z_score_across", wired={"value": TABLE}), scores)


def test_top_and_bottom_are_chosen_where_a_period_begins_ties_in_pool_order() -> None:
    days = np.array(["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02"], dtype="datetime64[ns]")
    market = SimpleNamespace(times=days)
    options: dict[str, Any] = {"wired": {"value": TABLE}, "names": {"market": market}}
    top = value("top_symbols", "result", count=1, timeframe="bar", **options)
    assert top.tolist() == [[True, False, False, False]] * 2 + [
        [False, False, True, False],
        [True, False, False, False],
    ]
    top = value("top_symbols", "result", count=2, timeframe="month", **options)
    assert top.tolist() == [[True, False, True, False]] * 2 + [[False, False, True, False]] * 2
    bottom = value("bottom_symbols", "result", count=1, timeframe="bar", **options)
    assert bottom.tolist()[:2] == [[False, True, False, False], [False, False, False, True]]


def test_other_symbol_and_benchmark_stand_for_every_symbol() -> None:
    others = {"SPY": {"series": np.array([np.nan, 4.0, np.nan, 6.0])}}
    there = np.array([[True, True], [True, True], [True, False], [True, True]])
    market = SimpleNamespace(bars=there, others=others, benchmark=np.array([1.0, 2.0, 3.0, 4.0]))
    found = value("other_symbol", wired={"series": "series"}, names={"market": market}, symbol="SPY")
    np.testing.assert_array_equal(found, [[np.nan] * 2, [4.0] * 2, [4.0, np.nan], [6.0] * 2])
    found = value("benchmark", names={"market": market})
    np.testing.assert_array_equal(found, [[1, 1], [2, 2], [3, np.nan], [4, 4]])


def test_sizes_in_percent_are_their_formulas() -> None:
    def size(name: str, **parameters: Any) -> Any:
        call = TEMPLATES[name].outputs["position"]
        seen: dict[str, Any] = {}
        wired = {"signal": [], **({"value": TABLE} if name == "rank_weight" else {})}
        names = {"prices": DATED, "position": lambda _, **found: seen.update(found)}
        assert call.startswith("position(")
        recipe_value(name, "position", names, wired=wired, **parameters)
        return seen["percent_of_equity"]

    deviation = np.log(CLOSE).diff().rolling(20).std(ddof=0) * 252**0.5
    near(size("volatility_target", target=10.0, period=20), 10.0 / deviation, 1e-7)
    near(size("kelly_fraction", win_rate=55.0, payoff=1.5, fraction=0.5), 100 * 0.5 * (0.55 - 0.45 / 1.5))
    near(size("equal_weight", count=4, invested=80.0), 20.0)
    weights = size("rank_weight", count=3, invested=60.0)
    near(weights[0], [30.0, 10.0, 20.0, np.nan])
    near(weights[1], [30.0, 20.0, 10.0, 0.0])  # the fourth gets nothing, and its entry is refused


def test_levels_of_stops_are_their_formulas() -> None:
    def exit_of(name: str, **parameters: Any) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        word = TEMPLATES[name].outputs["position"].partition("(")[0]
        names = {"prices": DATED, word: lambda _, **found: seen.update(found)}
        recipe_value(name, "position", names, wired={"position": []}, **parameters)
        return seen

    low, high = pd.Series(PRICES["low"]), pd.Series(PRICES["high"])
    near(exit_of("swing_low_stop", period=10, buffer=1.0)["price"], low.rolling(10).min() * 0.99)
    near(exit_of("swing_high_stop", period=10, buffer=1.0)["price"], high.rolling(10).max() * 1.01)
    near(exit_of("moving_average_stop", period=20)["level"], CLOSE.rolling(20).mean())
    ranges = talib.ATR(PRICES["high"], PRICES["low"], PRICES["close"], timeperiod=22)
    near(exit_of("chandelier_stop")["moving_distance"], 3.0 * ranges)


RULES = {
    "reverse": "signals(enter_long=up, exit_short=up, enter_short=down, exit_long=down, strength=strength)",
    "long_while": "signals(enter_long=condition, exit_long=~condition, strength=strength)",
    "short_while": "signals(enter_short=condition, exit_short=~condition, strength=strength)",
    "cooldown": "cooldown(signal, bars=bars)",
    "once_per_day": "once_per(signal, period=period)",
    "signal_strength": "with_strength(signal, strength=strength)",
    "risk_per_trade": "position(signal, risk_percent=percent, maximum=maximum)",
    "kelly_from_trades": (
        "position(signal, kelly=fraction, minimum_trades=minimum_trades, before=before, maximum=maximum)"
    ),
    "rebalance": 'rebalance(position, when=new_period(prices["time"], timeframe))',
    "amount_stop": "stop(position, distance=amount)",
    "level_stop": "stop(position, price=level)",
    "trailing_amount_stop": "trailing_stop(position, distance=amount)",
    "break_even_stop": "break_even(position, percent=percent)",
    "break_even_after_risk": "break_even(position, risk=multiple)",
    "time_stop": "time_stop(position, bars=bars)",
    "amount_target": "target(position, distance=amount, part=part)",
    "risk_multiple_target": "target(position, risk=multiple, part=part)",
    "level_target": "target(position, price=level, part=part)",
    "maximum_weight": "portfolio(positions, portfolio, maximum_weight=percent)",
    "gross_exposure": "portfolio(positions, portfolio, maximum_gross_exposure=percent)",
    "net_exposure": "portfolio(positions, portfolio, maximum_net_exposure=percent)",
    "drawdown_halt": "portfolio(positions, portfolio, drawdown_halt=percent, bars=bars)",
    "daily_loss": "portfolio(positions, portfolio, daily_loss=percent, close=close)",
    "turnover_limit": "portfolio(positions, portfolio, maximum_turnover=percent, bars=bars)",
    "correlation_cap": "portfolio(positions, portfolio, correlation_cap=correlation, bars=bars)",
    "sector_cap": "portfolio(positions, portfolio, sector_cap=percent, sectors=sectors)",
}


@pytest.mark.parametrize("name", list(RULES))
def test_rule_blocks_say_exactly_what_the_closed_vocabulary_says(name: str) -> None:
    assert list(TEMPLATES[name].outputs.values()) == [RULES[name]]

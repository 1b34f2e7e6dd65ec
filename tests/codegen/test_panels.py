"""Equivalence on panels: what looks across symbols, at the calendar or at longer periods says what the flow says."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.codegen.checks import check_program
from builder_app.codegen.program import ValidationStatus
from builder_app.flow.values import LogicFlow
from tests.codegen.flows import CONDITION_BLOCKS, LARGE, SERIES_BLOCKS, Drawing, Most, compiled, flow, node
from tests.codegen.panels import assert_equal_on_panel, evaluated, random_bars

SERIES = (
    *("returns", "volatility", "other_symbol", "benchmark", "higher_timeframe", "higher_timeframe_average", "absolute"),
    *("sign", "power", "smaller_of", "larger_of", "clip", "if_then_else", "percent_distance", "z_score", "median"),
    *("percentile_rank", "mean", "slope", "correlation_of", "bars_since", "custom_function"),
)
ACROSS = ("rank", "z_score_across", "percentile_across", "other_symbol")
CONDITIONS = (
    *("near", "at_least", "at_most", "equals", "crosses", "within_bars", "for_bars", "rising", "falling", "new_high"),
    *("new_low", "divergence", "exclusive_or", "at_least_so_many", "weekday", "month", "month_start", "month_end"),
    *("new_period", "session_time", "top_symbols", "bottom_symbols", "custom_condition_function"),
)


class PanelDrawing(Drawing):
    """A random flow of blocks that need a market and a calendar as well."""

    series = (SERIES_BLOCKS, SERIES, ACROSS)
    conditions = (*CONDITION_BLOCKS, *CONDITIONS)
    signals = (*Drawing.signals, "reverse", "long_while", "short_while", "once_per_day", "signal_strength")
    sizes = (*Drawing.sizes, "volatility_target", "kelly_fraction", "equal_weight", "rank_weight", "kelly_from_trades")
    exits = (
        *Drawing.exits,
        *("amount_stop", "level_stop", "swing_low_stop", "swing_high_stop", "moving_average_stop", "chandelier_stop"),
        *("trailing_amount_stop", "break_even_stop", "time_stop", "amount_target", "level_target", "scale_out"),
        "rebalance",
    )


@st.composite
def panel_flows(draw: st.DrawFn, most: Most | None = None) -> LogicFlow:
    """A well-typed strategy of random blocks on a panel."""
    return PanelDrawing(draw, most).flow()


def assert_equivalent(picture: LogicFlow, seed: int, bars: int, hours: int) -> None:
    program = compiled(picture)
    with np.errstate(all="ignore"):
        assert_equal_on_panel(picture, program, random_bars(seed, bars, hours))
    assert check_program(program.source).status is ValidationStatus.VALID


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    picture=panel_flows(), seed=st.integers(0, 100), bars=st.sampled_from((1, 30, 80)), hours=st.sampled_from((0, 7))
)
def test_text_equals_the_interpreted_flow_on_panels(picture: LogicFlow, seed: int, bars: int, hours: int) -> None:
    assert_equivalent(picture, seed, bars, hours)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    picture=panel_flows(LARGE), seed=st.integers(0, 100), bars=st.sampled_from((30, 80)), hours=st.sampled_from((0, 7))
)
def test_text_equals_the_interpreted_flow_on_panels_for_thousands_of_flows(
    picture: LogicFlow, seed: int, bars: int, hours: int
) -> None:
    assert_equivalent(picture, seed, bars, hours)


def factors() -> LogicFlow:
    """A rank of a sum of z-scores: two rounds across the symbols, one of them on another symbol's value."""
    return flow(
        "Two factors",
        [
            node("price", "prices"),
            node("momentum", "returns", "Momentum", bars=10),
            node("calm", "volatility", "Volatility", period=10),
            node("market", "other_symbol", "Market", symbol="SPY"),
            node("one", "z_score_across", "Momentum score"),
            node("two", "z_score_across", "Volatility score"),
            node("factor", "subtract", "Factor"),
            node("best", "top_symbols", "Best two", count=2, timeframe="week"),
            node("trend", "sma", "Market average", period=10),
            node("up", "greater_than", "Market rises"),
            node("both", "all_of", "Best in a rising market"),
            node("hold", "long_while"),
            node("size", "equal_weight", count=2),
        ],
        [
            "momentum.value > one.value",
            "calm.value > two.value",
            "one.value > factor.a",
            "two.value > factor.b",
            "factor.value > best.value",
            "price.close > market.series",
            "market.value > trend.price",
            "market.value > up.a",
            "trend.value > up.b",
            "best.result > both.conditions",
            "up.result > both.conditions",
            "both.result > hold.condition",
            "hold.signal > size.signal",
        ],
    )


def test_nested_comparisons_alternate_steps_and_carry_every_name_through() -> None:
    program = compiled(factors())
    heads = [line.partition("(")[0] for line in program.source.split("\n") if line.startswith("def ")]
    assert heads[-5:] == ["def measures", "def across", "def measures_2", "def across_2", "def signals"]
    assert "STEPS = (measures, across, measures_2, across_2, signals)" in program.source
    assert "raise SystemExit(run(STEPS, RULES, read_prices))" in program.source
    for seed in range(3):
        assert assert_equal_on_panel(factors(), program, random_bars(seed)) > 0


def test_lines_of_every_step_light_up_their_blocks_and_their_variables_are_traced() -> None:
    program = compiled(factors())
    lines = dict(zip(program.source.split("\n"), program.lines, strict=False))
    assert lines["    momentum_score = z_score_across(momentum_value)"] == ("one",)
    assert lines["    factor = momentum_score - volatility_score"] == ("factor",)
    assert "market" in lines['    other_symbol_market = of_symbol("close", "SPY", market)']
    _, evaluation = evaluated(program, random_bars(1))
    assert {program.variables[f"{id}.value"] for id in ("momentum", "one", "two", "factor")} <= evaluation.traces.keys()


def test_warm_up_adds_up_through_the_steps() -> None:
    picture = flow(
        "Smooth rank",
        [
            node("momentum", "returns", bars=10),
            node("rank", "rank"),
            node("smooth", "sma", period=5),
            node("first", "at_most", level=2.0),
            node("hold", "long_while"),
            node("size", "equal_weight"),
        ],
        [
            "momentum.value > rank.value",
            "rank.value > smooth.price",
            "smooth.value > first.a",
            "first.result > hold.condition",
            "hold.signal > size.signal",
        ],
    )
    assert compiled(picture).warm_up == 14


def test_choice_across_symbols_alone_still_ends_with_a_step_for_one_symbol() -> None:
    picture = flow(
        "Best of all",
        [
            node("price", "prices"),
            node("best", "top_symbols", count=1),
            node("buy", "enter_long"),
            node("size", "equal_weight"),
        ],
        ["price.close > best.value", "best.result > buy.condition", "buy.signal > size.signal"],
    )
    program = compiled(picture)
    assert "STEPS = (measures, across, signals)" in program.source
    assert assert_equal_on_panel(picture, program, random_bars(1)) > 0


def test_price_that_another_symbol_and_a_rank_both_read_is_there_for_each() -> None:
    picture = flow(
        "Two readers",
        [
            node("price", "prices"),
            node("market", "other_symbol", symbol="SPY"),
            node("rank", "bottom_symbols", count=2, timeframe="bar"),
            node("buy", "enter_long"),
            node("size", "equal_weight"),
        ],
        [
            "price.high > market.series",
            "price.high > rank.value",
            "rank.result > buy.condition",
            "market.value > buy.strength",
            "buy.signal > size.signal",
        ],
    )
    assert assert_equal_on_panel(picture, compiled(picture), random_bars(2)) > 0


def test_other_symbol_that_looks_at_another_one_itself_knows_it_there() -> None:
    picture = flow(
        "A ratio elsewhere",
        [
            node("price", "prices"),
            node("peer", "other_symbol", symbol="BBB"),
            node("ratio", "divide"),
            node("market", "other_symbol", "Market", symbol="SPY"),
            node("high", "greater_than", level=1.0),
            node("buy", "enter_long"),
        ],
        [
            "price.close > ratio.a",
            "peer.value > ratio.b",
            "ratio.value > market.series",
            "market.value > high.a",
            "high.result > buy.condition",
        ],
    )
    assert sum(assert_equal_on_panel(picture, compiled(picture), random_bars(seed)) for seed in range(4)) > 0

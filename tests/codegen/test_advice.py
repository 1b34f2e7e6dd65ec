"""Advice: what is given, and that taking it never changes what the strategy does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.codegen.advice import advice_on_picture, advice_on_values
from builder_app.codegen.compile import compile_flow
from builder_app.codegen.interpreter.interpret import interpret
from builder_app.codegen.program import Program
from builder_app.flow.edits import Mute, apply
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.values import Formula, LogicFlow, ParameterReference, StrategyParameter, frozen_mapping
from builder_app.nodes import validate_parameters
from tests.codegen.flows import CATALOGUE, compiled, flow, node, random_prices, well_typed_flows
from tests.codegen.test_golden import crossover_with_stop


def _signals(picture: LogicFlow, seed: int) -> dict[str, dict[str, bytes]]:
    """Every leg's entries and exits on random prices, by the leg's block, by the independent interpreter."""
    with np.errstate(all="ignore"):
        legs = interpret(picture, CATALOGUE, random_prices(seed)).legs
    return {id: {side: np.asarray(values).tobytes() for side, values in leg.rules.items()} for id, leg in legs.items()}


def _taken(picture: LogicFlow, advice: Problem) -> LogicFlow:
    assert advice.fix is not None
    return apply(picture, advice.fix)[0]


def _buying(nodes: list[object], *wires: str) -> LogicFlow:
    return flow("Advised", [node("prices", "prices"), *nodes, node("buy", "enter_long")], list(wires))  # type: ignore[list-item]


def test_the_example_needs_no_advice() -> None:
    assert advice_on_picture(crossover_with_stop(), CATALOGUE) == ()


def test_two_averages_that_only_cross_are_one_block() -> None:
    picture = _buying(
        [node("fast", "sma", period=5), node("slow", "sma", period=20), node("cross", "crosses_above", "Up")],
        "prices.close > fast.price", "prices.close > slow.price",
        "fast.value > cross.a", "slow.value > cross.b", "cross.result > buy.condition",
    )  # fmt: skip
    (advice,) = advice_on_picture(picture, CATALOGUE)
    assert advice.rule == "advice-simpler-block"
    simpler = _taken(picture, advice)
    assert {each.template for each in simpler.nodes.values()} == {"prices", "moving_average_crossover", "enter_long"}
    assert all(_signals(picture, seed) == _signals(simpler, seed) for seed in range(5))


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (node("idle", "add", number=0.0), "changes nothing: its number leaves every value as it is"),
        (node("idle", "multiply", number=1.0), "changes nothing"),
        (node("idle", "divide", number=1.0), "changes nothing"),
    ],
)
def test_a_block_that_changes_nothing_can_be_left_out(block: object, told: str) -> None:
    picture = _buying(
        [block, node("high", "greater_than", level=50.0)],
        "prices.close > idle.a", "idle.value > high.a", "high.result > buy.condition",
    )  # fmt: skip
    (advice,) = advice_on_picture(picture, CATALOGUE)
    assert told in advice.message
    assert "idle" not in _taken(picture, advice).nodes
    assert _signals(picture, 3) == _signals(_taken(picture, advice), 3)


def test_equal_blocks_are_told_and_one_is_enough() -> None:
    picture = _buying(
        [node("one", "rsi", "Strength", period=9), node("two", "rsi", "Again", period=9),
         node("low", "less_than", level=30.0),
         node("high", "greater_than", level=10.0), node("both", "all_of")],
        "one.value > low.a", "two.value > high.a", "low.result > both.conditions", "high.result > both.conditions",
        "both.result > buy.condition",
    )  # fmt: skip
    (advice,) = advice_on_picture(picture, CATALOGUE)
    assert advice.message == "'Again' works out the same as 'Strength'."
    assert advice.severity is Severity.REMARK
    assert _signals(picture, 1) == _signals(_taken(picture, advice), 1)


def test_blocks_on_two_strategy_parameters_are_not_the_same_work_while_their_values_are_equal() -> None:
    wires = (
        "one.value > low.a", "two.value > high.a", "low.result > both.conditions", "high.result > both.conditions",
        "both.result > buy.condition",
    )  # fmt: skip
    blocks = [node("low", "less_than", level=30.0), node("high", "greater_than", level=10.0), node("both", "all_of")]
    parameters = frozen_mapping({"fast": StrategyParameter(9), "slow": StrategyParameter(9)})

    def told(first: str, second: str) -> int:
        both = [node("one", "rsi", period=ParameterReference(first)), node("two", "rsi", period=Formula(second))]
        return len(advice_on_picture(replace(_buying([*both, *blocks], *wires), parameters=parameters), CATALOGUE))

    assert told("fast", "slow * 1") == 0
    same = [
        node("one", "rsi", period=ParameterReference("fast")),
        node("two", "rsi", period=ParameterReference("fast")),
    ]
    (advice,) = advice_on_picture(replace(_buying([*same, *blocks], *wires), parameters=parameters), CATALOGUE)
    assert advice.rule == "advice-repeated-work"


def test_a_number_that_hangs_on_a_strategy_parameter_does_something_even_where_it_is_zero_today() -> None:
    picture = _buying(
        [node("plus", "add", number=ParameterReference("shift")), node("high", "greater_than", level=50.0)],
        "prices.close > plus.a", "plus.value > high.a", "high.result > buy.condition",
    )  # fmt: skip
    parameters = frozen_mapping({"shift": StrategyParameter(0.0)})
    assert advice_on_picture(replace(picture, parameters=parameters), CATALOGUE) == ()


def test_a_condition_that_always_holds_is_told_with_the_prices_that_were_looked_at() -> None:
    picture = _buying(
        [node("high", "greater_than", "Has a price", level=0.0), node("up", "crosses_above"), node("both", "all_of"),
         node("average", "sma", period=5)],
        "prices.close > high.a", "prices.close > up.a", "average.value > up.b", "high.result > both.conditions",
        "up.result > both.conditions", "both.result > buy.condition",
    )  # fmt: skip
    prices = random_prices(1, 300)
    found = {"AAPL": interpret(picture, CATALOGUE, prices)}
    (advice,) = advice_on_values(picture, CATALOGUE, found, compiled(picture).warm_up)
    assert advice.message.startswith("'Has a price' always holds on ")
    assert advice.message.endswith("bars of AAPL.")
    assert advice.fix_title == "Unwire it"
    assert _signals(picture, 1) == _signals(_taken(picture, advice), 1)


def test_a_condition_that_never_holds_can_be_muted() -> None:
    picture = _buying(
        [node("high", "greater_than", "Sky high", level=1e9)], "prices.close > high.a", "high.result > buy.condition"
    )
    found = {"AAPL": interpret(picture, CATALOGUE, random_prices(1, 300))}
    (advice,) = advice_on_values(picture, CATALOGUE, found, 0)
    assert advice.message.startswith("'Sky high' never holds")
    assert advice.fix == Mute("high", True)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(well_typed_flows(), st.integers(0, 50))
def test_taking_any_advice_on_the_picture_leaves_every_signal_as_it_is(picture: LogicFlow, seed: int) -> None:
    if not isinstance(compile_flow(picture, CATALOGUE, "standalone", validate_parameters), Program):
        return
    for advice in advice_on_picture(picture, CATALOGUE):
        simpler = _taken(picture, advice)
        assert isinstance(compile_flow(simpler, CATALOGUE, "standalone", validate_parameters), Program), advice
        assert _signals(picture, seed) == _signals(simpler, seed), advice

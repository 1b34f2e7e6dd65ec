"""Equivalence: the generated text says what the flow says, bar by bar and bit by bit."""

import sys
from types import FrameType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.codegen.checks import check_program
from builder_app.codegen.compile import compile_flow
from builder_app.codegen.interpreter.interpret import interpret
from builder_app.codegen.program import Program, ValidationStatus
from builder_app.flow.values import LogicFlow, ParameterReference, StrategyParameter
from builder_app.nodes import validate_parameters
from tests.codegen.flows import CATALOGUE, LARGE, Prices, executed, flow, node, random_prices, well_typed_flows
from tests.codegen.panels import assert_equal


def _same(one: Any, other: Any) -> bool:
    return bool(np.array_equal(np.asarray(one), np.asarray(other), equal_nan=True))


def _locals_of_signals(program: Program, prices: Prices) -> dict[str, Any]:
    """Every named step's value, read from the running function."""
    found: dict[str, Any] = {}

    def watch(frame: FrameType, event: str, argument: object) -> None:
        if event == "return" and frame.f_code.co_name == "signals":
            found.update(frame.f_locals)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        executed(program, prices)
    finally:
        sys.setprofile(before)
    return found


def assert_equivalent(picture: LogicFlow, prices: Prices) -> None:
    program = compile_flow(picture, CATALOGUE, "standalone", validate_parameters)
    assert isinstance(program, Program), [problem.message for problem in program]
    names, arrays = executed(program, prices)
    meaning = interpret(picture, CATALOGUE, prices)
    assert_equal(names["RULES"], arrays, meaning)
    steps = _locals_of_signals(program, prices)
    for output, variable in program.variables.items():
        assert _same(steps[variable], meaning.values[output]), output
    for array in arrays.values():
        assert array.shape == prices["close"].shape
        assert array.dtype in (np.dtype(bool), np.dtype(float))
    assert check_program(program.source).status is ValidationStatus.VALID


def test_a_number_worked_out_of_parameters_is_a_series_where_one_is_needed() -> None:
    picture = flow(
        "Numbers",
        [
            node("one", "constant", value=ParameterReference("level")),
            node("two", "add", number=ParameterReference("step")),
            node("half", "divide", number=ParameterReference("step")),
            node("cross", "moving_average_crossover", fast_period=2, slow_period=5),
            node("same", "greater_than", level=ParameterReference("step")),
            node("buy", "enter_long"),
            node("more", "enter_long"),
            node("odd", "exit_long"),
        ],
        [
            "one.value > two.a",
            "two.value > cross.price",
            "one.value > half.a",
            "half.value > same.a",
            "cross.signal > buy.condition",
            "two.value > buy.strength",
            "same.result > more.condition",
            "same.result > odd.condition",
        ],
        {"level": StrategyParameter(7), "step": StrategyParameter(2.5)},
    )
    for bars in (0, 1, 40):
        assert_equivalent(picture, random_prices(1, bars))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(picture=well_typed_flows(), seed=st.integers(0, 1000), bars=st.sampled_from((0, 1, 2, 40, 90)))
def test_generated_text_equals_the_interpreted_flow_bit_by_bit(picture: LogicFlow, seed: int, bars: int) -> None:
    with np.errstate(all="ignore"):
        assert_equivalent(picture, random_prices(seed, bars))


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(picture=well_typed_flows(LARGE), seed=st.integers(0, 1000), bars=st.sampled_from((40, 90, 200)))
def test_generated_text_equals_the_interpreted_flow_for_thousands_of_flows_of_up_to_40_blocks(
    picture: LogicFlow, seed: int, bars: int
) -> None:
    with np.errstate(all="ignore"):
        assert_equivalent(picture, random_prices(seed, bars))

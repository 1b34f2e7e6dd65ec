"""Choices by words are settled while code is made; a strategy's text holds TA-Lib's own call and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.program import Program
from builder_app.codegen.recipes.checking import RecipeRefused, check_template, parse_formula
from builder_app.codegen.recipes.choices import AVERAGE_TYPES, CANDLE_PATTERNS
from builder_app.flow.values import LogicFlow, Node, ParameterReference, StrategyParameter, frozen_mapping
from tests.codegen.flows import CATALOGUE, compiled, flow, node


def entering(block: Node, output: str, parameters: dict[str, StrategyParameter] | None = None) -> LogicFlow:
    """Enters while the block's series is above 0."""
    nodes = [block, node("above", "greater_than", level=0.0), node("buy", "enter_long")]
    return flow("Choice", nodes, [f"b.{output} > above.a", "above.result > buy.condition"], parameters)


def refusal(picture: LogicFlow) -> str:
    """Why there is no program."""
    outcome = compile_flow(picture, CATALOGUE)
    assert not isinstance(outcome, Program)
    return " ".join(problem.message for problem in outcome)


@pytest.mark.parametrize(("word", "number"), AVERAGE_TYPES.items())
def test_the_chosen_average_stands_in_the_text_as_the_number_of_the_library(word: str, number: int) -> None:
    program = compiled(entering(node("b", "moving_average", average_type=word), "value"))
    assert f"ta.MA(close, timeperiod=30, matype={number})" in program.source
    assert "moving_average_type" not in program.source


@pytest.mark.parametrize(("word", "function"), CANDLE_PATTERNS.items())
def test_the_chosen_pattern_stands_in_the_text_as_its_function(word: str, function: str) -> None:
    program = compiled(entering(node("b", "candle_pattern", pattern=word, penetration=0.25), "value"))
    assert f"ta.{function}(" in program.source
    assert "candle_pattern(" not in program.source
    deep = {"abandoned baby", "dark cloud cover", "evening doji star", "evening star", "mat hold"}
    deep |= {"morning doji star", "morning star"}
    assert ("penetration=0.25" in program.source) == (word in deep)


def test_a_candle_may_be_given_by_wires() -> None:
    nodes = [
        node("ha", "heikin_ashi"),
        node("b", "candle_pattern", pattern="doji"),
        node("buy", "enter_long"),
    ]
    wires = [f"ha.{part} > b.{part}" for part in ("open", "high", "low", "close")]
    source = compiled(flow("Smooth", nodes, [*wires, "b.bullish > buy.condition"])).source
    text = "".join(source.split())
    names = "heikin_ashi_open,heikin_ashi_high,heikin_ashi_low,heikin_ashi_close"
    assert f"{names}=ta.HA(open_,high,low,close)" in text
    assert f"=ta.CDLDOJI({names})" in text


def test_a_choice_that_is_none_is_refused_with_those_that_are() -> None:
    said = refusal(entering(node("b", "moving_average", average_type="Sample"), "value"))
    assert "There is no moving average type 'Sample'; choose one of simple, exponential" in said
    assert "no candle pattern" in refusal(entering(node("b", "candle_pattern", pattern="doj"), "value"))


def test_a_strategy_parameter_cannot_choose() -> None:
    block = node("b", "moving_average", average_type=ParameterReference("kind"))
    said = refusal(entering(block, "value", {"kind": StrategyParameter("simple")}))
    assert "must be chosen in the block itself" in said


def test_a_template_may_offer_only_words_that_are_known() -> None:
    template = CATALOGUE.templates["moving_average"]
    for choice in ({"enum": ["simple", "golden"]}, {}):
        properties: Any = template.parameter_schema["properties"]
        kind = {"type": "string", "title": "Kind", **choice}
        schema: Any = {**template.parameter_schema, "properties": {**properties, "average_type": kind}}
        found = check_template(replace(template, parameter_schema=frozen_mapping(schema)))
        assert any("picks a moving average; its enum may hold only simple" in said for said in found)


@pytest.mark.parametrize(
    "text", ["moving_average_type(a)", "ta.MA(a, matype=moving_average_type(1))", "candle_pattern(a, a, a, a, a)"]
)
def test_a_strategists_own_formula_cannot_choose_by_words(text: str) -> None:
    with pytest.raises(RecipeRefused):
        parse_formula(text, ["a"])

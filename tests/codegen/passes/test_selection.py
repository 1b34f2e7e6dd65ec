"""The order of legs: where cash is short the first one has it, so only the rules may decide who that is."""

import ast
from typing import Any

import pytest

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.program import Program
from builder_app.flow.values import LogicFlow
from tests.codegen.flows import CATALOGUE, flow, node


def two_positions(way: str) -> LogicFlow:
    """Two entries with a size each; the condition of the first is made by one more block where `way` is "long"."""
    nodes = [
        node("price", "prices"),
        node("average", "sma", period=20),
        node("over", "greater_than"),
        node("under", "less_than"),
        node("z_both", "all_of"),
        node("first_buy", "enter_long"),
        node("second_buy", "enter_short"),
        node("m_size", "percent_of_equity", percent=90.0),
        node("n_size", "percent_of_equity", percent=80.0),
    ]
    wires = [
        *("price.close > average.price", "price.close > over.a", "average.value > over.b"),
        *("price.close > under.a", "average.value > under.b", "under.result > second_buy.condition"),
        *("first_buy.signal > m_size.signal", "second_buy.signal > n_size.signal"),
        "over.result > first_buy.condition" if way == "short" else "over.result > z_both.conditions",
    ]
    if way == "long":
        wires.append("z_both.result > first_buy.condition")
    return flow("Two", nodes if way == "long" else [one for one in nodes if one.id != "z_both"], wires)


def sizes(made: LogicFlow) -> list[Any]:
    """The sizes of the legs that the text names, in its order."""
    program = compile_flow(made, CATALOGUE)
    assert isinstance(program, Program), program
    rules = next(
        statement.value
        for statement in ast.parse(program.source).body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "RULES"
    )
    return [leg["size"] for leg in ast.literal_eval(rules)["legs"]]


@pytest.mark.parametrize("way", ["short", "long"])
def test_legs_stand_in_one_order_whatever_conditions_are_made_of(way: str) -> None:
    percents = [str(size) for size in sizes(two_positions(way))]
    assert len(percents) == 2
    assert "90" in percents[0]
    assert "80" in percents[1]

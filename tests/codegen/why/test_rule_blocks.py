"""The blocks behind sizes, stops and limits stand where RULES has what they say, on random strategies."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.codegen.why import Asked, RuleBlocks, looked
from builder_app.flow.drawing import drawing_of
from builder_app.flow.group_paths import level_at, split_id
from builder_app.flow.roles import rule_words
from builder_app.flow.values import LogicFlow
from builder_app.nodes import validate_parameters
from tests.codegen.flows import CATALOGUE, compiled
from tests.codegen.panels import panel_of, random_bars
from tests.codegen.passes.test_group_functions import grouped_flows
from tests.codegen.test_panels import panel_flows


def blocks_of(picture: LogicFlow, seed: int) -> RuleBlocks:
    """What is found on random bars, asked of the first symbol, which has all of them."""
    bars = random_bars(seed, 40)
    asked = Asked(picture, CATALOGUE, panel_of(bars), bars.symbols[0], "today")
    return looked(asked, validate_parameters).answer.rules


def rules_of(picture: LogicFlow) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "strategy"}
    exec(compile(compiled(picture).source, "strategy.py", "exec"), names)
    rules: dict[str, Any] = names["RULES"]
    return rules


def assert_said(picture: LogicFlow, seed: int) -> None:
    """Size by size, exit by exit and limit by limit."""
    found, rules = blocks_of(picture, seed), rules_of(picture)
    drawing = drawing_of(picture, CATALOGUE, validate_parameters)
    assert len(found.legs) == len(rules["legs"])
    for leg, written in zip(found.legs, rules["legs"], strict=True):
        assert leg.size.kind == written["size"]["kind"]
        assert [block.kind for block in leg.exits] == [rule["kind"] for rule in written["exits"]]
        for block, rule in zip(leg.exits, written["exits"], strict=True):
            assert block.kind in rule_words(drawing.known[block.node])
            if block.number is not None and not isinstance(rule["value"], str):
                assert block.number == float(rule["value"])
        if leg.position:
            assert "position" in rule_words(drawing.known[leg.position])
            path, node = split_id(picture, leg.position)
            level = level_at(picture, CATALOGUE, path)
            assert level is not None
            assert node in level.flow.nodes
    limits = {kind for kind, value in rules["portfolio"].items() if value is not None}
    assert {block.kind for block in found.limits} == limits


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(picture=panel_flows(), seed=st.integers(0, 100))
def test_blocks_stand_where_the_rules_have_what_they_say(picture: LogicFlow, seed: int) -> None:
    assert_said(picture, seed)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(pictures=grouped_flows(), seed=st.integers(0, 100))
def test_rule_blocks_inside_groups_are_found_under_the_path_to_them(
    pictures: tuple[LogicFlow, LogicFlow], seed: int
) -> None:
    assert_said(pictures[1], seed)

"""What is kept of a block from one drawing to the next is what a drawing made anew would find."""

from dataclasses import replace

from builder_app.flow.drawing import drawing_of
from builder_app.flow.edits import SetParameter, SetStrategyParameter, apply
from builder_app.flow.rules import check
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import Formula, ParameterReference, StrategyParameter, frozen_mapping
from tests.flow.blocks import CATALOGUE, CROSSOVER, block, draw, within_bounds

FLOW = draw(*CROSSOVER)


def test_a_block_is_looked_at_anew_where_its_template_is_another_one() -> None:
    longer = replace(CATALOGUE.templates["sma"], default_parameters={"period": 77})
    other = Catalogue(frozen_mapping({**CATALOGUE.templates, "sma": longer}))
    flow = draw(block("plain", "sma"))
    for catalogue in (CATALOGUE, other, CATALOGUE):
        found = drawing_of(flow, catalogue, within_bounds).values["plain"]["period"]
        assert found == catalogue.templates["sma"].default_parameters["period"]


def test_bound_values_follow_the_strategy_parameters() -> None:
    bound = draw(
        block("by_name", "sma", period=ParameterReference("days")),
        block("by_formula", "sma", period=Formula("days * 2")),
        block("plain", "sma", period=5),
        parameters={"days": StrategyParameter(10)},
    )
    changed, _ = apply(bound, SetStrategyParameter("days", StrategyParameter(30)))
    for flow, days in ((bound, 10), (changed, 30), (bound, 10)):
        drawing = drawing_of(flow, CATALOGUE, within_bounds)
        assert [drawing.values[id]["period"] for id in ("by_name", "by_formula", "plain")] == [days, 2 * days, 5]
        assert list(drawing.bound) == ["by_formula", "by_name"]


def test_a_changed_parameter_is_checked_and_one_put_back_is_fine_again() -> None:
    wrong, inverse = apply(FLOW, SetParameter("fast", "period", 0))
    right, _ = apply(wrong, inverse)
    for flow, is_wrong in ((FLOW, False), (wrong, True), (right, False), (wrong, True)):
        assert is_wrong == any(it.rule == "wrong-parameter" for it in check(flow, CATALOGUE, within_bounds))


def test_the_blocks_of_a_kind_are_given_by_id_and_each_kind_is_asked_once() -> None:
    asked: list[str] = []
    drawing = drawing_of(FLOW, CATALOGUE, within_bounds)

    def is_average(template: NodeTemplate) -> bool:
        asked.append(template.name)
        return template.name == "sma"

    averages = drawing.those(is_average)
    assert averages == sorted(id for id, node in FLOW.nodes.items() if node.template == "sma")
    assert sorted(asked) == sorted({node.template for node in FLOW.nodes.values()})

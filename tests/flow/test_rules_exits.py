"""Rules about what ends a position: unknown risk, targets that no price reaches, parts of more than all."""

from builder_app.flow.drawing import drawing_of
from builder_app.flow.legs import legs, loose_signals
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.rules import check
from builder_app.flow.rules_exits import parts_over_whole, risk_without_stop, target_beyond_zero
from builder_app.flow.values import Edge, LogicFlow, Node, ParameterValue, Port, frozen_mapping
from builder_app.nodes import validate_parameters
from tests.shipped import shipped_catalogue

CATALOGUE = shipped_catalogue()


def block(id: str, template: str, **parameters: ParameterValue) -> Node:
    return Node(id, template, parameters=frozen_mapping(parameters))


def picture(nodes: list[Node], chain: str) -> LogicFlow:
    """Blocks and wires, each `a.out > b.in`, separated by commas."""
    edges = []
    for wire in chain.split(","):
        source, target = (Port(*end.strip().split(".")) for end in wire.split(">"))
        edges.append(Edge(source, target))
    return LogicFlow(nodes=frozen_mapping((node.id, node) for node in nodes), edges=tuple(sorted(edges)))


def found(flow: LogicFlow, rule: str) -> list[Problem]:
    return [problem for problem in check(flow, CATALOGUE, validate_parameters) if problem.rule == rule]


ENTRY = [block("price", "prices"), block("up", "greater_than", level=1.0), block("buy", "enter_long")]
LEAD = "price.close > up.a, up.result > buy.condition, buy.signal > size.signal, size.position > exit.position"


def test_size_by_risk_without_a_stop_that_stands_from_the_entry_is_an_error() -> None:
    for template, wrong in (
        ("percent_stop", False),
        ("atr_stop", False),
        ("swing_low_stop", False),
        ("trailing_amount_stop", False),
        ("moving_average_stop", True),
        ("time_stop", True),
        ("percent_target", True),
    ):
        flow = picture([*ENTRY, block("size", "risk_per_trade"), block("exit", template)], LEAD)
        problems = found(flow, "risk-without-stop")
        assert [problem.node for problem in problems] == (["size"] if wrong else []), template
        assert all(problem.severity is Severity.ERROR for problem in problems)


def test_targets_and_break_even_by_risk_ask_for_a_stop_too() -> None:
    for template in ("risk_multiple_target", "break_even_after_risk"):
        nodes = [*ENTRY, block("size", "percent_of_equity"), block("exit", template)]
        assert [problem.node for problem in found(picture(nodes, LEAD), "risk-without-stop")] == ["exit"]
        more = LEAD.replace("size.position > exit", "size.position > stop.position, stop.position > exit")
        assert found(picture([*nodes, block("stop", "percent_stop")], more), "risk-without-stop") == []


def test_target_of_a_whole_price_is_out_of_reach_for_shorts_only() -> None:
    for signal, wrong in (("enter_short", True), ("enter_long", False)):
        nodes = [
            *ENTRY[:2],
            block("buy", signal),
            block("size", "fixed_cash"),
            block("exit", "percent_target", percent=300.0),
        ]
        assert bool(found(picture(nodes, LEAD), "target-beyond-zero")) is wrong


def test_parts_of_more_than_all_are_said() -> None:
    nodes = [*ENTRY, block("size", "percent_of_equity"), block("exit", "scale_out")]
    assert found(picture(nodes, LEAD), "parts-over-100-percent") == []
    nodes[-1] = block("exit", "scale_out", first_part=50.0, second_part=50.0, third_part=20.0)
    (problem,) = found(picture(nodes, LEAD), "parts-over-100-percent")
    assert "120 %" in problem.message


def test_signals_go_through_the_blocks_that_say_more_about_them() -> None:
    rest = LEAD.replace("buy.signal > size.signal", "buy.signal > rest.signal, rest.signal > size.signal")
    nodes = [*ENTRY, block("rest", "cooldown"), block("size", "percent_of_equity"), block("exit", "rebalance")]
    drawing = drawing_of(picture(nodes, rest), CATALOGUE, validate_parameters)
    (leg,) = legs(drawing)
    assert (leg.position, leg.signals, leg.exits, leg.changes) == ("size", ("buy",), (), ("rest", "exit"))
    assert not loose_signals(drawing)
    loose = picture(
        [*ENTRY, block("rest", "cooldown")], "price.close > up.a, up.result > buy.condition, buy.signal > rest.signal"
    )
    drawing = drawing_of(loose, CATALOGUE, validate_parameters)
    assert loose_signals(drawing) == ("rest",)
    assert legs(drawing)[0].signals == ("buy",)
    assert [problem.node for problem in found(loose, "no-position")] == ["rest"]
    assert found(loose, "no-entry") == []


def test_several_signals_of_one_block_count_in_both_directions() -> None:
    nodes = [*ENTRY[:2], block("turn", "reverse"), block("size", "percent_of_equity")]
    wires = "price.close > up.a, up.result > turn.up, up.result > turn.down, turn.signal > size.signal"
    flow = picture(nodes, wires)
    assert found(flow, "no-exit") == []
    assert found(flow, "no-entry") == []


def test_rules_say_nothing_of_an_empty_canvas() -> None:
    drawing = drawing_of(LogicFlow(), CATALOGUE, validate_parameters)
    for rule in (risk_without_stop, target_beyond_zero, parts_over_whole):
        assert list(rule(drawing)) == []


def test_weights_of_several_positions_are_added_to_the_sizes() -> None:
    nodes = [*ENTRY, block("size", "equal_weight", invested=80.0), block("more", "percent_of_equity", percent=40.0)]
    wires = "price.close > up.a, up.result > buy.condition, buy.signal > size.signal, buy.signal > more.signal"
    (problem,) = found(picture(nodes, wires), "size-over-100-percent")
    assert "120 %" in problem.message
    nodes[-1] = block("more", "percent_of_equity", percent=20.0)
    assert found(picture(nodes, wires), "size-over-100-percent") == []

"""Muted blocks are bypassed."""

from hypothesis import given

from builder_app.flow.bypass import without_muted
from builder_app.flow.topology import find_cycles
from builder_app.flow.values import LogicFlow, Port
from tests.flow.blocks import CATALOGUE, block, draw, wire
from tests.flow.test_rules import drawn_at_random


def test_a_flow_without_muted_blocks_is_itself() -> None:
    flow = draw(block("a", "prices"), block("b", "sma"), "a.close > b.price")
    assert without_muted(flow, CATALOGUE) is flow


def test_who_was_fed_by_a_muted_block_is_fed_by_what_fed_it() -> None:
    flow = draw(
        block("a", "prices"),
        block("b", "sma", muted=True),
        block("c", "previous_value", muted=True),
        block("d", "crosses_above"),
        "a.close > b.price",
        "b.value > c.series",
        "c.value > d.a",
        "b.value > d.b",
    )
    active = without_muted(flow, CATALOGUE)
    assert set(active.nodes) == {"a", "d"}
    assert active.edges == (wire("a.close > d.a"), wire("a.close > d.b"))


def test_a_muted_block_with_no_input_of_its_outputs_type_breaks_the_line() -> None:
    flow = draw(
        block("a", "prices"),
        block("b", "crosses_above", muted=True),
        block("c", "not"),
        "a.close > b.a",
        "b.result > c.condition",
    )
    assert without_muted(flow, CATALOGUE).edges == ()


def test_only_the_first_input_of_the_type_passes_through() -> None:
    flow = draw(
        block("a", "prices"),
        block("b", "enter_long", muted=True),
        block("s", "percent_of_equity"),
        block("both", "all_of", muted=True),
        block("n1", "not"),
        block("n2", "not"),
        block("c", "all_of"),
        "a.close > b.strength",
        "b.signal > s.signal",
        "n1.result > both.conditions",
        "n2.result > both.conditions",
        "both.result > c.conditions",
    )
    expected = (wire("n1.result > c.conditions"), wire("n2.result > c.conditions"))
    assert without_muted(flow, CATALOGUE).edges == expected


def test_a_muted_block_of_unknown_kind_breaks_the_line() -> None:
    flow = draw(
        block("a", "prices"), block("b", "mystery", muted=True), block("c", "sma"), "a.close > b.x", "b.y > c.price"
    )
    assert without_muted(flow, CATALOGUE).edges == ()


def test_a_circle_of_muted_blocks_feeds_nobody_but_a_block_behind_it_keeps_its_other_lines() -> None:
    flow = draw(
        block("a", "prices"),
        block("x", "sma", muted=True),
        block("y", "sma", muted=True),
        block("z", "crosses_above"),
        "x.value > y.price",
        "y.value > x.price",
        "y.value > z.a",
        "a.close > z.b",
    )
    assert without_muted(flow, CATALOGUE).edges == (wire("a.close > z.b"),)


def test_a_row_of_thousands_of_muted_blocks_is_bypassed() -> None:
    count = 5_000
    row = [block(f"m{number}", "sma", muted=True) for number in range(count)]
    wires = [f"m{number}.value > m{number + 1}.price" for number in range(count - 1)]
    ends = (block("a", "prices"), block("z", "sma"), "a.close > m0.price", f"m{count - 1}.value > z.price")
    assert without_muted(draw(*row, *wires, *ends), CATALOGUE).edges == (wire("a.close > z.price"),)


def _feeders(flow: LogicFlow, output: Port, seen: frozenset[Port] = frozenset()) -> set[Port]:
    """The definition, word for word: what feeds the first input of the output's type, and so on."""
    node = flow.nodes[output.node]
    if not node.muted:
        return {output}
    template = CATALOGUE.of(node)
    port = template.output_port(output.port) if template else None
    if template is None or port is None or output in seen:
        return set()
    entry = next((it for it in template.input_ports if it.type is port.type), None)
    sources = [edge.source for edge in flow.edges if entry and edge.target == Port(node.id, entry.name)]
    return set().union(*(_feeders(flow, source, seen | {output}) for source in sources)) if sources else set()


@given(drawn_at_random())
def test_any_flow_without_circles_is_bypassed_as_the_definition_says(flow: LogicFlow) -> None:
    active = without_muted(flow, CATALOGUE)
    assert set(active.nodes) == {id for id, node in flow.nodes.items() if not node.muted}
    if not find_cycles(flow):
        expected = {
            (source, edge.target)
            for edge in flow.edges
            if not flow.nodes[edge.target.node].muted
            for source in _feeders(flow, edge.source)
        }
        assert active.edges == tuple(sorted(expected))

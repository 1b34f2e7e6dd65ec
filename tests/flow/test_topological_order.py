"""The order that is kept while wires come and go says the same as one made anew."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from builder_app.flow.edits import AddNode, Connect, Disconnect, RemoveNodes, apply
from builder_app.flow.topological_order import TopologicalOrder
from builder_app.flow.topology import find_cycles, successors
from builder_app.flow.values import EMPTY_FLOW, Edge, LogicFlow, Node, Port
from tests.flow.test_topology import Link, diamonds, flow_of, links_of


def _would_close(flow: LogicFlow, source: str, target: str) -> bool:
    edge = Edge(Port(source, "probe"), Port(target, "probe"))
    return bool(find_cycles(apply(flow, Connect(edge))[0]))


def _agrees(kept: TopologicalOrder, flow: LogicFlow) -> None:
    assert kept.has_cycle == bool(find_cycles(flow))
    places = {id: place for place, id in enumerate(kept.nodes())}
    assert places.keys() == flow.nodes.keys()
    if kept.has_cycle:
        return
    assert all(places[id] < places[target] for id, targets in successors(flow).items() for target in targets)
    for source in flow.nodes:
        for target in flow.nodes:
            assert kept.would_close_cycle(source, target) == _would_close(flow, source, target)


@settings(deadline=None)
@given(links_of, links_of)
def test_following_any_change_gives_what_a_fresh_start_gives(before: list[Link], after: list[Link]) -> None:
    kept = TopologicalOrder(flow_of(before, 4))
    _agrees(kept, flow_of(before, 4))
    kept.follow(flow_of(after))
    _agrees(kept, flow_of(after))


class FollowingMachine(RuleBasedStateMachine):
    """Blocks and wires come and go one by one, circles and double wires included."""

    def __init__(self) -> None:
        super().__init__()
        self.flow = EMPTY_FLOW
        self.kept = TopologicalOrder(self.flow)

    @rule(number=st.integers(0, 6))
    def add_or_remove_a_block(self, number: int) -> None:
        id = f"n{number}"
        edit = RemoveNodes(frozenset({id})) if id in self.flow.nodes else AddNode(Node(id, "sma"))
        self.flow, _ = apply(self.flow, edit)
        self.kept.follow(self.flow)

    @precondition(lambda self: bool(self.flow.nodes))
    @rule(data=st.data())
    def connect_or_disconnect(self, data: st.DataObject) -> None:
        ends = st.sampled_from(sorted(self.flow.nodes))
        source, target = data.draw(ends), data.draw(ends)
        edge = Edge(Port(source, "out"), Port(target, data.draw(st.sampled_from("ab"))))
        self.flow, _ = apply(self.flow, Disconnect(edge) if edge in self.flow.edges else Connect(edge))
        self.kept.follow(self.flow)

    @invariant()
    def says_what_a_fresh_look_says(self) -> None:
        _agrees(self.kept, self.flow)


FollowingMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestFollowing = FollowingMachine.TestCase


def test_one_wire_behind_a_thousand_diamonds_costs_at_most_one_visit_a_block() -> None:
    flow = flow_of(diamonds(1_000))
    kept = TopologicalOrder(flow)
    kept.steps = 0
    assert kept.would_close_cycle("n3000", "n00")
    assert kept.steps <= 3_001
    kept.steps = 0
    assert not kept.would_close_cycle("n00", "n3000")
    assert kept.steps == 0


def test_opening_a_flow_costs_no_visits_whatever_its_ids() -> None:
    """The ids run against the wires here."""
    flow = flow_of([(3_000 - source, 3_000 - target) for source, target in diamonds(1_000)])
    assert TopologicalOrder(flow).steps == 0

"""What differs is what sets and dictionaries say."""

from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.changes import changed_edges, changed_nodes
from builder_app.flow.values import Edge, Node, Port

EDGES = [
    Edge(Port(f"n{source:03d}", "value"), Port(f"n{target:03d}", "a")) for source in range(24) for target in range(24)
]
NODES = [Node(f"n{number}", "sma") for number in range(30)]
spans = st.tuples(st.integers(0, 576), st.integers(0, 576)).map(sorted)


@given(spans, st.sets(st.sampled_from(EDGES), max_size=6), st.sets(st.sampled_from(EDGES), max_size=6))
def test_changed_edges_are_the_differences_of_the_sets(span: list[int], gone: set[Edge], new: set[Edge]) -> None:
    shared = set(EDGES[span[0] : span[1]])
    before, after = tuple(sorted(shared | gone)), tuple(sorted((shared - gone) | new))
    lost, found = changed_edges(before, after)
    assert lost == sorted(set(before) - set(after))
    assert found == sorted(set(after) - set(before))


@given(st.lists(st.sampled_from(NODES), unique_by=id), st.lists(st.sampled_from(NODES), unique_by=id), st.data())
def test_changed_nodes_are_those_that_are_another_object(
    one: list[Node], other: list[Node], data: st.DataObject
) -> None:
    anew = data.draw(st.sets(st.sampled_from([node.id for node in other]))) if other else set()
    before = {node.id: node for node in one}
    after = {node.id: Node(node.id, "ema") if node.id in anew else node for node in other}
    gone, pairs = changed_nodes(before, after)
    assert sorted(gone) == sorted(before.keys() - after.keys())
    assert {new.id for _, new in pairs} == {id for id, node in after.items() if before.get(id) is not node}
    assert all(old is before.get(new.id) and new is after[new.id] for old, new in pairs)

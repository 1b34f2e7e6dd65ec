"""One edit turns any flow into any other, and is taken back by its inverse."""

from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.difference import difference
from builder_app.flow.edits import apply
from builder_app.flow.turning import turning_into
from builder_app.flow.values import LogicFlow
from tests.flow.strategies import fitting_edits, flows


@given(flows(), flows())
def test_edit_between_two_flows_gives_the_other_and_its_inverse_the_one(before: LogicFlow, after: LogicFlow) -> None:
    made, inverse = apply(before, turning_into(before, after, "Go back"))
    assert made == after
    assert difference(made, after) == ()
    back, _ = apply(made, inverse)
    assert back == before
    assert difference(back, before) == ()


@given(st.data(), flows())
def test_edit_between_neighbours_leaves_every_other_block_alone(data: st.DataObject, flow: LogicFlow) -> None:
    after, _ = apply(flow, data.draw(fitting_edits(flow)))
    edit = turning_into(flow, after, "Go back")
    assert bool(edit.edits) == bool(difference(flow, after))
    made, _ = apply(flow, edit)
    assert all(made.nodes[id] is node for id, node in flow.nodes.items() if after.nodes.get(id) is node)

"""Pulling wires, played through without a window."""

import pytest
from PySide6.QtCore import QPointF

from builder_app.flow.edits import Batch, Connect, Disconnect
from builder_app.flow.rules import connection_refusal
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow
from builder_app.ui.canvas.gestures.pull_wire import PullWire, pull_from
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture
from tests.ui.canvas.desk import edge, end_of, flow_of, node

pytestmark = pytest.mark.usefixtures("qapp")

FLOW = flow_of(
    [
        node("p", "prices"),
        node("fast", "sma", 300),
        node("slow", "sma", 300, 300),
        node("over", "crosses_above", 600),
        node("enter", "enter_long", 900),
        node("both", "all_of", 600, 300),
    ],
    edge("p.close", "fast.price"),
    edge("fast.value", "over.a"),
    edge("over.result", "both.conditions"),
)


@pytest.fixture
def picture(catalogue: Catalogue) -> Picture:
    shown = Picture(catalogue)
    shown.show(None, FLOW)
    return shown


def at(picture: Picture, text: str, is_input: bool) -> QPointF:
    return picture.place_of(end_of(text, is_input))


def output(text: str) -> PortEnd:
    return end_of(text, False)


def entry(text: str) -> PortEnd:
    return end_of(text, True)


def all_ends(picture: Picture) -> list[PortEnd]:
    return [PortEnd(id, port.name, port.is_input) for id, face in picture.faces.items() for port in face.ports]


def without(flow: LogicFlow, *gone: Edge) -> LogicFlow:
    return flow_of(list(flow.nodes.values()), *(wire for wire in flow.edges if wire not in gone))


def test_a_port_fits_exactly_where_the_rules_allow_the_wire_once_the_old_one_is_gone(
    picture: Picture, catalogue: Catalogue
) -> None:
    for origin in all_ends(picture):
        pull = PullWire(picture, origin)
        for end in all_ends(picture):
            if end.is_input == origin.is_input:
                assert pull.fits(end) is (end == origin)
                continue
            source, target = (end, origin) if origin.is_input else (origin, end)
            wire = Edge(source.place_in_flow, target.place_in_flow)
            template = catalogue.of(FLOW.nodes[target.node])
            assert template is not None
            port = template.input_port(target.port)
            assert port is not None
            old = [found for found in FLOW.edges if found.target == wire.target and found != wire and not port.multiple]
            refusal = connection_refusal(without(FLOW, *old), catalogue, wire)
            assert pull.fits(end) is (refusal is None), (origin, end, refusal)


def test_letting_go_near_a_fitting_port_connects_to_the_nearest(picture: Picture) -> None:
    pull = PullWire(picture, output("slow.value"))
    preview = pull.moved_to(at(picture, "over.b", True) + QPointF(-20, 4), 1.0)
    assert preview.wire is not None
    assert preview.wire.snapped == entry("over.b")
    assert preview.wire.end == at(picture, "over.b", True)
    assert pull.finish().edit == Connect(edge("slow.value", "over.b"))


def test_letting_go_anywhere_on_a_block_takes_its_nearest_fitting_port(picture: Picture) -> None:
    pull = PullWire(picture, output("over.result"))
    pull.moved_to(picture.rect_of("enter").center(), 1.0)
    assert pull.finish().edit == Connect(edge("over.result", "enter.condition"))


def test_new_wire_into_a_taken_single_input_replaces_the_old_one_in_one_step(picture: Picture) -> None:
    pull = PullWire(picture, output("slow.value"))
    pull.moved_to(at(picture, "over.a", True), 1.0)
    edit = pull.finish().edit
    assert isinstance(edit, Batch)
    assert edit.edits == (Disconnect(edge("fast.value", "over.a")), Connect(edge("slow.value", "over.a")))


def test_refused_wire_says_the_rules_reason_and_wishes_nothing(picture: Picture, catalogue: Catalogue) -> None:
    pull = PullWire(picture, output("slow.value"))
    preview = pull.moved_to(at(picture, "enter.condition", True), 1.0)
    assert preview.message == connection_refusal(FLOW, catalogue, edge("slow.value", "enter.condition"))
    outcome = pull.finish()
    assert outcome.edit is None
    assert outcome.message == preview.message


def test_circle_is_refused(picture: Picture) -> None:
    pull = PullWire(picture, output("fast.value"))
    assert not pull.fits(entry("fast.price"))
    flow = flow_of([node("x", "sma"), node("y", "sma", 400)], edge("x.value", "y.price"))
    picture.show(None, flow)
    back = PullWire(picture, output("y.value"))
    message = back.moved_to(at(picture, "x.price", True), 1.0).message
    assert "circle" in message


def test_two_outputs_cannot_be_wired_and_the_reason_says_so(picture: Picture) -> None:
    message = PullWire(picture, output("fast.value")).moved_to(at(picture, "p.close", False), 1.0).message
    assert "two outputs" in message


def test_block_without_an_input_says_so(picture: Picture) -> None:
    message = PullWire(picture, output("fast.value")).moved_to(picture.rect_of("p").center(), 1.0).message
    assert message == "'Prices' has no input that a wire could run to."


def test_press_on_a_wired_input_picks_its_wire_up_and_empty_canvas_drops_it(picture: Picture) -> None:
    pull = pull_from(picture, entry("over.a"))
    assert (pull.origin, pull.taken) == (output("fast.value"), edge("fast.value", "over.a"))
    pull.moved_to(QPointF(0, 900), 1.0)
    assert pull.finish().edit == Disconnect(edge("fast.value", "over.a"))


def test_picked_up_wire_goes_to_another_port_in_one_step(picture: Picture) -> None:
    pull = pull_from(picture, entry("over.a"))
    pull.moved_to(at(picture, "over.b", True), 1.0)
    edit = pull.finish().edit
    assert isinstance(edit, Batch)
    assert edit.edits == (Disconnect(edge("fast.value", "over.a")), Connect(edge("fast.value", "over.b")))


def test_picked_up_wire_let_go_on_its_own_port_wishes_nothing(picture: Picture) -> None:
    pull = pull_from(picture, entry("over.a"))
    pull.moved_to(at(picture, "over.a", True), 1.0)
    assert pull.finish().edit is None


def test_shift_pulls_a_new_wire_from_a_wired_input_that_takes_several(picture: Picture) -> None:
    pull = pull_from(picture, entry("both.conditions"), new_wire=True)
    assert pull.taken is None
    pull.moved_to(QPointF(0, 900), 1.0)
    assert pull.finish().search_from == entry("both.conditions")

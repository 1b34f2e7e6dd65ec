"""What a block shows and where."""

import pytest

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Node, frozen_mapping
from builder_app.ui.canvas.node_face import GRID, NARROWEST, WIDEST, PortEnd, make_face
from tests.ui.canvas.desk import node

pytestmark = pytest.mark.usefixtures("qapp")


def test_every_block_is_between_180_and_260_wide_in_steps_of_the_grid(catalogue: Catalogue) -> None:
    for name in catalogue.templates:
        for label in ("", "x", "A label that is far too long for any block to show it whole"):
            width = make_face(Node("a", name, label=label), catalogue).width
            assert NARROWEST <= width <= WIDEST
            assert (width - NARROWEST) % GRID == 0


def test_ports_stand_on_grid_lines_so_that_wires_between_snapped_blocks_can_be_straight(catalogue: Catalogue) -> None:
    for name in catalogue.templates:
        face = make_face(node("a", name), catalogue)
        assert all(port.place.y() % GRID == 0 for port in face.ports)
        assert all(port.place.x() == (0 if port.is_input else face.width) for port in face.ports)
        assert all(0 < port.place.y() < face.height for port in face.ports)


def test_title_is_the_label_and_the_quiet_line_the_parameters(catalogue: Catalogue) -> None:
    face = make_face(Node("a", "sma", label="Fast average", parameters=frozen_mapping({"period": 10})), catalogue)
    assert (face.title, face.subtitle) == ("Fast average", "period 10 · close")
    assert make_face(node("a", "sma"), catalogue).title == "Simple moving average"


def test_unknown_block_keeps_the_ports_its_wires_end_in(catalogue: Catalogue) -> None:
    wired = [PortEnd("a", "measurement", True), PortEnd("a", "state", False), PortEnd("a", "state", False)]
    face = make_face(node("a", "kalman"), catalogue, wired)
    assert not face.known
    assert [(port.name, port.is_input, port.type) for port in face.ports] == [
        ("measurement", True, None),
        ("state", False, None),
    ]
    assert "kalman" in face.subtitle
    assert "kept" in face.about


def test_sparkline_makes_a_block_higher_and_leaves_its_ports_in_place(catalogue: Catalogue) -> None:
    without, with_line = (make_face(node("a", "sma"), catalogue, (), line) for line in (False, True))
    assert with_line.height == without.height + 32
    assert [port.place for port in with_line.ports] == [port.place for port in without.ports]

"""How wires are painted."""

import pytest
from PySide6.QtCore import QPoint

from builder_app.ui.theme import load_theme
from tests.ui.canvas.conftest import RESOURCES
from tests.ui.canvas.desk import Desk, edge, flow_of, node


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_wires_have_their_types_colour_and_shape_at_both_ends(desk: Desk, scheme: str) -> None:
    theme = load_theme(RESOURCES / "themes", scheme)
    desk.view.set_theme(theme)
    line = [
        ("series", "p.close", "over.a"),
        ("boolean", "over.result", "enter.condition"),
        ("signal", "enter.signal", "size.signal"),
        ("position", "size.position", "all.positions"),
    ]
    names = {"p": "prices", "over": "crosses_above", "enter": "enter_long", "size": "percent_of_equity"}
    names["all"] = "maximum_positions"
    blocks = [node(id, name, 260 * at) for at, (id, name) in enumerate(names.items())]
    desk.become(flow_of(blocks, *(edge(source, target) for _, source, target in line)))
    desk.view.resize(1500, 400)
    desk.view.restore_viewport(1.0, 640.0, 60.0)
    for type, source, target in line:
        color = theme.color(type).name()
        start, end = desk.output(source), desk.input(target)
        assert desk.color_at(start).name() == color
        assert desk.color_at(end).name() == color
        wire = desk.view.canvas.picture.wires[edge(source, target)].pointAtPercent(0.5)
        middle = desk.view.pixel_of(wire).toPoint()
        assert color in desk.colors_in(middle - QPoint(2, 2), middle + QPoint(3, 3))

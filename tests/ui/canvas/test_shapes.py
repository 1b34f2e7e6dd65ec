"""Each type has a shape of its own, so that colour is never the only cue."""

from builder_app.flow.values import NodeType, PortType
from builder_app.ui.canvas.shapes import ICON_SIZE, port_shape, type_icon


def test_no_two_port_types_share_a_shape() -> None:
    shapes = [port_shape(type) for type in PortType]
    assert all(one != other for at, one in enumerate(shapes) for other in shapes[:at])


def test_no_two_node_types_share_an_icon_and_each_fits_its_box() -> None:
    icons = [type_icon(type) for type in (*NodeType, None)]
    assert all(one != other for at, one in enumerate(icons) for other in icons[:at])
    for icon in icons:
        box = icon.boundingRect()
        assert box.left() >= 0
        assert box.top() >= 0
        assert box.right() <= ICON_SIZE
        assert box.bottom() <= ICON_SIZE

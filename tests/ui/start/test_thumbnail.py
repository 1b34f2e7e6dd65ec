"""The small picture of a strategy."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from builder_app.flow.values import EMPTY_FLOW, LogicFlow, Node, NodeType, Point, PortType, frozen_mapping
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.start.thumbnail import flow_thumbnail
from tests.ui.results.samples import theme
from tests.ui.start.samples import CATALOGUE, TWO_BLOCKS

SIZE = QSize(260, 120)


def painted(flow: LogicFlow, scheme: str = "dark", ratio: float = 1.0) -> QImage:
    return flow_thumbnail(SIZE, ratio, flow, Picture(CATALOGUE), theme(scheme)).toImage()


def columns_of(image: QImage, color: QColor) -> list[int]:
    found = set()
    for x in range(image.width()):
        for y in range(image.height()):
            if image.pixelColor(x, y) == color:
                found.add(x)
    return sorted(found)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_blocks_stand_in_their_order_in_their_types_colours(qtbot: QtBot, scheme: str) -> None:
    image = painted(TWO_BLOCKS, scheme)
    indicator = columns_of(image, theme(scheme).color(NodeType.INDICATOR.value))
    condition = columns_of(image, theme(scheme).color(NodeType.CONDITION.value))
    assert indicator
    assert condition
    assert min(indicator) < SIZE.width() / 2 < min(condition)


def test_the_wire_is_painted_in_what_runs_along_it(qtbot: QtBot) -> None:
    without = painted(replace(TWO_BLOCKS, edges=()))
    series = theme().color(PortType.SERIES.value)
    middle = range(110, 150)
    assert any(_near(painted(TWO_BLOCKS).pixelColor(x, y), series) for x in middle for y in range(120))
    assert not any(_near(without.pixelColor(x, y), series) for x in middle for y in range(120))


def _near(color: QColor, wanted: QColor) -> bool:
    distance = max(
        abs(color.red() - wanted.red()), abs(color.green() - wanted.green()), abs(color.blue() - wanted.blue())
    )
    return color.alpha() > 60 and distance < 24


def test_an_empty_flow_paints_nothing(qtbot: QtBot) -> None:
    image = painted(EMPTY_FLOW)
    assert all(image.pixelColor(x, y).alpha() == 0 for x in range(0, 260, 4) for y in range(0, 120, 4))


@pytest.mark.parametrize("far", [1.0, 1e3, 1e6])
def test_the_whole_flow_fits_with_air_around_it(qtbot: QtBot, far: float) -> None:
    spread = {
        id: replace(node, position=Point(node.position.x * far, node.position.y * far))
        for id, node in TWO_BLOCKS.nodes.items()
    }
    image = painted(replace(TWO_BLOCKS, nodes=frozen_mapping(spread)))
    edges = [(x, y) for x in range(260) for y in (0, 4, 115, 119)] + [
        (x, y) for x in (0, 4, 255, 259) for y in range(120)
    ]
    assert all(image.pixelColor(x, y).alpha() == 0 for x, y in edges)


def test_a_block_of_no_known_template_is_painted_too(qtbot: QtBot) -> None:
    flow = LogicFlow(nodes=frozen_mapping({"x": Node("x", "from_the_future")}))
    assert columns_of(painted(flow), theme().color("quiet_text"))


def test_a_sharp_screen_gets_a_sharp_picture(qtbot: QtBot) -> None:
    assert painted(TWO_BLOCKS, ratio=2.0).size() == SIZE * 2

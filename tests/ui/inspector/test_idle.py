"""A parameter whose place a wire has taken cannot be set, and says why."""

from pytestqt.qtbot import QtBot

from builder_app import paths
from builder_app.flow.values import Edge, LogicFlow, Node, Port, frozen_mapping
from builder_app.ui.inspector import InspectorView
from builder_app.ui.theme import load_theme
from tests.shipped import shipped_catalogue


def test_level_of_a_crossing_is_idle_while_its_second_input_is_wired(qtbot: QtBot) -> None:
    catalogue = shipped_catalogue()
    view = InspectorView(load_theme(paths.resources() / "themes", "dark"))
    qtbot.addWidget(view)
    nodes = frozen_mapping({"slow": Node("slow", "sma"), "cross": Node("cross", "crosses_above")})
    wire = Edge(Port("slow", "value"), Port("cross", "b"))
    view.show_selection(LogicFlow(nodes), catalogue, frozenset({"cross"}), ())
    level = view.block_page.rows["level"]
    assert level.isEnabled()
    view.show_selection(LogicFlow(nodes, (wire,)), catalogue, frozenset({"cross"}), ())
    assert not level.isEnabled()
    assert "wire" in level.toolTip()

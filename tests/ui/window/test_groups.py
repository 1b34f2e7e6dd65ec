"""Groups in the window, by real keys and clicks: made, opened, changed, left, taken apart, undone across levels."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.flow.group_paths import path_id
from builder_app.flow.values import GROUP_INPUTS, GROUP_OUTPUTS, Port
from tests.ui.window.strategist import Strategist, application


@pytest.fixture
def hands(qtbot: QtBot, tmp_path: Path) -> Iterator[Strategist]:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_and_test_example("moving_average_crossover")
        hands.sees_result()
        hands.canvas.fit_all()
        hands.canvas.setFocus()
        yield hands


def _group(hands: Strategist) -> str:
    """Group the two averages and the crossing by the keyboard; the instance's id."""
    before = set(hands.document.flow.nodes)
    flow = hands.document.flow
    chosen = {id for id, node in flow.nodes.items() if node.template in ("sma", "crosses_above")}
    hands.canvas.select(chosen)
    hands.press("Ctrl+G", hands.canvas)
    hands.sees(lambda: bool(hands.document.flow.groups))
    (made,) = set(hands.document.flow.nodes) - before
    return made


def _path(hands: Strategist) -> tuple[str, ...]:
    """The groups that are open, one inside the other."""
    return hands.canvas.levels.path


def _double_click(hands: Strategist, node: str) -> None:
    spot = hands.canvas.canvas.picture.rect_of(node).topLeft() + QPointF(60, 14)
    QTest.mouseDClick(hands.canvas.viewport(), Qt.MouseButton.LeftButton, pos=hands.canvas.mapFromScene(spot))


def test_a_group_is_made_opened_by_double_click_and_left_by_escape(hands: Strategist) -> None:
    result = hands.document.result
    made = _group(hands)
    assert hands.canvas.selected_nodes() == frozenset({made})
    assert hands.document.history.steps[-1].title.startswith("Group ")
    assert not hands.canvas.breadcrumbs.isVisible()
    _double_click(hands, made)
    assert _path(hands) == (made,)
    assert hands.canvas.breadcrumbs.isVisible()
    assert [button.text() for button in hands.canvas.breadcrumbs.buttons] == [hands.document.name, "Group"]
    assert hands.canvas.canvas.picture.flow.nodes.keys() >= {GROUP_INPUTS, GROUP_OUTPUTS}
    hands.press("Esc", hands.canvas)
    assert _path(hands) == ()
    assert hands.canvas.selected_nodes() == frozenset({made})
    hands.press("F5")
    hands.sees(lambda: hands.document.result is not result and not hands.document.result_is_stale)
    assert hands.document.result is not None
    assert result is not None
    assert hands.document.result.metrics == result.metrics  # grouping changes nothing in what is traded


def test_a_group_is_heard_as_a_group(hands: Strategist) -> None:
    made = _group(hands)
    tree = QAccessible.queryAccessibleInterface(hands.canvas)
    heard = [tree.child(at).text(QAccessible.Text.Description) for at in range(tree.childCount())]
    groups = [words for words in heard if words.startswith("Group: Enter opens it.")]
    assert len(groups) == 1
    assert "Input" in groups[0]
    assert "Output" in groups[0]
    hands.canvas.select({made})
    hands.press("Return", hands.canvas)
    opened = hands.canvas.canvas.picture
    assert tree.childCount() == len(opened.faces) + len(opened.flow.frames) + len(opened.flow.notes)


def test_the_breadcrumbs_lead_up_and_each_level_keeps_its_place(hands: Strategist) -> None:
    made = _group(hands)
    hands.canvas.restore_viewport(0.9, 120.0, 40.0)
    outside = hands.canvas.viewport_state()
    hands.press("Return", hands.canvas)
    hands.canvas.restore_viewport(1.3, 10.0, 20.0)
    inside = hands.canvas.viewport_state()
    hands.qtbot.mouseClick(hands.canvas.breadcrumbs.buttons[0], Qt.MouseButton.LeftButton)
    assert _path(hands) == ()
    assert hands.canvas.viewport_state() == pytest.approx(outside)
    _double_click(hands, made)
    assert hands.canvas.viewport_state() == pytest.approx(inside)
    assert hands.document.view.zoom == pytest.approx(outside[0])  # what is kept with the draft is the strategy's view


def test_undo_opens_the_level_where_the_step_happened(hands: Strategist) -> None:
    made = _group(hands)
    _double_click(hands, made)
    inner = next(id for id, node in hands.canvas.canvas.picture.flow.nodes.items() if node.template == "sma")
    hands.click_block(inner)
    hands.press("M", hands.canvas)
    assert hands.document.flow.groups["group"].body.nodes[inner].muted
    assert hands.document.history.steps[-1].title.endswith("in Group")
    hands.canvas.setFocus()
    hands.press("Esc", hands.canvas)
    hands.press("Esc", hands.canvas)
    assert _path(hands) == ()
    hands.press("Ctrl+Z")
    assert _path(hands) == (made,)
    assert not hands.document.flow.groups["group"].body.nodes[inner].muted
    hands.press("Ctrl+Z")
    assert _path(hands) == ()
    assert made not in hands.document.flow.nodes


def test_deleting_inside_a_group_leaves_the_blocks_of_its_ports(hands: Strategist) -> None:
    _double_click(hands, _group(hands))
    hands.press("Ctrl+A", hands.canvas)
    hands.press("Del", hands.canvas)
    assert hands.document.flow.groups["group"].body.nodes.keys() == {GROUP_INPUTS, GROUP_OUTPUTS}
    hands.press("Ctrl+Z")
    assert len(hands.document.flow.groups["group"].body.nodes) > 2


def test_a_block_is_added_and_wired_inside_by_hand(hands: Strategist) -> None:
    made = _group(hands)
    _double_click(hands, made)
    before = set(hands.document.flow.groups["group"].body.nodes)
    QTest.mouseDClick(
        hands.canvas.viewport(), Qt.MouseButton.LeftButton, pos=hands.canvas.viewport().rect().bottomLeft() / 2
    )
    hands.sees(hands.canvas.search.isVisible)
    hands.qtbot.keyClicks(hands.canvas.search.field, "not")
    hands.qtbot.keyClick(hands.canvas.search.field, Qt.Key.Key_Return)
    hands.sees(lambda: len(hands.document.flow.groups["group"].body.nodes) == len(before) + 1)
    assert set(hands.document.flow.nodes) >= {made}
    assert len(hands.document.flow.groups["group"].body.nodes) == len(before) + 1


def test_deleting_a_group_closes_the_gap_and_takes_the_points_of_its_wires(hands: Strategist) -> None:
    flow = hands.document.flow
    (into,) = (edge for edge in flow.edges if edge.target.node == "fast_average")
    behind = {edge.target for edge in flow.edges if edge.source.node == "fast_average"}
    hands.canvas.select({"fast_average"})
    hands.press("Ctrl+G", hands.canvas)
    (made,) = hands.canvas.selected_nodes()
    hands.press("W", hands.canvas)
    hands.press("R", hands.canvas)
    assert len(hands.document.flow.routes) == 1
    hands.canvas.select({made})
    hands.press("Del", hands.canvas)
    after = hands.document.flow
    assert made not in after.nodes
    assert not after.routes
    assert {edge.target for edge in after.edges if edge.source == into.source} >= behind
    hands.press("Ctrl+Z")
    assert made in hands.document.flow.nodes
    assert len(hands.document.flow.routes) == 1


def test_ungrouping_brings_the_picture_back(hands: Strategist) -> None:
    flow = hands.document.flow
    _group(hands)
    hands.press("Ctrl+Shift+G", hands.canvas)
    assert not hands.document.flow.groups
    assert hands.document.flow.edges == flow.edges
    assert hands.document.flow.nodes.keys() == flow.nodes.keys()


def test_find_looks_inside_groups_and_goes_there(hands: Strategist) -> None:
    made = _group(hands)
    inner = next(id for id, node in hands.document.flow.groups["group"].body.nodes.items() if node.template == "sma")
    hands.press("Ctrl+F", hands.canvas)
    hands.qtbot.keyClicks(hands.canvas.finder.field, "fast average")
    hands.qtbot.keyClick(hands.canvas.finder.field, Qt.Key.Key_Return)
    assert _path(hands) == (made,)
    (chosen,) = hands.canvas.selected_nodes()
    assert hands.document.flow.groups["group"].body.nodes[chosen].template == "sma"
    assert inner in hands.document.flow.groups["group"].body.nodes


def test_a_problem_inside_a_group_names_the_way_and_a_click_goes_there(hands: Strategist) -> None:
    made = _group(hands)
    _double_click(hands, made)
    cross = next(id for id, node in hands.canvas.canvas.picture.flow.nodes.items() if "cross" in node.template)
    edge = next(edge for edge in hands.canvas.canvas.picture.flow.edges if edge.target.node == cross)
    hands.canvas.select_parts(frozenset(), frozenset({edge}))
    hands.press("Del", hands.canvas)
    hands.press("Esc", hands.canvas)
    hands.press("Esc", hands.canvas)
    hands.sees(lambda: any(problem.node == path_id((made,), cross) for problem in hands.document.problems))
    problem = next(problem for problem in hands.document.problems if problem.node == path_id((made,), cross))
    assert "Group ▸ " in problem.message
    hands.sees(lambda: made in hands.canvas.canvas.badges())
    hands.window.problems.node_requested.emit(problem.node)
    assert _path(hands) == (made,)
    assert hands.canvas.selected_nodes() == frozenset({cross})


def test_ports_and_parameters_of_a_group_are_changed_in_the_inspector(hands: Strategist) -> None:
    made = _group(hands)
    panel = hands.window.inspector.group_panel
    assert panel.isVisible()
    panel.title.setFocus()
    panel.title.selectAll()
    hands.qtbot.keyClicks(panel.title, "Trend filter")
    hands.qtbot.keyClick(panel.title, Qt.Key.Key_Return)
    assert hands.document.flow.groups["group"].title == "Trend filter"
    field = panel.ports[GROUP_OUTPUTS, hands.document.flow.groups["group"].outputs[0].name]
    field.setFocus()
    field.selectAll()
    hands.qtbot.keyClicks(field, "Trend is up")
    hands.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert hands.document.flow.groups["group"].outputs[0].display_name == "Trend is up"
    menu = panel.adders["parameter"].menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if "period" in action.text()).trigger()
    (exposed,) = hands.document.flow.groups["group"].parameters
    hands.sees(lambda: exposed.name in hands.window.inspector.block_page.rows)
    assert made in hands.canvas.selected_nodes()


def test_a_block_in_a_group_and_its_lines_are_one_in_the_code(hands: Strategist) -> None:
    made = _group(hands)
    source = hands.sees_code()
    program = hands.document.program
    assert program is not None
    inner = next(id for id, node in hands.document.flow.groups["group"].body.nodes.items() if node.template == "sma")
    lines = [number for number, nodes in enumerate(program.lines) if path_id((made,), inner) in nodes]
    assert any("ta.SMA" in source.splitlines()[number] for number in lines)
    hands.window.commands.select_blocks(frozenset({path_id((made,), inner)}))
    assert _path(hands) == (made,)
    assert hands.canvas.selected_nodes() == frozenset({inner})


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_groups_are_seen_as_groups(hands: Strategist, scheme: str) -> None:
    hands.window.actions_by_id[f"theme_{scheme}"].trigger()
    hands.window.resize(1440, 900)
    made = _group(hands)
    hands.canvas.fit_all()
    assert hands.canvas.canvas.picture.faces[made].is_group
    folder = os.environ.get("STRATEGY_BUILDER_SCREENSHOTS")
    QTest.qWait(1500 if folder else 100)
    if folder:
        hands.window.grab().save(str(Path(folder) / f"group-{scheme}.png"))
    _double_click(hands, made)
    QTest.qWait(800 if folder else 50)
    assert hands.canvas.canvas.picture.faces[GROUP_INPUTS].is_boundary
    if folder:
        hands.window.grab().save(str(Path(folder) / f"group-open-{scheme}.png"))
    assert Port(GROUP_INPUTS, "price") in {edge.source for edge in hands.canvas.canvas.picture.flow.edges}


def test_a_group_is_drawn_again_from_the_palette_and_by_search(hands: Strategist) -> None:
    made = _group(hands)
    palette = hands.window.palette_view
    assert "group:group" in palette._catalogue.templates
    palette.add_requested.emit("group:group")
    instances = [id for id, node in hands.document.flow.nodes.items() if node.template == "group:group"]
    assert len(instances) == 2
    assert made in instances
    hands.sees(lambda: "There are 2 instances" in hands.window.inspector.group_panel._said.text())
    _double_click(hands, made)
    hands.press("Tab", hands.canvas)
    hands.sees(hands.canvas.search.isVisible)
    hands.qtbot.keyClicks(hands.canvas.search.field, "group")
    hands.qtbot.keyClick(hands.canvas.search.field, Qt.Key.Key_Return)
    assert hands.document.flow.groups["group"].body.nodes.keys().isdisjoint(instances)  # a group never holds itself


def test_a_wire_is_bent_by_key_and_undone(hands: Strategist) -> None:
    edge = next(edge for edge in hands.document.flow.edges if edge.source.node in hands.document.flow.nodes)
    hands.canvas.select_parts(frozenset(), frozenset({edge}))
    hands.press("R", hands.canvas)
    assert len(hands.document.flow.routes[edge]) == 1
    assert hands.document.history.steps[-1].title.startswith("Bend the wire")
    hands.press("Ctrl+Z")
    assert not hands.document.flow.routes

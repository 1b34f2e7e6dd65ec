"""Everything that is done on the canvas, by keys alone: no test here moves or presses a mouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from builder_app.flow.problems import Problem, Severity
from builder_app.flow.values import GROUP_OUTPUTS, Formula
from builder_app.ui.canvas.furniture import frame
from builder_app.ui.canvas.order import FRAME_COLORS
from tests.ui.window.keys_only import KeysOnly
from tests.ui.window.strategist import application


@pytest.fixture
def hands(qtbot: QtBot, tmp_path: Path) -> Iterator[KeysOnly]:
    with application(tmp_path) as opened:
        hands = KeysOnly(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees(lambda: hands.window.document is not None)
        hands.keys("Alt+0")
        hands.sees(hands.canvas.hasFocus)
        yield hands


def test_a_strategy_is_found_added_wired_and_healed(hands: KeysOnly) -> None:
    hands.keys("Ctrl+N", "Alt+0")
    prices = hands.adds("Prices")
    average = hands.adds("Simple moving average")
    hands.keys("Ctrl+Left")
    assert hands.canvas.selected_nodes() == {prices}
    hands.keys("C", "Return")
    assert len(hands.document.flow.edges) == 1
    hands.keys("W")  # the wire: a block is put into it
    between = hands.adds("Exponential moving average")
    ends = {(wire.source.node, wire.target.node) for wire in hands.document.flow.edges}
    assert ends == {(prices, between), (between, average)}
    hands.keys("Del")  # and healed when it goes
    assert [(wire.source.node, wire.target.node) for wire in hands.document.flow.edges] == [(prices, average)]
    hands.walks_to(average)
    hands.keys("Shift+C")  # a wire that ends in a block that comes with it
    hands.types("Crosses above")
    hands.keys("Return")
    (crossing,) = hands.canvas.selected_nodes()
    assert (average, crossing) in {(wire.source.node, wire.target.node) for wire in hands.document.flow.edges}
    hands.keys("Alt+1")  # the palette
    hands.types("Enter long")
    hands.keys("Return", "Alt+0")
    assert "enter_long" in hands.document.flow.nodes
    assert hands.document.history.steps[-1].title.startswith("Add")


def test_wires_are_bent_moved_and_cut(hands: KeysOnly) -> None:
    hands.walks_to("fast_average")
    hands.keys("W")
    (wire,) = hands.canvas.canvas.selected_wires
    hands.keys("R", "Down", "R", "Shift+R", "Shift+Down")
    points = hands.document.flow.routes[wire]
    assert len(points) == 2
    hands.keys("Del")
    assert len(hands.document.flow.routes[wire]) == 1
    hands.does("Unbend the wire")
    assert wire not in hands.document.flow.routes
    hands.keys("C", "Down", "Return")
    assert wire not in hands.document.flow.edges
    (moved,) = hands.canvas.canvas.selected_wires
    assert moved.source == wire.source
    hands.keys("Del")
    assert moved not in hands.document.flow.edges
    hands.keys("Ctrl+Z", "Ctrl+Z")
    assert wire in hands.document.flow.edges
    hands.walks_to("fast_average")
    hands.keys("Shift+Del")
    assert not hands.canvas.canvas.picture.wires_at("fast_average")


def test_blocks_are_moved_aligned_distributed_laid_out_and_history_is_gone_through(hands: KeysOnly) -> None:
    hands.walks_to("prices")
    start = hands.document.flow.nodes["prices"].position
    hands.keys("Right", "Shift+Down")
    moved = hands.document.flow.nodes["prices"].position
    assert (moved.x - start.x, moved.y - start.y) == (8, 32)
    hands.keys("Ctrl+Shift+Right", "Ctrl+Shift+Right")
    chosen = hands.canvas.selected_nodes()
    assert len(chosen) == 3
    hands.does("Align top")
    assert len({hands.document.flow.nodes[id].position.y for id in chosen}) == 1
    hands.keys("Alt+A")  # the menu Arrange, by its letter
    hands.sees(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    hands.keys("Escape", "Escape")
    hands.sees(lambda: QApplication.activePopupWidget() is None)
    hands.keys("Alt+0")
    hands.does("Distribute across")
    hands.keys("Ctrl+Shift+L")
    steps = [step.title for step in hands.document.history.steps]
    assert steps[-2:] == ["Distribute 3 blocks", "Lay out 3 blocks"]
    hands.keys("Alt+8")  # the history
    hands.sees(hands.window.history.hasFocus)
    hands.keys("Up", "Up", "Up", "Return")
    assert hands.document.history.position == len(steps) - 3
    assert hands.document.flow.nodes["prices"].position == moved
    hands.keys("End", "Return", "Alt+0")
    assert hands.document.history.position == len(steps)


def test_frames_and_notes_are_made_written_moved_coloured_and_taken_away(hands: KeysOnly) -> None:
    hands.walks_to("fast_average")
    hands.keys("Ctrl+Alt+G")
    hands.types("Averages")
    hands.keys("Return")
    (made,) = hands.document.flow.frames.values()
    assert made.title == "Averages"
    hands.keys("Escape")
    while hands.canvas.canvas.things.selected != {frame(made.id)}:
        hands.keys("F")
    start = hands.document.flow.nodes["fast_average"].position
    hands.keys("Down", "Alt+Shift+Right", "F2")
    hands.writes("Fast")
    hands.does("Frame colour")
    hands.sees(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    hands.keys("Down", "Down", "Return")
    (held,) = hands.document.flow.frames.values()
    assert held.title == "Fast"
    assert held.color == FRAME_COLORS["Blue"]
    assert (held.rect.y - made.rect.y, held.rect.width - made.rect.width) == (8, 8)
    assert hands.document.flow.nodes["fast_average"].position.y == start.y + 8  # it carries what it holds
    hands.keys("Del", "Escape")
    assert not hands.document.flow.frames
    notes = set(hands.document.flow.notes)
    hands.keys("N")
    hands.types("Why this")
    hands.keys("Ctrl+Return")
    (note,) = hands.document.flow.notes.keys() - notes
    assert hands.document.flow.notes[note].text == "Why this"
    place = hands.document.flow.notes[note].rect
    hands.keys("Left", "Alt+Shift+Down")
    rect = hands.document.flow.notes[note].rect
    assert (rect.x - place.x, rect.height - place.height) == (-8, 8)
    hands.keys("Del")
    assert note not in hands.document.flow.notes


def test_groups_are_made_opened_left_changed_and_taken_apart(hands: KeysOnly) -> None:
    before = hands.document.flow
    hands.walks_to("fast_average")
    hands.keys("Ctrl+Shift+Right", "Ctrl+G")
    (made,) = hands.canvas.selected_nodes()
    hands.keys("Return")
    assert _path(hands) == (made,)
    inside = hands.adds("Exponential moving average")
    assert inside in hands.document.flow.groups["group"].body.nodes
    hands.keys("Del", "Escape")
    assert _path(hands) == ()
    hands.keys("Return")
    assert _path(hands) == (made,)
    hands.keys("Alt+Up")
    assert _path(hands) == ()
    hands.keys("Alt+2")  # the inspector
    hands.tabs_to("Title of the group")
    hands.writes("Trend")
    panel = hands.window.inspector.group_panel
    output = hands.document.flow.groups["group"].outputs[0]
    hands.tabs_to(panel.ports[GROUP_OUTPUTS, output.name].accessibleName())
    hands.writes("Trend is up")
    group = hands.document.flow.groups["group"]
    assert group.title == "Trend"
    assert "Trend is up" in {port.display_name for port in (*group.inputs, *group.outputs)}
    hands.keys("Alt+0")
    hands.walks_to(made)
    hands.keys("Ctrl+Shift+G")
    assert hands.document.flow.nodes.keys() == before.nodes.keys()
    assert not hands.document.flow.groups


def test_blocks_are_muted_collapsed_named_mended_and_go_over_the_clipboard(hands: KeysOnly) -> None:
    hands.walks_to("fast_average")
    hands.keys("M", "H")
    node = hands.document.flow.nodes["fast_average"]
    assert (node.muted, node.collapsed) == (True, True)
    hands.keys("M", "H", "F2")
    hands.sees(lambda: hands.at().accessibleName() == "Label")
    hands.writes("Quick")
    assert hands.document.flow.nodes["fast_average"].label == "Quick"
    hands.keys("Alt+0")
    hands.keys("Ctrl+C", "Ctrl+V")
    (pasted,) = hands.canvas.selected_nodes()
    hands.keys("Ctrl+D")
    (copied,) = hands.canvas.selected_nodes()
    hands.keys("Ctrl+X")
    assert copied not in hands.document.flow.nodes
    first = hands.document
    hands.keys("Ctrl+N", "Alt+0", "Ctrl+V")  # another document
    assert len(hands.document.flow.nodes) == 1
    hands.keys("Ctrl+Shift+Tab")
    assert hands.document is first
    hands.keys("Alt+0")
    hands.sees(lambda: any(problem.node == pasted for problem in hands.document.problems))
    hands.canvas.show_problems((Problem(Severity.ERROR, "r", "It lies there.", "prices"),))
    hands.walks_to("prices")
    hands.keys("P")
    assert hands.canvas.badge_popup.isVisible()
    hands.keys("Escape")
    assert hands.canvas.hasFocus()


def test_parameters_are_set_bound_by_a_formula_and_moved(hands: KeysOnly) -> None:
    def period() -> object:
        return hands.document.flow.nodes["fast_average"].parameters["period"]

    def opened() -> bool:
        rows = hands.window.inspector.block_page.rows
        return "period" in rows and rows["period"].isVisible()

    hands.walks_to("fast_average")
    hands.keys("Return")
    hands.sees(opened)
    hands.tabs_to("Unbind Period")
    hands.keys("Space")
    hands.sees(lambda: isinstance(period(), int))
    hands.keys("Alt+0", "Return")
    hands.tabs_to("Period")
    hands.writes("33")
    hands.sees(lambda: period() == 33)
    hands.keys("Alt+0", "Return")
    hands.tabs_to("Period")
    hands.types("=")
    hands.sees(lambda: hands.at().accessibleName() == "Formula of Period")
    hands.types("slow_period - 5")
    hands.keys("Return")
    hands.sees(lambda: period() == Formula("slow_period - 5"))
    hands.keys("Alt+0", "Escape", "Alt+2")
    hands.tabs_to("slow_period, slider")
    hands.keys("Right", "Right")
    hands.sees(lambda: hands.document.flow.parameters["slow_period"].value == 32)
    hands.keys("Alt+0")


def test_the_eye_goes_everywhere(hands: KeysOnly) -> None:
    hands.walks_to("prices")
    start = hands.canvas.viewport_state()
    hands.keys("Ctrl++")
    assert hands.canvas.zoom() > start[0]
    hands.keys("Ctrl+-", "PgDown", "Shift+PgDown")
    hands.canvas.visited.settle()
    assert hands.canvas.viewport_state()[1:] != start[1:]
    hands.keys("Home")
    assert hands.canvas.shown_rect().contains(hands.canvas.canvas.picture.bounds())
    hands.keys("Shift+Home")
    assert hands.canvas.shown_rect().contains(hands.canvas.canvas.picture.rect_of("prices"))
    hands.keys("Alt+Left")
    here = hands.canvas.viewport_state()
    hands.keys("Alt+Right")
    assert hands.canvas.viewport_state() != here
    hands.keys("Ctrl+F")
    hands.types("slow")
    hands.keys("Down", "Return")
    assert hands.canvas.hasFocus()
    (found,) = hands.canvas.selected_nodes()
    assert "slow" in hands.document.flow.nodes[found].label.casefold()


def test_pictures_are_written(hands: KeysOnly, tmp_path: Path) -> None:
    for kind in ("svg", "png"):
        hands.does(f"picture as {kind}")
        hands.sees(lambda: isinstance(hands.at().window(), QFileDialog))
        hands.writes(str(tmp_path / f"picture.{kind}"))
        hands.sees(lambda: QApplication.activeModalWidget() is None)
        hands.window.activateWindow()  # as a system with a window manager does when a dialog closes
        hands.sees(hands.canvas.hasFocus)
        assert (tmp_path / f"picture.{kind}").stat().st_size > 1000


def _path(hands: KeysOnly) -> tuple[str, ...]:
    """The groups that are open, one inside the other."""
    return hands.canvas.levels.path


@pytest.mark.parametrize(
    ("keys", "view"),
    [
        ("Alt+1", "Blocks"),
        ("Alt+2", "Inspector"),
        ("Alt+3", "Results"),
        ("Alt+4", "Why"),
        ("Alt+5", "Tests"),
        ("Alt+6", "Code"),
        ("Alt+7", "Problems"),
        ("Alt+8", "History"),
        ("Alt+9", "Health"),
        ("Ctrl+H", "Tests"),
    ],
)
def test_every_panel_is_reached_and_left(hands: KeysOnly, keys: str, view: str) -> None:
    hands.walks_to("fast_average")
    hands.keys("Shift+Del")
    hands.sees(lambda: bool(hands.document.problems))
    hands.keys(keys)
    shown = hands.window.views[view]
    hands.sees(shown.isVisible)
    at = hands.at()
    said = hands.window.statusBar().currentMessage()
    assert at is shown or shown.isAncestorOf(at) or said == f"There is nothing to choose in {view} yet."
    hands.keys("Alt+0")
    assert hands.canvas.hasFocus()

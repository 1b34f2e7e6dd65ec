"""What is heard of the canvas: its parts by name and state, and what is told while one goes about."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
)
from PySide6.QtTest import QTest

from builder_app.flow.edits import AddFrame, AddNode, AddNote, Annotate, ChangeFrame, Collapse, Mute, Rename, apply
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.values import EMPTY_FLOW, Frame, LogicFlow, Rect, StickyNote
from builder_app.ui.canvas.accessible import CanvasInterface
from builder_app.ui.canvas.furniture import frame, note
from builder_app.ui.canvas.selecting_by_keys import next_thing, next_wire
from builder_app.ui.canvas.walking import walk
from builder_app.ui.canvas.wiring_by_keys import connect_by_keys
from tests.ui.canvas.desk import Desk, node
from tests.ui.canvas.test_keyboard import FORK

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description
PRESS, GO = QAccessibleActionInterface.pressAction(), QAccessibleActionInterface.setFocusAction()


def furnished() -> LogicFlow:
    """The fork with its averages in a frame, that frame and a note in a larger one, and a note beside both."""
    flow = FORK
    for edit in (
        AddFrame(Frame("trend", "Trend", Rect(300, -160, 320, 480))),
        AddFrame(Frame("all", "All of it", Rect(280, -300, 900, 700))),
        AddNote(StickyNote("inside", "Long only", Rect(700, -200, 160, 80))),
        AddNote(StickyNote("beside", "Because\nof it", Rect(0, 400, 160, 80))),
    ):
        flow, _ = apply(flow, edit)
    return flow


def tree_of(desk: Desk) -> QAccessibleInterface:
    """What a screen reader is given for the canvas."""
    return QAccessible.queryAccessibleInterface(desk.view)


def parts_of(tree: QAccessibleInterface) -> dict[str, QAccessibleInterface]:
    """The children by name (of several with one name, the last)."""
    return {child.text(NAME): child for child in (tree.child(at) for at in range(tree.childCount()))}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[QAccessible.Event, str]]]:
    """What a screen reader is told: the kind of event and the name of the part, or the announced words."""
    told: list[tuple[QAccessible.Event, str]] = []

    def listen(event: QAccessibleEvent) -> None:
        said = event.message() if isinstance(event, QAccessibleAnnouncementEvent) else None
        told.append((event.type(), event.accessibleInterface().text(NAME) if said is None else said))

    monkeypatch.setattr(QAccessible, "updateAccessibility", staticmethod(listen))
    was = QAccessible.isActive()
    QAccessible.setActive(True)
    yield told
    QAccessible.setActive(was)


# ── the tree ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_accessible_tree_names_blocks_wires_and_problems(desk: Desk) -> None:
    desk.become(apply(FORK, Mute("mid", True))[0])
    desk.view.show_problems((Problem(Severity.ERROR, "r", "It needs a number.", "over"),))
    desk.view.select({"over"})
    canvas = QAccessible.queryAccessibleInterface(desk.view)
    assert canvas.role() == QAccessible.Role.List
    names = [canvas.child(at).text(QAccessible.Text.Name) for at in range(canvas.childCount())]
    average = "Simple moving average"
    assert names == ["Prices", average, average, average, "Crosses above", "Enter long"]
    over = canvas.child(4)
    description = over.text(QAccessible.Text.Description)
    assert f"Input A from {average} Average" in description
    assert "Output Result not wired" in description
    assert "It needs a number." in description
    assert "muted" in canvas.child(2).text(QAccessible.Text.Description)
    assert over.state().selected
    assert not canvas.child(0).state().selected
    assert canvas.indexOfChild(over) == 4
    assert canvas.focusChild().text(QAccessible.Text.Name) == "Crosses above"
    middle = over.rect().center()
    assert canvas.childAt(middle.x(), middle.y()).text(QAccessible.Text.Name) == "Crosses above"
    assert over.parent().text(QAccessible.Text.Name) == "Canvas"


def test_accessible_tree_names_each_wire_under_both_of_its_blocks(desk: Desk) -> None:
    desk.become(FORK)
    canvas = QAccessible.queryAccessibleInterface(desk.view)
    names = {}
    for at in range(canvas.childCount()):
        block = canvas.child(at)
        wires = [block.child(number) for number in range(block.childCount())]
        assert all(block.indexOfChild(wire) == number for number, wire in enumerate(wires))
        assert all(wire.parent().text(QAccessible.Text.Name) == block.text(QAccessible.Text.Name) for wire in wires)
        names[at] = [wire.text(QAccessible.Text.Name) for wire in wires]
    average = "Simple moving average"
    assert names[0] == [f"Prices · Close → {average} · Price"] * 3
    assert names[4] == [f"{average} · Average → Crosses above · A", f"{average} · Average → Crosses above · B"]
    assert sum(map(len, names.values())) == 2 * len(FORK.edges)
    over, wire = canvas.child(4), canvas.child(4).child(0)
    desk.view.select({"over"})
    next_wire(desk.view, 1)
    assert wire.state().selected
    assert not over.child(1).state().selected
    desk.view.delete_selection()
    assert not wire.isValid()
    assert wire.text(QAccessible.Text.Name) == ""
    assert over.childCount() == 1


def test_accessible_tree_follows_the_flow_and_goes_with_its_canvas(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    desk.become(FORK)
    canvas = QAccessible.queryAccessibleInterface(desk.view)
    block = canvas.child(0)
    desk.become(EMPTY_FLOW)
    assert canvas.childCount() == 0
    assert not block.isValid()
    assert block.text(QAccessible.Text.Name) == ""
    del block, canvas
    view = desk.view
    for _ in range(3):
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert QAccessible.queryAccessibleInterface(view).childCount() == 0


def test_frames_and_notes_follow_the_blocks_and_say_what_they_hold(desk: Desk) -> None:
    desk.become(furnished())
    tree = tree_of(desk)
    names = [tree.child(at).text(NAME) for at in range(tree.childCount())]
    assert names[len(FORK.nodes) :] == ["Frame All of it", "Frame Trend", "Note Long only", "Note Because of it"]
    parts = parts_of(tree)
    average = "'Simple moving average'"
    assert parts["Frame Trend"].text(DESCRIPTION) == f"Holds 3 blocks: {average}, {average}, {average}."
    assert parts["Frame All of it"].text(DESCRIPTION) == (
        f"Holds 5 blocks: {average}, {average}, {average}, 'Crosses above', 'Enter long'; Frame Trend; Note Long only."
    )
    assert parts["Frame Trend"].role() == QAccessible.Role.Grouping
    assert parts["Note Long only"].role() == QAccessible.Role.Note
    assert "In the frame Trend. In the frame All of it." in parts["Simple moving average"].text(DESCRIPTION)
    assert "In the frame" not in parts["Prices"].text(DESCRIPTION)


def test_an_empty_frame_says_so_and_one_without_a_title_is_a_frame(desk: Desk) -> None:
    desk.become(apply(EMPTY_FLOW, AddFrame(Frame("f", "", Rect(0, 0, 200, 200))))[0])
    held = tree_of(desk).child(0)
    assert (held.text(NAME), held.text(DESCRIPTION)) == ("Frame", "Holds nothing.")


def test_every_part_knows_its_parent_its_place_and_where_it_is(desk: Desk) -> None:
    desk.become(furnished())
    desk.view.fit_all()
    tree = tree_of(desk)
    for at in range(tree.childCount()):
        part = tree.child(at)
        assert part.parent() is tree
        assert tree.indexOfChild(part) == at
        assert not part.state().offscreen
        assert desk.view.rect().translated(desk.view.mapToGlobal(desk.view.rect().topLeft())).contains(part.rect())
        for number in range(part.childCount()):
            wire = part.child(number)
            assert wire.parent() is part
            assert part.indexOfChild(wire) == number
            assert wire.role() == QAccessible.Role.Link
    assert tree.child(-1) is None
    assert tree.child(tree.childCount()) is None
    title = parts_of(tree)["Frame Trend"].rect()
    assert tree.childAt(title.center().x(), title.top() + 5).text(NAME) == "Frame Trend"
    words = parts_of(tree)["Note Long only"].rect().center()
    assert tree.childAt(words.x(), words.y()).text(NAME) == "Note Long only"
    desk.view.restore_viewport(1.0, 9000.0, 9000.0)
    assert all(tree.child(at).state().offscreen for at in range(tree.childCount()))


def test_states_say_what_is_selected_focused_folded_and_in_trouble(desk: Desk) -> None:
    flow = FORK
    for edit in (Mute("mid", True), Collapse("slow", True), Rename("over", "Trend is up"), Annotate("over", "Daily")):
        flow, _ = apply(flow, edit)
    desk.become(flow)
    desk.view.setFocus()
    desk.view.show_problems((Problem(Severity.WARNING, "r", "It is slow.", "over"),))
    desk.view.select({"over"})
    tree = tree_of(desk)
    states = [tree.child(at).state() for at in range(tree.childCount())]
    assert [state.selected for state in states] == [False, False, False, False, True, False]
    assert [state.focused for state in states] == [False, False, False, False, True, False]
    assert [state.hasPopup for state in states] == [False, False, False, False, True, False]
    assert [state.collapsed for state in states] == [False, False, False, True, False, False]
    over = tree.child(4).text(DESCRIPTION)
    assert over.startswith("Crosses above.")
    assert "Warning: It is slow." in over
    assert over.endswith("Note: Daily.")
    assert "muted." in tree.child(2).text(DESCRIPTION)
    assert "collapsed." in tree.child(3).text(DESCRIPTION)
    assert tree.state().multiSelectable
    desk.view.select({"over", "mid"})
    assert not any(tree.child(at).state().focused for at in range(tree.childCount()))
    assert tree.focusChild() is None


def test_frames_notes_and_wires_are_selected_and_focused_too(desk: Desk) -> None:
    desk.become(furnished())
    desk.view.setFocus()
    tree = tree_of(desk)
    for thing, name in ((frame("trend"), "Frame Trend"), (note("beside"), "Note Because of it")):
        desk.view.select_parts(frozenset(), things=frozenset({thing}))
        assert tree.focusChild().text(NAME) == name
        assert parts_of(tree)[name].state().selected
        assert parts_of(tree)[name].state().focused
    desk.view.select({"over"})
    next_wire(desk.view, 1)
    assert tree.focusChild() is tree.child(4).child(0)
    assert tree.focusChild().state().focused


def test_a_part_is_gone_to_and_opened_by_its_actions(desk: Desk) -> None:
    desk.become(furnished())
    opened: list[str] = []
    desk.view.node_activated.connect(opened.append)
    parts = parts_of(tree_of(desk))
    prices, trend = parts["Prices"], parts["Frame Trend"]
    assert prices.actionInterface().actionNames() == [PRESS, GO]
    desk.view.restore_viewport(1.0, 9000.0, 9000.0)
    prices.actionInterface().doAction(GO)
    assert desk.view.selected_nodes() == {"p"}
    assert desk.view.hasFocus()
    assert not prices.state().offscreen
    prices.actionInterface().doAction(PRESS)
    assert opened == ["p"]
    trend.actionInterface().doAction(PRESS)
    assert desk.view.words.isVisible()
    desk.key(Qt.Key.Key_Escape)
    wire = prices.child(0)
    wire.actionInterface().doAction(GO)
    assert wire.state().selected
    desk.become(EMPTY_FLOW)
    for part in (prices, trend, wire):
        part.actionInterface().doAction(PRESS)
        assert part.state().invalid
        assert part.text(NAME) == part.text(DESCRIPTION) == ""
        assert part.rect().isEmpty()


def test_the_order_is_worked_out_once_for_a_flow(desk: Desk) -> None:
    desk.become(furnished())
    tree = tree_of(desk)
    assert isinstance(tree, CanvasInterface)
    assert tree.order() is tree.order()
    before = tree.order()
    desk.view.nudge(0, 0)
    desk.view.select({"enter"})
    desk.view.nudge(-200, 0)
    assert tree.order() is not before
    assert tree.order()[0] == "enter"


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_walks_hears_each_block_wire_frame_and_note(
    desk: Desk, heard: list[tuple[QAccessible.Event, str]]
) -> None:
    tree_of(desk)
    desk.become(furnished())
    desk.view.setFocus()
    desk.view.select({"over"})
    heard.clear()
    walk(desk.view, 1, 0)
    walk(desk.view, -1, 0)
    next_wire(desk.view, 1)
    next_thing(desk.view)
    focused = [name for kind, name in heard if kind == QAccessible.Event.Focus]
    wire = "Simple moving average · Average → Crosses above · A"
    assert focused == ["Enter long", "Crosses above", wire, "Frame All of it"]
    heard.clear()
    desk.view.select_all()
    assert (QAccessible.Event.SelectionWithin, "Canvas") in heard
    walk(desk.view, 1, 0)
    walk(desk.view, 1, 0)
    assert (QAccessible.Event.Announcement, "There is no block right of 'Enter long'.") in heard


def test_whoever_listens_hears_what_came_went_and_changed(
    desk: Desk, heard: list[tuple[QAccessible.Event, str]]
) -> None:
    tree_of(desk)
    desk.become(furnished())
    assert heard == [(QAccessible.Event.ObjectReorder, "Canvas")]
    heard.clear()
    desk.become(apply(desk.flow, Rename("over", "Trend is up"))[0])
    trend = desk.flow.frames["trend"]
    desk.become(apply(desk.flow, ChangeFrame(replace(trend, title="Way")))[0])
    changed = (QAccessible.Event.NameChanged, QAccessible.Event.DescriptionChanged)
    assert heard == [(kind, name) for name in ("Trend is up", "Frame Way") for kind in changed]
    heard.clear()
    desk.become(apply(desk.flow, AddNode(node("new", "sma", 2000, 0)))[0])
    assert heard == [(QAccessible.Event.ObjectReorder, "Canvas")]


def test_rows_of_the_searches_and_ends_of_a_pulled_wire_are_heard(
    desk: Desk, heard: list[tuple[QAccessible.Event, str]]
) -> None:
    def announced() -> list[str]:
        words = [said for kind, said in heard if kind == QAccessible.Event.Announcement]
        heard.clear()
        return words

    tree_of(desk)
    desk.become(FORK)
    desk.view.setFocus()
    desk.view.select({"over"})
    desk.key(Qt.Key.Key_Tab)
    QTest.keyClicks(desk.view.search.field, "average")
    announced()
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Down)
    (words,) = announced()
    assert words.endswith(", Indicators")
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Escape)
    desk.view.finder.open()
    QTest.keyClicks(desk.view.finder.field, "enter")
    assert announced()[-1] == "Enter long"
    desk.view.finder.close_here()
    desk.view.select({"over"})
    announced()
    connect_by_keys(desk.view)
    assert announced() == ["Crosses above · Result → Enter long · When"]
    desk.key(Qt.Key.Key_Escape)


def test_nothing_is_told_where_nobody_listens(desk: Desk, heard: list[tuple[QAccessible.Event, str]]) -> None:
    tree_of(desk)
    QAccessible.setActive(False)
    desk.become(furnished())
    desk.view.select({"over"})
    desk.view.say("Nothing.")
    assert heard == []

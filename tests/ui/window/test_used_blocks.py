"""What was used is offered first, over runs too; and a block is dragged from the palette by a real drag."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QSettings, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import AddNode, Batch, Mute
from builder_app.flow.values import Node
from builder_app.ui.palette.delegate import TEMPLATE_ROLE
from builder_app.ui.palette.view import PaletteView
from builder_app.ui.window.used_blocks import KEY, UsedBlocks
from tests.ui.window.strategist import Strategist, application


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def place(used: UsedBlocks, *templates: str) -> None:
    for template in templates:
        used.note(AddNode(Node(template, template)))


def test_recent_ones_come_newest_first_and_the_most_used_beside_them(settings: QSettings) -> None:
    used = UsedBlocks(settings)
    place(used, "old", "old", "old", "once", "a", "b", "c", "a", "d", "e")
    assert used.recent() == ["e", "d", "a", "c", "b"]
    assert used.most_used() == ["old"]
    assert used.preferred() == ["e", "d", "a", "c", "b", "old", "once"]


def test_what_the_store_counted_decides_among_those_that_are_used_equally_often(settings: QSettings) -> None:
    used = UsedBlocks(settings)
    place(used, "once", "twice", "twice", "also_once")
    used.take_counts({"once": 3, "also_once": 9, "of_others": 40, "also_of_others": 50})
    assert used.counted() == ["twice", "also_once", "once", "also_of_others", "of_others"]


def test_counts_are_kept_over_runs_and_a_step_counts_a_template_once(settings: QSettings) -> None:
    used = UsedBlocks(settings)
    step = Batch(tuple(AddNode(Node(str(number), "sma")) for number in range(9)))
    assert used.note(step)
    assert not used.note(Mute("a", True))
    place(used, "a", "b", "c", "d", "e")
    again = UsedBlocks(settings)
    assert again.recent() == ["e", "d", "c", "b", "a"]
    assert again.most_used() == []
    place(again, "sma", "a", "b", "c", "d", "e")
    assert UsedBlocks(settings).most_used() == ["sma"]


@pytest.mark.parametrize("text", ["", "nonsense", "[1]", '{"counts": {"a": "many"}}', '{"counts": 3}'])
def test_what_cannot_be_read_is_forgotten(settings: QSettings, text: str) -> None:
    settings.setValue(KEY, text)
    assert UsedBlocks(settings).preferred() == []


def index_of(palette: PaletteView, name: str) -> QModelIndex:
    found = next(row for row in palette.model.blocks() if row.data(TEMPLATE_ROLE).name == name)
    palette.tree.expand(found.parent())
    return found


def drag_from_palette(patch: pytest.MonkeyPatch, hands: Strategist, name: str, goal: QPoint) -> None:
    """Press on a block of the palette, drag it to a pixel of the canvas, let go.

    A platform with a display carries the drag; the one without begins it and then drops what is dragged nowhere, so
    that what the palette gave into the hand is put down here.
    """
    palette, window, target = hands.window.palette_view, hands.window.windowHandle(), hands.canvas.viewport()
    row = index_of(palette, name)
    palette.tree.scrollTo(row)
    source, start = palette.tree.viewport(), palette.tree.visualRect(row).center()
    given: list[QMimeData] = []
    give = palette.model.mimeData

    def hand_over(rows: Sequence[QModelIndex]) -> QMimeData:
        given.append(give(rows))
        return given[-1]

    patch.setattr(palette.model, "mimeData", hand_over)
    carried = QGuiApplication.platformName() != "offscreen"
    none, left, at = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, target.mapTo(hands.window, goal)

    def carry() -> None:  # while a drag runs, Qt takes the events of the window itself
        for step in (QPoint(10, 10), QPoint(0, 0)):
            QTest.mouseMove(window, at - step)
        QTest.mouseRelease(window, left, none, at)

    if carried:
        QTimer.singleShot(100, carry)
    QTest.mousePress(source, left, pos=start)
    for step in (8, 16, 24):
        QTest.mouseMove(source, start + QPoint(step, 0))
    assert given, "no drag began"
    if not carried:
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(target, QDragEnterEvent(goal, copy, given[0], left, none))
        QApplication.sendEvent(target, QDropEvent(goal.toPointF(), copy, given[0], left, none))


def test_block_is_dragged_from_the_palette_and_offered_as_recent(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+N")
        palette = hands.window.palette_view
        drag_from_palette(monkeypatch, hands, "rsi", QPoint(400, 300))
        hands.sees(lambda: len(hands.document.flow.nodes) == 1)
        (made,) = hands.document.flow.nodes.values()
        assert made.template == "rsi"
        place = hands.canvas.place_at(QPoint(400, 300).toPointF())
        assert hands.canvas.canvas.picture.rect_of(made.id).contains(place)
        assert palette.model.index(0, 0).data() == "Recent"
        hands.canvas.setFocus()
        hands.press("Tab", hands.canvas)
        assert hands.canvas.search.offered()[0] == "rsi"

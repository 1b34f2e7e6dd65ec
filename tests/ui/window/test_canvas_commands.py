"""The actions on the canvas by their keys, in the whole window."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QMenu
from pytestqt.qtbot import QtBot

from builder_app.ui.window.actions import ACTIONS
from builder_app.ui.window.context_menu import LINE, MENUS
from tests.ui.window.strategist import Strategist, application


def test_layout_and_alignment_are_one_undo_step_each(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees(lambda: hands.window.document is not None)
        before = hands.document.flow
        hands.press("Ctrl+A", hands.canvas)
        hands.window.actions_by_id["align_top"].trigger()
        assert len({node.position.y for node in hands.document.flow.nodes.values()}) == 1
        hands.press("Ctrl+Shift+L", hands.canvas)
        assert len({node.position.y for node in hands.document.flow.nodes.values()}) > 1
        for _ in range(2):
            hands.press("Ctrl+Z", hands.canvas)
        assert hands.document.flow == before
        hands.canvas.select(())
        hands.window.actions_by_id["align_top"].trigger()
        assert hands.canvas.speech.text == "Select at least two blocks first."


def test_find_and_the_way_back_by_their_keys(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees(lambda: hands.window.document is not None)
        hands.canvas.setFocus()
        hands.canvas.restore_viewport(1.0, 4000.0, 3000.0)
        hands.press("Ctrl+F", hands.canvas)
        finder = hands.canvas.finder
        hands.sees(finder.field.hasFocus)
        QTest.keyClicks(finder.field, "average")
        hands.sees(lambda: len(hands.canvas.selected_nodes()) == 1)
        hands.press("Return", finder.field)
        assert hands.canvas.viewport_state()[1:] != (4000.0, 3000.0)
        hands.press("Alt+Left", hands.canvas)
        assert hands.canvas.viewport_state() == (1.0, 4000.0, 3000.0)
        hands.press("Alt+Right", hands.canvas)
        hands.press("Shift+Home", hands.canvas)
        chosen = hands.canvas.canvas.picture.rect_of(next(iter(hands.canvas.selected_nodes())))
        assert hands.canvas.shown_rect().contains(chosen)


def test_strategy_is_drawn_without_a_mouse(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+N")
        hands.canvas.setFocus()
        for name in ("Prices", "Simple moving average"):
            hands.press("Tab", hands.canvas)
            hands.sees(hands.canvas.search.field.hasFocus)
            QTest.keyClicks(hands.canvas.search.field, name)
            hands.press("Return", hands.canvas.search.field)
            hands.press("Shift+Right", hands.canvas)
        hands.press("Ctrl+A", hands.canvas)
        hands.press("Ctrl+Shift+L", hands.canvas)
        hands.canvas.select({"prices"})
        hands.press("C", hands.canvas)
        hands.press("Right", hands.canvas)
        hands.press("Return", hands.canvas)
        (wire,) = hands.document.flow.edges
        assert (wire.source.node, wire.target.node) == ("prices", "sma")
        hands.press("Ctrl+Right", hands.canvas)
        assert hands.canvas.selected_nodes() == {"sma"}
        hands.press("Ctrl+Left", hands.canvas)
        assert hands.canvas.selected_nodes() == {"prices"}


def test_everything_is_done_to_a_strategy_by_keys_alone(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees(lambda: hands.window.document is not None)
        hands.canvas.setFocus()
        hands.press("Ctrl+Left", hands.canvas)  # begins in the middle, and goes to where the wires come from
        while hands.canvas.selected_nodes() != {"prices"}:
            hands.press("Ctrl+Left", hands.canvas)
        hands.press("Ctrl+Right", hands.canvas)
        (average,) = hands.canvas.selected_nodes()
        _set_period_by_keys(hands, average, "33")
        hands.canvas.setFocus()
        hands.press("Ctrl+Shift+Right", hands.canvas)
        chosen = hands.canvas.selected_nodes()
        assert len(chosen) == 2
        hands.press("Ctrl+G", hands.canvas)
        (made,) = hands.canvas.selected_nodes()
        assert made not in chosen
        hands.press("Return", hands.canvas)
        assert _path(hands) == (made,)
        hands.press("Ctrl+Right", hands.canvas)
        assert hands.canvas.selected_nodes()
        hands.press("Escape", hands.canvas)
        hands.press("Escape", hands.canvas)
        assert _path(hands) == ()
        assert hands.canvas.selected_nodes() == {made}
        hands.press("W", hands.canvas)
        (wire,) = hands.canvas.canvas.selected_wires
        hands.press("R", hands.canvas)
        place = hands.document.flow.routes[wire]
        hands.press("Down", hands.canvas)
        assert hands.document.flow.routes[wire] != place
        hands.press("Ctrl+Left", hands.canvas)
        hands.press("Ctrl+Right", hands.canvas)
        hands.press("W", hands.canvas)
        (cut,) = hands.canvas.canvas.selected_wires
        hands.press("Del", hands.canvas)
        assert cut not in hands.document.flow.edges
        for _ in range(4):
            hands.press("Ctrl+Z", hands.canvas)
        assert hands.document.flow.nodes[average].parameters["period"] == 33
        assert chosen <= hands.document.flow.nodes.keys()


def _path(hands: Strategist) -> tuple[str, ...]:
    """The groups that are open, one inside the other."""
    return hands.canvas.levels.path


def _set_period_by_keys(hands: Strategist, node: str, value: str) -> None:
    """Enter opens the block in the inspector; Tab leads to its period, which is unbound first, and to the field."""
    hands.press("Return", hands.canvas)
    hands.sees(lambda: all(row.isVisible() for row in hands.window.inspector.block_page.rows.values()))
    _tab_to(hands, "Unbind Period")
    hands.press("Space", QApplication.focusWidget())
    hands.sees(lambda: isinstance(hands.document.flow.nodes[node].parameters["period"], int))
    at = QApplication.focusWidget()
    assert at is not None
    QTest.keyClick(at, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    _tab_to(hands, "Period")
    field = QApplication.focusWidget()
    assert isinstance(field, QDoubleSpinBox)
    field.selectAll()
    QTest.keyClicks(field, value)
    hands.press("Return", field)
    hands.sees(lambda: hands.document.flow.nodes[node].parameters["period"] == int(value))


def _tab_to(hands: Strategist, name: str) -> None:
    met = []
    for _ in range(12):
        at = QApplication.focusWidget()
        assert at is not None
        met.append(at.accessibleName())
        if at.accessibleName() == name:
            return
        hands.press("Tab", at)
    raise AssertionError(f"Tab does not lead to '{name}', but to {met}.")


def test_every_menu_of_the_canvas_is_made_of_known_actions() -> None:
    known = {row.id for row in ACTIONS} | {LINE}
    assert all(set(ids) <= known for ids in MENUS.values())
    assert set(MENUS) == {"blocks", "wires", "frame", "note", "canvas"}


def test_right_button_offers_actions_and_pictures_are_written_to_files(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees(lambda: hands.window.document is not None)
        hands.canvas.setFocus()
        hands.canvas.reveal("fast_average")
        hands.canvas.context_requested.emit(hands.canvas.mapToGlobal(QPoint(50, 50)), "blocks")
        menu = hands.window.findChild(QMenu, "canvasMenu")
        assert menu is not None
        hands.sees(menu.isVisible)
        mute = hands.window.actions_by_id["mute"]
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(mute).center())
        assert hands.document.flow.nodes["fast_average"].muted
        hands.press("H", hands.canvas)
        assert hands.document.flow.nodes["fast_average"].collapsed
        for kind in ("svg", "png"):
            hands.window.actions_by_id[f"save_{kind}"].trigger()
            hands.choose_path(tmp_path / f"picture.{kind}")
            assert (tmp_path / f"picture.{kind}").stat().st_size > 1000


def test_keys_of_the_canvas_are_heard_by_it_and_by_no_field(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+N")
        hands.place_block("Simple moving average", 0, 0)
        hands.sees(hands.canvas.hasFocus)
        hands.press("Ctrl+Alt+G", hands.canvas)
        hands.sees(hands.canvas.words.hasFocus)
        QTest.keyClicks(hands.canvas.words, "Named")
        hands.press("Return", hands.canvas.words)
        assert [frame.title for frame in hands.document.flow.frames.values()] == ["Named"]
        hands.press("N", hands.canvas)
        hands.sees(hands.canvas.words.hasFocus)
        hands.press("Escape", hands.canvas.words)
        assert len(hands.document.flow.notes) == 1
        search = hands.window.palette_view.search
        search.setFocus()
        hands.sees(search.hasFocus)
        QTest.keyClicks(search, "n")
        assert search.text() == "n"
        assert len(hands.document.flow.notes) == 1

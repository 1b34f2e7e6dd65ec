"""A strategist at the window: real mouse and key events, and eyes that wait for what should appear."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from builder_app import paths
from builder_app.market.library import Library
from builder_app.session.drafts.document import Document
from builder_app.session.rooms import Rooms
from builder_app.store import Principal, open_store
from builder_app.ui.application import Application
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.view import CanvasView
from tests.ground import PRICES, STORE, lasting_runner, settle
from tests.shipped import shipped_catalogue

USER = "6f9d4b86-6f0a-4f7e-9a51-0d1c6f1c2a11"
SECONDS = 30
CORNER = QPoint(120, 80)
AcceptRole = QDialogButtonBox.ButtonRole.AcceptRole


@contextmanager
def application(folder: Path) -> Iterator[Application]:
    """The program on a folder of its own, with the sample prices."""
    resources = paths.resources()
    settle(folder)
    store = open_store(folder / STORE, paths.migrations(), Principal(USER))
    rooms = Rooms(store, shipped_catalogue(), Library(folder / PRICES), lasting_runner(), resources / "examples")
    opened = Application(rooms, resources / "themes", folder)
    try:
        opened.window.resize(1920, 1080)
        opened.start()
        yield opened
    finally:
        opened.close()
        store.close()
        QApplication.sendPostedEvents()
        QApplication.processEvents()


class Strategist:
    """Hands and eyes for one window."""

    def __init__(self, qtbot: QtBot, opened: Application) -> None:
        self.qtbot, self.window, self.session = qtbot, opened.window, opened.session
        with qtbot.waitActive(self.window):
            self.window.activateWindow()

    # -- eyes -----------------------------------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        document = self.window.document
        assert document is not None, "no strategy is in front"
        return document

    @property
    def canvas(self) -> CanvasView:
        canvas = self.window.canvas
        assert canvas is not None, "no canvas is in front"
        return canvas

    def sees(self, what: Callable[[], bool]) -> None:
        """Wait until it is so."""
        self.qtbot.waitUntil(what, timeout=SECONDS * 1000)

    def sees_code(self) -> str:
        """Wait for the code of the newest picture, and read it."""
        self.sees(lambda: self.document.is_coded and self.document.program is not None)
        program = self.window.code.program
        assert program is not None
        return program.source

    def sees_result(self) -> None:
        """Wait for a result that belongs to the newest picture, with the figures that follow its curves."""
        self.sees(lambda: self.document.is_coded)
        self.sees(lambda: self.document.result is not None and not self.document.result_is_stale)
        self.sees(lambda: self.window.results._result is self.document.result)

    # -- hands ----------------------------------------------------------------------------------------------------

    def press(self, keys: str, on: QWidget | None = None) -> None:
        """Press a key with its modifiers, for example "Ctrl+Z"."""
        QTest.keySequence(on or self.window, keys)

    def click_button(self, text: str, within: QWidget) -> None:
        """Click the button that says `text`."""
        button = next(found for found in within.findChildren(QPushButton) if found.text() == text)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def place_block(self, name: str, column: int, row: int) -> str:
        """Double-click the empty canvas, so many pixels from its corner, type the name, press Enter; the block's id."""
        before = set(self.document.flow.nodes)
        spot = QPoint(column, row) + CORNER
        QTest.mouseDClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        self.sees(self.canvas.search.isVisible)
        self.qtbot.keyClicks(self.canvas.search.field, name)
        self.qtbot.keyClick(self.canvas.search.field, Qt.Key.Key_Return)
        self.sees(lambda: len(self.document.flow.nodes) == len(before) + 1)
        (made,) = set(self.document.flow.nodes) - before
        return made

    def port(self, node: str, port: str, *, is_input: bool) -> QPoint:
        """Where a port is on the screen of the canvas."""
        return self.canvas.mapFromScene(self.canvas.canvas.picture.place_of(PortEnd(node, port, is_input)))

    def pull_wire(self, source: tuple[str, str], target: tuple[str, str]) -> None:
        """Press on an output, move in steps, let go on an input."""
        start = self.port(*source, is_input=False)
        end = self.port(*target, is_input=True)
        viewport = self.canvas.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, 6):
            QTest.mouseMove(viewport, start + (end - start) * step / 5)
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)

    def click_block(self, node: str) -> None:
        """Click a block's title."""
        spot = self.canvas.canvas.picture.rect_of(node).topLeft() + QPointF(60, 14)
        QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, pos=self.canvas.mapFromScene(spot))
        self.sees(lambda: self.canvas.selected_nodes() == frozenset({node}))

    def drag_block(self, node: str, right: int, down: int) -> None:
        """Drag a block by its title."""
        spot = self.canvas.mapFromScene(self.canvas.canvas.picture.rect_of(node).topLeft() + QPointF(60, 14))
        viewport = self.canvas.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=spot)
        for step in range(1, 6):
            QTest.mouseMove(viewport, spot + QPoint(right * step // 5, down * step // 5))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=spot + QPoint(right, down))

    def set_number(self, node: str, parameter: str, value: str) -> None:
        """Select a block, type a number into its parameter in the inspector, press Enter."""
        self.click_block(node)

        def shown() -> list[QDoubleSpinBox]:
            fields = self.window.inspector.findChildren(QDoubleSpinBox)
            return [field for field in fields if field.accessibleName() == parameter and field.isVisible()]

        self.sees(lambda: bool(shown()))
        (field,) = shown()
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, value)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def choose_path(self, path: Path) -> None:
        """Type a path into the file dialog that is open, and click the button that takes it."""
        self.sees(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(str(path))  # typed letter by letter, the list of completions would take the click
        buttons = dialog.findChild(QDialogButtonBox)
        assert buttons is not None
        (accept,) = (one for one in buttons.buttons() if buttons.buttonRole(one) is AcceptRole)
        closed: list[int] = []
        dialog.finished.connect(closed.append)
        self.qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
        assert closed, f"the dialog does not take '{path}'"
        with self.qtbot.waitActive(self.window):
            self.window.activateWindow()  # a desktop gives it the keys back; a platform without one does not

"""F1: every action with its keys, from the table of actions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN, TEXT, text_font
from builder_app.ui.window.actions import ACTIONS


class ShortcutsPage(QDialog):
    """A list that closes with Escape."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(GAP)
        menu = ""
        for row in (row for row in ACTIONS if row.shortcut):
            line = grid.rowCount()
            if row.menu != menu:
                menu = row.menu
                heading = QLabel(menu)
                heading.setFont(text_font(TEXT, bold=True))
                heading.setContentsMargins(0, GAP_GROUP, 0, 0)
                grid.addWidget(heading, line, 0)
                line += 1
            keys = QKeySequence(row.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            grid.addWidget(QLabel(row.title), line, 0)
            grid.addWidget(QLabel(keys), line, 1, Qt.AlignmentFlag.AlignRight)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self.resize(420, 560)

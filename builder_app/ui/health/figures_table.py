"""The figures as a calm table: small headings, titles at the left, values at the right."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from builder_app.session.care.health_rows import FigureRow
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP_GROUP, GAP_SMALL, text_font

_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LONGEST_TITLE: Final = 36


class FiguresTable(QWidget):
    """Rows in groups. Where only values changed, only their texts are touched."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[FigureRow, ...] = ()
        self._values: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP_GROUP)
        self._grid.setVerticalSpacing(GAP_SMALL)
        self._grid.setColumnStretch(0, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_rows(self, rows: Sequence[FigureRow]) -> None:
        """Show these figures."""
        before, self._rows = self._rows, tuple(rows)
        if [(row.group, row.title) for row in before] != [(row.group, row.title) for row in rows]:
            self._build()
        for label, row in zip(self._values, rows, strict=True):
            if label.text() != row.value:
                label.setText(row.value)
            label.setToolTip(_tip(row.hint))

    def texts(self) -> list[tuple[str, str]]:
        """Titles and values as they are shown."""
        return [(row.title, label.text()) for row, label in zip(self._rows, self._values, strict=True)]

    def _build(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._values = []
        group, line = "", 0
        for row in self._rows:
            if row.group != group:
                group = row.group
                line = self._add_heading(group, line)
            self._add_row(row, line)
            line += 1

    def _add_heading(self, group: str, line: int) -> int:
        heading = QLabel(group)
        set_role(heading, "section")
        if line:
            heading.setContentsMargins(0, GAP_GROUP, 0, 0)
        self._grid.addWidget(heading, line, 0, 1, 2)
        return line + 1

    def _add_row(self, row: FigureRow, line: int) -> None:
        short = row.title if len(row.title) <= _LONGEST_TITLE else row.title[: _LONGEST_TITLE - 1] + "…"
        title, value = QLabel(short), QLabel(row.value)
        title.setToolTip(_tip(row.hint))
        value.setFont(text_font())
        value.setAlignment(_RIGHT)
        value.setAccessibleName(row.title)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(title, line, 0)
        self._grid.addWidget(value, line, 1)
        self._values.append(value)


def _tip(hint: str) -> str:
    """The hint as plain text: a statement may hold what looks like a tag."""
    escaped = hint.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<qt>{escaped}</qt>"

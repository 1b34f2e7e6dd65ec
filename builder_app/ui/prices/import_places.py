"""Where the parts of the import assistant stand."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN

if TYPE_CHECKING:
    from builder_app.ui.prices.import_window import ImportWindow

_PROGRESS_WIDTH: Final = 200
_HEIGHTS: Final = (300, 260)
"""Of the preview and of what was found."""


def lay_out(window: "ImportWindow") -> None:
    """Put the window's parts in their places: pages, message, and the line at the bottom."""
    window.pages.addWidget(window.drop)
    window.pages.addWidget(_look_page(window))
    set_role(window.message, "loss")
    window.message.setWordWrap(True)
    window.message.setContentsMargins(MARGIN, GAP, MARGIN, 0)
    window.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(window.pages, 1)
    column.addWidget(window.message)
    column.addLayout(_bottom(window))


def _bottom(window: "ImportWindow") -> QHBoxLayout:
    set_role(window.take, "primary")
    set_role(window.stage, "quiet")
    window.progress.setRange(0, 1000)
    window.progress.setTextVisible(False)
    window.progress.setFixedWidth(_PROGRESS_WIDTH)
    window.cancel.setAutoDefault(False)
    row = QHBoxLayout()
    row.setContentsMargins(MARGIN, GAP_GROUP, MARGIN, GAP_GROUP)
    row.setSpacing(GAP)
    row.addWidget(window.totals, 1)
    row.addWidget(window.stage, 1)
    for widget in (window.progress, window.cancel, window.take):
        row.addWidget(widget)
    return row


def _look_page(window: "ImportWindow") -> QWidget:
    page = QWidget()
    set_role(window.source, "title")
    set_role(window.nothing_found, "quiet")
    window.source.setMinimumWidth(1)
    window.other_files.setAutoDefault(False)
    head = QHBoxLayout()
    head.setSpacing(GAP)
    head.addWidget(window.source, 1)
    head.addWidget(window.layouts)
    head.addWidget(window.other_files)
    below = QWidget()
    lines = QVBoxLayout(below)
    lines.setContentsMargins(0, GAP, 0, 0)
    lines.setSpacing(GAP)
    lines.addWidget(window.nothing_found, 0, Qt.AlignmentFlag.AlignTop)
    lines.addWidget(window.findings, 1)
    parts = QSplitter(Qt.Orientation.Vertical)
    parts.setChildrenCollapsible(False)
    parts.addWidget(window.preview)
    parts.addWidget(below)
    parts.setSizes(list(_HEIGHTS))
    column = QVBoxLayout(page)
    column.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
    column.setSpacing(GAP_GROUP)
    column.addLayout(head)
    column.addWidget(window.options)
    column.addWidget(parts, 1)
    return page

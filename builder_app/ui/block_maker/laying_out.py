"""Where the parts of the form stand: what is typed at the left, what becomes of it at the right, buttons below."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from builder_app.ui.block_maker.rows import NAME_WIDTH, NARROW, REMOVE_WIDTH, TYPE_WIDTH
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, GAP_SMALL, MARGIN

if TYPE_CHECKING:
    from builder_app.ui.block_maker.window import BlockMaker

_SIDE: Final = 320
_COLUMNS: Final = (("name", NAME_WIDTH), ("kind", TYPE_WIDTH))
_STRETCHED: Final = ("default", "smallest", "largest", "step")


def lay_out(window: "BlockMaker") -> None:
    """Put the parts of the window into their places."""
    for label, role in (
        (window.help, "small"),
        (window.values_heading, "section"),
        (window.values_line, "small"),
        (window.changes_heading, "section"),
        (window.changes_line, "quiet"),
        (window.state, "quiet"),
    ):
        label.setWordWrap(True)
        set_role(label, role)
    _head_of_parameters(window)
    body = QHBoxLayout()
    body.setSpacing(0)
    body.addWidget(_form(window), 1)
    body.addWidget(_upright())
    body.addWidget(_side(window))
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(body, 1)
    line = QFrame()
    set_role(line, "hairline")
    column.addWidget(line)
    column.addLayout(_buttons(window))


def _form(window: "BlockMaker") -> QScrollArea:
    content = QWidget()
    lines = QVBoxLayout(content)
    lines.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    lines.setSpacing(MARGIN)
    lines.addLayout(_head(window))
    for section in (window.inputs, window.parameters, window.outputs):
        lines.addWidget(section)
    lines.addWidget(window.help)
    lines.addStretch(1)
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def _head(window: "BlockMaker") -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP_GROUP)
    grid.setVerticalSpacing(GAP_SMALL)
    fields: tuple[tuple[str, QWidget, QLabel | None, int, int], ...] = (
        ("Name", window.head["display_name"], window.head_faults["display_name"], 0, 0),
        ("Name in files and code", window.head["name"], window.head_faults["name"], 0, 1),
        ("Type", window.type, None, 1, 0),
        ("Category", window.head["category"], window.head_faults["category"], 1, 1),
    )
    for words, field, fault, row, column in fields:
        cell = QVBoxLayout()
        cell.setSpacing(GAP_SMALL)
        cell.addWidget(_words(words, field))
        cell.addWidget(field)
        if fault is not None:
            cell.addWidget(fault)
        cell.addStretch(1)
        cell.setContentsMargins(0, 0, 0, GAP_SMALL)
        grid.addLayout(cell, row, column)
        grid.setColumnStretch(column, 1)
    below = QVBoxLayout()
    below.setSpacing(GAP_SMALL)
    description = window.head["description"]
    below.addWidget(_words("Description", description))
    below.addWidget(description)
    below.addWidget(window.head_faults["description"])
    grid.addLayout(below, 2, 0, 1, 2)
    return grid


def _head_of_parameters(window: "BlockMaker") -> None:
    """Words above the columns of the parameters, whose fields are figures that say nothing by themselves."""
    heads = QWidget()
    row = QHBoxLayout(heads)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GAP_SMALL)
    for words, width in _COLUMNS:
        label = _small(words)
        label.setFixedWidth(width)
        row.addWidget(label)
    for words in _STRETCHED:
        label = _small(words)
        label.setAlignment(Qt.AlignmentFlag.AlignRight)
        label.setMinimumWidth(NARROW)
        row.addWidget(label, 1)
    unit = _small("unit")
    unit.setFixedWidth(NARROW + GAP_SMALL + REMOVE_WIDTH)
    row.addWidget(unit)
    window.parameters.show_heads(heads)


def _side(window: "BlockMaker") -> QWidget:
    content = QWidget()
    lines = QVBoxLayout(content)
    lines.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    lines.setSpacing(GAP)
    title = QLabel("On the canvas")
    set_role(title, "section")
    lines.addWidget(title)
    lines.addWidget(window.picture)
    lines.addSpacing(GAP)
    lines.addWidget(window.values_heading)
    lines.addWidget(window.values)
    lines.addWidget(window.values_line)
    lines.addSpacing(GAP)
    lines.addWidget(window.changes_heading)
    lines.addWidget(window.changes_line)
    for label in (window.values_heading, window.values_line, window.changes_heading, window.changes_line):
        label.hide()
    lines.addStretch(1)
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFixedWidth(_SIDE)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def _buttons(window: "BlockMaker") -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(MARGIN, GAP_GROUP, MARGIN, GAP_GROUP)
    row.setSpacing(GAP)
    row.addWidget(window.delete_button)
    row.addWidget(window.share_button)
    row.addWidget(window.state, 1)
    row.addWidget(window.copy_button)
    row.addWidget(window.save_button)
    window.state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    window.delete_button.setToolTip("Take the block away; refused while a strategy uses it, and can be undone")
    window.copy_button.setToolTip("Make a block of its own of what stands here; the old one stays as it is")
    for button in (window.delete_button, window.share_button, window.copy_button):
        button.setAutoDefault(False)
    window.save_button.setAutoDefault(False)
    window.save_button.setShortcut("Ctrl+S")
    set_role(window.save_button, "primary")
    return row


def _words(words: str, field: QWidget) -> QLabel:
    label = _small(words)
    label.setBuddy(field)
    return label


def _small(words: str) -> QLabel:
    label = QLabel(words)
    set_role(label, "small")
    return label


def _upright() -> QFrame:
    line = QFrame()
    line.setFixedWidth(1)
    line.setStyleSheet("background: palette(mid); border: none;")
    return line

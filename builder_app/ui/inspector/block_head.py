"""The top of the block page: the label to edit, the kind of block beside its colour, and what the block does."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Node, NodeType
from builder_app.ui.inspector.text_fields import TextLine
from builder_app.ui.stylesheet import set_property, set_role
from builder_app.ui.theme import GAP, GAP_SMALL, Theme

NAME_MARGINS: Final = (-2, 0, 0, 0)
"""Takes back the two pixels by which Qt indents text in a field, so that a name stands flush with what is below it."""

TYPE_WORDS: Final = {
    NodeType.INDICATOR: "Indicator",
    NodeType.CONDITION: "Condition",
    NodeType.SIGNAL: "Signal",
    NodeType.POSITION: "Position",
    NodeType.STOP_LOSS: "Stop loss",
    NodeType.STOP_PROFIT: "Stop profit",
    NodeType.RISK_MANAGEMENT: "Risk management",
    NodeType.CUSTOM: "Custom",
}


class _TypeBand(QWidget):
    """The 4 px band in the colour of a node type, as on the node's left edge."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._token = ""
        self.setFixedSize(GAP_SMALL, 16)

    def show_type(self, theme: Theme, token: str) -> None:
        self._theme, self._token = theme, token
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._theme is not None and self._token:
            painter = QPainter(self)
            painter.fillRect(self.rect(), self._theme.color(self._token))
            painter.end()


class BlockHead(QWidget):
    """Names the chosen blocks."""

    def __init__(self) -> None:
        super().__init__()
        self._nodes: tuple[Node, ...] = ()
        self._catalogue = Catalogue()
        self.label_line = TextLine()
        set_property(self.label_line, "role", "name")
        self.label_line.setTextMargins(*NAME_MARGINS)
        self.label_line.setToolTip("The block's label; it also names the step in the code")
        self.label_line.setAccessibleName("Label")
        self.title = QLabel()
        set_role(self.title, "title")
        self._band = _TypeBand()
        self._kind = QLabel()
        self._description = QLabel()
        self._description.setWordWrap(True)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.sentence.hide()
        set_role(self._kind, "quiet")
        set_role(self._description, "quiet")
        kind = QHBoxLayout()
        kind.setSpacing(GAP)
        kind.addWidget(self._band)
        kind.addWidget(self._kind, 1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP)
        lines.addWidget(self.title)
        lines.addWidget(self.label_line)
        lines.addLayout(kind)
        lines.addWidget(self.sentence)
        lines.addWidget(self._description)

    def show_sentence(self, sentence: str) -> None:
        """Show what the chosen block says in the strategy; empty: nothing is said."""
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def show_blocks(self, nodes: Sequence[Node], catalogue: Catalogue, theme: Theme) -> None:
        """Name these blocks (at least one)."""
        self._nodes, self._catalogue = tuple(nodes), catalogue
        first = nodes[0]
        names = {node.template for node in nodes}
        template = catalogue.of(first) if len(names) == 1 else None
        one = len(nodes) == 1
        self.title.setVisible(not one)
        self.title.setText(f"{len(nodes)} blocks")
        self.label_line.setVisible(one)
        self.label_line.setPlaceholderText(template.display_name if template is not None else first.template)
        self.label_line.show_text(first.label if one else "")
        token = str(template.node_type) if template is not None else ""
        self._band.show_type(theme, token)
        self._band.setVisible(bool(token))
        if template is not None:
            self._kind.setText(f"{TYPE_WORDS[template.node_type]} · {template.display_name}")
        else:
            self._kind.setText("Unknown block" if len(names) == 1 else _kinds(nodes, catalogue))
        self._description.setText(template.description if template is not None else "")
        self._description.setVisible(bool(self._description.text()))

    def set_theme(self, theme: Theme) -> None:
        """Draw the head in another scheme."""
        if self._nodes:
            self.show_blocks(self._nodes, self._catalogue, theme)


def _kinds(nodes: Sequence[Node], catalogue: Catalogue) -> str:
    counts: dict[str, int] = {}
    for node in nodes:
        template = catalogue.of(node)
        name = template.display_name if template is not None else node.template
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{count} × {name}" for name, count in counts.items())

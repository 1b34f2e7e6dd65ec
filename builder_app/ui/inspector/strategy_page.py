"""The inspector's page where nothing is chosen: the strategy's name, what it does, its parameters, its test."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from builder_app.flow.edits import RenameStrategy
from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.ui.inspector.block_head import NAME_MARGINS
from builder_app.ui.inspector.block_page import hairline
from builder_app.ui.inspector.strategy_parameters import StrategyParametersTable
from builder_app.ui.inspector.test_setup_form import TestSetupForm
from builder_app.ui.inspector.text_fields import TextLine
from builder_app.ui.stylesheet import set_property, set_role
from builder_app.ui.theme import GAP, GAP_GROUP, Theme


class StrategyPage(QWidget):
    """Shows the strategy as a whole."""

    edit_requested = Signal(object)
    edit_finished = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = TextLine()
        set_property(self.name, "role", "name")
        self.name.setTextMargins(*NAME_MARGINS)
        self.name.setPlaceholderText(UNTITLED_STRATEGY)
        self.name.setAccessibleName("Strategy name")
        self.name.setToolTip("The strategy's name")
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.parameters = StrategyParametersTable(theme)
        self.test_setup = TestSetupForm(theme)
        self._what = section("What it does")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP)
        lines.addWidget(self.name)
        lines.addWidget(self._what)
        lines.addWidget(self.summary)
        for title, part in (("Strategy parameters", self.parameters), ("Test", self.test_setup)):
            lines.addSpacing(GAP_GROUP - GAP)
            lines.addWidget(hairline())
            lines.addWidget(section(title))
            lines.addWidget(part)
        lines.addStretch(1)
        self.show_summary("")
        self.name.text_committed.connect(lambda text: self.edit_requested.emit(RenameStrategy(text.strip())))
        self.name.finished.connect(self.edit_finished)
        self.parameters.edit_requested.connect(self.edit_requested)
        self.parameters.edit_finished.connect(self.edit_finished)

    def show_strategy(self, flow: LogicFlow) -> None:
        """Show the name and the parameters of `flow`."""
        self.name.show_text(flow.name)
        self.parameters.show_parameters(flow)

    def show_summary(self, sentence: str) -> None:
        """Show what the strategy does in a sentence; empty: nothing is said."""
        self.summary.setText(sentence)
        self.summary.setVisible(bool(sentence))
        self._what.setVisible(bool(sentence))

    def commit(self) -> None:
        """Say what was typed and not said yet."""
        self.name.commit()
        self.parameters.commit()

    def set_theme(self, theme: Theme) -> None:
        """Draw the page in another scheme."""
        self.parameters.set_theme(theme)
        self.test_setup.set_theme(theme)


def section(title: str) -> QLabel:
    """The small heading of a group."""
    label = QLabel(title)
    set_role(label, "section")
    return label

"""A line for a formula over strategy parameters: names are completed, and what does not fit is said under it."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from builder_app.flow.formula_trees import FUNCTIONS, quoted_name
from builder_app.flow.values import StrategyParameter
from builder_app.ui.inspector.strategy_parameter_values import is_number
from builder_app.ui.stylesheet import set_property, set_role
from builder_app.ui.theme import GAP_SMALL, code_font

_MOST_OFFERED: Final = 8


class FormulaLine(QLineEdit):
    """One line; said at Return or when the focus leaves, given up with Escape. Tab takes the first name offered."""

    committed = Signal()
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = QStringListModel(self)
        self.completer_of_names = QCompleter(self._names, self)
        self.completer_of_names.setWidget(self)
        offers = self.completer_of_names.popup()
        assert offers is not None
        self.offers = offers
        self.completer_of_names.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer_of_names.setMaxVisibleItems(_MOST_OFFERED)
        self.completer_of_names.activated.connect(self._insert)
        self.setFont(code_font())
        self.textEdited.connect(self._offer)
        self.editingFinished.connect(self.committed)

    def offer_names(self, names: list[str]) -> None:
        """Complete these, and the functions."""
        known = [*names, *(f"{function}(" for function in FUNCTIONS)]
        if known != self._names.stringList():
            self._names.setStringList(known)

    def event(self, event: QEvent) -> bool:
        """Tab takes what is offered; without an offer it goes on to the next field."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab:
            offered = self._popup_is_open() and self.completer_of_names.currentCompletion()
            if offered:
                self._insert(offered)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return takes the name that was gone to with the arrows, and else what is written; Escape gives up."""
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self._popup_is_open():
            if is_return and self.offers.currentIndex().isValid():
                event.ignore()  # the list takes it
                return
            if event.key() == Qt.Key.Key_Escape:
                self.offers.hide()
                return
            if is_return:
                self.offers.hide()
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving closes the list."""
        if event.reason() is not Qt.FocusReason.PopupFocusReason and isValid(self.offers):  # which may go before it
            self.offers.hide()
            self.setCursorPosition(0)
        super().focusOutEvent(event)

    def _popup_is_open(self) -> bool:
        return self.offers.isVisible()

    def _word(self) -> str:
        """What was written of a name, up to the cursor."""
        before = self.text()[: self.cursorPosition()]
        start = len(before)
        while start and (before[start - 1].isalnum() or before[start - 1] == "_"):
            start -= 1
        word = before[start:]
        return "" if word[:1].isdigit() else word

    def _offer(self) -> None:
        word = self._word()
        names = self.completer_of_names
        names.setCompletionPrefix(word)
        if not word or not names.completionCount() or names.currentCompletion() == word:
            self.offers.hide()
            return
        place = self.cursorRect()
        place.setWidth(
            self.offers.sizeHintForColumn(0) + self.offers.verticalScrollBar().sizeHint().width() + 2 * GAP_SMALL
        )
        names.complete(place)

    def _insert(self, name: str) -> None:
        """The name in the place of what was written of it."""
        end = self.cursorPosition()
        self.setSelection(end - len(self._word()), len(self._word()))
        self.insert(name)
        self.offers.hide()
        self.textEdited.emit(self.text())


class FormulaField(QWidget):
    """The line, and a sentence under it."""

    committed = Signal()
    """What is written may be taken."""
    given_up = Signal()
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = FormulaLine()
        self.line.setPlaceholderText("2 * fast_period + 1")
        self.message = QLabel()
        self.message.setWordWrap(True)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, GAP_SMALL, 0, 0)
        lines.setSpacing(GAP_SMALL)
        lines.addWidget(self.line)
        lines.addWidget(self.message)
        self.setFocusProxy(self.line)
        self.line.committed.connect(self.committed)
        self.line.given_up.connect(self.given_up)
        self.line.textEdited.connect(self.edited)
        self.say("")

    def show_formula(self, text: str) -> None:
        """Show this text; the cursor stays where it was."""
        if text != self.line.text():
            self.line.setText(text)
        if not self.line.hasFocus():
            self.line.setCursorPosition(0)  # a long one is seen from its beginning
        self.line.setToolTip(text)

    def show_strategy(self, strategy: Mapping[str, StrategyParameter]) -> None:
        """Offer the strategy parameters that a formula can use."""
        self.line.offer_names([quoted_name(name) for name, parameter in strategy.items() if is_number(parameter.value)])

    def say(self, sentence: str, *, firm: bool = True) -> None:
        """What is wrong with what is written; nothing where it is well. Not `firm`: it is being written still."""
        set_role(self.message, "loss" if firm else "quiet")
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        set_property(self.line, "invalid", "true" if sentence and firm else "false")
        self.line.setAccessibleDescription(sentence)

    def start(self) -> None:
        """Put the cursor into the line, all of it selected."""
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()

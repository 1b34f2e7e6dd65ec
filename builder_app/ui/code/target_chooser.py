"""The button that says which engine the strategy is written for, and lets the strategist choose another."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

if TYPE_CHECKING:
    from builder_app.session.code.targets import TargetChoice

_TOOLTIP: Final = "The engine that the code is written for; tests always run the standalone text"


class TargetChooser(QToolButton):
    """A button with a menu of engines. Passive: it shows the engine it is told, and emits the wish for another."""

    target_requested = Signal(str)
    """The name of the engine that the strategist wants."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[str, QAction] = {}
        self._titles: dict[str, str] = {}
        self._group = QActionGroup(self)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip(_TOOLTIP)
        self.setAccessibleName("Target")
        self.setMenu(QMenu(self))
        self.menu().setToolTipsVisible(True)

    def offer(self, choices: Iterable["TargetChoice"]) -> None:
        """Offer these engines, each with a line about it."""
        self.menu().clear()
        self._choices.clear()
        for choice in choices:
            action = self.menu().addAction(choice.title)
            action.setToolTip(choice.about)
            action.setCheckable(True)
            self._group.addAction(action)
            action.triggered.connect(lambda _on, name=choice.name: self.target_requested.emit(name))
            self._choices[choice.name], self._titles[choice.name] = action, choice.title

    def show_target(self, name: str) -> None:
        """Show which engine is chosen."""
        self.setText(f"{self.title_of(name)} ▾" if self._choices else name)
        if name in self._choices:
            self._choices[name].setChecked(True)

    def title_of(self, name: str) -> str:
        """How an engine is called for the eye."""
        return self._titles.get(name, name)

"""Things to do with the chosen tests: each an action for the menu, and a button that looks as the action does."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QWidget

from builder_app.ui.stylesheet import set_role


def action(owner: QWidget, title: str, hint: str) -> QAction:
    """Something to do, with the sentence that says what."""
    made = QAction(title, owner)
    made.setToolTip(hint)
    return made


def flat_button(title: str, hint: str) -> QPushButton:
    """A quiet button."""
    button = QPushButton(title)
    button.setToolTip(hint)
    set_role(button, "flat")
    return button


def button_of(action: QAction) -> QPushButton:
    """A button that does what the action does, and looks as it is."""
    button = flat_button(action.text(), action.toolTip())

    def follow() -> None:
        button.setText(action.text())
        button.setEnabled(action.isEnabled())
        button.setVisible(action.isVisible())

    action.changed.connect(follow)
    button.clicked.connect(lambda: action.trigger())
    return button

"""What several commands do: show a window in front, and say that an earlier drawing is back."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from builder_app.session.drafts.document import Document

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow


def to_front(opened: QWidget) -> None:
    """Show a window that may be open already, above the others and with the keys."""
    opened.show()
    opened.raise_()
    opened.activateWindow()


def tell_drawn_again(window: "MainWindow", document: Document, said: str) -> None:
    """Say that an earlier drawing was brought back, with an Undo that takes back this step and no later one."""
    step = document.history.next_undo
    window.centre.messages.tell(said, "Undo", lambda: document.undo() if document.history.next_undo is step else None)

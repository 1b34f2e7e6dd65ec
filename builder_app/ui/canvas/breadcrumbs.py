"""The way to the level that is shown, above the canvas: `Strategy ▸ Trend filter`. Each part goes there."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.ui.theme import GAP, GAP_SMALL, TEXT, TEXT_SMALL, Theme

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

HEIGHT: Final = 32
_LONGEST: Final = 32


class Breadcrumbs(QWidget):
    """A row of names; hidden while the strategy itself is shown."""

    def __init__(self, view: "Stage", theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        self.buttons: list[QPushButton] = []
        self.setObjectName("Breadcrumbs")
        self.setAccessibleName("Way to what is shown")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GAP, 0, GAP, 0)
        self._row.setSpacing(GAP_SMALL)
        self._hint = QLabel("Esc goes back")
        self._hint.setObjectName("hint")
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Paint in this theme from now on."""
        color = theme.colors
        self.setStyleSheet(
            f"#Breadcrumbs {{ background: {color['panel']}; border-bottom: 1px solid {color['hairline']}; }}"
            f"#Breadcrumbs QPushButton {{ background: transparent; border: none; border-radius: 4px;"
            f" font-size: {TEXT}px; padding: 4px 8px; color: {color['quiet_text']}; text-align: left; min-width: 0; }}"
            f"#Breadcrumbs QPushButton:hover {{ background: {color['control']}; color: {color['text']}; }}"
            f"#Breadcrumbs QPushButton:focus {{ border: 1px solid {color['accent']}; padding: 3px 7px; }}"
            f"#Breadcrumbs QPushButton:disabled {{ color: {color['text']}; }}"
            f"#Breadcrumbs QLabel {{ color: {color['quiet_text']}; font-size: {TEXT}px; background: transparent; }}"
            f"#Breadcrumbs QLabel#hint {{ font-size: {TEXT_SMALL}px; }}"
        )

    def show_level(self) -> None:
        """Name the way to what the view shows now; at the strategy itself there is nothing to name."""
        levels = self._view.levels
        while self._row.count():
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget is not self._hint:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        names = (levels.whole.name or UNTITLED_STRATEGY, *levels.names())
        for depth, name in enumerate(names):
            if depth:
                self._row.addWidget(QLabel("▸"))
            self._add(name, depth, is_last=depth == len(names) - 1)
        self._row.addStretch(1)
        self._row.addWidget(self._hint)
        self.setVisible(bool(levels.path))
        self._view.make_room_above(HEIGHT if levels.path else 0)
        self.place()

    def place(self) -> None:
        """Stand along the view's upper edge."""
        self.setGeometry(0, 0, self._view.width(), HEIGHT)

    def _add(self, name: str, depth: int, *, is_last: bool) -> None:
        shown = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        button = QPushButton(shown.replace("&", "&&"), self)
        button.setToolTip(f"{name} is shown" if is_last else f"Go to {name}")
        button.setAccessibleName(name)
        button.setEnabled(not is_last)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self._view.go_to_level(self._view.levels.path[:depth]))
        self._row.addWidget(button)
        self.buttons.append(button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes up, as on the canvas."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self._view.go_up()
        else:
            super().keyPressEvent(event)

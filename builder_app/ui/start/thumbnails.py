"""The pictures of all cards: each drawn once, and a few in a turn, so that sixty of them keep no key press waiting."""

import time
from collections.abc import Hashable
from typing import Final

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.start.thumbnail import flow_thumbnail
from builder_app.ui.theme import Theme

TURN_SECONDS: Final = 0.002
"""How long pictures are drawn before whoever else waits has a turn. One picture may take longer."""
_MOST: Final = 400


class Thumbnails(QObject):
    """Draws pictures for widgets that ask while they are painted, and paints those anew whose picture came later."""

    def __init__(self, theme: Theme, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._picture = theme, Picture(catalogue)
        self._drawn: dict[Hashable, tuple[LogicFlow, QPixmap]] = {}
        self._waiting: dict[QWidget, None] = {}
        self._spent = 0.0
        self._next_turn = QTimer(self, singleShot=True, interval=0)
        self._next_turn.timeout.connect(self._begin_turn)

    @property
    def are_all_drawn(self) -> bool:
        """No widget waits for its picture."""
        return not self._waiting

    def of(self, widget: QWidget, flow: LogicFlow, size: QSize) -> QPixmap | None:
        """The picture of a flow, or None where there is no time in this turn: then `widget` is painted anew later."""
        ratio = widget.devicePixelRatioF()
        key = (id(flow), size.width(), size.height(), ratio)
        known = self._drawn.get(key)
        if known is None:
            self._next_turn.start()
            if self._spent >= TURN_SECONDS:
                self._waiting[widget] = None
                return None
            began = time.perf_counter()
            if len(self._drawn) >= _MOST:
                self._drawn = {}
            known = self._drawn[key] = (flow, flow_thumbnail(size, ratio, flow, self._picture, self._theme))
            self._spent += time.perf_counter() - began
        return known[1]

    def show_catalogue(self, catalogue: Catalogue) -> None:
        """Draw with these blocks from now on."""
        self._picture, self._drawn = Picture(catalogue), {}

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme from now on."""
        if theme != self._theme:
            self._theme, self._drawn = theme, {}

    def _begin_turn(self) -> None:
        self._spent = 0.0
        waiting, self._waiting = self._waiting, {}
        for widget in waiting:
            if isValid(widget):
                widget.update()

"""The clothes of the window: puts a theme on all that is seen, part by part, and on the rest when it is shown.

Qt lays a style sheet on a window and everything in it in one go, which takes longer than a key press may wait. So each
part of the window wears the sheet by itself. While the parts change one after the other, each in a turn of the event
loop, the window keeps its old picture; then it is painted once.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from builder_app.ui.stylesheet import SEPARATORS, stylesheet
from builder_app.ui.theme import Theme

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

TURN_SECONDS: Final = 0.004
"""How long one part after the other is dressed before whoever else waits has a turn."""
REST_MILLISECONDS: Final = 25
"""What nobody sees waits so long after the painting, and after one another: pictures of cards may be drawn too."""
_Part = Callable[[], None]


@runtime_checkable
class Themed(Protocol):
    """A widget that paints in colours of its own: it takes them, and sees to what is inside it."""

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""


class Wardrobe(QObject):
    """Dresses one window and what it opens, dialogs too: the style sheet, and the theme for whoever is `Themed`.

    `pictures` is a folder for the small pictures that style sheets need.
    """

    def __init__(self, window: "MainWindow", pictures: Path) -> None:
        super().__init__(window)
        self._window, self._pictures = window, pictures
        self._sheet = ""
        self._seen: list[_Part] = []
        self._unseen: dict[QWidget, list[_Part]] = {}
        self._next_turn = QTimer(self, singleShot=True)
        self._next_turn.timeout.connect(self._go_on)
        window.setStyleSheet(SEPARATORS)
        window.installEventFilter(self)
        for dock in window.docks.values():
            dock.visibilityChanged.connect(lambda _shown, dock=dock: self._catch_up(dock))
        window.centre.tabs.currentChanged.connect(lambda _index: self._catch_up(window.centre.widget))

    @property
    def is_changing(self) -> bool:
        """A part still wears another theme."""
        return bool(self._seen or self._unseen) or self._next_turn.isActive()

    def wear_at_once(self, theme: Theme) -> None:
        """Dress everything now; for a window that nobody sees yet."""
        self._plan(theme)
        while self._seen or self._unseen:
            self._dress_one()

    def wear(self, theme: Theme) -> None:
        """Dress everything, a part at a time; the window is painted anew when all that is seen wears the theme."""
        self._plan(theme)
        self._window.setUpdatesEnabled(False)
        self._next_turn.start(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Dialogs, and the bars of tabs that Qt makes for docks, wear the theme as soon as they come."""
        if event.type() == QEvent.Type.ChildPolished and isinstance(event, QChildEvent) and self._sheet:
            child = event.child()
            if isinstance(child, QWidget) and not child.styleSheet():
                child.setStyleSheet(self._sheet)
        return super().eventFilter(watched, event)

    # -- the plan -------------------------------------------------------------------------------------------------

    def _plan(self, theme: Theme) -> None:
        window = self._window
        window.theme = theme
        self._sheet = stylesheet(theme, self._pictures)
        self._seen, self._unseen = [lambda: _polish(window)], {}
        for part in _children(window):
            self._put(part, lambda part=part: part.setStyleSheet(self._sheet))  # type: ignore[misc]
            for themed in _themed(part):
                self._put(themed, lambda themed=themed: themed.set_theme(theme))  # type: ignore[misc]

    def _put(self, part: QWidget, dress: _Part) -> None:
        call = _while_there(part, dress)
        if part.visibleRegion().isEmpty():  # also a dock behind another tab, which Qt takes for visible
            self._unseen.setdefault(part, []).append(call)
        else:
            self._seen.append(call)

    # -- dressing -------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        end = time.perf_counter() + TURN_SECONDS
        while self._seen and time.perf_counter() < end:
            self._dress_one()
        if self._seen:
            self._next_turn.start(0)
        elif not self._window.updatesEnabled():
            self._window.setUpdatesEnabled(True)
            self._next_turn.start(REST_MILLISECONDS)
        elif self._unseen:
            self._dress_one()
            self._next_turn.start(REST_MILLISECONDS)

    def _dress_one(self) -> None:
        if self._seen:
            self._seen.pop(0)()
            return
        part = next(iter(self._unseen))
        dressing = self._unseen[part]
        dressing.pop(0)()
        if not dressing:
            self._unseen.pop(part, None)

    def _catch_up(self, part: QWidget) -> None:
        """This part, or something in it, is looked at before its turn came."""
        for inside in tuple(self._unseen):
            if isValid(inside) and (inside is part or part.isAncestorOf(inside)) and inside.isVisible():
                for dress in self._unseen.pop(inside):
                    dress()


def _children(part: QWidget) -> list[QWidget]:
    return part.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)


def _themed(part: QWidget) -> Iterator[QWidget]:
    """What takes a theme in this part, itself or what it holds; what is further inside is dressed by its holder."""
    if isinstance(part, Themed):
        yield part
        return
    for child in _children(part):
        yield from _themed(child)


def _while_there(part: QWidget, dress: _Part) -> _Part:
    """Dresses the part, unless it is gone when its turn comes: a tab may be closed meanwhile, or the window."""
    return lambda: dress() if isValid(part) else None


def _polish(window: QWidget) -> None:
    """Qt reads colours of the palette out of a sheet only when it polishes a widget."""
    style = window.style()
    style.unpolish(window)
    style.polish(window)

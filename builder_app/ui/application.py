"""Opens the window: Qt's application, the theme, the event loop, and calls from other threads."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from builder_app.session.rooms import Rooms
from builder_app.session.session import Session
from builder_app.ui.collecting import collect_seldom, share_quickly
from builder_app.ui.stylesheet import dress
from builder_app.ui.theme import Theme, load_theme
from builder_app.ui.window.main_window import MainWindow
from builder_app.ui.window.wardrobe import Wardrobe

SECONDS_BEFORE_WARMING: Final = 5
"""The first curve comes first."""
BREATH_MILLISECONDS: Final = 200


class OwnerThread(QObject):
    """Runs calls in the thread of the window, whichever thread they come from."""

    _asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._has_ended = False
        self._asked.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def __call__(self, call: Callable[[], None], /) -> None:
        """Run `call` soon, in the window's thread; one that comes after the window's end is dropped."""
        with contextlib.suppress(RuntimeError):  # Qt has taken the signal away: nobody waits for the answer any more
            self._asked.emit(call)

    def end(self) -> None:
        """The window is going: what waits, and what comes later, is run no more."""
        self._has_ended = True

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if not self._has_ended:
            call()


@contextlib.contextmanager
def closing_on_signals(window: QWidget) -> Iterator[None]:
    """While this holds, Ctrl+C and a polite end from outside close the window in good order."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: window.close()) for number in signals}
    breath = QTimer()  # Python looks at signals only between its own steps, and Qt's loop takes none
    breath.timeout.connect(lambda: None)
    breath.start(BREATH_MILLISECONDS)
    try:
        yield
    finally:
        breath.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


class Application:
    """One window on one session. `themes` is the folder of theme files, `folder` the user's own."""

    def __init__(self, rooms: Rooms, themes: Path, folder: Path) -> None:
        existing = QApplication.instance()
        self.qt = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
        self.qt.setApplicationName("Strategy Builder")
        self._themes = themes
        self.settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        self._post = OwnerThread()
        self.session = Session(rooms, self._post)
        self.window = MainWindow(self.session, self._dress(), self.settings)
        self.window.reports.theme = load_theme(themes, "light")
        self.wardrobe = Wardrobe(self.window, folder / "pictures")
        self.wardrobe.wear_at_once(self.window.theme)
        self.window.theme_requested.connect(self._choose_theme)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._mark_theme()

    def start(self) -> None:
        """Show the window, then open again what was open."""
        self.window.show()
        self.session.start()

    def run(self) -> int:
        """Run until the window is closed; the exit code."""
        self.qt.setQuitOnLastWindowClosed(True)
        collect_seldom()
        share_quickly()
        QTimer.singleShot(SECONDS_BEFORE_WARMING * 1000, self.window, self.session.rooms.runner.warm)
        with closing_on_signals(self.window):
            code = self.qt.exec()
        self.close()
        return int(code)

    def close(self) -> None:
        """End the session: every draft is durable afterwards."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._follow_system)
        self.window.close()
        self.session.close()
        self._post.end()
        self.settings.sync()
        self.window.deleteLater()

    def _scheme(self) -> str:
        chosen = str(self.settings.value("theme", "system"))
        if chosen in ("dark", "light"):
            return chosen
        return "light" if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light else "dark"

    def _dress(self) -> Theme:
        theme = load_theme(self._themes, self._scheme())
        dress(self.qt, theme)
        return theme

    def _choose_theme(self, scheme: str) -> None:
        self.settings.setValue("theme", scheme)
        self._follow_system()

    def _follow_system(self) -> None:
        self.wardrobe.wear(self._dress())
        self._mark_theme()

    def _mark_theme(self) -> None:
        chosen = str(self.settings.value("theme", "system"))
        for scheme in ("system", "dark", "light"):
            self.window.actions_by_id[f"theme_{scheme}"].setChecked(scheme == chosen)

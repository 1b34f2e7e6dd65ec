"""Opens the window: Qt's application, the theme and the event loop."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from builder_app.session.rooms import Rooms
from builder_app.session.session import Session
from builder_app.ui.collecting import Collector, share_quickly
from builder_app.ui.posting import OwnerThread
from builder_app.ui.stylesheet import dress
from builder_app.ui.theme import Theme, load_theme
from builder_app.ui.window.main_window import MainWindow
from builder_app.ui.window.wardrobe import Wardrobe

SECONDS_BEFORE_WARMING: Final = 5
"""The first curve comes first."""
BREATH_MILLISECONDS: Final = 200


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
        collector = Collector()
        collector.start()
        share_quickly()
        QTimer.singleShot(SECONDS_BEFORE_WARMING * 1000, self.window, self.session.rooms.runner.warm)
        with closing_on_signals(self.window):
            code = self.qt.exec()
        self.close()
        collector.stop()
        return int(code)

    def close(self) -> None:
        """End the session: every draft is durable afterwards, and the window is gone."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._follow_system)
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()  # what has the keyboard says what was typed, as long as all is there that hears it
        self.window.close()
        self.session.close()
        self._post.end()
        self.settings.sync()
        self.window.deleteLater()  # and not when Python finds it unused, which may be while Qt paints another window
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete)

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

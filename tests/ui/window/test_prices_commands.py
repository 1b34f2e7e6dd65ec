"""Prices in the window: one assistant and one library, prices dropped anywhere, groups in the test set-up."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from builder_app.ui.window.main_window import MainWindow
from tests.cli.test_bad_prices import prices, rows
from tests.ui.window.strategist import Strategist, application


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    at, button, key = QPointF(50, 50), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, data, button, key))


def test_prices_dropped_on_the_window_are_looked_at_taken_in_and_offered(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "ABC.csv"
    path.write_text(prices(rows()))
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        drop(hands.window, path)
        assistant = hands.window.prices.import_window
        assert assistant is not None
        hands.sees(assistant.take.isEnabled)
        hands.click_button("Import", assistant)
        hands.sees(lambda: hands.window.prices.import_window is None)
        hands.sees(lambda: "Imported ABC" in hands.window.centre.messages.text)
        pool = hands.window.inspector.test_setup.pool.list
        assert "ABC" in [pool.item(row).text() for row in range(pool.count())]


def test_the_library_opens_once_shows_what_comes_and_gives_its_groups_to_the_set_up(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+Alt+P")
        library = hands.window.prices.library_window
        assert library is not None
        hands.click_button("Prices…", hands.window.start_page)
        assert hands.window.prices.library_window is library
        library.library.keep_group("Tech", ["AAPL", "MSFT"])
        groups = hands.window.inspector.test_setup.pool.groups
        hands.sees(lambda: groups.count() == 2)
        assert groups.itemText(1) == "Tech · 2"
        library.close()
        hands.sees(lambda: hands.window.prices.library_window is None)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_open_windows_of_prices_follow_the_theme(qtbot: QtBot, tmp_path: Path, scheme: str) -> None:
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        hands.window.prices.show_library()
        library = hands.window.prices.library_window
        assert library is not None
        hands.window.theme_requested.emit(scheme)
        hands.sees(lambda: library.table.theme.scheme == scheme and hands.window.theme.scheme == scheme)


def test_an_assistant_opened_from_the_library_follows_the_theme_and_outlives_the_library(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with application(tmp_path / "home") as opened:
        hands = Strategist(qtbot, opened)
        hands.window.prices.show_library()
        library = hands.window.prices.library_window
        hands.window.prices.import_prices()
        assistant = hands.window.prices.import_window
        assert library is not None
        assert assistant is not None
        themes: list[str] = []
        for part in (assistant.drop, assistant.preview, assistant.findings):
            part.set_theme = lambda theme: themes.append(theme.scheme)  # type: ignore[method-assign]
        other = "light" if hands.window.theme.scheme == "dark" else "dark"
        hands.window.theme_requested.emit(other)
        hands.sees(lambda: themes == [other] * 3)
        library.close()
        hands.sees(lambda: hands.window.prices.library_window is None)
        assert hands.window.prices.import_window is assistant
        assistant.close()
        hands.sees(lambda: hands.window.prices.import_window is None)

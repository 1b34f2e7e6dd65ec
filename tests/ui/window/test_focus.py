"""Where the keyboard is can be seen, on every part of the window that takes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.window.strategist import Strategist, application

LEAST_PIXELS = 24
LEAST_WIDTH = 6
"""A ring or another ground, not only the upright line of a text cursor."""


def pixels(window: QWidget, rect: QRect) -> np.ndarray:
    """A part of the window as it is seen, of shape (rows, columns)."""
    image = window.grab(rect.intersected(window.rect())).toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return rows[:, : image.width()].copy()


def parts(window: QWidget) -> Iterator[QWidget]:
    """What can be seen and Tab may stop at."""
    for part in window.findChildren(QWidget):
        stops = bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) and part.focusProxy() is None
        seen = part.isVisible() and part.window() is window and not part.visibleRegion().isEmpty()
        if stops and seen and part.isEnabled():
            yield part


def unseen(window: QWidget, elsewhere: QWidget) -> tuple[int, list[str]]:
    """How many parts took the keyboard, and those of them that look the same with it and without."""
    count, found = 0, []
    for part in list(parts(window)):
        if part is elsewhere:
            continue
        around = QRect(part.mapTo(window, QPoint(0, 0)), part.size()).adjusted(-4, -4, 4, 4)
        elsewhere.setFocus(Qt.FocusReason.MouseFocusReason)
        without = pixels(window, around)
        part.setFocus(Qt.FocusReason.TabFocusReason)
        if not part.hasFocus():
            continue
        count += 1
        _, columns = np.nonzero(without != pixels(window, around))
        if len(columns) < LEAST_PIXELS or np.ptp(columns) < LEAST_WIDTH:
            found.append(f"{type(part).__name__} '{part.accessibleName()}' in {type(part.parentWidget()).__name__}")
    return count, found


@contextmanager
def seen_window(qtbot: QtBot, folder: Path, scheme: str) -> Iterator[tuple[Strategist, QWidget]]:
    """The window in a scheme, and a field that takes the keyboard away from everything else."""
    with application(folder) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.theme_requested.emit(scheme)
        qtbot.wait(600)  # the window keeps its picture until all that is seen wears the theme
        elsewhere = QLineEdit(hands.window)
        elsewhere.setGeometry(0, 0, 1, 1)
        elsewhere.show()
        yield hands, elsewhere


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_keyboard_is_seen_everywhere_on_the_start_page(qtbot: QtBot, tmp_path: Path, scheme: str) -> None:
    with seen_window(qtbot, tmp_path, scheme) as (hands, elsewhere):
        count, found = unseen(hands.window, elsewhere)
        assert count > 10
        assert not found


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_keyboard_is_seen_everywhere_around_a_strategy(qtbot: QtBot, tmp_path: Path, scheme: str) -> None:
    with seen_window(qtbot, tmp_path, scheme) as (hands, elsewhere):
        hands.window.commands.open_and_test_example("moving_average_crossover")
        hands.sees_result()
        qtbot.wait(300)  # what came with the result is laid out
        for title in hands.window.docks:
            hands.window.show_dock(title)
            qtbot.wait(50)
            count, found = unseen(hands.window, elsewhere)
            assert count > 20
            assert not found, title
        hands.canvas.select({"fast_average"})
        hands.sees(lambda: bool(hands.window.inspector.block_page.rows))
        count, found = unseen(hands.window, elsewhere)
        assert count > 5
        assert not found

"""How the window looks: nothing is cut off at 1280×720, and pictures for the README are made on request.

`STRATEGY_BUILDER_SCREENSHOTS=.github poe test tests/ui/window/test_screenshots.py` writes `window-dark.png` and
`window-light.png` there.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.window.strategist import Strategist, application

SIZES = {"small": (1280, 720), "usual": (1440, 900), "large": (2560, 1440)}


def cut_texts(window: QWidget) -> list[str]:
    """The words of labels and buttons that are wider than the room they have."""
    cut = []
    parts: list[QLabel | QAbstractButton] = [*window.findChildren(QLabel), *window.findChildren(QAbstractButton)]
    for part in parts:
        text = part.text().replace("&", "")
        if not part.isVisible() or not text or (isinstance(part, QLabel) and part.wordWrap()):
            continue
        icon_only = isinstance(part, QToolButton) and part.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
        if icon_only and isinstance(part, QToolButton) and not part.icon().isNull():
            continue
        longest = max(part.fontMetrics().horizontalAdvance(line) for line in text.splitlines())
        if longest > part.width():
            cut.append(f"{type(part).__name__} '{text}': {longest} px in {part.width()} px")
    return cut


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", list(SIZES))
def test_no_word_of_the_window_is_cut_off(qtbot: QtBot, tmp_path: Path, scheme: str, size: str) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.actions_by_id[f"theme_{scheme}"].trigger()
        hands.window.resize(*SIZES[size])
        start = cut_texts(hands.window)
        hands.window.commands.open_and_test_example("moving_average_crossover")
        hands.sees_result()
        hands.sees(lambda: hands.window.saved_mark.text() == "saved ✓")
        QTest.qWait(300)
        hands.canvas.fit_all()
        results = cut_texts(hands.window)
        folder = os.environ.get("STRATEGY_BUILDER_SCREENSHOTS")
        if folder and size == "usual":
            hands.window.grab().save(str(Path(folder) / f"window-{scheme}.png"))
        hands.window.commands.select_blocks(frozenset({"fast_average"}))
        hands.window.show_dock("Code")
        QTest.qWait(100)
        assert (start, results, cut_texts(hands.window)) == ([], [], [])


@pytest.mark.parametrize("percent", [150, pytest.param(200, marks=pytest.mark.long)])
def test_nothing_is_cut_off_on_a_screen_of_another_scale(tmp_path: Path, percent: int) -> None:
    pictures = Path(os.environ.get("STRATEGY_BUILDER_SCREENSHOTS_SCALED", str(tmp_path)))
    scaled = {**os.environ, "QT_SCALE_FACTOR": str(percent / 100), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.ui.window.scaled_picture", str(tmp_path / "data"), str(pictures)]
    done = subprocess.run(command, env=scaled, capture_output=True, text=True, check=False, timeout=230)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    for scheme in ("dark", "light"):
        picture = QImage(str(pictures / f"window-{scheme}.png"))
        assert (picture.width(), picture.height()) == (1280 * percent // 100, 720 * percent // 100)
        places = [picture.pixelColor(x, y).lightness() for x in range(0, picture.width(), 97) for y in (40, 400, 600)]
        assert (sum(places) / len(places) > 128) is (scheme == "light"), "the scheme fills the window"

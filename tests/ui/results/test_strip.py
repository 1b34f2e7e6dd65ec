"""The mini results strip."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.quicktest.request import RunProgress
from builder_app.ui.results.strip import ResultsStrip, strip_figures
from builder_app.ui.theme import MARGIN, Theme
from tests.ui.results.samples import result, theme


@pytest.fixture
def strip(qtbot: QtBot) -> Iterator[ResultsStrip]:
    widget = ResultsStrip(theme())
    qtbot.addWidget(widget)
    widget.resize(1280, 32)
    with qtbot.waitExposed(widget):
        widget.show()
    yield widget
    widget.close()


def colors_in(strip: ResultsStrip) -> set[str]:
    image = strip.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_five_figures_with_signs_where_they_are_changes() -> None:
    values = [(figure.title, figure.value.replace("\xa0", " ")) for figure in strip_figures(result())]
    assert values == [
        ("Total return", "+12.40 %"),
        ("Sharpe", "1.30"),
        ("Max drawdown", "−8.10 %"),
        ("Win rate", "50.00 %"),
        ("Trades", "3"),
    ]


def test_before_a_test_it_is_quiet(strip: ResultsStrip) -> None:
    strip.clearFocus()
    assert strip.words() == "Not tested yet"
    assert {figure.value for figure in strip_figures(None)} == {"–"}
    assert theme().color("accent").name() not in colors_in(strip)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_click_enter_or_space_asks_for_the_results(qtbot: QtBot, strip: ResultsStrip, key: Qt.Key) -> None:
    with qtbot.waitSignal(strip.results_requested, timeout=1000):
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(300, 16))
    with qtbot.waitSignal(strip.results_requested, timeout=1000):
        QTest.keyClick(strip, key)


def test_a_result_is_painted_in_gain_and_a_stale_one_is_not(strip: ResultsStrip) -> None:
    one = result()
    gain = theme().color("gain").name()
    strip.show_result(one, stale=False)
    assert gain in colors_in(strip)
    strip.show_result(one, stale=True)
    assert gain not in colors_in(strip)
    assert "changed after this test" in strip.accessibleName()


def test_progress_is_a_hairline_of_its_share_at_the_foot(strip: ResultsStrip) -> None:
    strip.show_result(None, stale=False)
    strip.clearFocus()
    strip.show_progress(RunProgress("Running", 0.25))
    image = strip.grab().toImage()
    foot = [image.pixelColor(x, image.height() - 1) for x in range(image.width())]
    accent = theme().color("accent")
    assert sum(color == accent for color in foot) == pytest.approx(0.25 * image.width(), abs=2)
    strip.show_progress(None)
    assert accent not in [strip.grab().toImage().pixelColor(x, 31) for x in range(0, 1280, 10)]


def test_its_height_and_the_room_of_its_figures_never_change(strip: ResultsStrip) -> None:
    empty = (strip.height(), strip.sizeHint())
    strip.show_result(result(), stale=False)
    assert (strip.height(), strip.sizeHint()) == empty


def test_the_figures_fit_into_the_smallest_window(strip: ResultsStrip) -> None:
    strip.show_result(result(total_return=8.88), stale=False)
    assert strip.minimumSizeHint().width() <= 720


@pytest.mark.parametrize("width", [680, 726, 1280])
def test_the_line_is_there_in_a_small_window_too(strip: ResultsStrip, width: int) -> None:
    strip.resize(width, strip.height())
    strip.clearFocus()
    strip.show_result(result(total_return=8.88), stale=False)
    image = strip.grab().toImage()
    line = theme().color("accent").name()
    drawn = [x for x in range(image.width()) if line in {image.pixelColor(x, y).name() for y in range(image.height())}]
    assert drawn
    assert drawn[0] > strip.minimumSizeHint().width() - 2 * MARGIN, "it does not run into the figures"
    assert drawn[-1] <= width - MARGIN


@pytest.mark.parametrize("bars", [1, 2, 5000])
def test_any_length_and_a_flat_equity_can_be_painted(strip: ResultsStrip, bars: int) -> None:
    one = result(bars, trades=())
    one.equity[:] = 100_000.0
    strip.show_result(one, stale=False)
    assert not strip.grab().isNull()


def test_the_other_scheme_can_be_taken_on(strip: ResultsStrip) -> None:
    light: Theme = theme("light")
    strip.set_theme(light)
    strip.clearFocus()
    edge = strip.grab().toImage().pixelColor(1200, 0)  # outside the ground that a mouse over it gives
    assert edge == light.color("panel")

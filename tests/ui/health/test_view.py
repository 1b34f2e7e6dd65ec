"""The Health page: alarms, figures and plots as they are given, and wishes for new ones while it is looked at."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.session.care.health import (
    Alarm,
    Figures,
    Health,
    JobFigure,
    Point,
    SlowQuery,
    Spread,
    ValidationStatus,
)
from builder_app.session.care.health_rows import figure_rows
from builder_app.ui.health import HealthView
from builder_app.ui.health.plot import nearest
from builder_app.ui.theme import load_theme

THEMES = Path(__file__).parents[3] / "resources" / "themes"
NOW = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
ALARM = Alarm("late_cleanup", "The cleanup is late.", "Run it.")
EMPTY = Figures(NOW, Spread(), 0, 0, {}, Spread(), (), {}, (), (), ())
FULL = replace(
    EMPTY,
    quick_test_time=Spread(10, 0.02, 0.04, 0.118),
    completed_tests=9,
    failed_tests=1,
    draft_save=Spread(100, 0.0006, 0.0021, 0.012),
    validation={ValidationStatus.VALID: 3, ValidationStatus.RUNTIME_ERROR: 1},
    active_sessions=(("somebody", 1_234),),
    jobs=(JobFigure("sessions", NOW - datetime.timedelta(minutes=7), 0.012, 2, 0.003),),
    slow_queries=(SlowQuery("SELECT a < b FROM quick_tests", 0.231, 3, ("SCAN quick_tests",), NOW),),
    test_times=tuple(Point(NOW + datetime.timedelta(minutes=number), number / 100) for number in range(1, 11)),
)


@pytest.fixture
def view(qtbot: QtBot) -> HealthView:
    view = HealthView(load_theme(THEMES, "dark"))
    qtbot.addWidget(view)
    view.resize(1200, 280)
    view.show()
    return view


def shown(view: HealthView) -> dict[str, str]:
    return {title: value.replace("\N{NO-BREAK SPACE}", " ") for title, value in view.table.texts()}


def test_before_the_first_figures_the_page_says_what_will_be_there(view: HealthView) -> None:
    assert view.currentIndex() == 0
    view.show_health(Health(EMPTY, ()))
    assert view.currentIndex() == 1


def test_figures_are_shown_as_words_say_them(view: HealthView) -> None:
    view.show_health(Health(FULL, ()))
    texts = shown(view)
    assert texts["Quick test"] == "20 ms · 40 ms · 118 ms"
    assert texts["Draft save"] == "0.6 ms · 2.1 ms · 12 ms"
    assert texts["Tests that ended well"] == "90.00 %"
    assert texts["Code that failed its checks"] == "25.00 %"
    assert texts["Runtime error"] == "1"
    assert texts["Active sessions"] == "1,234"
    assert texts["Sessions cleaned up"] == "7 min ago · 12 ms"
    assert texts["SELECT a < b FROM quick_tes…"] == "231 ms · 3 times"


def test_figures_say_of_when_they_are_and_that_newer_ones_are_read(view: HealthView) -> None:
    view.show_health(Health(FULL, ()))
    now = f"As of {NOW.astimezone():%H:%M:%S}"
    assert view.as_of.text() == now
    view.hide()
    view.show()
    assert view.as_of.text() == f"{now}, reading newer figures…"
    view.show_health(Health(replace(FULL, at=NOW + datetime.timedelta(minutes=7)), ()))
    assert view.as_of.text() == f"As of {(NOW + datetime.timedelta(minutes=7)).astimezone():%H:%M:%S}"


def test_alarms_are_whole_sentences_and_their_absence_is_said(view: HealthView) -> None:
    view.show_health(Health(FULL, (ALARM,)))
    assert view.alarm_texts == ["▲ The cleanup is late. Run it."]
    view.show_health(Health(FULL, ()))
    assert view.alarm_texts == ["All is well: no alarms."]


def test_new_values_replace_the_old_ones_and_rows_come_and_go(view: HealthView) -> None:
    for figures in (EMPTY, FULL, replace(FULL, completed_tests=3, jobs=()), EMPTY):
        view.show_health(Health(figures, ()))
        assert view.table.texts() == [(row.title, row.value) for row in figure_rows(figures)]


def test_plot_without_times_says_how_to_have_some(view: HealthView) -> None:
    view.show_health(Health(FULL, ()))
    assert view.tests.plot.isVisible()
    assert not view.saves.plot.isVisible()
    assert view.saves.empty.isVisible()
    assert list(view.tests.curve.getData()[1]) == [number / 100 for number in range(1, 11)]
    view.show_health(Health(EMPTY, ()))
    assert view.tests.empty.isVisible()


def test_mouse_reads_a_time_and_leaves_the_newest_behind(view: HealthView, qtbot: QtBot) -> None:
    view.show_health(Health(FULL, ()))
    plot = view.tests.plot
    assert view.tests.reading.text().replace("\N{NO-BREAK SPACE}", " ") == "last  100 ms"
    box = plot.getPlotItem().vb
    left = plot.mapFromScene(box.mapViewToScene(box.viewRect().center()))
    first = QPoint(plot.mapFromScene(box.mapViewToScene(QPoint(0, 0))).x(), left.y())
    QTest.mouseMove(plot.viewport(), first)
    assert view.tests.reading.text().endswith("10\N{NO-BREAK SPACE}ms")
    assert f"{FULL.test_times[0].at.astimezone():%H:%M:%S}" in view.tests.reading.text()


@given(st.integers(1, 50), st.floats(-5.0, 60.0))
def test_nearest_point_is_the_nearest(count: int, place: float) -> None:
    found = nearest(count, place)
    assert abs(found - place) == min(abs(number - place) for number in range(count))


def test_page_wishes_for_figures_when_it_is_looked_at_and_not_else(qtbot: QtBot) -> None:
    view = HealthView(load_theme(THEMES, "dark"))
    qtbot.addWidget(view)
    wishes: list[int] = []
    view.refresh_requested.connect(lambda: wishes.append(1))
    view._timer.setInterval(10)
    qtbot.wait(30)
    assert wishes == []
    view.show()
    qtbot.waitUntil(lambda: len(wishes) > 2)
    view.hide()
    count = len(wishes)
    qtbot.wait(40)
    assert len(wishes) == count


def test_page_fits_a_narrow_and_a_wide_dock(view: HealthView, qtbot: QtBot) -> None:
    view.show_health(Health(FULL, (ALARM,)))
    for width, beside in ((440, False), (1200, True)):
        view.resize(width, 600)
        qtbot.wait(10)
        table, plots = view.table, view.tests
        bottom = table.mapTo(view, table.rect().bottomLeft()).y()
        assert (plots.mapTo(view, QPoint(0, 0)).y() < bottom) is beside
        assert view._scroll.horizontalScrollBar().maximum() == 0


def test_page_takes_on_another_scheme(view: HealthView) -> None:
    light = load_theme(THEMES, "light")
    view.show_health(Health(FULL, (ALARM,)))
    view.set_theme(light)
    assert view.tests.plot.backgroundBrush().color() == light.color("panel")

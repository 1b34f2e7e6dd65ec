"""Overlaid curves: every test's line, values at any date, labels that do not lie on each other."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from builder_app import paths
from builder_app.session.runs.comparison import Comparison
from builder_app.ui.results.free_places import spread
from builder_app.ui.tests_history.curves import OverlaidCurves
from builder_app.ui.tests_history.lettering import color, letter, pen
from builder_app.ui.theme import load_theme
from tests.ui.tests_history.samples import compared, comparison

THEMES = Path(paths.resources() / "themes")


@pytest.fixture
def curves(qtbot: QtBot) -> OverlaidCurves:
    made = OverlaidCurves(load_theme(THEMES, "dark"))
    qtbot.addWidget(made)
    made.resize(640, 260)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_each_line_ends_at_its_return_and_keeps_its_extremes(curves: OverlaidCurves) -> None:
    one, other = compared(10, 900), compared(-20, 900)
    curves.show_comparison(comparison(one, other))
    assert len(curves._lines) == 2
    for line, test in zip(curves._lines, (one, other), strict=True):
        _days, shown = line.getData()
        growth = test.growth()
        assert shown[-1] == growth[-1]
        assert (shown.min(), shown.max()) == (growth.min(), growth.max())


def test_values_are_those_of_the_last_bar_up_to_the_date(curves: OverlaidCurves) -> None:
    early, late = compared(10, 300), compared(20, 100)
    curves.show_comparison(comparison(early, late))
    day = float(np.datetime64("2020-07-01").astype(int))
    bar = int(np.searchsorted(early.times, np.datetime64("2020-07-01"), side="right")) - 1
    values = dict(curves.values_at(day))
    assert values[0] == early.growth()[bar]
    assert values[1] == late.growth()[-1]
    assert math.isnan(dict(curves.values_at(0.0))[0])


def test_nothing_to_compare_draws_nothing(curves: OverlaidCurves) -> None:
    curves.show_comparison(comparison(compared(10), compared(12)))
    curves.show_comparison(Comparison(None))
    assert curves._lines == []
    curves.grab()


def test_many_tests_and_lost_equity_are_drawn_without_a_warning(curves: OverlaidCurves) -> None:
    tests = [compared(number, 40 + number) for number in range(30)]
    tests[3].result.equity[:] = math.nan
    tests[4].result.equity[10:] = 0.0
    curves.show_comparison(comparison(*tests))
    curves.resize(300, 120)
    curves.grab()
    assert len(curves._lines) == 30


@given(st.lists(st.floats(0.0, 500.0), max_size=20))
def test_labels_do_not_lie_on_each_other_and_keep_their_order(rows: list[float]) -> None:
    placed = spread(rows, 16.0, (0.0, 500.0))
    order = sorted(range(len(rows)), key=lambda index: rows[index])
    gaps = [placed[below] - placed[above] for above, below in pairwise(order)]
    assert all(gap >= 16.0 - 1e-9 for gap in gaps)
    assert all(row <= 500.0 for row in placed)


def test_letters_and_lines_tell_any_number_apart() -> None:
    theme = load_theme(THEMES, "light")
    assert [letter(place) for place in (0, 1, 25, 26, 52)] == ["A", "B", "Z", "A2", "A3"]
    looks = {(color(theme, place).name(), pen(theme, place).style()) for place in range(24)}
    assert len(looks) == 24

"""Words stand neither on a curve nor on each other."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from builder_app.ui.results.charts import EQUITY, Charts
from builder_app.ui.results.free_places import columns_of, free_box
from builder_app.ui.results.sampling import FloatArray
from builder_app.ui.theme import TEXT_SMALL, text_font
from tests.ui.results.samples import result, theme

AREA = QRectF(70.0, 10.0, 500.0, 80.0)
SIZE = QSizeF(66.0, 14.0)


def crosses(line: QLineF, box: QRectF) -> bool:
    """Whether a line has a point inside a box."""
    if box.contains(line.p1()) or box.contains(line.p2()):
        return True
    corners = [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()]
    sides = [QLineF(corners[place - 1], corners[place]) for place in range(4)]
    bounded = QLineF.IntersectionType.BoundedIntersection
    return any(line.intersects(side)[0] == bounded for side in sides)


def lie_freely(xs: FloatArray, ys: FloatArray, boxes: list[QRectF], area: QRectF) -> bool:
    points = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    lines = [QLineF(one, other) for one, other in itertools.pairwise(points)]
    return (
        not any(crosses(line, box) for line in lines for box in boxes)
        and not any(one.intersects(other) for place, one in enumerate(boxes) for other in boxes[:place])
        and all(area.contains(box) for box in boxes)
    )


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 9, 60, 400, 1200]))
def test_no_box_lies_on_the_curve_or_on_another(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    xs = np.sort(random.uniform(AREA.left(), AREA.right(), count))
    fall = np.abs(np.cumsum(random.normal(0.0, 6.0 / math.sqrt(count / 60.0), count)))
    ys = AREA.top() + np.minimum(fall, AREA.height() - 18.0)
    curve = columns_of(xs, ys, AREA)
    boxes: list[QRectF] = []
    for place in np.argsort(-ys)[:5].tolist():
        at = QPointF(float(xs[place]), float(ys[place]))
        box = free_box(curve, AREA, at, SIZE, boxes)
        if box is not None:
            boxes.append(box)
            assert math.hypot(box.center().x() - at.x(), box.center().y() - at.y()) <= 72.0
    assert lie_freely(xs, ys, boxes, AREA)


def test_below_the_lowest_point_there_is_room_for_its_words() -> None:
    xs = np.linspace(AREA.left(), AREA.right(), 200)
    ys = AREA.top() + 60.0 - np.abs(np.linspace(-60.0, 60.0, 200))
    box = free_box(columns_of(xs, ys, AREA), AREA, QPointF(320.0, AREA.top() + 60.0), SIZE, [])
    assert box is not None
    assert lie_freely(xs, ys, [box], AREA)


def test_where_the_curve_fills_everything_there_is_no_place() -> None:
    xs = np.linspace(AREA.left(), AREA.right(), 2000)
    ys = np.where(np.arange(2000) % 2, AREA.top(), AREA.bottom())
    assert free_box(columns_of(xs, ys, AREA), AREA, QPointF(300.0, AREA.bottom()), SIZE, []) is None


@pytest.mark.parametrize("size", [(640, 240), (1000, 300), (1500, 560)])
@pytest.mark.parametrize("seed", range(4))
def test_the_labels_of_falls_lie_freely_at_every_size_and_zoom(qtbot: QtBot, size: tuple[int, int], seed: int) -> None:
    charts = Charts(theme())
    qtbot.addWidget(charts)
    charts.resize(*size)
    with qtbot.waitExposed(charts):
        charts.show()
    charts.show_result(result(900, seed=seed), stale=False)
    charts.choose(EQUITY)
    metrics = QFontMetricsF(text_font(TEXT_SMALL))
    for span in ((-0.5, 899.5), (200.0, 500.0), (600.0, 640.0)):
        charts.curves.show_span(*span)
        charts.grab()
        labels = charts.annotations.labels(metrics)
        xs, ys = charts.curves.drawn_drawdown()
        assert lie_freely(xs, ys, [box for _, box in labels], charts.curves.drawdown_rect())
    charts.curves.show_all()
    charts.grab()
    assert any(words.startswith("1") for words, _ in charts.annotations.labels(metrics))
    charts.close()

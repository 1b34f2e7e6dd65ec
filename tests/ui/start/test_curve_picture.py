"""A small picture of a long curve: fewer points, the same picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from builder_app import paths
from builder_app.ui.start import curve_picture
from builder_app.ui.start.curve_picture import paint_curves, places_seen
from builder_app.ui.theme import load_theme


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(1, 60))
def test_no_lowest_and_no_highest_point_of_a_stretch_is_left_out(values: list[float], stretches: int) -> None:
    points = np.array(values)
    places = places_seen(points, stretches)
    assert (np.diff(places) > 0).all()
    assert (places[0], places[-1]) == (0, len(points) - 1)
    assert len(places) <= max(2 * stretches + 2, 4 * stretches) + len(points) // stretches + 2
    size = -(-len(points) // stretches)
    for begin in range(0, len(points), size):
        seen = points[places[(places >= begin) & (places < begin + size)]]
        whole = points[begin : begin + size]
        assert (seen.min(), seen.max()) == (whole.min(), whole.max())


def picture(curve: list[float], benchmark: list[float]) -> np.ndarray:
    image = QImage(260, 146, QImage.Format.Format_ARGB32)
    image.fill(0xFF000000)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    theme = load_theme(paths.resources() / "themes", "dark")
    paint_curves(painter, QRectF(0, 0, 260, 146), theme, (curve, benchmark))
    painter.end()
    return np.frombuffer(image.constBits(), dtype=np.uint8).reshape(146, 260, 4).astype(np.int64)


@pytest.mark.parametrize("benchmarked", [False, True])
def test_a_curve_of_many_years_looks_as_if_every_point_were_drawn(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, benchmarked: bool
) -> None:
    random = np.random.default_rng(4)
    long, other = (np.exp(np.cumsum(random.normal(0, 0.01, 3270))).tolist() for _ in range(2))
    thin = picture(long, other if benchmarked else [])
    monkeypatch.setattr(curve_picture, "places_seen", lambda points, stretches: np.arange(len(points)))
    whole = picture(long, other if benchmarked else [])
    apart = np.abs(thin - whole).max(axis=2)
    assert (apart > 64).mean() < 0.01
    assert np.abs(thin - whole).mean() < 1.5

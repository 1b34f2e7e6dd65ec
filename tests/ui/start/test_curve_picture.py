"""A small picture of a long curve: fewer points, the same picture."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from builder_app import paths
from builder_app.ui.start import curve_picture
from builder_app.ui.start.curve_picture import paint_curves
from builder_app.ui.theme import load_theme


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
    monkeypatch.setattr(curve_picture, "extremes", lambda points, *_range: (np.arange(len(points)), points))
    whole = picture(long, other if benchmarked else [])
    apart = np.abs(thin - whole).max(axis=2)
    assert (apart > 64).mean() < 0.01
    assert np.abs(thin - whole).mean() < 1.5

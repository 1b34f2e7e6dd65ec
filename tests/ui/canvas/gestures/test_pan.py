"""Panning, played through without a window."""

from PySide6.QtCore import QPoint

from builder_app.ui.canvas.gestures.pan import Pan


def test_canvas_goes_as_far_as_the_hand() -> None:
    pan = Pan(QPoint(10, 10))
    steps = [pan.moved_by(QPoint(x, y)) for x, y in ((13, 10), (20, 30), (0, 0))]
    assert steps == [QPoint(3, 0), QPoint(7, 20), QPoint(-20, -30)]

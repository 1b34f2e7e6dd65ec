"""Panning by hand: the canvas follows the pointer."""

from PySide6.QtCore import QPoint


class Pan:
    """A hand on the canvas. It works in pixels of the view: what it holds moves under it."""

    def __init__(self, pressed: QPoint) -> None:
        self._last = pressed

    def moved_by(self, pixels: QPoint) -> QPoint:
        """How far the canvas goes, now that the pointer is at `pixels`."""
        step = pixels - self._last
        self._last = pixels
        return step

"""Rectangles by key in one array, so that "which of them are here?" is a single pass for any number of them."""

from collections.abc import Hashable
from typing import Generic, TypeVar

import numpy as np
from PySide6.QtCore import QRectF

K = TypeVar("K", bound=Hashable)
_FIRST_ROWS = 64


class BoxIndex(Generic[K]):
    """Rectangles by key. A free row holds NaN, which touches nothing."""

    def __init__(self) -> None:
        self.clear()

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: K, rect: QRectF) -> None:
        """Add a rectangle, or put it in the place of the key's old one."""
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._new_row(key)
        self._boxes[row] = (rect.left(), rect.top(), rect.right(), rect.bottom())

    def remove(self, key: K) -> None:
        """Forget a key; one that is not there is nothing."""
        row = self._rows.pop(key, None)
        if row is not None:
            self._boxes[row] = np.nan
            self._keys[row] = None
            self._free.append(row)

    def clear(self) -> None:
        """Forget all."""
        self._rows: dict[K, int] = {}
        self._keys: list[K | None] = []
        self._free: list[int] = []
        self._boxes = np.full((_FIRST_ROWS, 4), np.nan)

    def touching(self, rect: QRectF) -> list[K]:
        """The keys whose rectangles touch `rect`, in no promised order."""
        boxes = self._boxes[: len(self._keys)]
        hit = (
            (boxes[:, 0] <= rect.right())
            & (boxes[:, 2] >= rect.left())
            & (boxes[:, 1] <= rect.bottom())
            & (boxes[:, 3] >= rect.top())
        )
        keys = self._keys
        return [key for row in np.flatnonzero(hit) if (key := keys[row]) is not None]

    def bounds(self) -> QRectF:
        """The smallest rectangle around all; empty where there is none."""
        if not self._rows:
            return QRectF()
        boxes = self._boxes[: len(self._keys)]
        left, top = np.nanmin(boxes[:, 0]), np.nanmin(boxes[:, 1])
        right, bottom = np.nanmax(boxes[:, 2]), np.nanmax(boxes[:, 3])
        return QRectF(left, top, right - left, bottom - top)

    def _new_row(self, key: K) -> int:
        if self._free:
            row = self._free.pop()
            self._keys[row] = key
            return row
        row = len(self._keys)
        self._keys.append(key)
        if row == len(self._boxes):
            self._boxes = np.vstack([self._boxes, np.full_like(self._boxes, np.nan)])
        return row

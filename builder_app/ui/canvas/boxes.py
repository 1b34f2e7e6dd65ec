"""Rectangles by key in one array, so that "which of them are here?" is a single pass for any number of them."""

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

import numpy as np
from PySide6.QtCore import QRectF

K = TypeVar("K", bound=Hashable)
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Tile = tuple[int, int]
"""A square of the canvas: column and row."""
TILE: Final = 4096.0
"""The side of a tile, in canvas units."""
_FIRST_ROWS: Final = 64
_COLUMN: Final = 2**32
_NOWHERE: Final[Box] = (np.nan, np.nan, np.nan, np.nan)


class BoxIndex(Generic[K]):
    """Rectangles by key. A free row holds NaN, which touches nothing.

    Every rectangle belongs to the tile that its top left corner is in; the index knows which tiles changed.
    """

    def __init__(self) -> None:
        self._stale: set[Tile] = set()
        self._boxes = np.full((_FIRST_ROWS, 4), np.nan)
        self._tiles = np.full((_FIRST_ROWS, 2), np.nan)
        self._rows: dict[K, int] = {}
        self._keys: list[K | None] = []
        self._free: list[int] = []
        self._written: dict[int, Box] = {}
        self._bounds: QRectF | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: K, box: Box) -> None:
        """Add a rectangle, or put it in the place of the key's old one."""
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._new_row(key)
        self._written[row] = box

    def remove(self, key: K) -> None:
        """Forget a key; one that is not there is nothing."""
        row = self._rows.pop(key, None)
        if row is not None:
            self._written[row] = _NOWHERE
            self._keys[row] = None
            self._free.append(row)

    def clear(self) -> None:
        """Forget all."""
        self._write()
        self._stale |= _tiles_of(self._tiles)
        self._rows, self._keys, self._free, self._bounds = {}, [], [], None
        self._boxes = np.full((_FIRST_ROWS, 4), np.nan)
        self._tiles = np.full((_FIRST_ROWS, 2), np.nan)

    def touching(self, rect: QRectF) -> list[K]:
        """The keys whose rectangles touch `rect`, in no promised order."""
        self._write()
        boxes = self._boxes[: len(self._keys)]
        hit = (
            (boxes[:, 0] <= rect.right())
            & (boxes[:, 2] >= rect.left())
            & (boxes[:, 1] <= rect.bottom())
            & (boxes[:, 3] >= rect.top())
        )
        keys = self._keys
        return [key for row in np.flatnonzero(hit).tolist() if (key := keys[row]) is not None]

    def bounds(self) -> QRectF:
        """The smallest rectangle around all; empty where there is none."""
        if not self._rows:
            return QRectF()
        self._write()
        if self._bounds is None:
            self._bounds = _around(self._boxes[: len(self._keys)])
        return self._bounds

    # ── tiles ────────────────────────────────────────────────────────────────────────────────────────────────────

    def take_stale_tiles(self) -> set[Tile]:
        """The tiles in which something came, went or moved since the last call."""
        self._write()
        stale, self._stale = self._stale, set()
        return stale

    def in_tile(self, tile: Tile) -> tuple[list[K], QRectF]:
        """The keys that belong to a tile, oldest row first, and the rectangle around all of theirs."""
        self._write()
        tiles = self._tiles[: len(self._keys)]
        rows = np.flatnonzero((tiles[:, 0] == tile[0]) & (tiles[:, 1] == tile[1]))
        found = [key for row in rows.tolist() if (key := self._keys[row]) is not None]
        return found, _around(self._boxes[rows]) if found else QRectF()

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _write(self) -> None:
        """Bring what was put into the array, all at once."""
        if not self._written:
            return
        rows = np.fromiter(self._written, np.intp, len(self._written))
        self._boxes[rows] = list(self._written.values())
        self._written, self._bounds = {}, None
        self._stale |= _tiles_of(self._tiles[rows])
        self._tiles[rows] = np.floor(self._boxes[rows, :2] / TILE)
        self._stale |= _tiles_of(self._tiles[rows])

    def _new_row(self, key: K) -> int:
        if self._free:
            row = self._free.pop()
            self._keys[row] = key
            return row
        row = len(self._keys)
        self._keys.append(key)
        if row == len(self._boxes):
            self._boxes = np.vstack([self._boxes, np.full_like(self._boxes, np.nan)])
            self._tiles = np.vstack([self._tiles, np.full_like(self._tiles, np.nan)])
        return row


def _tiles_of(tiles: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> set[Tile]:
    there = tiles[~np.isnan(tiles[:, 0])].astype(np.int64)
    codes = np.unique(there[:, 0] * _COLUMN + there[:, 1] + _COLUMN // 2)  # far quicker for numbers than for pairs
    return {(code // _COLUMN, code % _COLUMN - _COLUMN // 2) for code in codes.tolist()}


def _around(boxes: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> QRectF:
    left, top = np.fmin.reduce(boxes[:, :2]).tolist()  # unlike `min`, it passes over NaN
    right, bottom = np.fmax.reduce(boxes[:, 2:]).tolist()
    return QRectF(left, top, right - left, bottom - top)

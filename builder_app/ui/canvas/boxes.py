"""Rectangles by key in one array, so that "which of them are here?" is a single pass for any number of them."""

from collections.abc import Collection, Hashable
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from builder_app.flow.values import Point

K = TypeVar("K", bound=Hashable)
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Tile = float
"""A square of the canvas, by a whole number; what was lifted has squares of its own, by odd ones."""
TILE: Final = 4096.0
"""The side of a tile, in canvas units."""
_FIRST_ROWS: Final = 64
_FARTHEST: Final = 2.0**24
"""Beyond so many tiles from the middle, all share one: column and row make one number that is exact."""
_NOWHERE: Final[Box] = (np.nan, np.nan, np.nan, np.nan)
_HERE: Final = Point(0.0, 0.0)


class _Lifted(NamedTuple):
    """Rectangles that move as one: whose they are, in which rows, and what they were when they were lifted."""

    keys: Collection[Any]
    rows: npt.NDArray[np.intp]
    boxes: npt.NDArray[np.float64]


class BoxIndex(Generic[K]):
    """Rectangles by key. A free row holds NaN, which touches nothing.

    Every rectangle belongs to the tile that its top left corner is in; the index knows which tiles changed. Many of
    them can be lifted and carried as one, which changes no tile.
    """

    def __init__(self) -> None:
        self.away = _HERE
        """How far what is lifted has been carried."""
        self._lifted: _Lifted | None = None
        self._stale: set[Tile] = set()
        self._boxes = np.full((_FIRST_ROWS, 4), np.nan)
        self._tiles = np.full(_FIRST_ROWS, np.nan)
        self._rows: dict[K, int] = {}
        self._keys: list[K | None] = []
        self._free: list[int] = []
        self._written: dict[int, Box] = {}
        self._bounds: QRectF | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: K, box: Box) -> None:
        """Add a rectangle, or put it in the place of the key's old one."""
        if self._lifted is not None and key in self._lifted.keys:
            self.set_down()
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._new_row(key)
        self._written[row] = box

    def remove(self, key: K) -> None:
        """Forget a key; one that is not there is nothing."""
        if self._lifted is not None and key in self._lifted.keys:
            self.set_down()
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
        self._lifted, self.away = None, _HERE
        self._boxes = np.full((_FIRST_ROWS, 4), np.nan)
        self._tiles = np.full(_FIRST_ROWS, np.nan)

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

    # ── carried as one ───────────────────────────────────────────────────────────────────────────────────────────

    def lift(self, keys: Collection[K]) -> None:
        """These rectangles, all of them known, move as one from now on, until one of them is put somewhere else."""
        self.set_down()
        self._write()
        rows = np.fromiter((self._rows[key] for key in keys), np.intp, len(keys))
        self._lifted = _Lifted(keys, rows, self._boxes[rows])
        self._tile(rows, is_lifted=True)

    @property
    def lifted(self) -> Collection[K] | None:
        """What was lifted, if it still is."""
        return self._lifted.keys if self._lifted is not None else None

    def carry(self, away: Point) -> None:
        """What is lifted is so far from where it was lifted."""
        if self._lifted is not None:
            self._write()
            self._boxes[self._lifted.rows] = self._lifted.boxes + np.array([*away, *away])
            self.away, self._bounds = away, None

    def set_down(self) -> None:
        """What is lifted stays where it is, and moves alone again."""
        if self._lifted is not None:
            rows, self._lifted, self.away = self._lifted.rows, None, _HERE
            self._tile(rows)

    # ── tiles ────────────────────────────────────────────────────────────────────────────────────────────────────

    def take_stale_tiles(self) -> set[Tile]:
        """The tiles in which something came, went or moved since the last call."""
        self._write()
        stale, self._stale = self._stale, set()
        return stale

    def in_tile(self, tile: Tile) -> tuple[list[K], QRectF]:
        """The keys that belong to a tile, oldest row first, and the rectangle around all of theirs."""
        self._write()
        rows = np.flatnonzero(self._tiles[: len(self._keys)] == tile)
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
        self._tile(rows)

    def _tile(self, rows: npt.NDArray[np.intp], *, is_lifted: bool = False) -> None:
        """Find the tiles of these rows anew."""
        self._stale |= _tiles_of(self._tiles[rows])
        self._tiles[rows] = _tiles_at(self._boxes[rows], is_lifted)
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
            self._tiles = np.concatenate([self._tiles, np.full_like(self._tiles, np.nan)])
        return row


def _tiles_at(boxes: npt.NDArray[np.float64], is_lifted: bool) -> npt.NDArray[np.float64]:
    """The tile of each of these rectangles, NaN for none. One number is far quicker to look for than two."""
    places = np.clip(np.floor(boxes[:, :2] / TILE), -_FARTHEST, _FARTHEST)
    tiles: npt.NDArray[np.float64] = (places[:, 0] * (4 * _FARTHEST) + places[:, 1]) * 2 + is_lifted
    return tiles


def _tiles_of(tiles: npt.NDArray[np.float64]) -> set[Tile]:
    return set(tiles[~np.isnan(tiles)].tolist())


def _around(boxes: npt.NDArray[np.float64]) -> QRectF:
    left, top = np.fmin.reduce(boxes[:, :2]).tolist()  # unlike `min`, it passes over NaN
    right, bottom = np.fmax.reduce(boxes[:, 2:]).tolist()
    return QRectF(left, top, right - left, bottom - top)

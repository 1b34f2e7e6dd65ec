"""What is painted from far away, kept by squares of the canvas: an edit makes only the squares anew that it touches."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Final, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QRectF

from builder_app.flow.values import NodeType, Point
from builder_app.ui.canvas.boxes import BoxIndex, Tile

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
Blocks = Mapping[tuple[NodeType | None, bool], list[QRectF]]
"""The bodies of blocks by type, and whether they are muted."""
_HERE: Final = Point(0.0, 0.0)


class Kept(NamedTuple, Generic[T]):
    """What was made of a tile, and how far all of it has been carried since."""

    made: T
    away: Point


class FarTiles(Generic[K, T]):
    """For each tile of an index, what `build` makes of the keys in it. It is made when it is first asked for."""

    def __init__(self, index: BoxIndex[K], build: Callable[[list[K]], T]) -> None:
        self._index = index
        self._build = build
        self._bounds: dict[Tile, Kept[QRectF]] = {}
        self._built: dict[Tile, Kept[T]] = {}

    def touching(self, rects: Iterable[QRectF]) -> list[Kept[T]]:
        """What was made of the tiles that have something in one of these rectangles (canvas units)."""
        for tile in self._index.take_stale_tiles():
            self._built.pop(tile, None)
            keys, bounds = self._index.in_tile(tile)
            if keys:
                self._bounds[tile] = Kept(bounds, self._away(tile))
            else:
                self._bounds.pop(tile, None)
        shown = list(rects)
        return [self._of(tile) for tile in self._bounds if any(map(self._bounds_of(tile).intersects, shown))]

    def _of(self, tile: Tile) -> Kept[T]:
        if tile not in self._built:
            self._built[tile] = Kept(self._build(self._index.in_tile(tile)[0]), self._away(tile))
        made, before = self._built[tile]
        now = self._away(tile)
        return Kept(made, Point(now.x - before.x, now.y - before.y))

    def _bounds_of(self, tile: Tile) -> QRectF:
        bounds, before = self._bounds[tile]
        now = self._away(tile)
        return bounds.translated(now.x - before.x, now.y - before.y)

    def _away(self, tile: Tile) -> Point:
        return self._index.away if tile % 2 else _HERE

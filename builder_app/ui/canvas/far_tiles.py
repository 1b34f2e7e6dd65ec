"""What is painted from far away, kept by squares of the canvas: an edit makes only the squares anew that it touches."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF

from builder_app.flow.values import NodeType
from builder_app.ui.canvas.boxes import BoxIndex, Tile

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
Blocks = Mapping[tuple[NodeType | None, bool], list[QRectF]]
"""The bodies of blocks by type, and whether they are muted."""


class FarTiles(Generic[K, T]):
    """For each tile of an index, what `build` makes of the keys in it. It is made when it is first asked for."""

    def __init__(self, index: BoxIndex[K], build: Callable[[list[K]], T]) -> None:
        self._index = index
        self._build = build
        self._bounds: dict[Tile, QRectF] = {}
        self._built: dict[Tile, T] = {}

    def touching(self, rects: Iterable[QRectF]) -> list[T]:
        """What was made of the tiles that have something in one of these rectangles (canvas units)."""
        for tile in self._index.take_stale_tiles():
            self._built.pop(tile, None)
            keys, bounds = self._index.in_tile(tile)
            if keys:
                self._bounds[tile] = bounds
            else:
                self._bounds.pop(tile, None)
        shown = list(rects)
        return [self._of(tile) for tile, bounds in self._bounds.items() if any(map(bounds.intersects, shown))]

    def forget(self) -> None:
        """Make everything anew when it is next asked for."""
        self._built = {}

    def _of(self, tile: Tile) -> T:
        if tile not in self._built:
            self._built[tile] = self._build(self._index.in_tile(tile)[0])
        return self._built[tile]

"""Where the wires of the picture run. The curves themselves are only made for those that are looked at."""

from collections.abc import Iterator, Mapping

from PySide6.QtGui import QPainterPath

from builder_app.flow.values import Edge
from builder_app.ui.canvas.boxes import BoxIndex
from builder_app.ui.canvas.wire_paths import Run, run_box, run_path

_NONE: frozenset[Edge] = frozenset()


class WireLayout(Mapping[Edge, QPainterPath]):
    """The wires that are laid, as a mapping to their curves."""

    def __init__(self) -> None:
        self.runs: dict[Edge, Run] = {}
        self.boxes: BoxIndex[Edge] = BoxIndex()
        self._paths: dict[Edge, QPainterPath] = {}
        self._at: dict[str, set[Edge]] = {}

    def __getitem__(self, edge: Edge) -> QPainterPath:
        path = self._paths.get(edge)
        if path is None:
            path = self._paths[edge] = run_path(self.runs[edge])
        return path

    def __iter__(self) -> Iterator[Edge]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def at(self, node: str) -> set[Edge] | frozenset[Edge]:
        """The wires that start or end in a block."""
        return self._at.get(node, _NONE)

    def tie(self, edge: Edge) -> None:
        """A wire came; where it runs is said by `lay`."""
        self._at.setdefault(edge.source.node, set()).add(edge)
        self._at.setdefault(edge.target.node, set()).add(edge)

    def remove(self, edge: Edge) -> Run:
        """A wire is gone; where it ran."""
        for end in edge:
            self._at[end.node].discard(edge)
        self.boxes.remove(edge)
        self._paths.pop(edge, None)
        return self.runs.pop(edge)

    def lay(self, edge: Edge, run: Run) -> None:
        """The wire runs here now."""
        self.runs[edge] = run
        self._paths.pop(edge, None)
        self.boxes.put(edge, run_box(run))

    def touch(self, edge: Edge) -> None:
        """The wire is to be painted anew where it is, if it is there."""
        if edge in self.runs:
            self.boxes.put(edge, run_box(self.runs[edge]))

    def clear(self) -> None:
        """Forget all."""
        self.runs, self._paths, self._at = {}, {}, {}
        self.boxes.clear()

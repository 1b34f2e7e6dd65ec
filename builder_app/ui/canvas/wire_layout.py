"""Where the wires of the picture run. The curves themselves are only made for those that are looked at."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtGui import QPainterPath

from builder_app.flow.values import Edge, Point
from builder_app.ui.canvas.boxes import BoxIndex
from builder_app.ui.canvas.wire_paths import Run, run_box, run_path

_NONE: frozenset[Edge] = frozenset()


class Runs(Mapping[Edge, Run]):
    """Where each wire runs; of wires that were carried, it is worked out when it is asked for."""

    def __init__(self, work_out: Callable[[Edge], Run]) -> None:
        self._work_out = work_out
        self._runs: dict[Edge, Run | None] = {}

    def __getitem__(self, edge: Edge) -> Run:
        run = self._runs[edge]
        if run is None:
            run = self._runs[edge] = self._work_out(edge)
        return run

    def __contains__(self, edge: object) -> bool:
        return edge in self._runs

    def __iter__(self) -> Iterator[Edge]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)

    def known(self, edge: Edge) -> Run | None:
        """Where a wire was laid; None where it was carried and nobody has asked since, so that nobody painted it."""
        return self._runs.get(edge)

    def take(self, edge: Edge, run: Run) -> None:
        """A wire runs here."""
        self._runs[edge] = run

    def carry(self, edges: Mapping[Edge, None]) -> None:
        """These run elsewhere."""
        self._runs.update(edges)

    def forget(self, edge: Edge) -> None:
        """A wire is gone."""
        del self._runs[edge]

    def clear(self) -> None:
        """All are."""
        self._runs = {}


class WireLayout(Mapping[Edge, QPainterPath]):
    """The wires that are laid, as a mapping to their curves. `work_out` says where a wire runs as blocks are now."""

    def __init__(self, work_out: Callable[[Edge], Run]) -> None:
        self.runs = Runs(work_out)
        self.boxes: BoxIndex[Edge] = BoxIndex()
        self._paths: dict[Edge, QPainterPath] = {}
        self._at: dict[str, set[Edge]] = {}
        self._lifted: Mapping[Edge, None] = {}

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

    def remove(self, edge: Edge) -> Run | None:
        """A wire is gone; where it ran, or None where nobody had asked."""
        for end in edge:
            self._at[end.node].discard(edge)
        self.boxes.remove(edge)
        self._paths.pop(edge, None)
        run = self.runs.known(edge)
        self.runs.forget(edge)
        return run

    def lay(self, edge: Edge, run: Run) -> None:
        """The wire runs here now."""
        self.runs.take(edge, run)
        self._paths.pop(edge, None)
        self.boxes.put(edge, run_box(run))

    def touch(self, edge: Edge) -> None:
        """The wire is to be painted anew where it is, if it is there."""
        if edge in self.runs:
            self.boxes.put(edge, run_box(self.runs[edge]))

    def lift(self, edges: Mapping[Edge, None]) -> None:
        """Both ends of these wires move as one from now on."""
        self._lifted = edges
        self.boxes.lift(edges)

    def carry(self, away: Point) -> None:
        """What is lifted is so far from where it was lifted."""
        self.boxes.carry(away)
        self.runs.carry(self._lifted)
        for edge in self._paths.keys() & self._lifted.keys():
            del self._paths[edge]

    def set_down(self) -> None:
        """What is lifted stays where it is."""
        self._lifted = {}
        self.boxes.set_down()

    def clear(self) -> None:
        """Forget all."""
        self._paths, self._at, self._lifted = {}, {}, {}
        self.runs.clear()
        self.boxes.clear()

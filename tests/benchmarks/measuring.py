"""What is done with each canvas, and how long it takes: the same hands for all of them."""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, TypeVar

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.benchmarks.grid_graph import Graph, grid_graph, middle_block

WIDTH: Final = 1600
HEIGHT: Final = 1000
T = TypeVar("T")
CLOCK: Final = time.process_time if os.environ.get("BENCHMARK_CLOCK") == "processor" else time.perf_counter
Samples = dict[str, list[float]]
"""Milliseconds by operation; of `memory`, megabytes."""


class Subject(Protocol):
    """A canvas under test. Every method returns when its work is wished; painting is waited for by the hands."""

    viewport: QWidget

    def create(self, graph: Graph) -> None:
        """Build the graph from nothing, as a program would."""

    def save(self, file: Path) -> None:
        """Write what is shown."""

    def open(self, file: Path) -> None:
        """Show what a file holds."""

    def clear(self) -> None:
        """Show nothing."""

    def fit(self) -> None:
        """Look at everything."""

    def look_near(self, id: str) -> None:
        """Look at a block and its neighbours at 1:1."""

    def pan(self, pixels: int) -> None:
        """Look elsewhere."""

    def zoom(self, factor: float) -> None:
        """Look nearer, or from farther away."""

    def drag(self, ids: list[str]) -> Callable[[int], None]:
        """Take these blocks in the hand: the answer moves them to so many pixels from where they were."""

    def drop(self) -> None:
        """Let go."""

    def take_back(self) -> None:
        """Undo the move that the drop was."""

    def select_all(self) -> None:
        """Select every block."""

    def select_none(self) -> None:
        """Select nothing."""

    def delete_all(self) -> None:
        """Delete every block."""

    def undo(self) -> None:
        """Take the last step back."""


def application() -> QApplication:
    """Qt, without a screen."""
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else QApplication(sys.argv[:1])


def settle() -> None:
    """Everything that was wished is painted: Qt hands changes on from the scene to the view to the window."""
    for _ in range(4):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def timed(act: Callable[..., None], *values: object) -> float:
    """Milliseconds from the event, `act(*values)`, until all of it is painted."""
    start = CLOCK()
    act(*values)
    settle()
    return (CLOCK() - start) * 1000


def mouse(viewport: QWidget, type: QEvent.Type, place: QPointF) -> None:
    """A mouse event of the left button."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if type == QEvent.Type.MouseMove else left
    held = none if type == QEvent.Type.MouseButtonRelease else left
    globally = QPointF(viewport.mapToGlobal(place))
    event = QMouseEvent(type, place, globally, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, event)


def resident() -> float:
    """Megabytes of memory that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak() -> float:
    """Megabytes that it held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def measure(subject: Subject, count: int, repeats: int) -> Samples:
    """Do everything with the grid graph of `count` blocks."""
    graph = grid_graph(count)
    found: Samples = {}
    settle()
    before = resident()
    build(subject, graph, found, max(2, repeats // 8))
    subject.fit()
    settle()
    look(subject, "whole", found, repeats)
    move(subject, graph, found, "whole", repeats)
    subject.look_near(middle_block(graph))
    settle()
    look(subject, "near", found, repeats)
    move(subject, graph, found, "near", repeats)
    subject.fit()
    settle()
    found["select all"] = []
    for _ in range(max(2, repeats // 4)):
        found["select all"].append(timed(subject.select_all))
        timed(subject.select_none)
    remove(subject, found, max(2, repeats // 8))
    found["memory"] = [peak() - before]
    return found


def build(subject: Subject, graph: Graph, found: Samples, repeats: int) -> None:
    """Create, save, open; what is shown first is everything."""
    found["create"], found["open"] = [], []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph.json"
        for _ in range(repeats):
            found["create"].append(timed(show, subject.create, graph, subject.fit))
            subject.save(file)
            timed(subject.clear)
            found["open"].append(timed(show, subject.open, file, subject.fit))
            if len(found["open"]) < repeats:
                timed(subject.clear)


def show(act: Callable[[T], None], what: T, fit: Callable[[], None]) -> None:
    """Show something, and look at all of it."""
    act(what)
    fit()


def look(subject: Subject, where: str, found: Samples, repeats: int) -> None:
    """Repaint, pan and zoom."""
    found[f"repaint {where}"] = [timed(subject.viewport.update) for _ in range(repeats)]
    steps = [12 if step % 16 < 8 else -12 for step in range(2 * repeats)]
    found[f"pan {where}"] = [timed(subject.pan, step) for step in steps]
    factors = [1.06 if step % 8 < 4 else 1 / 1.06 for step in range(2 * repeats)]
    found[f"zoom {where}"] = [timed(subject.zoom, factor) for factor in factors]


def move(subject: Subject, graph: Graph, found: Samples, where: str, repeats: int) -> None:
    """Drag the block in the middle, then all blocks."""
    middle = middle_block(graph)
    for what, ids in (("drag", [middle]), ("move all", [middle, *(block.id for block in graph.blocks)])):
        if what == "move all":
            subject.select_all()
            settle()
        move_to = subject.drag(ids)
        timed(move_to, 24)
        pixels = [24 + 8 * (step % 8) for step in range(1, max(6, repeats) + 1)]
        found[f"{what} {where}"] = [timed(move_to, by) for by in pixels]
        move_to(0)
        found[f"drop {what} {where}"] = [timed(subject.drop)]
        timed(subject.take_back)
        subject.select_none()
        settle()


def remove(subject: Subject, found: Samples, repeats: int) -> None:
    """Delete everything, and take it back."""
    found["delete all"], found["undo"] = [], []
    for _ in range(repeats):
        subject.select_all()
        settle()
        found["delete all"].append(timed(subject.delete_all))
        found["undo"].append(timed(subject.undo))


def report(found: Samples) -> None:
    """Hand what was found to the process that asked."""
    print(json.dumps(found))


def arguments() -> tuple[int, int]:
    """Blocks and repeats, as the benchmark gives them."""
    count, repeats = map(int, sys.argv[1:3])
    return count, repeats

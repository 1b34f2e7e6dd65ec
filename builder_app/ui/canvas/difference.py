"""What a new flow, or a gesture, changed of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QRectF

from builder_app.flow.values import Edge
from builder_app.ui.canvas.wire_paths import Run, run_box

_MANY: Final = 128
"""From so many wires on, it is quicker to paint everything anew than to tell where each of them was and is."""
FEW: Final = 16
"""Up to so many blocks, it is told where each of them was and is."""
_EVERYWHERE: Final = QRectF(-1e6, -1e6, 2e6, 2e6)


@dataclass(slots=True)
class Difference:
    """What a call changed, for those who paint it."""

    removed: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    reshaped: set[str] = field(default_factory=set)
    """Those of the changed blocks that are of another size, type or strength, which is seen from far away, too."""
    led: set[Edge] = field(default_factory=set)
    """Wires that are led through other points."""
    rects: list[QRectF] = field(default_factory=list)
    """Where the blocks were and are that look different or that a gesture moved; empty where they are many."""
    wires: bool = False
    dirty: list[QRectF] = field(default_factory=list)
    """Where wires were or are, in canvas units."""

    def __bool__(self) -> bool:
        """Whether anything is to be painted anew."""
        return bool(self.removed or self.added or self.changed or self.moved or self.wires)

    @property
    def is_of_bodies(self) -> bool:
        """Whether a map of the blocks shows something else now."""
        return bool(self.removed or self.added or self.moved or self.reshaped)

    def note_runs(self, runs: Sequence[Run]) -> None:
        """Wires were or are here."""
        self.wires = self.wires or bool(runs)
        if len(self.dirty) + len(runs) > _MANY:
            self.note_everywhere()
            return
        for left, top, right, bottom in map(run_box, runs):
            self.dirty.append(QRectF(left, top, right - left, bottom - top))

    def note_everywhere(self) -> None:
        """Wires were or are in many places."""
        self.wires, self.dirty = True, [_EVERYWHERE]

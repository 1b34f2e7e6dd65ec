"""Which blocks a strategist uses: the last ones and the most used ones, kept over runs and offered first.

Two counts are put together: the strategist's own on this computer, and the store's of everybody who uses it.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QSettings

from builder_app.flow.edits import Edit
from builder_app.session.shelf.template_use import placed_blocks

KEY: Final = "blocks/used"
_MOST_RECENT: Final = 5
_MOST_USED: Final = 5
_KEPT_RECENT: Final = 20


class UsedBlocks:
    """Counts per template, and the templates placed last, newest first."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings
        self._counts, self._recent = _read(settings.value(KEY))
        self._stored: Counter[str] = Counter()

    def take_counts(self, counts: Mapping[str, int]) -> None:
        """What the store has counted, of all who use it."""
        self._stored = Counter(counts)

    def counted(self) -> list[str]:
        """Every template that was ever used, the most used first: by one's own count, then by the store's."""
        known = self._counts.keys() | self._stored.keys()
        return sorted(known, key=lambda name: (-self._counts[name], -self._stored[name], name))

    def note(self, edit: Edit) -> bool:
        """Count the blocks that an edit placed; a template counts once a step. Whether there were any."""
        placed = dict.fromkeys(placed_blocks(edit))
        if not placed:
            return False
        self._counts.update(placed.keys())
        self._recent = [*placed, *(name for name in self._recent if name not in placed)][:_KEPT_RECENT]
        kept = {"counts": dict(self._counts), "recent": self._recent}
        self._settings.setValue(KEY, json.dumps(kept, sort_keys=True))
        return True

    def recent(self) -> list[str]:
        """The templates placed last, newest first."""
        return self._recent[:_MOST_RECENT]

    def most_used(self) -> list[str]:
        """The templates placed most often beside the recent ones, the most used first."""
        last = set(self.recent())
        ranked = sorted(self._counts, key=lambda name: (-self._counts[name], name))
        return [name for name in ranked if name not in last and self._counts[name] > 1][:_MOST_USED]

    def preferred(self) -> list[str]:
        """What a search offers first."""
        return list(dict.fromkeys([*self.recent(), *self.counted()]))


def _read(text: object) -> tuple[Counter[str], list[str]]:
    """What was kept; nothing where it cannot be read, as it is only a convenience."""
    try:
        kept = json.loads(text) if isinstance(text, str) else {}
        counts = {str(name): int(count) for name, count in kept.get("counts", {}).items()}
        return Counter(counts), [str(name) for name in kept.get("recent", [])]
    except (ValueError, TypeError, AttributeError):
        return Counter(), []

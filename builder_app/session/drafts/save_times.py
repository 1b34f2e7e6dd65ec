"""How long it takes until an edit is safe: from the moment when it was made to the moment when it is on disk."""

import threading
import time
from collections.abc import Callable
from typing import Final

SAMPLES_KEPT: Final = 1_000
_LONGEST_WAIT_LIST: Final = 100_000


class SaveTimes:
    """Measures real edits. `made` and `saved` may come from different threads.

    `take` gives the times since the last call; where there were very many, an even choice of them.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._made: dict[str, dict[int, float]] = {}
        self._samples: list[float] = []
        self._count, self._longest, self._stride = 0, 0.0, 1

    def made(self, draft: str, sequence: int) -> None:
        """This entry of the draft's journal was made now."""
        with self._lock:
            waiting = self._made.setdefault(draft, {})
            if len(waiting) < _LONGEST_WAIT_LIST:
                waiting.setdefault(sequence, self._monotonic())

    def saved(self, draft: str, sequence: int) -> None:
        """Every entry of the draft up to this one is on disk now."""
        now = self._monotonic()
        with self._lock:
            waiting = self._made.get(draft, {})
            for entry in [entry for entry in waiting if entry <= sequence]:
                self._note(now - waiting.pop(entry))
            if not waiting:
                self._made.pop(draft, None)

    def moved(self, draft: str) -> None:
        """The draft goes on under another id, and all of it is on disk now."""
        with self._lock:
            newest = max(self._made.get(draft, {0: 0.0}))
        self.saved(draft, newest)

    def take(self) -> tuple[list[float], int, float]:
        """Times in seconds, how many edits they stand for, and the longest time; from now on they begin anew."""
        with self._lock:
            taken = self._samples, self._count, self._longest
            self._samples, self._count, self._longest, self._stride = [], 0, 0.0, 1
        return taken

    def _note(self, seconds: float) -> None:
        if self._count % self._stride == 0:
            self._samples.append(seconds)
        self._count += 1
        self._longest = max(self._longest, seconds)
        if len(self._samples) > SAMPLES_KEPT:
            self._samples = self._samples[::2]
            self._stride *= 2

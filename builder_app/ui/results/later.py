"""Sums over many trades, made off the thread of the window; few are made at once, so that nothing flickers."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

Found = TypeVar("Found")
AT_ONCE: Final = 5_000
"""So many trades are looked through within a few milliseconds."""
_POOL: Final = ThreadPoolExecutor(1, thread_name_prefix="result-sums")


class Later(QObject):
    """One question at a time: an answer to an earlier one is dropped."""

    _found = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._newest = 0
        self._take: Callable[[Any], None] = lambda _found: None
        self._found.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def ask(self, work: Callable[[], Found], take: Callable[[Found], None], size: int) -> None:
        """Call `take` with what `work` finds: now where `size` is small, else when a thread has found it."""
        self._newest = number = next(self._numbers)
        if size <= AT_ONCE:
            take(work())
            return
        self._take = take
        _POOL.submit(self._work, number, work)

    def _work(self, number: int, work: Callable[[], object]) -> None:
        if number != self._newest:
            return
        found = work()
        try:
            self._found.emit(number, found)
        except RuntimeError:
            return  # the window was closed meanwhile

    def _answer(self, number: int, found: object) -> None:
        if number == self._newest:
            self._take(found)

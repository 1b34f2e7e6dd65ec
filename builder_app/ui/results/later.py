"""Sums over many trades, made off the thread of the window; few are made at once, so that nothing flickers."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from builder_app.ui.posting import OwnerThread

Found = TypeVar("Found")
AT_ONCE: Final = 5_000
"""So many trades are looked through within a few milliseconds."""
_POOL: Final = ThreadPoolExecutor(1, thread_name_prefix="result-sums")


class Later:
    """One question at a time, on behalf of an object of the window: an answer to an earlier one is dropped."""

    def __init__(self, asker: QObject) -> None:
        self._asker, self._post = asker, OwnerThread()
        self._numbers = itertools.count(1)
        self._newest = 0

    def ask(self, work: Callable[[], Found], take: Callable[[Found], None], size: int) -> None:
        """Call `take` with what `work` finds: now where `size` is small, else when a thread has found it."""
        self._newest = number = next(self._numbers)
        if size <= AT_ONCE:
            take(work())
        else:
            _POOL.submit(self._work, number, work, take)

    def _work(self, number: int, work: Callable[[], Found], take: Callable[[Found], None]) -> None:
        if number == self._newest:
            found = work()
            self._post(lambda: self._answer(number, found, take))

    def _answer(self, number: int, found: Found, take: Callable[[Found], None]) -> None:
        if number == self._newest and isValid(self._asker):  # the window may be closed meanwhile
            take(found)

"""Watches the turns of Qt's event loop: what one turn computes is how long a key press may have to wait.

A turn goes from one waking of the loop to the next: all events that were posted, then timers, then what hands did.
Its length is the processor time of the window's own thread, so that neither waiting nor a busy machine counts.

Only Qt's own dispatcher on Unix tells of every waking (GLib's does not): set `QT_NO_GLIB=1` before Qt starts.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, Qt, QTimer

SAMPLE_SECONDS: Final = 0.0005
POLL_MILLISECONDS: Final = 4
REST_MILLISECONDS: Final = 120
OWN: Final = "builder_app"
Stack = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: what was being done, its place in that (0: the first), and the milliseconds that it computed."""

    doing: str
    place: int
    milliseconds: float
    number: int


class TurnWatcher:
    """Notes every turn of the thread's event loop that computes for longer than `least` milliseconds."""

    def __init__(self, least: float = 1.0) -> None:
        self.turns: list[Turn] = []
        self.doing = "start"
        self._least = least
        self._number = self._place = 0
        self._began = time.thread_time()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is None:
            raise RuntimeError("there is no event loop to watch; make the QApplication first")
        dispatcher.awake.connect(self._woke, Qt.ConnectionType.DirectConnection)
        self._dispatcher = dispatcher

    @property
    def number(self) -> int:
        """The turn that is under way; they are counted from 0."""
        return self._number

    def begin(self, doing: str) -> None:
        """What is done from now on has this name."""
        self._woke()
        self.doing, self._place = doing, 0

    def stop(self) -> None:
        """Note the turn that is under way, and watch no more."""
        self._woke()
        self._dispatcher.awake.disconnect(self._woke)

    def _woke(self) -> None:
        computed = (time.thread_time() - self._began) * 1000
        if computed >= self._least:
            self.turns.append(Turn(self.doing, self._place, computed, self._number))
        self._number += 1
        self._place += 1
        self._began = time.thread_time()


def slowest(turns: Iterable[Turn]) -> dict[str, float]:
    """The longest turn of everything that was done, in the order in which it was done first."""
    found: dict[str, float] = {}
    for turn in turns:
        found[turn.doing] = max(found.get(turn.doing, 0.0), turn.milliseconds)
    return found


def run_until(done: Callable[[], bool], seconds: float = 30.0, rest: int = REST_MILLISECONDS) -> None:
    """Run the event loop until `done`, and `rest` milliseconds more for what follows from it.

    Raises TimeoutError when that takes longer than `seconds`.
    """
    end = time.monotonic() + seconds
    loop, looks = QEventLoop(), QTimer()
    answers = [False]

    def look() -> None:
        answers[0] = done()
        if answers[0] or time.monotonic() > end:
            looks.stop()
            QTimer.singleShot(rest, loop.quit)

    looks.timeout.connect(look)
    looks.start(POLL_MILLISECONDS)
    loop.exec()
    if not answers[0]:
        raise TimeoutError("what was waited for did not come")


class Sampler:
    """Looks, from a thread of its own, at what the thread that made it is doing, turn by turn.

    It takes a share of Python's time, so a run that samples tells where time goes, and not how much of it.
    """

    def __init__(self, watcher: TurnWatcher) -> None:
        self.stacks: dict[int, Counter[Stack]] = {}
        self._watcher, self._watched = watcher, threading.get_ident()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    @contextmanager
    def sampling(self) -> Iterator[None]:
        """Sample while this holds."""
        self._thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._thread.join()

    def told(self, number: int, most: int = 6) -> list[str]:
        """Where a turn was found most often: the innermost of the program's own lines, and how it came there."""
        counts: Counter[Stack] = self.stacks.get(number, Counter())
        whole = sum(counts.values()) or 1
        return [f"{count / whole:4.0%} {' < '.join(stack[:7])}" for stack, count in counts.most_common(most)]

    def _sample(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            frame = sys._current_frames().get(self._watched)
            if frame is not None:
                self.stacks.setdefault(self._watcher.number, Counter())[_own_stack(frame)] += 1


def _own_stack(frame: FrameType | None) -> Stack:
    """The program's own functions from the innermost outwards; before them the line that runs, if it is another's."""
    stack: list[str] = []
    while frame is not None:
        code = frame.f_code
        if OWN in code.co_filename:
            stack.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{code.co_name}:{frame.f_lineno}")
        elif not stack:
            stack.append(f"({code.co_filename.rsplit('/', 1)[-1]}:{code.co_name})")
            frame = frame.f_back
            while frame is not None and OWN not in frame.f_code.co_filename:
                frame = frame.f_back
            continue
        frame = frame.f_back
    return tuple(stack)

"""What makes the window wait for Python itself: the search for circular garbage, and other threads."""

import gc
import sys
from typing import Final

from PySide6.QtCore import QObject, QTimer

_NEW_OBJECTS: Final = 50_000
"""A drag of every block of a large flow makes fewer, and frees them again, so that no search falls into it."""
_YOUNG_SEARCHES: Final = 20
_MIDDLE_SEARCHES: Final = 50
_LOOK_MILLISECONDS: Final = 1_000

_SWITCH_SECONDS: Final = 0.0005


class Collector(QObject):
    """Searches for circular garbage seldom, in the thread that made this, and in no other thread.

    Left to itself Python searches in whichever thread makes the next object. A widget that is found there ends there,
    and Qt, which may be painting it, hangs or crashes. And it would search through all that is loaded by now (modules,
    templates, the window), which stays: that takes about as long as three frames. Nearly all garbage here is not
    circular and goes at once, without any search.
    """

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=_LOOK_MILLISECONDS)
        self._timer.timeout.connect(collect_if_due)

    def start(self) -> None:
        """From now on nobody else searches."""
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()


def collect_if_due() -> None:
    """Search where many objects came since the last time; among the older ones every so many times."""
    young, middle, old = gc.get_count()
    if young > _NEW_OBJECTS:
        gc.collect(2 if old > _MIDDLE_SEARCHES else 1 if middle > _YOUNG_SEARCHES else 0)


def share_quickly() -> None:
    """Let other threads (code generation, tests) hand Python over after half a millisecond in place of five.

    Qt lets go of Python at every call that paints, and waits that long each time to get it back.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)

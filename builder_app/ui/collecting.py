"""What makes the window wait for Python itself: the search for circular garbage, and other threads."""

import gc
import sys
from typing import Final

_NEW_OBJECTS: Final = 50_000
"""A drag of every block of a large flow makes fewer, and frees them again, so that no search falls into it."""

_SWITCH_SECONDS: Final = 0.0005


def collect_seldom() -> None:
    """Search less often, and never again in what is loaded by now (modules, templates, the window), which stays.

    A search through all of that takes about as long as three frames. Nearly all garbage here is not circular and goes
    at once, without any search.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 50)


def share_quickly() -> None:
    """Let other threads (code generation, tests) hand Python over after half a millisecond in place of five.

    Qt lets go of Python at every call that paints, and waits that long each time to get it back.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)

"""When Python looks for circular garbage: the window stands still for as long as it does."""

import gc
from typing import Final

_NEW_OBJECTS: Final = 50_000
"""A drag of every block of a large flow makes fewer, and frees them again, so that no search falls into it."""


def collect_seldom() -> None:
    """Search less often, and never again in what is loaded by now (modules, templates, the window), which stays.

    A search through all of that takes about as long as three frames. Nearly all garbage here is not circular and goes
    at once, without any search.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 50)

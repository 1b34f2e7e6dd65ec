"""How large a flow may be. The codec refuses more, and so do edits: what was drawn can always be read again."""

import math
from typing import Final

MAXIMUM_BYTES: Final = 20_000_000
MAXIMUM_DEPTH: Final = 64
MAXIMUM_NODES: Final = 10_000


def is_storable_number(value: float) -> bool:
    """Whether JSON can hold this number so that every reader sees the same: finite, and within a double's range."""
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of more than 308 digits
        return False

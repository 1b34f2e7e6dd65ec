"""What the canvas is to reach, by operation and number of blocks: (median, 95th percentile), in ms; memory in MB."""

from collections.abc import Mapping
from typing import Final

Target = Mapping[int, tuple[float, float]]


def _at(*by_size: tuple[float, float]) -> Target:
    return dict(zip((1000, 5000, 10_000), by_size, strict=True))


def _same(small: float, middle: float, large: float) -> Target:
    return _at((small, small), (middle, middle), (large, large))


_PAN: Final = _at((4, 6), (8, 12), (12, 16))
_PAN_NEAR: Final = _at((4, 6), (6, 9), (10, 14))
_DRAG: Final = _at((2, 4), (4, 6), (8, 10))
_MOVE_ALL: Final = _same(33, 120, 250)
_CONNECT: Final = _same(2, 3, 5)
_ANYTHING: Final = _same(100, 500, 1000)
TARGETS: Final[Mapping[str, Target]] = {
    "create": _same(100, 400, 900),
    "open": _same(150, 500, 1000),
    "pan whole": _PAN,
    "zoom whole": _at((5, 8), (10, 14), (16, 20)),
    "pan near": _PAN_NEAR,
    "zoom near": _at((12, 16), (14, 18), (16, 22)),
    "drag near": _DRAG,
    "drag whole": _DRAG,
    "move all whole": _MOVE_ALL,
    "move all near": _MOVE_ALL,
    "drop drag whole": _ANYTHING,
    "drop drag near": _ANYTHING,
    "drop move all whole": _ANYTHING,
    "drop move all near": _ANYTHING,
    "select all": _same(30, 100, 200),
    "delete all": _same(50, 200, 500),
    "undo": _same(100, 400, 800),
    "memory": _same(40, 120, 200),
    "edit whole": {1000: (16, 16)},
    "edit near": {1000: (16, 16)},
    "pull": _ANYTHING,
    "connect": _CONNECT,
    "refuse a circle": _CONNECT,
    "connect, 1,000 diamonds": _CONNECT,
    "refuse, 1,000 diamonds": _CONNECT,
}

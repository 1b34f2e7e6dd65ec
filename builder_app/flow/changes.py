"""What differs between two flows that share most of their parts: found without looking at what they share twice."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from builder_app.flow.values import Edge, Node

V = TypeVar("V")
_STRIDE: Final = 256


def changed_edges(before: tuple[Edge, ...], after: tuple[Edge, ...]) -> tuple[list[Edge], list[Edge]]:
    """The wires that are gone and those that came, each in natural order."""
    if before is after:
        return [], []
    start = _same_start(before, after)
    old, new = before[start:], after[start:]
    same_end = _same_start(old[::-1], new[::-1])
    old, new = old[: len(old) - same_end], new[: len(new) - same_end]
    if not old or not new:
        return sorted(old), sorted(new)
    return sorted(set(old) - set(new)), sorted(set(new) - set(old))


def changed_nodes(
    before: Mapping[str, Node], after: Mapping[str, Node]
) -> tuple[list[str], list[tuple[Node | None, Node]]]:
    """The ids that are gone, and each other block that is not the same object, after what it was (None: it is new)."""
    if before is after:
        return [], []
    if list(before) == list(after):
        pairs = zip(before.values(), after.values(), strict=True)
        return [], [(old, new) for old, new in pairs if old is not new]
    gone = [id for id in before if id not in after]
    return gone, [(old, new) for id, new in after.items() if (old := before.get(id)) is not new]


def _same_start(one: Sequence[V], other: Sequence[V]) -> int:
    """How many items both begin with. Slices are compared whole: that is quick for items that are the same object."""
    shared = min(len(one), len(other))
    place = 0
    while place < shared and one[place : place + _STRIDE] == other[place : place + _STRIDE]:
        place += _STRIDE
    while place < shared and one[place] == other[place]:
        place += 1
    return min(place, shared)

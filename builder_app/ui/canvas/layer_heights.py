"""The heights of blocks in the columns of a layered layout: wires as straight as the order and the gaps allow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final, NamedTuple

_SWEEPS: Final = 8
_KNOT_GAP: Final = 16.0


class Link(NamedTuple):
    """A piece of a wire from one column to the next; ports are heights on their blocks."""

    source: str
    from_port: float
    target: str
    to_port: float


def heights(
    order: Sequence[Sequence[str]], links: Sequence[Sequence[Link]], sizes: Mapping[str, float], gap: float
) -> dict[str, float]:
    """The top of each id. `sizes` are the blocks' heights; what has none is a knot of a long wire."""
    into: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    out: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for between in links:
        for source, from_port, target, to_port in between:
            into[target].append((source, from_port - to_port))
            out[source].append((target, to_port - from_port))
    offsets = [_offsets(column, sizes, gap) for column in order]
    tops: dict[str, float] = {}
    for column, shifts in zip(order, offsets, strict=True):
        tops.update(zip(column, shifts, strict=True))
    columns = list(zip(order, offsets, strict=True))
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for column, shifts in columns if down else reversed(columns):
            _settle(column, shifts, (into, out) if down else (out, into), tops)
    return tops


def _offsets(column: Sequence[str], sizes: Mapping[str, float], gap: float) -> list[float]:
    """How far each top is below the first one where all stand as close as they may."""
    shifts = []
    at = 0.0
    for id in column:
        shifts.append(at)
        at += sizes[id] + gap if id in sizes else _KNOT_GAP
    return shifts


def _settle(
    column: Sequence[str],
    shifts: Sequence[float],
    sides: tuple[Mapping[str, Sequence[tuple[str, float]]], Mapping[str, Sequence[tuple[str, float]]]],
    tops: dict[str, float],
) -> None:
    """Put each of the column where its wires would be straight, as near as its neighbours in the column let it.

    The wires of the first side count; of what has none there, those of the other.
    """
    wanted = []
    for id in column:
        near = sides[0].get(id) or sides[1].get(id)
        wanted.append(median(tops[other] + shift for other, shift in near) if near else tops[id])
    fitted = rising([want - shift for want, shift in zip(wanted, shifts, strict=True)])
    tops.update({id: top + shift for id, top, shift in zip(column, fitted, shifts, strict=True)})


def rising(values: Sequence[float]) -> list[float]:
    """The rising row of numbers that is nearest to `values` (least squares): pool adjacent violators."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            last, many = blocks.pop()
            total, count = total + last, count + many
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]

"""The order of blocks in the columns of a layered layout: as drawn, but for what lowers the number of crossings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from builder_app.ui.canvas.layer_heights import Link

_SWEEPS: Final = 12
_PATIENCE: Final = 4


class Layers(NamedTuple):
    """Columns of ids from top to bottom, and the links between each column and the next."""

    members: list[list[str]]
    links: list[list[Link]]


def untangled(layers: Layers) -> list[list[str]]:
    """The columns in an order with fewer crossings; in the given order where none with fewer was found."""
    forward = [_neighbours(links, to_source=True) for links in layers.links]
    backward = [_neighbours(links, to_source=False) for links in layers.links]
    best = order = layers.members
    fewest = crossings(order, layers.links)
    waited = 0
    for sweep in range(_SWEEPS):
        if not fewest or waited >= _PATIENCE:
            break
        order = _swept(order, forward, down=True) if sweep % 2 == 0 else _swept(order, backward, down=False)
        count = crossings(order, layers.links)
        waited += 1
        if count < fewest:
            best, fewest, waited = order, count, 0
    return best


def crossings(order: Sequence[Sequence[str]], links: Sequence[Sequence[Link]]) -> int:
    """How often two links between neighbouring columns cross."""
    total = 0
    for column, between in enumerate(links):
        first = _ranks(order[column])
        second = _ranks(order[column + 1])
        ends = sorted(((first[one], from_port), (second[other], to_port)) for one, from_port, other, to_port in between)
        total += _inversions([end for _, end in ends])
    return total


def _inversions(ends: Sequence[tuple[int, float]]) -> int:
    """How many pairs stand in the wrong order, counted with a Fenwick tree."""
    ranks = {end: number for number, end in enumerate(sorted(set(ends)), start=1)}
    tree = [0] * (len(ranks) + 1)
    total = 0
    for seen, end in enumerate(ends):
        at = ranks[end]
        not_after = 0
        while at:
            not_after += tree[at]
            at &= at - 1
        total += seen - not_after
        at = ranks[end]
        while at <= len(ranks):
            tree[at] += 1
            at += at & -at
    return total


def _swept(
    order: Sequence[Sequence[str]], neighbours: Sequence[Mapping[str, Sequence[tuple[str, float]]]], *, down: bool
) -> list[list[str]]:
    """One walk over the columns: each is sorted by the barycentres of its neighbours in the column walked before."""
    result = [list(column) for column in order]
    columns = range(1, len(result)) if down else range(len(result) - 2, -1, -1)
    for column in columns:
        fixed, wired = (column - 1, neighbours[column - 1]) if down else (column + 1, neighbours[column])
        ranks = _ranks(result[fixed])
        height = {id: float(number) for number, id in enumerate(result[column])}
        for id in result[column]:
            near = wired.get(id)
            if near:
                height[id] = sum(ranks[other] + port for other, port in near) / len(near)
            else:
                height[id] = height[id] * len(result[fixed]) / len(result[column])
        result[column].sort(key=height.__getitem__)
    return result


def _neighbours(links: Sequence[Link], *, to_source: bool) -> dict[str, list[tuple[str, float]]]:
    """For each id the neighbours in the column on one side, each with its port's height as a part of a row."""
    found: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for source, from_port, target, to_port in links:
        if to_source:
            found[target].append((source, from_port / 1000))
        else:
            found[source].append((target, to_port / 1000))
    return found


def _ranks(column: Sequence[str]) -> dict[str, int]:
    return {id: number for number, id in enumerate(column)}

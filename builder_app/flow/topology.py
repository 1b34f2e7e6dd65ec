"""The order in which blocks are computed, and the circles that make one impossible.

Every function here walks over each block and wire a fixed number of times, never over all paths: a row of diamonds has
exponentially many of those.
"""

import heapq
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from math import inf
from typing import Final

from builder_app.flow.values import LogicFlow

Successors = Mapping[str, Collection[str]]
"""For each node's id the ids of the nodes that its wires lead to; every node is a key."""
_places: Final[list[Mapping[str, int]]] = [{}]
"""Where each block stands in the order that was found last: while no wire runs backwards in it, there is no circle."""


class FlowHasCycle(ValueError):
    """The flow has no topological order; `cycle` names the blocks of one circle, each wired to the next."""

    def __init__(self, cycle: tuple[str, ...]) -> None:
        self.cycle = cycle
        super().__init__("The wires go in a circle: " + " → ".join((*cycle, cycle[0])) + ".")


def successors(flow: LogicFlow) -> dict[str, set[str]]:
    """For each node those that its wires lead to; wires from or to blocks that are not there are left out."""
    following: dict[str, set[str]] = {id: set() for id in flow.nodes}
    for (source, _), (target, _) in flow.edges:
        if source in following and target in following:
            following[source].add(target)
    return following


def order(flow: LogicFlow) -> tuple[str, ...]:
    """All node ids, each after those it depends on; ties by node id. Raises FlowHasCycle."""
    following = successors(flow)
    found = order_of(following)
    if len(found) < len(following):
        cycle = next(cycles_of(following))
        raise FlowHasCycle(cycle)
    return found


def order_apart(flow: LogicFlow, apart: Collection[str]) -> tuple[str, ...]:
    """All node ids, each after those it depends on; those `apart`, which feed none of the others, come last.

    Their order is decided by the wires among them and by their ids alone, whatever feeds them. Raises FlowHasCycle.
    """
    found = order(flow)
    following = successors(flow)
    last = order_of({id: following[id].intersection(apart) for id in following if id in apart})
    return (*(id for id in found if id not in apart), *last)


def find_cycles(flow: LogicFlow) -> tuple[tuple[str, ...], ...]:
    """One circle for each knot of blocks that all lead to each other.

    It begins with its smallest id; each block is wired to the next, and the last to the first.
    """
    places = _places[-1]
    if flow.nodes.keys() <= places.keys() and all(
        places.get(source, -1) < places.get(target, inf) for (source, _), (target, _) in flow.edges
    ):
        return ()
    following = successors(flow)
    ordered = order_of(following)
    if len(ordered) < len(following):
        return tuple(cycles_of(following))
    _places[-1] = {id: place for place, id in enumerate(ordered)}
    return ()


def order_of(following: Successors) -> tuple[str, ...]:
    """Kahn's algorithm with a heap; nodes on a circle, and those behind one, are missing in the answer."""
    waiting_for = dict.fromkeys(following, 0)
    for targets in following.values():
        for target in targets:
            waiting_for[target] += 1
    ready = [id for id, count in waiting_for.items() if not count]
    heapq.heapify(ready)
    found: list[str] = []
    while ready:
        id = heapq.heappop(ready)
        found.append(id)
        for target in following[id]:
            waiting_for[target] -= 1
            if not waiting_for[target]:
                heapq.heappush(ready, target)
    return tuple(found)


def _has_order(following: Successors) -> bool:
    """Whether there is no circle: Kahn's algorithm, in whatever order."""
    waiting_for = dict.fromkeys(following, 0)
    for targets in following.values():
        for target in targets:
            waiting_for[target] += 1
    ready = [id for id, count in waiting_for.items() if not count]
    for id in ready:  # grows while it is walked over
        for target in following[id]:
            waiting_for[target] -= 1
            if not waiting_for[target]:
                ready.append(target)
    return len(ready) == len(following)


def cycles_of(following: Successors) -> Iterator[tuple[str, ...]]:
    """One circle for each strongly connected component that has any, by smallest id."""
    if _has_order(following):
        return
    knots = [knot for knot in _components(following) if len(knot) > 1 or knot[0] in following[knot[0]]]
    for knot in sorted(knots, key=min):
        yield _shortest_circle(min(knot), frozenset(knot), following)


def _shortest_circle(start: str, knot: frozenset[str], following: Successors) -> tuple[str, ...]:
    """The shortest way from `start` back to itself inside its component (breadth first, smaller ids first)."""
    came_from: dict[str, str] = {}
    waiting = deque([start])
    while start not in came_from:
        id = waiting.popleft()
        for target in sorted(following[id]):
            if target in knot and target not in came_from:
                came_from[target] = id
                waiting.append(target)
    circle = [start]
    while came_from[circle[-1]] != start:
        circle.append(came_from[circle[-1]])
    return (start, *reversed(circle[1:]))


def _components(following: Successors) -> Iterator[list[str]]:
    """Strongly connected components (Kosaraju's two walks, described in Sharir 1981), without recursion."""
    preceding: dict[str, list[str]] = {id: [] for id in following}
    for id, targets in following.items():
        for target in targets:
            preceding[target].append(id)
    taken: set[str] = set()
    for root in reversed(_finishing_order(following)):
        if root in taken:
            continue
        taken.add(root)
        component = [root]
        for id in component:  # grows while it is walked over
            fresh = [other for other in preceding[id] if other not in taken]
            taken.update(fresh)
            component += dict.fromkeys(fresh)
        yield component


def _finishing_order(following: Successors) -> list[str]:
    """Nodes in the order in which a depth-first walk leaves them."""
    seen: set[str] = set()
    finished: list[str] = []
    for root in following:
        if root in seen:
            continue
        seen.add(root)
        walk: list[tuple[str, Iterator[str]]] = [(root, iter(following[root]))]
        while walk:
            id, rest = walk[-1]
            target = next((other for other in rest if other not in seen), None)
            if target is None:
                finished.append(id)
                walk.pop()
            else:
                seen.add(target)
                walk.append((target, iter(following[target])))
    return finished

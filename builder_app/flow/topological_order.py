"""A topological order that is kept while wires come and go, so that "would this wire close a circle?" is quick.

Pearce and Kelly, "A dynamic topological sort algorithm for directed acyclic graphs" (2006): a wire that agrees with
the order costs nothing, another one a walk over the nodes that stand between its two ends.
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from builder_app.flow.changes import changed_edges, changed_nodes
from builder_app.flow.topology import order_of, successors
from builder_app.flow.values import Edge, LogicFlow

Link = tuple[str, str]


class TopologicalOrder:
    """The order of a flow's blocks, kept by whoever shows the flow; `follow` brings it up to date after an edit.

    Wires that close a circle (a file may hold such) are set aside and tried again when others go. `steps` counts the
    nodes that were visited, for tests.
    """

    def __init__(self, flow: LogicFlow) -> None:
        self.steps = 0
        self._places: dict[str, int] = {}
        self._next_place = 0
        self._after: dict[str, Counter[str]] = {}
        self._before: dict[str, Counter[str]] = {}
        self._aside: Counter[Link] = Counter()
        self._flow = LogicFlow()
        self.follow(flow)

    @property
    def has_cycle(self) -> bool:
        """Whether the flow has wires that close a circle."""
        return bool(self._aside)

    def nodes(self) -> tuple[str, ...]:
        """The ids in an order in which no wire (but those that close a circle) runs backwards."""
        return tuple(sorted(self._places, key=self._places.__getitem__))

    def follow(self, flow: LogicFlow) -> None:
        """Take over the differences between the flow that was followed before and this one."""
        before, self._flow = self._flow, flow
        lost, found = changed_edges(before.edges, flow.edges)
        for edge in lost:
            self._disconnect(edge)
        gone, pairs = changed_nodes(before.nodes, flow.nodes)
        for id in gone:
            del self._places[id], self._after[id], self._before[id]
        for id in _in_order(flow, {node.id for old, node in pairs if old is None}):
            self._places[id] = self._next_place
            self._next_place += 1
            self._after[id], self._before[id] = Counter(), Counter()
        for edge in found:
            self._connect((edge.source.node, edge.target.node))
        if lost and self._aside:
            waiting, self._aside = self._aside, Counter()
            for link in waiting.elements():
                self._connect(link)

    def would_close_cycle(self, source: str, target: str) -> bool:
        """Whether a wire from `source` to `target` would close a circle. Ids that are not there close none."""
        if source == target:
            return True
        if source not in self._places or target not in self._places:
            return False
        return self._places[target] < self._places[source] and self._forward(target, source) is None

    def way(self, start: str, end: str, without: Iterable[Edge] = ()) -> tuple[str, ...] | None:
        """The shortest way along the wires from `start` to `end`, but for wires that close a circle, and for those
        that are given; None: none. Of several, the one whose ids come first.
        """
        lost = Counter((edge.source.node, edge.target.node) for edge in without)
        places = self._places
        if start not in places or end not in places or places[end] < places[start]:
            return None
        last = places[end]
        came_from: dict[str, str] = {start: start}
        reached = [start]
        for id in reached:  # grows while it is walked over
            if end in came_from:
                break
            for target in sorted(self._after[id]):
                if lost and lost[id, target] >= self._after[id][target]:
                    continue
                if target not in came_from and places[target] <= last:
                    came_from[target] = id
                    reached.append(target)
        if end not in came_from:
            return None
        way = [end]
        while way[-1] != start:
            way.append(came_from[way[-1]])
        return tuple(reversed(way))

    def is_of(self, flow: LogicFlow) -> bool:
        """Whether it follows this very flow."""
        return flow is self._flow

    def _connect(self, link: Link) -> None:
        source, target = link
        if source not in self._places or target not in self._places:
            return
        if source == target:
            self._aside[link] += 1
            return
        if self._places[target] < self._places[source]:
            ahead = self._forward(target, source)
            if ahead is None:
                self._aside[link] += 1
                return
            self._reorder(self._backward(source, target), ahead)
        self._after[source][target] += 1
        self._before[target][source] += 1

    def _disconnect(self, edge: Edge) -> None:
        source, target = link = (edge.source.node, edge.target.node)
        if self._aside[link]:
            self._aside[link] -= 1
            self._aside += Counter()  # drops the zeros
            return
        for counts, id in ((self._after.get(source), target), (self._before.get(target), source)):
            if counts is not None and counts[id] > 1:
                counts[id] -= 1
            elif counts is not None:
                del counts[id]

    def _forward(self, start: str, end: str) -> list[str] | None:
        """The nodes behind `start` that stand before `end`; None where `end` itself is behind it."""
        found, seen = [start], {start}
        for id in found:  # grows while it is walked over
            self.steps += 1
            for other in self._after[id]:
                if other == end:
                    return None
                if other not in seen and self._places[other] < self._places[end]:
                    seen.add(other)
                    found.append(other)
        return found

    def _backward(self, start: str, end: str) -> list[str]:
        """The nodes before `start` that stand behind `end`."""
        found, seen = [start], {start}
        for id in found:  # grows while it is walked over
            self.steps += 1
            for other in self._before[id]:
                if other not in seen and self._places[other] > self._places[end]:
                    seen.add(other)
                    found.append(other)
        return found

    def _reorder(self, behind: list[str], ahead: list[str]) -> None:
        """Give the places of both groups out anew: first those that lead to the wire, then those it leads to."""
        by_place = self._places.__getitem__
        moved = sorted(behind, key=by_place) + sorted(ahead, key=by_place)
        places = sorted(map(by_place, moved))
        for id, place in zip(moved, places, strict=True):
            self._places[id] = place


def _in_order(flow: LogicFlow, fresh: AbstractSet[str]) -> list[str]:
    """Several new blocks in the order that their wires need, so that opening a flow costs no reordering."""
    if len(fresh) < 2:
        return list(fresh)
    ordered = [id for id in order_of(successors(flow)) if id in fresh]
    return [*ordered, *sorted(fresh - set(ordered))]

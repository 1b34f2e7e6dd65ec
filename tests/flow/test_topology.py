"""Orders and circles, against the definition of both; and no walk over all paths."""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.topology import (
    FlowHasCycle,
    cycles_of,
    find_cycles,
    order,
    order_apart,
    order_of,
    successors,
)
from builder_app.flow.values import Edge, LogicFlow, Node, Port, frozen_mapping

Link = tuple[int, int]


def flow_of(links: list[Link], count: int = 0) -> LogicFlow:
    """Blocks n00, n01, … and wires between them."""
    count = max([count, *(end + 1 for link in links for end in link)])
    nodes = {f"n{number:02}": Node(f"n{number:02}", "sma") for number in range(count)}
    edges = {Edge(Port(f"n{source:02}", "out"), Port(f"n{target:02}", "in")) for source, target in links}
    return LogicFlow(frozen_mapping(nodes), tuple(sorted(edges)))


links_of = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14)


def _reachable(following: Mapping[str, set[str]], start: str) -> set[str]:
    """What can be reached over at least one wire, by repeating the definition until nothing is new."""
    found: set[str] = set(following[start])
    while True:
        more = found | {target for id in found for target in following[id]}
        if more == found:
            return found
        found = more


@given(links_of)
def test_an_order_puts_every_block_behind_its_sources_and_always_takes_the_smallest_ready_id(links: list[Link]) -> None:
    flow = flow_of(links, 8)
    following = successors(flow)
    if any(id in _reachable(following, id) for id in flow.nodes):
        with pytest.raises(FlowHasCycle, match="The wires go in a circle"):
            order(flow)
        return
    left, expected = set(flow.nodes), []
    while left:
        smallest = min(id for id in left if not any(id in following[other] for other in left))
        expected.append(smallest)
        left.remove(smallest)
    assert order(flow) == tuple(expected)


@given(links_of)
def test_there_is_one_circle_for_each_knot_and_each_is_a_way_along_the_wires(links: list[Link]) -> None:
    flow = flow_of(links, 8)
    following = successors(flow)
    reach = {id: _reachable(following, id) for id in flow.nodes}
    knots = {frozenset(other for other in reach[id] if id in reach[other]) for id in flow.nodes if id in reach[id]}
    circles = find_cycles(flow)
    assert len(circles) == len(knots)
    for circle in circles:
        assert sum(set(circle) <= knot for knot in knots) == 1
        assert len(set(circle)) == len(circle)
        assert circle[0] == min(next(knot for knot in knots if circle[0] in knot))
        assert all(b in following[a] for a, b in zip(circle, (*circle[1:], circle[0]), strict=True))


def test_a_wire_to_a_block_that_is_not_there_is_no_dependency() -> None:
    flow = flow_of([(0, 1)])
    broken = LogicFlow({"n01": flow.nodes["n01"]}, flow.edges)
    assert order(broken) == ("n01",)


class CountingMapping(dict[str, list[str]]):
    """Counts how often the wires of a node are looked at."""

    looks = 0

    def __getitem__(self, id: str) -> list[str]:
        type(self).looks += 1
        return super().__getitem__(id)

    def __iter__(self) -> Iterator[str]:
        return super().__iter__()


def diamonds(count: int) -> list[Link]:
    """Diamonds in series: 2 to the power of `count` paths."""
    return [
        link
        for number in range(0, 3 * count, 3)
        for link in (
            (number, number + 1),
            (number, number + 2),
            (number + 1, number + 3),
            (number + 2, number + 3),
        )
    ]


@pytest.mark.parametrize("closed", [False, True])
def test_a_thousand_diamonds_in_series_are_walked_over_a_few_times_each(closed: bool) -> None:
    links = diamonds(1_000) + ([(3_000, 0)] if closed else [])
    following = CountingMapping({str(number): [] for number in range(3_001)})
    for source, target in links:
        dict.__getitem__(following, str(source)).append(str(target))
    CountingMapping.looks = 0
    assert len(order_of(following)) == (0 if closed else 3_001)
    circles = list(cycles_of(following))
    assert [len(circle) for circle in circles] == ([2_001] if closed else [])
    assert CountingMapping.looks <= 6 * 3_001


@given(links_of, st.sets(st.integers(0, 7)))
def test_those_apart_come_last_in_an_order_that_only_wires_among_them_decide(links: list[Link], late: set[int]) -> None:
    onwards = [(min(link), max(link)) for link in links if min(link) != max(link)]
    kept = [(source, target) for source, target in onwards if target in late or source not in late]
    apart = {f"n{number:02}" for number in late}
    flow = flow_of(kept, 8)
    found = order_apart(flow, apart)
    assert sorted(found) == sorted(flow.nodes)
    assert all(found.index(edge.source.node) < found.index(edge.target.node) for edge in flow.edges)
    assert set(found[8 - len(apart) :]) == apart
    among = flow_of([link for link in kept if {*link} <= late], 8)
    assert found[8 - len(apart) :] == tuple(id for id in order(among) if id in apart)

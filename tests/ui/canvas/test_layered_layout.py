"""The layered layout as values: what must hold for any picture."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.flow.values import Edge, Point, Port
from builder_app.ui.canvas.layer_heights import Link, rising
from builder_app.ui.canvas.layer_orders import Layers, crossings, untangled
from builder_app.ui.canvas.layered_layout import COLUMN_GAP, ROW_GAP, Box, layered

GRID_SLACK = 8.0


def box(x: float = 0.0, y: float = 0.0, width: float = 180.0, height: float = 72.0) -> Box:
    return Box(width, height, {("in", True): 56.0, ("out", False): 56.0}, Point(x, y))


def wire(source: int, target: int) -> Edge:
    return Edge(Port(f"n{source}", "out"), Port(f"n{target}", "in"))


PICTURES = st.integers(1, 14).flatmap(
    lambda count: st.tuples(
        st.lists(
            st.builds(
                box,
                st.integers(-2000, 2000).map(float),
                st.integers(-2000, 2000).map(float),
                st.sampled_from([180.0, 204.0, 260.0]),
                st.sampled_from([56.0, 72.0, 152.0]),
            ),
            min_size=count,
            max_size=count,
        ),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=2 * count),
    )
)


def named(boxes: list[Box]) -> dict[str, Box]:
    return {f"n{number}": held for number, held in enumerate(boxes)}


@given(PICTURES)
@settings(max_examples=150)
def test_no_two_blocks_overlap_and_every_wire_of_a_picture_without_circles_runs_to_the_right(
    picture: tuple[list[Box], list[tuple[int, int]]],
) -> None:
    boxes = named(picture[0])
    edges = sorted({wire(min(pair), max(pair)) for pair in picture[1] if pair[0] != pair[1]})
    places = layered(boxes, edges)
    assert places.keys() == boxes.keys()
    for one, other in combinations(boxes, 2):
        apart_x = max(places[one].x, places[other].x) - min(
            places[one].x + boxes[one].width, places[other].x + boxes[other].width
        )
        apart_y = max(places[one].y, places[other].y) - min(
            places[one].y + boxes[one].height, places[other].y + boxes[other].height
        )
        assert apart_x >= ROW_GAP - GRID_SLACK or apart_y >= ROW_GAP - GRID_SLACK
    for (source, _), (target, _) in edges:
        assert places[target].x - places[source].x >= boxes[source].width + COLUMN_GAP - GRID_SLACK
    assert all(x % 8 == y % 8 == 0 for x, y in places.values())


@given(PICTURES)
@settings(max_examples=80)
def test_circles_and_wires_to_nowhere_are_laid_out_too(picture: tuple[list[Box], list[tuple[int, int]]]) -> None:
    boxes = named(picture[0])
    edges = [*(wire(*pair) for pair in picture[1]), Edge(Port("gone", "out"), Port("n0", "in"))]
    places = layered(boxes, edges)
    assert places.keys() == boxes.keys()
    assert len(set(places.values())) == len(boxes)


def test_chain_is_laid_out_on_one_straight_line_and_stays_where_it_is() -> None:
    boxes = {f"n{number}": box(900.0 - 70 * number, 40.0 * (number % 3)) for number in range(6)}
    edges = [wire(number, number + 1) for number in range(5)]
    places = layered(boxes, edges)
    assert {at.y for at in places.values()} == {0.0}
    left = min(held.place.x for held in boxes.values())
    assert min(at.x for at in places.values()) == pytest.approx(left, abs=4)
    again = {id: Box(held.width, held.height, held.ports, places[id]) for id, held in boxes.items()}
    assert layered(again, edges) == places


def test_order_as_drawn_is_kept_where_it_is_as_good_as_any() -> None:
    boxes = {"n0": box(), **{f"n{number}": box(300.0, -100.0 * number) for number in range(1, 6)}}
    places = layered(boxes, [wire(0, number) for number in range(1, 6)])
    assert [places[f"n{number}"].y for number in range(1, 6)] == sorted(
        (places[f"n{number}"].y for number in range(1, 6)), reverse=True
    )


def test_crossed_pairs_are_uncrossed() -> None:
    layers = Layers(
        [["a", "b", "c"], ["x", "y", "z"]],
        [[Link("a", 0, "z", 0), Link("b", 0, "y", 0), Link("c", 0, "x", 0)]],
    )
    assert crossings(layers.members, layers.links) == 3
    assert crossings(untangled(layers), layers.links) == 0


LINKS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=15)


@given(LINKS)
def test_crossings_are_what_counting_every_pair_gives(pairs: list[tuple[int, int]]) -> None:
    order = [[f"a{number}" for number in range(6)], [f"b{number}" for number in range(6)]]
    links = [[Link(f"a{one}", 0, f"b{other}", 0) for one, other in pairs]]
    by_hand = sum((one[0] - two[0]) * (one[1] - two[1]) < 0 for one, two in combinations(pairs, 2))
    assert crossings(order, links) == by_hand
    assert crossings(untangled(Layers(order, links)), links) <= by_hand


@given(st.lists(st.floats(-1e3, 1e3), max_size=12))
def test_rising_row_rises_keeps_the_sum_and_leaves_what_rises_already(values: list[float]) -> None:
    fitted = rising(values)
    assert all(one <= other + 1e-9 for one, other in pairwise(fitted))
    assert sum(fitted) == pytest.approx(sum(values), abs=1e-6)
    assert rising(sorted(values)) == sorted(values)


def test_long_wire_gets_a_way_of_its_own_around_the_blocks_between() -> None:
    boxes = {f"n{number}": box(300.0 * number) for number in range(4)}
    edges = [wire(0, 1), wire(1, 2), wire(2, 3), wire(0, 3)]
    places = layered(boxes, edges)
    assert places["n1"].y == places["n2"].y
    assert places["n3"].x > places["n2"].x > places["n1"].x

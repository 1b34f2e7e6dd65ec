"""The picture laid out from differences is the picture laid out anew."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from builder_app.flow.edits import (
    AddNode,
    Connect,
    Disconnect,
    Edit,
    EditRefused,
    MoveNodes,
    Mute,
    RemoveNodes,
    Rename,
    SetParameter,
    apply,
)
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import EMPTY_FLOW, LogicFlow, Point, frozen_mapping
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture
from tests.ui.canvas.desk import edge, flow_of, node

pytestmark = pytest.mark.usefixtures("qapp")
TEMPLATES = ["sma", "prices", "crosses_above", "enter_long", "percent_of_equity", "nobody_knows_it"]


def random_edit(flow: LogicFlow, random: random.Random) -> Edit:
    ids = sorted(flow.nodes) or ["none"]
    one, other = random.choice(ids), random.choice(ids)
    place = Point(random.randrange(-9, 9) * 40.0, random.randrange(-9, 9) * 40.0)
    ports = ["price", "value", "a", "result", "condition", "signal", "close", "ghost"]
    wire = edge(f"{one}.{random.choice(ports)}", f"{other}.{random.choice(ports)}")
    choices: list[Edit] = [
        AddNode(node(f"n{random.randrange(12)}", random.choice(TEMPLATES), place.x, place.y)),
        AddNode(node(f"n{random.randrange(12)}", random.choice(TEMPLATES), place.x, place.y)),
        Connect(wire),
        Connect(wire),
        RemoveNodes(frozenset({one})),
        MoveNodes(frozen_mapping({one: place, other: place})),
        Rename(one, random.choice(["", "A", "Long label of a block"])),
        Mute(one, random.choice([True, False])),
        SetParameter(one, "period", random.randrange(1, 99)),
    ]
    if flow.edges:
        choices.append(Disconnect(random.choice(flow.edges)))
    return random.choice(choices)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_laying_out_differences_gives_what_laying_out_anew_gives(catalogue: Catalogue, seed: int) -> None:
    dice = random.Random(seed)
    followed = Picture(catalogue)
    flow = EMPTY_FLOW
    followed.show(None, flow)
    for _ in range(40):
        try:
            after, _ = apply(flow, random_edit(flow, dice))
        except EditRefused:
            continue
        followed.show(flow, after)
        flow = after
    anew = Picture(catalogue)
    anew.show(None, flow)
    assert followed.faces == anew.faces
    assert followed.places == anew.places
    assert followed.wires == anew.wires
    everywhere = QRectF(-9999, -9999, 19999, 19999)
    assert sorted(followed.wires_touching(everywhere)) == sorted(anew.wires_touching(everywhere)) == list(flow.edges)
    assert set(followed.nodes_touching(everywhere)) == set(flow.nodes)
    assert followed.bounds() == anew.bounds()


def test_a_difference_names_only_what_differs(catalogue: Catalogue) -> None:
    flow = flow_of([node("p", "prices"), node("a", "sma", 300), node("b", "sma", 300, 200)], edge("p.close", "a.price"))
    picture = Picture(catalogue)
    picture.show(None, flow)
    after, _ = apply(flow, SetParameter("b", "period", 3))
    difference = picture.show(flow, after)
    assert (difference.added, difference.removed, difference.moved) == ([], set(), set())
    assert difference.changed == {"b"}
    assert not difference.wires


def test_a_flow_that_is_not_behind_what_is_shown_is_laid_out_whole(catalogue: Catalogue) -> None:
    picture = Picture(catalogue)
    picture.show(None, flow_of([node("a", "sma")]))
    other = flow_of([node("b", "sma")])
    picture.show(EMPTY_FLOW, other)
    assert set(picture.faces) == {"b"}


def test_port_is_found_near_its_place_and_wire_on_its_curve(catalogue: Catalogue) -> None:
    picture = Picture(catalogue)
    picture.show(None, flow_of([node("p", "prices"), node("a", "sma", 400, 96)], edge("p.close", "a.price")))
    end = PortEnd("a", "price", True)
    assert picture.port_at(picture.place_of(end) + QPointF(5, -5), 12) == end
    assert picture.port_at(picture.place_of(end) + QPointF(-30, 0), 12) is None
    middle = picture.wires[edge("p.close", "a.price")].pointAtPercent(0.5)
    assert picture.wire_at(middle, 4) == edge("p.close", "a.price")
    assert picture.wire_at(middle + QPointF(0, 40), 4) is None


def test_of_blocks_on_top_of_each_other_the_newer_is_hit(catalogue: Catalogue) -> None:
    picture = Picture(catalogue)
    picture.show(None, flow_of([node("old", "sma"), node("new", "sma", 8, 8)]))
    assert picture.node_at(QPointF(60, 20)) == "new"
    assert picture.node_at(QPointF(3, 3)) == "old"

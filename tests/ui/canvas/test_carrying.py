"""Blocks that are carried as one are where they would be if each had been put there alone."""

import random
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from builder_app.flow.edits import EditRefused, MoveNodes, apply
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Point, frozen_mapping
from builder_app.ui.canvas.difference import FEW
from builder_app.ui.canvas.picture import Picture
from tests.ui.canvas.desk import Desk, edge, flow_of, node
from tests.ui.canvas.test_picture import random_edit
from tests.ui.canvas.test_scene import image, rows_of

EVERYWHERE = QRectF(-99999, -99999, 199999, 199999)
COUNT = 40


def net(dice: random.Random) -> LogicFlow:
    """Averages here and there, each wired to one of the others or to none."""
    places = [(dice.randrange(-200, 200) * 40.0, dice.randrange(-200, 200) * 40.0) for _ in range(COUNT)]
    wires = {edge(f"a{dice.randrange(COUNT)}.value", f"a{number}.price") for number in range(COUNT) if number % 4}
    return flow_of([node(f"a{number}", "sma", x, y) for number, (x, y) in enumerate(places)], *sorted(wires))


def held(picture: Picture, ids: list[str], across: float, down: float) -> Mapping[str, Point]:
    """These blocks, so far from where the flow has them."""
    homes = {id: picture.flow.nodes[id].position for id in ids if id in picture.flow.nodes}
    return {id: Point(at.x + across, at.y + down) for id, at in homes.items()}


def assert_is_where_each_alone_would_be(carried: Picture, dice: random.Random) -> None:
    alone = Picture(carried.catalogue)
    alone.show(None, carried.flow)
    for id, place in carried.places.items():
        alone.put({id: place})
    assert carried.places == alone.places
    assert carried.wires == alone.wires
    assert carried.bounds() == alone.bounds()
    assert rows_of(carried, EVERYWHERE) == rows_of(alone, EVERYWHERE)
    for _ in range(5):
        here = QRectF(dice.randrange(-9000, 9000), dice.randrange(-9000, 9000), 3000, 2000)
        assert set(carried.nodes_touching(here)) == set(alone.nodes_touching(here))
        assert set(carried.wires_touching(here)) == set(alone.wires_touching(here))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
@pytest.mark.usefixtures("qapp")
def test_carried_blocks_are_where_each_would_be_put_alone(catalogue: Catalogue, seed: int) -> None:
    dice = random.Random(seed)
    picture = Picture(catalogue)
    picture.show(None, net(dice))
    for _ in range(6):
        ids = dice.sample(sorted(picture.flow.nodes), dice.randrange(FEW + 1, len(picture.flow.nodes)))
        for _ in range(3):
            places = dict(held(picture, ids, dice.randrange(-300, 300) * 8.0, dice.randrange(-300, 300) * 8.0))
            if not dice.randrange(4):  # one of them goes another way
                places[ids[0]] = Point(dice.randrange(-999, 999) * 8.0, 0.0)
            picture.put(places)
            if not dice.randrange(4):  # somebody puts a single one elsewhere, or makes it larger
                picture.put(held(picture, ids[:1], 8.0, 8.0))
                picture.show_traced(frozenset(ids[: dice.randrange(3)]))
                picture.show_traced(frozenset())
            assert_is_where_each_alone_would_be(picture, dice)
        match dice.randrange(3):
            case 0:
                picture.put_home()
            case 1:
                now = frozen_mapping({id: picture.places[id] for id in ids})
                picture.show(picture.flow, apply(picture.flow, MoveNodes(now))[0])
            case _:
                try:
                    picture.show(picture.flow, apply(picture.flow, random_edit(picture.flow, dice))[0])
                except EditRefused:
                    picture.put_home()
        assert_is_where_each_alone_would_be(picture, dice)


@pytest.mark.usefixtures("qapp")
def test_only_the_wires_of_which_one_end_stays_are_laid_anew(catalogue: Catalogue) -> None:
    count = 2 * FEW
    wires = [edge(f"a{number}.value", f"a{number + 1}.price") for number in range(count - 1)]
    picture = Picture(catalogue)
    picture.show(None, flow_of([node(f"a{number}", "sma", 300 * number) for number in range(count)], *wires))
    picture.put(held(picture, [f"a{number}" for number in range(FEW + 2)], 80, 40))
    runs = picture.wires.runs
    assert [edge for edge in wires if runs.known(edge) is None] == wires[: FEW + 1]
    assert runs[wires[0]].y == runs[wires[-1]].y + 40


def seen_difference(one: QImage, other: QImage) -> float:
    """The share of pixels that differ by more than a breath: wires that cross may be blended in another order."""
    first, second = (np.frombuffer(it.constBits(), np.uint8).reshape(-1, 4)[:, :3].astype(int) for it in (one, other))
    return float((np.abs(first - second).max(axis=1) > 8).mean())


@pytest.mark.parametrize("zoom", [0.08, 0.2, 0.3, 1.0])
@pytest.mark.parametrize("share", [0.7, 1.0])
def test_carried_blocks_look_as_if_each_was_put_there(desk: Desk, zoom: float, share: float) -> None:
    flow = net(random.Random(3))
    ids = list(flow.nodes)[: int(COUNT * share)]
    desk.become(flow)
    desk.view.select(ids)
    desk.view.restore_viewport(zoom, 1000, 0)
    desk.qtbot.wait(100)  # the map follows a moment later
    canvas, before = desk.view.canvas, image(desk)
    canvas.put(held(canvas.picture, ids, 120, 80))
    image(desk)
    places = held(canvas.picture, ids, 400, -800)
    canvas.put(places)
    carried = image(desk)
    assert seen_difference(carried, before) > 0.01
    canvas.put_home()
    assert seen_difference(image(desk), before) == 0
    for id, place in places.items():
        canvas.put({id: place})
    assert seen_difference(image(desk), carried) == 0

"""Where the eye is when a strategy is opened, and the map that tells where that is."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from builder_app.flow.edits import AddNote, apply
from builder_app.flow.values import EMPTY_FLOW, LogicFlow, Rect, StickyNote
from builder_app.ui.canvas.camera import Camera
from builder_app.ui.canvas.looking import READABLE, show_beginning
from builder_app.ui.theme import Theme
from tests.ui.canvas.desk import Desk, edge, flow_of, node


def chain(length: int, x: float = 280, y: float = 0) -> LogicFlow:
    """So many averages, one behind the other."""
    return flow_of(
        [node("p", "prices"), *(node(f"n{at}", "sma", x * (at + 1), y * (at + 1)) for at in range(length))],
        edge("p.close", "n0.price"),
        *(edge(f"n{at}.value", f"n{at + 1}.price") for at in range(length - 1)),
    )


def map_rect(view: Camera) -> QRectF:
    """Where the map is, in pixels of the view, as far as presses on it mean a place."""
    places = [
        (x, y)
        for x in range(view.viewport().width())
        for y in range(view.viewport().height())
        if x % 2 == y % 2 == 0 and view.minimap_place(QRectF(x, y, 0, 0).topLeft()) is not None
    ]
    if not places:
        return QRectF()
    across, down = zip(*places, strict=True)
    return QRectF(min(across), min(down), max(across) - min(across), max(down) - min(down))


def test_a_picture_that_can_be_read_whole_is_shown_whole(desk: Desk) -> None:
    desk.become(chain(4))
    show_beginning(desk.view)
    assert 0.54 <= desk.view.zoom() <= 1
    assert desk.view.shown_rect().contains(desk.view.canvas.picture.bounds())
    assert map_rect(desk.view).isEmpty()


@pytest.mark.parametrize("size", [(1000, 700), (726, 284), (1400, 600)])
def test_a_larger_picture_is_shown_from_its_inputs_on_where_words_can_be_read(
    desk: Desk, size: tuple[int, int]
) -> None:
    desk.view.resize(*size)
    desk.become(chain(14))
    show_beginning(desk.view)
    picture = desk.view.canvas.picture
    assert desk.view.zoom() == READABLE
    assert desk.view.shown_rect().contains(picture.rect_of("p"))
    assert desk.view.shown_rect().contains(picture.rect_of("n0"))
    assert not desk.view.shown_rect().contains(picture.bounds())
    assert desk.view.shown_rect().left() > picture.bounds().left() - 100  # no empty ground at the left
    assert not map_rect(desk.view).isEmpty()


def test_a_tall_picture_is_shown_at_its_first_block_without_empty_ground(desk: Desk) -> None:
    desk.become(flow_of([node("p", "prices", 0, 1600), *(node(f"n{at}", "sma", 300, 200 * at) for at in range(16))]))
    show_beginning(desk.view)
    picture, shown = desk.view.canvas.picture, desk.view.shown_rect()
    assert desk.view.zoom() == READABLE
    assert shown.contains(picture.rect_of("p"))
    assert abs(shown.center().x() - picture.bounds().center().x()) < 2  # it is not too wide
    desk.become(flow_of([node("p", "prices", 0, 0), *(node(f"n{at}", "sma", 300, 200 * at) for at in range(16))]))
    show_beginning(desk.view)
    assert desk.view.shown_rect().top() > -100
    assert desk.view.shown_rect().contains(desk.view.canvas.picture.rect_of("p"))


def test_nothing_and_far_notes_are_shown_too(desk: Desk) -> None:
    show_beginning(desk.view)
    assert desk.view.viewport_state() == (1.0, 0.0, 0.0)
    flow = EMPTY_FLOW
    for at in (0, 5000):
        flow, _ = apply(flow, AddNote(StickyNote(f"n{at}", "x", Rect(at, 0, 200, 100))))
    desk.become(flow)
    show_beginning(desk.view)
    assert desk.view.zoom() == READABLE
    assert desk.view.shown_rect().contains(QRectF(0, 0, 200, 100))


@pytest.mark.parametrize(("x", "y"), [(280, 0), (0, 160), (280, 160)])
def test_the_map_has_the_shape_of_the_picture_and_stays_small(desk: Desk, theme: Theme, x: float, y: float) -> None:
    desk.become(chain(30, x, y))
    show_beginning(desk.view)
    box = map_rect(desk.view)
    bounds = desk.view.canvas.picture.bounds()
    assert 60 <= box.width() <= 176
    assert 38 <= box.height() <= 112
    if min(box.width() - 62, box.height() - 38) > 6:  # neither is at its smallest
        assert (box.width() - 16) / (box.height() - 16) == pytest.approx(bounds.width() / bounds.height(), rel=0.1)
    colors = map(QColor.fromString, desk.colors_in(box.topLeft().toPoint(), box.bottomRight().toPoint()))
    accent = theme.color("accent")
    assert min(abs(color.hslHue() - accent.hslHue()) for color in colors if color.hslSaturation() > 120) < 12  # the eye
    desk.click(box.bottomRight().toPoint() - (box.bottomRight() - box.center()).toPoint() / 4)
    assert desk.view.shown_rect().center().x() > bounds.center().x() or bounds.width() < 400

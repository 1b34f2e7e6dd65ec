"""The search for a block: where it opens, and what is offered first."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from builder_app.ui.palette.delegate import ROW_HEIGHT
from builder_app.ui.palette.matching import ranked
from tests.ui.canvas.desk import Desk, flow_of, node

NONE = Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize("spot", [QPoint(60, 40), QPoint(400, 120)])
def test_double_click_opens_the_search_at_the_pointer(desk: Desk, spot: QPoint) -> None:
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, NONE, spot)
    assert desk.view.search.isVisible()
    assert desk.view.search.pos() == spot


def test_tab_opens_the_search_at_the_pointer_and_the_block_lands_under_it(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma", 700, 400)]))
    desk.view.setFocus()
    desk.view.select({"a"})
    spot = QPoint(240, 160)
    desk.move(spot + QPoint(4, 4))
    desk.move(spot)
    desk.key(Qt.Key.Key_Tab)
    assert desk.view.search.pos() == spot
    QTest.keyClicks(desk.view.search.field, "Prices")
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Return)
    (made,) = desk.flow.nodes.keys() - {"a"}
    assert desk.view.canvas.picture.rect_of(made).contains(desk.view.place_at(spot.toPointF()))


def test_a_pointer_that_has_left_counts_no_more(desk: Desk) -> None:
    desk.move(QPoint(244, 164))  # from elsewhere: a pointer that lies there already does not move
    desk.move(QPoint(240, 160))
    assert desk.view.has_pointer()
    QApplication.sendEvent(desk.view.viewport(), QEvent(QEvent.Type.Leave))
    assert not desk.view.has_pointer()


def test_tab_without_a_pointer_opens_the_search_beside_the_selected_block(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma", 200, 100)]))
    desk.view.setFocus()
    desk.view.select({"a"})
    desk.key(Qt.Key.Key_Tab)
    body = desk.view.viewportTransform().mapRect(desk.view.canvas.picture.rect_of("a"))
    assert 0 < desk.view.search.x() - body.right() < 100
    assert abs(desk.view.search.y() - body.top()) < 10


@pytest.mark.parametrize("size", [(1000, 700), (726, 284), (500, 200)])
def test_search_stays_in_the_view_at_its_edges(desk: Desk, size: tuple[int, int]) -> None:
    desk.view.resize(*size)
    spots = [QPoint(10, 10), QPoint(size[0] - 10, size[1] - 10)]
    for spot in spots:
        QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, NONE, spot)
        assert desk.view.rect().contains(desk.view.search.geometry())
        assert desk.view.search.list.height() % ROW_HEIGHT == 0  # no row is cut off
        QTest.keyClick(desk.view.search.field, Qt.Key.Key_Escape)


def test_recent_and_most_used_blocks_are_offered_first_with_and_without_words(desk: Desk) -> None:
    used = ("ema", "enter_short", "rsi")
    desk.view.searching.prefer(used)
    desk.view.open_search(QPoint(100, 100).toPointF())
    assert desk.view.search.offered()[:3] == list(used)
    plain = [one.name for one in ranked("average", desk.view.canvas.picture.catalogue.templates.values())]
    QTest.keyClicks(desk.view.search.field, "average")
    offered = desk.view.search.offered()
    assert offered.index("ema") < plain.index("ema")
    assert sorted(offered) == sorted(plain)

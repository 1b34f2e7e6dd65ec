"""Deleting, and what goes over the clipboard: between canvases, and from elsewhere."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import (
    QGuiApplication,
)

from builder_app.flow.edits import RemoveNodes
from builder_app.flow.values import Point
from tests.ui.canvas.desk import Desk, edge, flow_of, node
from tests.ui.canvas.test_view import WIRED


def test_delete_takes_blocks_with_their_wires_as_one_step(desk: Desk) -> None:
    desk.become(WIRED)
    desk.view.select({"fast", "over"})
    desk.view.delete_selection()
    assert desk.edits == [RemoveNodes(frozenset({"fast", "over"}))]
    assert list(desk.view.canvas.picture.wires) == [edge("p.close", "slow.price")]
    desk.view.delete_selection()
    assert len(desk.edits) == 1


def test_copied_blocks_are_pasted_with_their_wires_into_another_canvas(new_desk: Callable[[], Desk]) -> None:
    one, other = new_desk(), new_desk()
    one.become(WIRED)
    one.view.select({"fast", "over"})
    one.view.copy_selection()
    other.become(flow_of([node("fast", "sma")]))
    other.view.paste()
    assert len(other.edits) == 1
    assert set(other.flow.nodes) == {"fast", "fast_2", "over"}
    assert other.flow.edges == (edge("fast_2.value", "over.a"),)
    assert other.view.selected_nodes() == {"fast_2", "over"}


def test_cut_leaves_the_blocks_on_the_clipboard(desk: Desk) -> None:
    desk.become(WIRED)
    desk.view.select({"fast"})
    desk.view.cut_selection()
    assert "fast" not in desk.flow.nodes
    desk.view.paste()
    assert desk.flow.nodes["fast"].template == "sma"


def test_duplicate_brings_copies_aside_and_leaves_the_clipboard_alone(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("mine")
    desk.become(WIRED)
    desk.view.select({"fast"})
    desk.view.duplicate()
    assert desk.flow.nodes["fast_2"].position == Point(312, 32)
    assert QGuiApplication.clipboard().text() == "mine"


@pytest.mark.parametrize("text", ["", "hello", '{"format": "logic-flow", "version": 99}'])
def test_text_that_holds_no_blocks_is_not_pasted_and_the_reason_is_said(desk: Desk, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    desk.view.paste()
    assert desk.edits == []
    assert len(desk.said) == 1
    assert desk.said[0].endswith(".")

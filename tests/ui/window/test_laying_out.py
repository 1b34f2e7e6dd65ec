"""A large picture is laid out while one can go on drawing."""

import random
from pathlib import Path

from pytestqt.qtbot import QtBot

from builder_app.flow.edits import MoveNodes
from builder_app.flow.values import Edge, LogicFlow, Node, Point, Port, frozen_mapping
from builder_app.ui.window.laying_out import AT_ONCE
from tests.ui.window.strategist import Strategist, application

COUNT = 2 * AT_ONCE


def tangle(place: Point | None = None) -> LogicFlow:
    """Averages wired at random to earlier ones, anywhere, or all at one place."""
    dice = random.Random(5)
    spots = [place or Point(dice.randrange(4000) * 1.0, dice.randrange(4000) * 1.0) for _ in range(COUNT)]
    nodes = [Node(f"a{number:03d}", "sma", position=spot) for number, spot in enumerate(spots)]
    edges = [Edge(Port(nodes[dice.randrange(it)].id, "value"), Port(nodes[it].id, "price")) for it in range(1, COUNT)]
    return LogicFlow(frozen_mapping((node.id, node) for node in nodes), tuple(sorted(edges)))


def runs_forward(flow: LogicFlow) -> bool:
    """Whether each wire runs from left to right."""
    return all(flow.nodes[edge.source.node].position.x < flow.nodes[edge.target.node].position.x for edge in flow.edges)


def test_a_large_picture_is_laid_out_as_one_step_while_the_window_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        document = hands.session.new_document(tangle())
        before = document.flow
        hands.window.actions_by_id["layout"].trigger()
        assert document.flow is before
        assert "Laying out" in hands.canvas.speech.text
        hands.sees(lambda: document.flow is not before)
        assert runs_forward(document.flow)
        assert [step.title for step in document.history.steps] == [f"Lay out {COUNT} blocks"]
        hands.press("Ctrl+Z", hands.canvas)
        assert document.flow == before


def test_a_picture_that_changed_meanwhile_is_left_as_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        document = hands.session.new_document(tangle())
        hands.window.actions_by_id["layout"].trigger()
        hands.window.edit(MoveNodes(frozen_mapping({"a000": Point(-500, -500)})))
        moved = document.flow
        hands.sees(lambda: "changed while it was laid out" in hands.canvas.speech.text)
        assert document.flow is moved
        assert len(document.history.steps) == 1


def test_a_picture_that_was_closed_meanwhile_stays_closed(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        document = hands.session.new_document(tangle())
        before = document.flow
        hands.window.actions_by_id["layout"].trigger()
        hands.window.actions_by_id["close_document"].trigger()
        heard: list[bool] = []
        hands.session.layouts.ask(lambda _is_overtaken: True, heard.append, lambda _why: None, "another")
        hands.sees(lambda: bool(heard))  # the thread has only one question at a time
        assert document.flow is before
        assert not hands.window.canvases


def test_the_strategy_that_was_asked_about_is_laid_out_whichever_is_in_front(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        asked = hands.session.new_document(tangle())
        hands.window.actions_by_id["layout"].trigger()
        other = hands.session.new_document(tangle())
        before = other.flow
        assert hands.document is other
        hands.sees(lambda: runs_forward(asked.flow))
        assert other.flow is before


def test_a_large_picture_without_places_is_laid_out_when_it_is_opened(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        document = hands.session.new_document(tangle(Point(0, 0)))
        hands.sees(lambda: runs_forward(document.flow))
        hands.sees(lambda: hands.canvas.shown_rect().contains(hands.canvas.canvas.picture.rect_of("a000")))

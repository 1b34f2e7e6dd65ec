"""Steps of the history are titled in a strategist's words."""

import pytest
from hypothesis import given

from builder_app.flow.edits import (
    AddFrame,
    AddNode,
    Annotate,
    Batch,
    Collapse,
    Connect,
    Disconnect,
    Edit,
    MoveNodes,
    Mute,
    RemoveFrame,
    RemoveNodes,
    Rename,
    RenameStrategy,
    SetParameter,
    SetStrategyParameter,
)
from builder_app.flow.history_titles import describe
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import (
    Frame,
    LogicFlow,
    NodeType,
    ParameterReference,
    Point,
    Rect,
    StrategyParameter,
    frozen_mapping,
)
from tests.flow.blocks import CROSSOVER, block, draw, wire
from tests.flow.strategies import edits, flows

FLOW = draw(*CROSSOVER, frames={"f": Frame("f", "Trend", Rect(0, 0, 1, 1))})
FAST_TO_CROSS = wire("fast.value > cross.a")


@pytest.mark.parametrize(
    ("edit", "title"),
    [
        (Connect(FAST_TO_CROSS), "Connect Fast average → Crosses above"),
        (Disconnect(FAST_TO_CROSS), "Disconnect Fast average → Crosses above"),
        (MoveNodes({id: Point(0, 0) for id in ("fast", "slow", "cross")}), "Move 3 blocks"),
        (MoveNodes({"fast": Point(0, 0)}), "Move Fast average"),
        (RemoveNodes(frozenset({"cross"})), "Remove Crosses above"),
        (AddNode(block("x", "sma", "Trend")), "Add Trend"),
        (SetParameter("fast", "period", 12), "Set period of Fast average to 12"),
        (SetParameter("fast", "period", 2.5), "Set period of Fast average to 2.5"),
        (
            SetParameter("fast", "period", ParameterReference("fast_period")),
            "Set period of Fast average to fast_period",
        ),
        (SetParameter("fast", "period", is_set=False), "Return period of Fast average to its default"),
        (Rename("fast", "Quick"), "Rename Fast average to Quick"),
        (Rename("fast", ""), "Take the label of Fast average away"),
        (Annotate("fast", "why"), "Change the note of Fast average"),
        (Mute("fast", True), "Mute Fast average"),
        (Mute("fast", False), "Unmute Fast average"),
        (Collapse("fast", True), "Collapse Fast average"),
        (Collapse("fast", False), "Open Fast average up"),
        (AddFrame(Frame("g", "Exits", Rect(0, 0, 1, 1))), "Add the frame Exits"),
        (RemoveFrame("f"), "Remove the frame Trend"),
        (RenameStrategy("Golden cross"), "Rename the strategy to Golden cross"),
        (SetStrategyParameter("fast_period", StrategyParameter(7)), "Set the strategy parameter fast period to 7"),
        (
            SetStrategyParameter("key", StrategyParameter("abc", sensitive=True)),
            "Set the strategy parameter key to •••",
        ),
        (SetStrategyParameter("key", None), "Remove the strategy parameter key"),
        (Batch((), "Paste 3 blocks"), "Paste 3 blocks"),
        (Batch((AddNode(block("x", "not")), Connect(wire("cross.result > x.condition")))), "Add Not and 1 more change"),
        (
            Batch((Connect(wire("cross.result > x.condition")), AddNode(block("x", "not")))),
            "Connect Crosses above → Not and 1 more change",
        ),
        (Batch((AddNode(block("x", "not")), AddNode(block("y", "not")))), "Add 2 blocks"),
    ],
)
def test_an_edit_is_titled(edit: Edit, title: str) -> None:
    assert describe(edit, FLOW) == title


@given(edits, flows())
def test_every_edit_has_a_title_on_one_line_even_where_it_does_not_fit(edit: Edit, flow: LogicFlow) -> None:
    title = describe(edit, flow)
    assert title
    assert title == " ".join(title.split())


@pytest.mark.parametrize(
    ("edit", "title"),
    [
        (RenameStrategy("\x1b[2Jgone\u202e"), "Rename the strategy to �[2Jgone�"),
        (Rename("fast", "a\nb\x9bc"), "Rename Fast average to a b�c"),
        (AddFrame(Frame("g", "\x07bell", Rect(0, 0, 1, 1))), "Add the frame �bell"),
        (Batch((), "Turn\x1b it"), "Turn� it"),
    ],
)
def test_a_title_holds_nothing_that_a_terminal_obeys(edit: Edit, title: str) -> None:
    assert describe(edit, FLOW) == title


def test_a_block_without_a_label_is_called_as_in_the_catalogue() -> None:
    template = NodeTemplate("sma", "Simple moving average", NodeType.INDICATOR, "Averages")
    catalogue = Catalogue(frozen_mapping({"sma": template}))
    flow = draw(block("one", "sma"), block("two", "ema"), block("three", "sma", "Slow"))
    assert describe(Rename("one", "Quick"), flow, catalogue) == "Rename Simple moving average to Quick"
    assert describe(Rename("one", "Quick"), flow) == "Rename Sma to Quick"
    assert describe(Mute("two", True), flow, catalogue) == "Mute Ema", "a template that the catalogue does not have"
    assert describe(Mute("three", True), flow, catalogue) == "Mute Slow"
    assert describe(Batch((AddNode(block("x", "sma")),)), flow, catalogue) == "Add Simple moving average"
    assert describe(RemoveNodes(frozenset({"one"})), flow, catalogue) == "Remove Simple moving average"

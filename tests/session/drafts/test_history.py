"""Undo and redo as a value."""

from builder_app.flow.edits import AddNode, SetParameter
from builder_app.flow.values import LogicFlow, Node
from builder_app.session.drafts.document import Document


def document_with_sma() -> Document:
    document = Document("draft")
    document.edit(AddNode(Node("fast", "sma")))
    return document


def test_dragged_slider_is_one_step_of_the_history() -> None:
    document = document_with_sma()
    for period in (11, 12, 13):
        document.edit(SetParameter("fast", "period", period), "drag 1")
    assert len(document.history.steps) == 2
    document.undo()
    assert "period" not in document.flow.nodes["fast"].parameters
    document.redo()
    assert document.flow.nodes["fast"].parameters["period"] == 13


def test_two_drags_are_two_steps() -> None:
    document = document_with_sma()
    document.edit(SetParameter("fast", "period", 11), "drag 1")
    document.end_gesture()
    document.edit(SetParameter("fast", "period", 12), "drag 1")
    assert len(document.history.steps) == 3


def test_edit_after_undo_forgets_what_was_undone() -> None:
    document = document_with_sma()
    document.undo()
    document.edit(AddNode(Node("slow", "sma")))
    document.redo()
    assert set(document.flow.nodes) == {"slow"}
    assert len(document.history.steps) == 1


def test_edit_that_changes_nothing_is_no_step() -> None:
    document = document_with_sma()
    document.edit(SetParameter("fast", "period", 20))
    document.edit(SetParameter("fast", "period", 20))
    assert len(document.history.steps) == 2


def test_undo_on_a_new_document_does_nothing() -> None:
    document = Document("draft")
    document.undo()
    document.redo()
    assert document.flow == LogicFlow()
    assert document.sequence == 0

"""The journal alone gives back the flow and the history that the strategist had."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.flow.values import LogicFlow
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.history import History
from builder_app.session.drafts.journal import Entry, entry_from_json, entry_to_json, remembered, replayed
from tests.flow.strategies import fitting_edits, flows


def random_work(data: st.DataObject, start: LogicFlow) -> tuple[Document, list[Entry]]:
    """A document after random edits, undos and redos, and the journal's entries of it."""
    entries: list[Entry] = []
    document = Document("draft", flow=start)
    document.on_change = lambda _document, _before, entry: entries.append(entry)
    for _ in range(data.draw(st.integers(0, 12))):
        match data.draw(st.sampled_from(["edit", "edit", "gesture", "undo", "redo"])):
            case "undo":
                document.undo()
            case "redo":
                document.redo()
            case what:
                document.edit(data.draw(fitting_edits(document.flow)), "slider" if what == "gesture" else "")
    return document, entries


@settings(max_examples=40)
@given(flows(), st.data())
def test_replayed_journal_gives_the_same_flow_and_history(start: LogicFlow, data: st.DataObject) -> None:
    document, entries = random_work(data, start)
    stored = [(entry.kind.value, json.loads(json.dumps(entry_to_json(entry)))) for entry in entries]
    read = [entry_from_json(kind, content) for kind, content in stored]
    assert replayed(start, History(), read) == (document.flow, document.history)


@settings(max_examples=40)
@given(flows(), st.data())
def test_entries_before_the_snapshot_give_the_history_without_touching_the_flow(
    start: LogicFlow, data: st.DataObject
) -> None:
    document, entries = random_work(data, start)
    history = History()
    for entry in entries:
        history = remembered(history, entry)
    assert history == document.history


@settings(max_examples=40)
@given(flows(), st.data())
def test_jumping_to_the_start_and_back_gives_the_same_flow(start: LogicFlow, data: st.DataObject) -> None:
    document, _ = random_work(data, start)
    after, place = document.flow, document.history.position
    document.jump(0)
    assert document.flow == start
    document.jump(place)
    assert document.flow == after


@settings(max_examples=40)
@given(flows(), st.data())
def test_undo_works_where_the_journal_was_cut_before_the_snapshot(start: LogicFlow, data: st.DataObject) -> None:
    document, entries = random_work(data, start)
    cut = data.draw(st.integers(0, len(entries)))
    history = History()
    for entry in entries[cut:]:
        history = remembered(history, entry)
    recovered = Document("recovered", flow=document.flow, history=history)
    places = recovered.history.position
    for _ in range(places):
        recovered.undo()
    for _ in range(places):
        recovered.redo()
    assert recovered.flow == document.flow

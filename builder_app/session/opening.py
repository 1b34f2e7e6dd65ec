"""Start-up and recovery are one path: a document from a new, a saved or a drafted strategy."""

from collections.abc import Iterator, Mapping
from typing import Any

from builder_app.flow.codec import FlowUnreadable
from builder_app.flow.edits import EditRefused
from builder_app.flow.values import LogicFlow
from builder_app.quicktest.request import RunResult, TestConfig
from builder_app.session.config_codec import ConfigUnreadable, config_from_json
from builder_app.session.document import Document, View
from builder_app.session.history import History
from builder_app.session.journal import Entry, entry_from_json, remembered, replayed
from builder_app.session.results_codec import result_from_json
from builder_app.session.stored_flow import joined_flow
from builder_app.store import Store
from builder_app.store.records import JournalEntry, LoadedSession
from builder_app.store.vocabulary import TestStatus

RECENT_TESTS = 10


def open_new(store: Store, flow: LogicFlow) -> Document:
    """A strategy that was never saved."""
    return Document(store.sessions.open(None, flow.name).id, flow=flow)


def open_saved(store: Store, instance: str) -> Document:
    """A saved strategy, with the draft that was left of it where there is one."""
    saved = store.strategies.get(instance)
    flow = joined_flow(saved.logic_flow, saved.parameters)
    for session in store.sessions.active():
        if session.instance_id == instance:
            document = open_draft(store, session.id)
            if isinstance(document, Document):
                return document
    document = Document(store.sessions.open(instance, saved.name).id, instance, flow, saved_flow=flow)
    _with_newest_test(store, document)
    return document


def was_open(loaded: LoadedSession) -> bool:
    """Whether this draft's strategy was open when the program ended."""
    return loaded.metadata is None or bool(loaded.metadata.get("is_open", True))


def open_drafts(store: Store) -> Iterator[Document | str]:
    """What was open when the program ended, oldest first; a sentence in the place of what could not be read."""
    for session in reversed(store.sessions.active()):
        if was_open(store.sessions.load(session.id)):
            yield open_draft(store, session.id)


def open_draft(store: Store, session: str) -> Document | str:
    """A draft with its undo history, every journal entry after the snapshot replayed; or why it cannot be read.

    Where a part cannot be read, what is before it is opened in a new session, and the damaged rows stay set aside.
    """
    loaded = store.sessions.load(session)
    name = loaded.session.session_name or "Untitled strategy"
    try:
        flow = joined_flow(loaded.logic_flow or {}, loaded.parameters) if loaded.logic_flow is not None else None
    except FlowUnreadable as reason:
        flow, problem = None, str(reason)
    else:
        problem = loaded.problem
    if flow is None and (loaded.entries or problem):
        store.sessions.deactivate(session)
        return f"The draft of '{name}' could not be read: {problem or 'its snapshot is missing.'} It is set aside."
    flow, history, trouble = _history(loaded, flow or LogicFlow(name=loaded.session.session_name))
    problem = problem or trouble
    document = Document(session, loaded.session.instance_id, flow, history=history, sequence=loaded.last_sequence)
    document.note = _note(name, problem, len(loaded.entries))
    _take_metadata(document, loaded.metadata or {})
    if problem:
        store.sessions.deactivate(session)
        document.id = store.sessions.open(loaded.session.instance_id, flow.name).id
        document.sequence, document.history = 0, History()
    if document.instance is not None:
        saved = store.strategies.get(document.instance)
        document.saved_flow = joined_flow(saved.logic_flow, saved.parameters)
        _with_newest_test(store, document)
    return document


def _history(loaded: LoadedSession, flow: LogicFlow) -> tuple[LogicFlow, History, str]:
    """The flow and history after every entry that can be read, and a sentence about the first that can't."""
    history = History()
    for row in loaded.kept:
        try:
            history = remembered(history, _entry(row))
        except (ValueError, KeyError, TypeError):
            history = History()
    for row in loaded.entries:
        try:
            flow, history = replayed(flow, history, (_entry(row),))
        except (EditRefused, ValueError, KeyError, TypeError) as reason:
            return flow, history, f"Step {row.sequence} of the journal could not be read ({reason})."
    return flow, history, ""


def _entry(row: JournalEntry) -> Entry:
    return entry_from_json(row.kind, row.edit)


def _note(name: str, problem: str, replayed_entries: int) -> str:
    if problem:
        return f"'{name}' was recovered up to the first damaged part: {problem} Nothing was deleted."
    return f"'{name}' was recovered with every saved edit." if replayed_entries else ""


def _take_metadata(document: Document, metadata: Mapping[str, Any]) -> None:
    view = metadata.get("viewport", {})
    selected = frozenset(metadata.get("selected_nodes", ())) & document.flow.nodes.keys()
    document.view = View(
        view.get("zoom", 1.0), view.get("pan_x", 0.0), view.get("pan_y", 0.0), selected, view.get("fitted", False)
    )
    document.live = bool(metadata.get("live", False))
    try:
        document.config = config_from_json(metadata.get("test_config", {}))
    except ConfigUnreadable:
        document.config = TestConfig()


def _with_newest_test(store: Store, document: Document) -> None:
    """Show the newest finished test again; its set-up too where the draft has none of its own."""
    for test in store.quick_tests.recent(document.instance or "", RECENT_TESTS):
        if test.status is TestStatus.COMPLETED:
            result = _result(store, test.id)
            if result is not None:
                document.result, document.tested_hash = result, result.code_hash
                return


def _result(store: Store, test: str) -> RunResult | None:
    try:
        return result_from_json(store.quick_tests.get(test).test_result or {})
    except (KeyError, TypeError, ValueError):
        return None

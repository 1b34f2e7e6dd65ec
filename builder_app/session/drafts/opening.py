"""Start-up and recovery are one path: a document from a new, a saved or a drafted strategy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from builder_app.flow.codec import FlowUnreadable
from builder_app.flow.edits import EditRefused
from builder_app.flow.values import EMPTY_FLOW, LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.quicktest.request import RunResult, TestConfig
from builder_app.session.drafts.document import Document, View
from builder_app.session.drafts.history import History
from builder_app.session.drafts.journal import Entry, entry_from_json, remembered, replayed
from builder_app.session.drafts.stored_flow import flow_or_none, joined_flow, split_flow
from builder_app.session.runs.config_codec import ConfigUnreadable, config_from_json
from builder_app.session.runs.results_codec import result_from_json
from builder_app.store import NotThere, Store, StoreError
from builder_app.store.records import DraftSnapshot, JournalEntry, LoadedSession, StrategyRecord

STAYS_ASIDE: Final = "Nothing was deleted."


def open_new(store: Store, flow: LogicFlow) -> Document:
    """A strategy that was never saved."""
    return Document(store.sessions.open(None, flow.name).id, flow=flow)


def open_saved(store: Store, instance: str) -> Document:
    """A saved strategy, with the draft that goes on from it where there is one.

    A draft that goes on from an older version is not opened: it is named in the note, and stays where it is.
    Raises FlowUnreadable where the saved strategy is damaged and has no draft, NotThere where there is none.
    """
    notes: list[str] = []
    for session in store.sessions.active():
        if session.instance_id == instance:
            document = open_draft(store, session.id)
            if isinstance(document, str):
                notes.append(document)
            elif is_older(document, store):
                notes.append(_older_draft(document.name))
            else:
                return document
    return _without_draft(store, instance, notes)


def open_drafts(store: Store) -> Iterator[Document | str]:
    """What was open when the program ended, oldest first; a sentence in the place of what could not be read.

    In the place of a draft that goes on from an older version than the saved one comes the saved strategy.
    """
    sessions = store.sessions.active()
    drafts = store.sessions.drafts([session.id for session in sessions])
    for session in reversed(sessions):
        draft = drafts.get(session.id)
        if draft is not None and not (draft.metadata or {}).get("is_open", True):
            continue
        try:
            document = _open_again(store, session.id)
        except (StoreError, ValueError) as reason:
            name = session.session_name or UNTITLED_STRATEGY
            yield f"The draft of '{name}' could not be opened: {str(reason).rstrip('.')}. {STAYS_ASIDE}"
        else:
            if document is not None:
                yield document


def _open_again(store: Store, session: str) -> Document | str | None:
    document = open_draft(store, session)
    if isinstance(document, str):
        return document
    if document.is_untouched:
        store.sessions.deactivate(session)
        return None
    if document.instance is None or not is_older(document, store):
        return document
    _leave_closed(store, document)
    return open_saved(store, document.instance)


def open_draft(store: Store, session: str) -> Document | str:
    """A draft with its undo history, every journal entry after the snapshot replayed; or why it cannot be read.

    Where a part cannot be read, what is before it is opened in a new session, and the damaged rows stay set aside.
    """
    loaded = store.sessions.load(session)
    saved = _saved_strategy(store, loaded.session.instance_id)
    name = loaded.session.session_name or UNTITLED_STRATEGY
    try:
        read = _read(loaded, saved)
    except (_NoGround, FlowUnreadable) as reason:
        store.session_life.set_aside(session)
        ground = " Open the strategy as it was last saved from the start page." if loaded.session.instance_id else ""
        return f"The draft of '{name}' could not be read: {reason} It is set aside. {STAYS_ASIDE}{ground}"
    document = Document(session, None, read.flow, history=read.history, sequence=loaded.last_sequence)
    document.durable = loaded.last_sequence
    document.note = read.problem or _note(name, len(loaded.entries))
    _take_metadata(document, loaded.metadata or {})
    if saved is not None:
        document.instance = saved.id
        document.saved_flow = flow_or_none(saved.logic_flow, saved.parameters)
        document.saved_version = document.saved_version or (1 if loaded.logic_flow is not None else saved.version)
        _take_newest_test(store, document)
    if read.problem:
        _set_aside(store, document)
    return document


def is_older(document: Document, store: Store) -> bool:
    """Whether the saved strategy went on without this draft: it has a newer version, and another picture."""
    if document.instance is None or not document.is_draft:
        return False
    return store.strategies.drawings([document.instance])[document.instance].version > document.saved_version


def take_over(document: Document, store: Store) -> None:
    """An older draft was chosen all the same: it goes on from the newest version, and its note says what that means."""
    if document.instance is not None:
        document.saved_version = store.strategies.drawings([document.instance])[document.instance].version
        document.note = (
            f"This draft of '{document.name}' is older than the saved strategy. Save puts it in the place of the saved "
            "one; close it, and both stay as they are."
        )


@dataclass(frozen=True, slots=True)
class _ReadDraft:
    """A draft as it could be read, and a sentence where that is not all of it."""

    flow: LogicFlow
    history: History
    problem: str


class _NoGround(ValueError):
    """There is no snapshot that a journal could be replayed on; the text says why."""


def _read(loaded: LoadedSession, saved: StrategyRecord | None) -> _ReadDraft:
    """The flow and history after every entry that can be read.

    Raises _NoGround or FlowUnreadable where there is none. A session that ended before its first snapshot is as new.
    """
    if loaded.logic_flow is None:
        if loaded.problem or loaded.entries:
            raise _NoGround(loaded.problem or "Its snapshot is missing.")
        flow = EMPTY_FLOW if saved is None else joined_flow(saved.logic_flow, saved.parameters)
        return _ReadDraft(flow, History(), "")
    flow = joined_flow(loaded.logic_flow, loaded.parameters)
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
            problem = f"Step {row.sequence} of the journal could not be read ({reason}), and none after it."
            return _ReadDraft(flow, history, _damaged(loaded.session.session_name, problem))
    return _ReadDraft(flow, history, _damaged(flow.name, loaded.problem) if loaded.problem else "")


def _entry(row: JournalEntry) -> Entry:
    return entry_from_json(row.kind, row.edit)


def _without_draft(store: Store, instance: str, notes: list[str]) -> Document:
    saved = store.strategies.get(instance)
    flow = joined_flow(saved.logic_flow, saved.parameters)
    session = store.sessions.open(instance, saved.name).id
    document = Document(session, instance, flow, saved_flow=flow, saved_version=saved.version, note=" ".join(notes))
    _take_newest_test(store, document)
    document.config = document.tested_config or TestConfig()
    return document


def _leave_closed(store: Store, document: Document) -> None:
    logic_flow, parameters = split_flow(document.flow)
    metadata = dict(document.metadata(is_open=False))
    snapshot = DraftSnapshot(document.sequence, logic_flow, parameters, metadata, keep=document.sequence)
    store.sessions.snapshot(document.id, snapshot)


def _set_aside(store: Store, document: Document) -> None:
    """The damaged session ends, and its document goes on in a new one, with the history as far as it was read."""
    store.session_life.set_aside(document.id)
    document.read_from = document.id
    document.id = store.sessions.open(document.instance, document.flow.name).id
    document.sequence, document.durable = 0, -1


def _saved_strategy(store: Store, instance: str | None) -> StrategyRecord | None:
    """The saved strategy of a draft, or None where it never had one, or it was deleted."""
    try:
        return None if instance is None else store.strategies.get(instance)
    except NotThere:
        return None


def _note(name: str, replayed_entries: int) -> str:
    return f"'{name}' was recovered with every saved edit." if replayed_entries else ""


def _damaged(name: str, problem: str) -> str:
    told = f"'{name or UNTITLED_STRATEGY}' was recovered up to the first damaged part: {problem}"
    return told if STAYS_ASIDE in told else f"{told} {STAYS_ASIDE}"


def _older_draft(name: str) -> str:
    return (
        f"'{name}' was saved after its draft was made, so the saved strategy is open. "
        "The older draft is on the start page: open it there to go on with it, or delete it."
    )


def _take_metadata(document: Document, metadata: Mapping[str, Any]) -> None:
    view = metadata.get("viewport", {})
    selected = frozenset(metadata.get("selected_nodes", ())) & document.flow.nodes.keys()
    document.view = View(
        view.get("zoom", 1.0), view.get("pan_x", 0.0), view.get("pan_y", 0.0), selected, view.get("fitted", False)
    )
    document.live = bool(metadata.get("live", False))
    document.target = str(metadata.get("target", document.target))
    document.saved_version = int(metadata.get("saved_version", 0))
    document.template = str(metadata.get("template", ""))
    try:
        document.config = config_from_json(metadata.get("test_config", {}))
    except ConfigUnreadable as reason:
        document.note = f"{document.note} The test set-up is the default one again: {reason}".lstrip()


def _take_newest_test(store: Store, document: Document) -> None:
    """Show the newest finished test again, and remember its set-up."""
    if document.instance is None:
        return
    summary = store.quick_tests.newest_completed([document.instance]).get(document.instance)
    result = None if summary is None else _result(store, summary.id)
    if summary is not None and result is not None:
        document.result, document.tested_hash = result, result.code_hash
        try:
            document.tested_config = config_from_json(summary.test_config)
        except ConfigUnreadable:
            document.tested_config = None


def _result(store: Store, test: str) -> RunResult | None:
    try:
        return result_from_json(store.quick_tests.get(test).test_result or {})
    except (KeyError, TypeError, ValueError):
        return None

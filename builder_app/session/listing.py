"""What can be opened: the strategist's own strategies and drafts, and the ready-made ones."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from builder_app.flow.codec import FlowUnreadable, loads
from builder_app.flow.values import LogicFlow
from builder_app.session.document import Document
from builder_app.session.opening import open_draft
from builder_app.session.session import Session
from builder_app.session.stored_flow import joined_flow
from builder_app.store import Store
from builder_app.store.vocabulary import TestStatus

LISTED: Final = 60
EXAMPLE_SUFFIX: Final = ".flow.json"


@dataclass(frozen=True, slots=True, eq=False)
class ListedStrategy:
    """One strategy of a list. `figure` is what its newest test found, in words; `id` says what to open."""

    id: str
    name: str
    flow: LogicFlow
    edited_at: datetime.datetime
    figure: str
    is_draft: bool


@dataclass(frozen=True, slots=True, eq=False)
class ListedExample:
    """One ready-made strategy."""

    id: str
    name: str
    description: str
    flow: LogicFlow


def strategies(session: Session) -> tuple[ListedStrategy, ...]:
    """The strategist's strategies and the drafts that were never saved, newest edit first."""
    store = session.rooms.store
    found: list[ListedStrategy] = []
    drafted: set[str] = set()
    for record in store.sessions.active():
        document = session.documents.get(record.id)
        flow = document.flow if document is not None else _drafted_flow(store, record.id)
        if flow is None or (record.instance_id is None and not flow.nodes):
            continue
        if record.instance_id is not None:
            drafted.add(record.instance_id)
        name = flow.name or "Untitled strategy"
        is_draft = record.instance_id is None or (document.is_draft if document is not None else True)
        figure = _figure(store, record.instance_id)
        found.append(ListedStrategy(f"draft:{record.id}", name, flow, record.last_activity_at, figure, is_draft))
    for saved in store.strategies.list(limit=LISTED).items:
        if saved.id not in drafted:
            flow = _saved_flow(store, saved.id)
            if flow is not None:
                figure = _figure(store, saved.id)
                found.append(ListedStrategy(f"saved:{saved.id}", saved.name, flow, saved.updated_at, figure, False))
    return tuple(sorted(found, key=lambda item: item.edited_at, reverse=True)[:LISTED])


def open_listed(session: Session, id: str) -> Document:
    """Open a strategy of the list; raises ValueError with a sentence where it cannot be read."""
    kind, _, row = id.partition(":")
    if kind == "saved":
        return session.open_strategy(row)
    if row in session.documents:
        return session.documents[row]
    opened = open_draft(session.rooms.store, row)
    if isinstance(opened, str):
        raise ValueError(opened)
    return session.add(opened)


def delete_listed(session: Session, id: str) -> str:
    """Take a strategy off the list, its draft too; its name. `restore_listed` brings it back."""
    store = session.rooms.store
    kind, _, row = id.partition(":")
    name = next((item.name for item in strategies(session) if item.id == id), "The strategy")
    if kind == "saved":
        store.strategies.soft_delete(row)
        return name
    if row in session.documents:
        session.close_document(session.documents[row])
    instance = store.sessions.load(row).session.instance_id
    store.sessions.deactivate(row)
    if instance is not None:
        store.strategies.soft_delete(instance)
    return name


def restore_listed(session: Session, id: str) -> None:
    """Bring a deleted strategy back."""
    store = session.rooms.store
    kind, _, row = id.partition(":")
    if kind == "saved":
        store.strategies.restore(row)
        return
    instance = store.sessions.load(row).session.instance_id
    if instance is not None:
        store.strategies.restore(instance)
    store.sessions.reactivate(row)


def examples(folder: Path) -> tuple[ListedExample, ...]:
    """The ready-made strategies that ship with the program, by name."""
    found = []
    for path in sorted(folder.glob(f"*{EXAMPLE_SUFFIX}")):
        flow = loads(path.read_bytes())
        description = next((note.text for note in flow.notes.values()), "")
        found.append(ListedExample(path.name.removesuffix(EXAMPLE_SUFFIX), flow.name, description, flow))
    return tuple(found)


def open_example(session: Session, id: str) -> Document:
    """Open a copy of a ready-made strategy; raises ValueError with the names that there are."""
    known = {example.id: example for example in examples(session.rooms.examples)}
    if id not in known:
        raise ValueError(f"There is no example '{id}'. There are: {', '.join(known)}.")
    return session.new_document(known[id].flow)


def _drafted_flow(store: Store, session: str) -> LogicFlow | None:
    loaded = store.sessions.load(session)
    if loaded.logic_flow is None:
        return None
    try:
        return joined_flow(loaded.logic_flow, loaded.parameters)
    except FlowUnreadable:
        return None


def _saved_flow(store: Store, instance: str) -> LogicFlow | None:
    saved = store.strategies.get(instance)
    try:
        return joined_flow(saved.logic_flow, saved.parameters)
    except FlowUnreadable:
        return None


def _figure(store: Store, instance: str | None) -> str:
    """ "total return +12.40 %", or that it was never tested."""
    if instance is not None:
        for test in store.quick_tests.recent(instance, 1):
            value = (test.metrics_summary or {}).get("total_return")
            if test.status is TestStatus.COMPLETED and value is not None:
                return f"total return {value * 100:+.2f} %".replace("-", "−")
    return "never tested"

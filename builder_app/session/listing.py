"""What can be opened: the strategist's own strategies and drafts, and the ready-made ones."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from builder_app.flow.codec import loads
from builder_app.flow.values import LogicFlow
from builder_app.session.desk import refusals_in_sentences
from builder_app.session.document import Document
from builder_app.session.opening import is_older, open_draft, take_over
from builder_app.session.session import Session
from builder_app.session.stored_flow import flow_or_none
from builder_app.store.records import QuickTestSummary, SessionRecord, StrategySummary

LISTED: Final = 60
EXAMPLE_SUFFIX: Final = ".flow.json"

SAVED, DRAFT, OLDER = "saved", "draft", "older"
"""How a listed id begins: a saved strategy, the draft that goes on from it, or one that it left behind."""


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


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A picture that was read, and the version of the saved strategy that it is or goes on from."""

    flow: LogicFlow
    version: int
    is_touched: bool = True


def strategies(session: Session) -> tuple[ListedStrategy, ...]:
    """The strategist's strategies and the drafts that were never saved, newest edit first."""
    store = session.rooms.store
    saved = {record.id: record for record in store.strategies.list(limit=LISTED).items}
    records = store.sessions.active()[:LISTED]
    drafts = _drafts(session, records)
    drawings = _drawings(session, [*saved.values()])
    found, drafted = [], set()
    for record in records:
        drawn = drafts.get(record.id)
        if drawn is None or not (drawn.is_touched or record.instance_id):
            continue
        name, moment = drawn.flow.name or "Untitled strategy", record.last_activity_at
        item = ListedStrategy(f"{DRAFT}:{record.id}", name, drawn.flow, moment, "", is_draft=True)
        ground = drawings.get(record.instance_id or "")
        if ground is not None and record.instance_id is not None:
            item = replace(item, is_draft=drawn.flow != ground.flow)
            if item.is_draft and drawn.version < ground.version:
                item = replace(item, id=f"{OLDER}:{record.id}", name=f"{item.name} (older draft)")
            elif record.instance_id in drafted:
                continue
            else:
                drafted.add(record.instance_id)
        found.append((record.instance_id, item))
    for id, drawn in drawings.items():
        if id not in drafted:
            name, moment = saved[id].name, saved[id].updated_at
            found.append((id, ListedStrategy(f"{SAVED}:{id}", name, drawn.flow, moment, "", is_draft=False)))
    found = sorted(found, key=lambda pair: pair[1].edited_at, reverse=True)[:LISTED]
    tests = store.quick_tests.newest_completed(list({instance for instance, _ in found if instance is not None}))
    return tuple(replace(item, figure=_figure(tests.get(instance or ""))) for instance, item in found)


def open_listed(session: Session, id: str) -> Document:
    """Open a strategy of the list; raises ValueError with a sentence where it cannot be read."""
    kind, _, row = id.partition(":")
    if kind == SAVED:
        return session.open_strategy(row)
    if row in session.documents:
        return session.documents[row]
    session.flush()
    with refusals_in_sentences():
        opened = open_draft(session.rooms.store, row)
        if isinstance(opened, str):
            raise ValueError(opened)
        if is_older(opened, session.rooms.store):
            take_over(opened, session.rooms.store)
        return session.add(opened)


def delete_listed(session: Session, id: str) -> str:
    """Take a strategy off the list, with the draft that goes on from it; its name. `restore_listed` brings it back."""
    kind, _, row = id.partition(":")
    with refusals_in_sentences():
        instance, name = _saved_and_name(session, kind, row)
        for document in tuple(session.documents.values()):
            if document.id == row or (instance is not None and document.instance == instance):
                name = document.name
                session.close_document(document)
        session.flush()  # what is still to be written would make the draft active again
        if kind != SAVED:
            session.rooms.store.sessions.deactivate(row)
        if instance is not None:
            session.rooms.store.strategies.soft_delete(instance)
    return name


def restore_listed(session: Session, id: str) -> None:
    """Bring a deleted strategy back."""
    store = session.rooms.store
    kind, _, row = id.partition(":")
    with refusals_in_sentences():
        instance, _name = _saved_and_name(session, kind, row)
        if instance is not None:
            store.strategies.restore(instance)
        if kind != SAVED:
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


def _drafts(session: Session, records: Sequence[SessionRecord]) -> Mapping[str, _Drawn]:
    """The drafts' pictures: of open documents as they are, of others as they were left."""
    found: dict[str, _Drawn] = {}
    unread = []
    for record in records:
        document = session.documents.get(record.id)
        kept = session.pictures.get((record.id, record.last_activity_at))
        if document is not None:
            found[record.id] = _Drawn(document.flow, document.saved_version, not document.is_untouched)
        elif isinstance(kept, _Drawn):
            found[record.id] = kept
        else:
            unread.append(record)
    drafts = session.rooms.store.sessions.drafts([record.id for record in unread]) if unread else {}
    for record in unread:
        draft = drafts.get(record.id)
        flow = None if draft is None else flow_or_none(draft.logic_flow or {}, draft.parameters)
        if draft is not None and flow is not None:
            version = int((draft.metadata or {}).get("saved_version", 0)) or 1
            drawn = _Drawn(flow, version, bool(draft.sequence or flow.nodes))
            found[record.id] = session.pictures[(record.id, record.last_activity_at)] = drawn
    return found


def _drawings(session: Session, records: Sequence[StrategySummary]) -> Mapping[str, _Drawn]:
    """The saved strategies' pictures; one that is damaged is left out."""
    found: dict[str, _Drawn] = {}
    unread = []
    for record in records:
        kept = session.pictures.get((record.id, record.version))
        if isinstance(kept, _Drawn):
            found[record.id] = kept
        else:
            unread.append(record.id)
    drawings = session.rooms.store.strategies.drawings(unread) if unread else {}
    for id, drawing in drawings.items():
        flow = flow_or_none(drawing.logic_flow, drawing.parameters)
        if flow is not None:
            found[id] = session.pictures[(id, drawing.version)] = _Drawn(flow, drawing.version)
    return found


def _figure(test: QuickTestSummary | None) -> str:
    """ "total return +12.40 %", or that it was never tested."""
    value: Any = None if test is None else (test.metrics_summary or {}).get("total_return")
    return "never tested" if value is None else f"total return {value * 100:+.2f} %".replace("-", "−")


def _saved_and_name(session: Session, kind: str, row: str) -> tuple[str | None, str]:
    """The saved strategy that a listed one stands for (an older draft stands for itself alone), and its name."""
    store = session.rooms.store
    if kind == SAVED:
        drawn = store.strategies.list(limit=LISTED).items
        return row, next((saved.name for saved in drawn if saved.id == row), "The strategy")
    record = store.sessions.load(row).session
    draft = store.sessions.drafts([row]).get(row)
    drawn_name = "" if draft is None else str((draft.logic_flow or {}).get("name", ""))
    name = drawn_name or record.session_name or "Untitled strategy"
    return (None if kind == OLDER else record.instance_id), name

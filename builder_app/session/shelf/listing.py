"""What can be opened: the strategist's own strategies and drafts, and the ready-made ones."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from builder_app.flow.codec import loads
from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.session.desk import refusals_in_sentences
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.opening import is_older, open_draft, take_over
from builder_app.session.secrecy.secrets import is_other_picture
from builder_app.session.session import Session
from builder_app.session.shelf.listed_pictures import Picture, drafts_of, drawings_of
from builder_app.session.shelf.ready_made import EXAMPLE_SUFFIX, ready_made_names
from builder_app.store.list_records import StrategyWish
from builder_app.store.records import SessionRecord, StrategySummary
from builder_app.store.run_records import QuickTestSummary
from builder_app.store.vocabulary import InstanceStatus

LISTED: Final = 60

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
    instance: str | None = None
    """The saved strategy that it stands for; None where it was never saved, or is an older draft of one."""
    tags: tuple[str, ...] = ()
    is_archived: bool = False
    is_older: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which strategies are listed: `text` is a part of the name; archived ones are listed alone, or not at all."""

    text: str = ""
    tag: str | None = None
    archived: bool = False


EVERYTHING: Final = Wanted()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What may be listed: how its id begins, the row that it is, and its saved strategy."""

    kind: str
    row: str
    instance: str | None
    picture: Picture
    moment: datetime.datetime
    is_draft: bool


def strategies(session: Session, wanted: Wanted = EVERYTHING) -> tuple[ListedStrategy, ...]:
    """The strategist's strategies and the drafts that were never saved, newest edit first, no more than `LISTED`."""
    store = session.rooms.store
    saved = _saved(session, wanted)
    records = store.sessions.active()[:LISTED]
    known = {**saved, **_grounds(session, [record.instance_id for record in records], saved)}
    tags = store.strategies.tags_of(list(known)) if wanted.tag is not None else {}
    drawings = drawings_of(session, list(saved.values()))
    drafts = list(_listed_drafts(session, records, drawings))
    found = [one for one in drafts if _is_wanted(one, wanted, known.get(one.instance or ""), tags)]
    drafted = {candidate.instance for candidate in drafts if candidate.kind == DRAFT}
    found += [
        _Candidate(SAVED, id, id, drawings[id], record.updated_at, is_draft=False)
        for id, record in saved.items()
        if id not in drafted and id in drawings
    ]
    newest = sorted(found, key=lambda candidate: candidate.moment, reverse=True)[:LISTED]
    shown = [one.instance for one in newest if one.instance is not None]
    tests, tags = store.quick_tests.newest_completed(shown), store.strategies.tags_of(shown)
    listed = []
    for one in newest:
        flow, ground = one.picture.decoded(), known.get(one.instance or "")
        if flow is not None:
            name = (saved[one.row].name if one.kind == SAVED else flow.name) or UNTITLED_STRATEGY
            name = f"{name} (older draft)" if one.kind == OLDER else name
            figure = _figure(tests.get(one.instance or ""))
            instance = one.instance if ground is not None and one.kind != OLDER else None
            listed.append(
                ListedStrategy(
                    *(f"{one.kind}:{one.row}", name, flow, one.moment, figure, one.is_draft, instance),
                    tags=tags.get(one.instance or "", ()),
                    is_archived=_is_archived(ground),
                    is_older=one.kind == OLDER,
                )
            )
    return tuple(listed)


def tags_in_use(session: Session) -> Mapping[str, int]:
    """Every tag of the strategist's strategies, in order, and how many have it."""
    return session.rooms.store.strategies.tags()


def _saved(session: Session, wanted: Wanted) -> Mapping[str, StrategySummary]:
    status = InstanceStatus.ARCHIVED if wanted.archived else None
    without = None if wanted.archived else InstanceStatus.ARCHIVED
    wish = StrategyWish(status, wanted.tag, wanted.text, without=without)
    return {record.id: record for record in session.rooms.store.strategies.list(limit=LISTED, wish=wish).items}


def _grounds(
    session: Session, instances: Sequence[str | None], saved: Mapping[str, StrategySummary]
) -> Mapping[str, StrategySummary]:
    """The saved strategies that drafts go on from, and that are not among the listed ones."""
    others = tuple(dict.fromkeys(id for id in instances if id is not None and id not in saved))
    if not others:
        return {}
    page = session.rooms.store.strategies.list(limit=len(others), wish=StrategyWish(ids=others))
    return {record.id: record for record in page.items}


def _is_wanted(
    draft: "_Candidate", wanted: Wanted, ground: StrategySummary | None, tags: Mapping[str, Sequence[str]]
) -> bool:
    """Whether a draft is listed: by its own name, and by the tags and the status of its saved strategy."""
    if _is_archived(ground) != wanted.archived:
        return False
    if wanted.tag is not None and wanted.tag not in tags.get(draft.instance or "", ()):
        return False
    if not wanted.text:
        return True
    flow = draft.picture.decoded()
    return flow is not None and wanted.text.casefold() in (flow.name or UNTITLED_STRATEGY).casefold()


def _is_archived(record: StrategySummary | None) -> bool:
    return record is not None and record.status == InstanceStatus.ARCHIVED


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
    session.flush()
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


def open_example(session: Session, id: str) -> Document:
    """Open a copy of a ready-made strategy; raises ValueError with the names that there are."""
    folder = session.rooms.examples
    names = ready_made_names(folder)
    if id not in names:
        raise ValueError(f"There is no example '{id}'. There are: {', '.join(names)}.")
    flow = loads((folder / f"{id}{EXAMPLE_SUFFIX}").read_bytes())
    return session.new_document(flow, flow.name)


def _listed_drafts(
    session: Session, records: Sequence[SessionRecord], drawings: Mapping[str, Picture]
) -> Iterator[_Candidate]:
    """Of each strategy the newest draft that goes on from it, and every one that it left behind."""
    drafts = drafts_of(session, records)
    drafted = set()
    for record in records:
        draft, instance = drafts.get(record.id), record.instance_id
        if draft is None or not (draft.is_touched or instance):
            continue
        ground, moment = drawings.get(instance or ""), record.last_activity_at
        is_draft = ground is None or is_other_picture(draft.content, ground.content)
        if ground is not None and is_draft and draft.version < ground.version:
            yield _Candidate(OLDER, record.id, instance, draft, moment, is_draft)
        elif instance is None or instance not in drafted:
            drafted.add(instance)
            yield _Candidate(DRAFT, record.id, instance, draft, moment, is_draft)


def _figure(test: QuickTestSummary | None) -> str:
    """ "total return +12.40 %", or that it was never tested."""
    value: Any = None if test is None else (test.metrics_summary or {}).get("total_return")
    return "never tested" if value is None else f"total return {value * 100:+.2f} %".replace("-", "−")


def _saved_and_name(session: Session, kind: str, row: str) -> tuple[str | None, str]:
    """The saved strategy that a listed one stands for (an older draft stands for itself alone), and its name."""
    store = session.rooms.store
    if kind == SAVED:
        saved = store.strategies.list(limit=1, wish=StrategyWish(ids=(row,))).items
        return row, next((item.name for item in saved), "The strategy")
    record = store.sessions.load(row).session
    draft = store.sessions.drafts([row]).get(row)
    drawn_name = "" if draft is None else str((draft.logic_flow or {}).get("name", ""))
    name = drawn_name or record.session_name or UNTITLED_STRATEGY
    return (None if kind == OLDER else record.instance_id), name

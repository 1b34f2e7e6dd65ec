"""The pictures that lists show: drafts and saved strategies as they are stored, each read once while it stays so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder_app.flow.values import LogicFlow
from builder_app.session.drafts.stored_flow import flow_or_none, split_flow
from builder_app.store.records import SessionRecord, StrategySummary

if TYPE_CHECKING:
    from builder_app.session.session import Session


@dataclass(slots=True, eq=False)
class Picture:
    """A draft's or a saved strategy's picture as it is stored; it is decoded when it is shown, and once."""

    content: tuple[object, object]
    version: int
    """The version of the saved strategy that it is, or goes on from."""
    is_touched: bool = True
    flow: LogicFlow | None = None

    def decoded(self) -> LogicFlow | None:
        """The flow, or None where it is damaged."""
        logic_flow, parameters = self.content
        if self.flow is None and isinstance(logic_flow, dict) and isinstance(parameters, dict):
            self.flow = flow_or_none(logic_flow, parameters)
        return self.flow


def drafts_of(session: "Session", records: Sequence[SessionRecord]) -> Mapping[str, Picture]:
    """The drafts' pictures: of documents of this session as they are, of others as they were left."""
    found: dict[str, Picture] = {}
    unread = []
    for record in records:
        document = session.documents.get(record.id) or session.closed.get(record.id)
        kept = session.pictures.get((record.id, record.last_activity_at))
        if document is not None:
            is_touched = not document.is_untouched
            found[record.id] = Picture(split_flow(document.flow), document.saved_version, is_touched, document.flow)
        elif isinstance(kept, Picture):
            found[record.id] = kept
        else:
            unread.append(record)
    drafts = session.rooms.store.sessions.drafts([record.id for record in unread]) if unread else {}
    for record in unread:
        draft = drafts.get(record.id)
        if draft is not None and draft.logic_flow is not None:
            version = int((draft.metadata or {}).get("saved_version", 0)) or 1
            is_touched = bool(draft.sequence or draft.logic_flow.get("nodes"))
            drawn = Picture((draft.logic_flow, draft.parameters), version, is_touched)
            found[record.id] = session.pictures[(record.id, record.last_activity_at)] = drawn
    return found


def drawings_of(session: "Session", records: Sequence[StrategySummary]) -> Mapping[str, Picture]:
    """The saved strategies' pictures."""
    found: dict[str, Picture] = {}
    unread = []
    for record in records:
        kept = session.pictures.get((record.id, record.version))
        if isinstance(kept, Picture):
            found[record.id] = kept
        else:
            unread.append(record.id)
    drawings = session.rooms.store.strategies.drawings(unread) if unread else {}
    for id, drawing in drawings.items():
        drawn = Picture((drawing.logic_flow, drawing.parameters), drawing.version)
        found[id] = session.pictures[(id, drawing.version)] = drawn
    return found

"""Reading a draft and its journal back, trusting nothing whose checksum does not hold."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Text, select, type_coerce

from builder_app.store.checksums import draft_checksum, edit_checksum
from builder_app.store.isolation import OwnedSession
from builder_app.store.json_values import json_value
from builder_app.store.models import BuilderSession, SessionEdit
from builder_app.store.records import JournalEntry, LoadedSession, SessionRecord
from builder_app.store.vocabulary import EditKind

NOTHING_DELETED: Final = "Nothing was deleted."


class _Read(NamedTuple):
    """The journal's rows that hold, those before the snapshot and those after it, and what was found wrong."""

    kept: tuple[JournalEntry, ...]
    entries: tuple[JournalEntry, ...]
    last_sequence: int
    problem: str


def read_session(session: OwnedSession, record: SessionRecord) -> LoadedSession:
    """The session's draft and journal with every checksum checked; what does not hold is left out and named."""
    model = BuilderSession
    row = session.execute(
        select(
            type_coerce(model.draft_logic_flow, Text()),
            type_coerce(model.draft_parameters, Text()),
            type_coerce(model.draft_metadata, Text()),
            model.draft_checksum,
        ).where(model.id == record.id)
    ).one()
    flow, parameters, metadata, stored = row
    journal = _read_journal(session, record)
    if draft_checksum(record.id, record.snapshot_sequence, flow, parameters, metadata) != stored:
        problem = (
            f"The draft '{record.session_name}' was damaged on disk and cannot be trusted (its checksum does not "
            f"hold). {NOTHING_DELETED} Open the strategy as it was last saved."
        )
        sequence, last = record.snapshot_sequence, journal.last_sequence
        return LoadedSession(record, sequence, None, {}, None, journal.kept, (), last, False, problem)
    return LoadedSession(
        session=record,
        sequence=record.snapshot_sequence,
        logic_flow=None if flow is None else json_value(flow),
        parameters=json_value(parameters),
        metadata=None if metadata is None else json_value(metadata),
        kept=journal.kept,
        entries=journal.entries,
        last_sequence=journal.last_sequence,
        problem=journal.problem,
    )


def _read_journal(session: OwnedSession, record: SessionRecord) -> _Read:
    model = SessionEdit
    rows = session.execute(
        select(
            model.sequence,
            type_coerce(model.kind, Text()),
            type_coerce(model.edit, Text()),
            type_coerce(model.checksum, Text()),
        )
        .where(model.session_id == record.id)
        .order_by(model.sequence)
    ).all()
    boundary = record.snapshot_sequence
    before = [row for row in rows if row[0] <= boundary]
    after = [row for row in rows if row[0] > boundary]
    kept = _unbroken(record.id, list(reversed(before)), boundary, -1)
    entries = _unbroken(record.id, after, boundary + 1, 1)
    problem = _lost_steps(record, len(entries), len(after)) or _lost_undo(record, before, len(kept))
    return _Read(tuple(reversed(kept)), tuple(entries), max([boundary, *(row[0] for row in rows)]), problem)


def _unbroken(session_id: str, rows: list[Any], first: int, step: int) -> list[JournalEntry]:
    """The entries from the first on, up to a gap in the sequence or a row whose checksum does not hold."""
    entries: list[JournalEntry] = []
    for expected, (sequence, kind, edit, stored) in enumerate(rows):
        if sequence != first + step * expected or not _holds(session_id, sequence, kind, edit, stored):
            break
        entries.append(JournalEntry(sequence, EditKind(kind), json_value(edit)))
    return entries


def _holds(session_id: str, *row: Any) -> bool:
    sequence, kind, edit, stored = row
    return bool(edit_checksum(session_id, sequence, kind, edit) == stored)


def _lost_steps(record: SessionRecord, read: int, there: int) -> str:
    if read == there:
        return ""
    return (
        f"The draft '{record.session_name}' was damaged on disk: of {there} steps after its last snapshot the first "
        f"{read} could be read, and it is shown as it was after them. {NOTHING_DELETED}"
    )


def _lost_undo(record: SessionRecord, before: list[Any], kept: int) -> str:
    """A sentence where a row that undo needs is damaged; a journal that begins later is not damage."""
    if kept == len(before) or not any(not _holds(record.id, *row) for row in before):
        return ""
    return (
        f"The draft '{record.session_name}' is whole, but its undo history was damaged on disk: "
        f"only its last {kept} steps can be undone. {NOTHING_DELETED}"
    )

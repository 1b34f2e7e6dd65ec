"""A user's builder sessions: open drafts and their journals."""

import datetime
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Text, and_, delete, false, or_, select, type_coerce

from builder_app.store import clock
from builder_app.store.checksums import draft_checksum, edit_checksum
from builder_app.store.errors import StoreConflict
from builder_app.store.isolation import OwnedSession, add, change
from builder_app.store.json_values import EncodedJson, json_text, json_value
from builder_app.store.list_records import AuditLine
from builder_app.store.models import BuilderSession, SessionEdit
from builder_app.store.models.base import new_id
from builder_app.store.records import DraftSnapshot, JournalEntry, LoadedSession, Page, PageKey, SessionRecord
from builder_app.store.repositories.base import (
    Order,
    Part,
    Repository,
    as_record,
    columns,
    fetch,
    not_there,
    read_page,
)
from builder_app.store.repositories.holding import audit_line, audit_lines, hold, release
from builder_app.store.repositories.journal import read_session

LIFETIME: Final = datetime.timedelta(hours=24)
"""A session expires this long after its last activity."""
ACTIVITY_GRAIN: Final = datetime.timedelta(seconds=10)
"""`last_activity_at` is kept to this: to move it with every edit would cost more writing than the edit itself."""
STALE: Final = datetime.timedelta(days=30)
"""A session without activity for this long is stale, whatever it says about when it expires."""
_NEWEST: Final = Order(BuilderSession.last_activity_at, BuilderSession.id)


class Sessions(Repository):
    """The builder sessions of one user."""

    def open(self, instance_id: str | None, name: str, draft: DraftSnapshot | None = None) -> SessionRecord:
        """A new active session, of a saved strategy or (None) of one never saved, beginning with this draft."""
        id, moment = new_id(), clock.now()
        row = {
            "id": id,
            "instance_id": instance_id,
            "session_name": name[:200],
            "last_activity_at": moment,
            "expires_at": moment + LIFETIME,
            "audit_lines": audit_line(self._principal.user_id, "begun"),
            **_draft_columns(id, draft or DraftSnapshot(0, None)),
        }
        with self._writing() as session:
            add(session, BuilderSession, [row])
            return fetch(session, BuilderSession, SessionRecord, id)

    def snapshot(self, session_id: str, snapshot: DraftSnapshot) -> None:
        """Keep the whole draft, and drop the journal's rows that neither it nor undo needs; on disk when it returns."""
        self.write(session_id, (), snapshot)

    def write(self, session_id: str, entries: Sequence[JournalEntry], snapshot: DraftSnapshot | None = None) -> None:
        """Add steps to the journal and, where there is a snapshot, keep it: both or neither.

        Sequences go on from the newest that the session has; entries that are there already, word for word, are
        passed over, so that a write whose end was not seen can be tried again. Anything else is a StoreConflict:
        another window or program wrote to this session. A session that had expired is active again.
        """
        rows = [_edit_row(session_id, entry) for entry in entries]
        with self._writing() as session:
            newest = _newest_sequence(session, session_id)
            fresh = _not_yet_there(session, session_id, rows, newest)
            if fresh:
                add(session, SessionEdit, fresh)
            if snapshot is None:
                _touch(session, session_id)
            else:
                _keep_snapshot(session, session_id, snapshot)

    def active(self) -> tuple[SessionRecord, ...]:
        """The user's active sessions, newest activity first; expired ones too, until a cleanup ends them."""
        statement = (
            select(*columns(BuilderSession, SessionRecord))
            .where(BuilderSession.is_active)
            .order_by(BuilderSession.last_activity_at.desc(), BuilderSession.id.desc())
        )
        with self._reading() as session:
            return tuple(as_record(SessionRecord, row) for row in session.execute(statement))

    def newest_active(self) -> SessionRecord | None:
        """The user's active session with the newest activity, or None."""
        statement = (
            select(*columns(BuilderSession, SessionRecord))
            .where(BuilderSession.is_active)
            .order_by(*_NEWEST.terms())
            .limit(1)
        )
        with self._reading() as session:
            row = session.execute(statement).first()
            return None if row is None else as_record(SessionRecord, row)

    def list(
        self, is_active: bool | None = None, limit: int = 50, after_key: PageKey | None = None
    ) -> Page[SessionRecord]:
        """The user's sessions, active or ended or (None) both, newest activity first."""
        statement = select(*columns(BuilderSession, SessionRecord))
        if is_active is not None:
            statement = statement.where(BuilderSession.is_active == is_active)
        with self._reading() as session:
            return read_page(session, statement, SessionRecord, _NEWEST, Part(limit, after_key))

    def expired(self, limit: int = 500) -> tuple[SessionRecord, ...]:
        """Sessions of the user that are still active although they expired, or had no activity for 30 days."""
        moment = clock.now()
        model = BuilderSession
        statement = (
            select(*columns(model, SessionRecord))
            .where(model.is_active, or_(model.expires_at <= moment, model.last_activity_at <= moment - STALE))
            .limit(limit)
        )
        with self._reading() as session:
            return tuple(as_record(SessionRecord, row) for row in session.execute(statement))

    def hold(self, session_id: str, holder: str) -> str | None:
        """A window or program begins to work at this draft: it holds it from now on, and the audit says so.

        `holder` names the window or program. The former holder where it had not released the draft (then it was taken
        over), else None.
        """
        with self._writing() as session:
            return hold(session, session_id, holder)

    def release(self, session_id: str, holder: str) -> None:
        """The holder is done; nothing happens where another took the draft over meanwhile."""
        with self._writing() as session:
            release(session, session_id, holder)

    def audit(self, session_id: str) -> tuple[AuditLine, ...]:
        """Who began, opened and took over this session, and when; oldest first."""
        with self._reading() as session:
            return audit_lines(session, session_id)

    def drafts(self, session_ids: Sequence[str]) -> dict[str, DraftSnapshot]:
        """The drafts of these sessions as their newest snapshots have them, by session, without their journals.

        One query, for lists. A draft that was never snapshotted, or whose checksum does not hold, is left out.
        """
        model = BuilderSession
        statement = select(
            model.id,
            model.snapshot_sequence,
            type_coerce(model.draft_logic_flow, Text()),
            type_coerce(model.draft_parameters, Text()),
            type_coerce(model.draft_metadata, Text()),
            model.draft_checksum,
        ).where(model.id.in_(session_ids))
        found = {}
        with self._connections.reading(self._principal, tolerant=True) as session:
            for id, sequence, flow, parameters, metadata, stored in session.execute(statement):
                if flow is not None and draft_checksum(id, sequence, flow, parameters, metadata) == stored:
                    kept = None if metadata is None else json_value(metadata)
                    found[id] = DraftSnapshot(sequence, json_value(flow), json_value(parameters), kept)
        return found

    def load(self, session_id: str) -> LoadedSession:
        """The draft and its journal, every checksum checked; what cannot be trusted is left out and named."""
        with self._connections.reading(self._principal, tolerant=True) as session:
            record = fetch(session, BuilderSession, SessionRecord, session_id)
            return read_session(session, record)

    def bind(self, session_id: str, instance_id: str) -> None:
        """Tie the session to the strategy that its draft was saved as."""
        self._change(session_id, {"instance_id": instance_id})

    def deactivate(self, session_id: str) -> None:
        """The session is over: its window was closed in good order, or its draft was taken over by another."""
        self._change(session_id, {"is_active": False, "offered_at": clock.now()})

    def reactivate(self, session_id: str) -> None:
        """The session goes on: its draft was brought back. It counts as active now, and expires a day from now."""
        self._change(session_id, _activity(clock.now()))

    def _change(self, session_id: str, values: dict[str, Any]) -> None:
        with self._writing() as session:
            if not change(session, BuilderSession, BuilderSession.id == session_id, values):
                raise not_there(BuilderSession, session_id)


def _draft_columns(session_id: str, snapshot: DraftSnapshot) -> dict[str, Any]:
    flow = None if snapshot.logic_flow is None else json_text(dict(snapshot.logic_flow), "The draft")
    parameters = json_text(dict(snapshot.parameters), "The draft's parameters")
    metadata = None if snapshot.metadata is None else json_text(dict(snapshot.metadata), "The draft's view")
    return {
        "draft_logic_flow": flow,
        "draft_parameters": parameters,
        "draft_metadata": metadata,
        "snapshot_sequence": snapshot.sequence,
        "draft_checksum": draft_checksum(session_id, snapshot.sequence, flow, parameters, metadata),
    }


def _edit_row(session_id: str, entry: JournalEntry) -> dict[str, Any]:
    edit: EncodedJson = json_text(entry.edit, f"Step {entry.sequence} of the journal")
    return {
        "session_id": session_id,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "edit": edit,
        "checksum": edit_checksum(session_id, entry.sequence, entry.kind, edit),
    }


def _newest_sequence(session: OwnedSession, session_id: str) -> int:
    model = BuilderSession
    kept = session.execute(select(model.snapshot_sequence).where(model.id == session_id)).scalar()
    if kept is None:
        raise not_there(model, session_id)
    newest = session.execute(
        select(SessionEdit.sequence)
        .where(SessionEdit.session_id == session_id)
        .order_by(SessionEdit.sequence.desc())
        .limit(1)
    ).scalar()
    return max(kept, newest or 0)


def _not_yet_there(
    session: OwnedSession, session_id: str, rows: Sequence[dict[str, Any]], newest: int
) -> list[dict[str, Any]]:
    """The rows that are new; StoreConflict unless they follow the newest and the others are what is stored."""
    fresh = [row for row in rows if row["sequence"] > newest]
    repeated = {row["sequence"]: row["checksum"] for row in rows if row["sequence"] <= newest}
    if repeated:
        stored = session.execute(
            select(SessionEdit.sequence, SessionEdit.checksum).where(
                SessionEdit.session_id == session_id, SessionEdit.sequence.between(min(repeated), max(repeated))
            )
        )
        if repeated != {sequence: checksum for sequence, checksum in stored if sequence in repeated}:
            raise StoreConflict(
                f"Another window or program wrote steps up to {newest} to this draft. "
                "Nothing was written; open the draft again to see them."
            )
    if [row["sequence"] for row in fresh] != list(range(newest + 1, newest + 1 + len(fresh))):
        raise StoreConflict(f"The draft's next step is number {newest + 1}; the one to be written was another.")
    return fresh


def _touch(session: OwnedSession, session_id: str) -> None:
    moment = clock.now()
    model = BuilderSession
    is_due = or_(model.last_activity_at < moment - ACTIVITY_GRAIN, model.is_active == false())
    change(session, model, and_(model.id == session_id, is_due), _activity(moment))


def _activity(moment: datetime.datetime) -> dict[str, Any]:
    return {"last_activity_at": moment, "expires_at": moment + LIFETIME, "is_active": True, "offered_at": None}


def _keep_snapshot(session: OwnedSession, session_id: str, snapshot: DraftSnapshot) -> None:
    model = BuilderSession
    values = {**_draft_columns(session_id, snapshot), **_activity(clock.now())}
    where = and_(model.id == session_id, model.snapshot_sequence <= snapshot.sequence)
    if not change(session, model, where, values):
        raise StoreConflict(
            f"A newer snapshot than step {snapshot.sequence} of this draft is stored; the older one was not written."
        )
    oldest_kept = snapshot.sequence - snapshot.keep
    session.execute(
        delete(SessionEdit).where(SessionEdit.session_id == session_id, SessionEdit.sequence <= oldest_kept),
        execution_options={"synchronize_session": False},
    )

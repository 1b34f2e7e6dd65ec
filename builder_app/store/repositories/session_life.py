"""How a user's sessions end and go on beside their writing: kept open, ended, left behind and offered."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, select, true

from builder_app.store import clock
from builder_app.store.isolation import change
from builder_app.store.left_drafts import SET_ASIDE, STALE_AFTER, is_unsaved, was_set_aside
from builder_app.store.models import BuilderSession
from builder_app.store.records import SessionRecord
from builder_app.store.repositories.base import Repository, as_record, columns, not_there
from builder_app.store.repositories.holding import audit_line
from builder_app.store.repositories.sessions import LIFETIME


class SessionLife(Repository):
    """The lives of one user's sessions.

    A session ends by itself a day after its last activity. Where its draft holds something that no saved strategy does
    it is then *left behind*: no rule removes it before it was offered to the strategist, and for 30 days after that.
    A damaged draft is *set aside*: it stays ended, the strategist is told of it as such, and it is kept as long.
    """

    def keep(self, session_ids: Sequence[str]) -> None:
        """These drafts are open in a window: they do not expire for a day, though nothing is drawn in them."""
        model = BuilderSession
        with self._writing() as session:
            change(
                session,
                model,
                and_(model.id.in_(session_ids), model.is_active == true()),
                {"expires_at": clock.now() + LIFETIME},
            )

    def end_all(self) -> int:
        """The user logs out: every active session ends; how many. Unsaved drafts are offered at the next start."""
        model = BuilderSession
        with self._writing() as session:
            return change(session, model, model.is_active == true(), {"is_active": False})

    def left_behind(self) -> tuple[SessionRecord, ...]:
        """The ended sessions whose drafts are unsaved and were not offered yet, newest activity first.

        Those that were set aside are not among them.
        """
        return self._waiting(and_(is_unsaved(), ~was_set_aside()))

    def offer(self, session_ids: Sequence[str]) -> None:
        """The strategist is shown these drafts: each is active again, and listed as one, for 30 days."""
        moment = clock.now()
        values = {"is_active": True, "offered_at": moment, "expires_at": moment + STALE_AFTER}
        with self._writing() as session:
            change(session, BuilderSession, BuilderSession.id.in_(session_ids), values)

    def set_aside(self, session_id: str) -> None:
        """The session's draft is damaged: it ends, the audit says why, and the strategist has still to be told."""
        model = BuilderSession
        line = model.audit_lines + audit_line(self._principal.user_id, SET_ASIDE)
        values = {"is_active": False, "offered_at": None, "audit_lines": line}
        with self._writing() as session:
            if not change(session, model, model.id == session_id, values):
                raise not_there(model, session_id)

    def set_aside_untold(self) -> tuple[SessionRecord, ...]:
        """The damaged drafts that the strategist was not told of yet, newest activity first."""
        return self._waiting(was_set_aside())

    def told(self, session_ids: Sequence[str]) -> None:
        """The strategist was told of these damaged drafts: they stay as they are, and are kept for 30 days from now."""
        model = BuilderSession
        is_aside = and_(model.id.in_(session_ids), model.is_active == false())
        with self._writing() as session:
            change(session, model, is_aside, {"offered_at": clock.now()})

    def _waiting(self, which: ColumnElement[bool]) -> tuple[SessionRecord, ...]:
        model = BuilderSession
        statement = (
            select(*columns(model, SessionRecord))
            .where(model.is_active == false(), model.offered_at.is_(None), which)
            .order_by(model.last_activity_at.desc(), model.id.desc())
        )
        with self._reading() as session:
            return tuple(as_record(SessionRecord, row) for row in session.execute(statement))

"""How a user's sessions end and go on beside their writing: kept open, ended, left behind and offered."""

from collections.abc import Sequence

from sqlalchemy import and_, false, select, true

from builder_app.store import clock
from builder_app.store.isolation import change
from builder_app.store.left_drafts import STALE_AFTER, is_unsaved
from builder_app.store.models import BuilderSession
from builder_app.store.records import SessionRecord
from builder_app.store.repositories.base import Repository, as_record, columns
from builder_app.store.repositories.sessions import LIFETIME


class SessionLife(Repository):
    """The lives of one user's sessions.

    A session ends by itself a day after its last activity. Where its draft holds something that no saved strategy does
    it is then *left behind*: no rule removes it before it was offered to the strategist, and for 30 days after that.
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
        """The ended sessions whose drafts are unsaved and were not offered yet, newest activity first."""
        model = BuilderSession
        statement = (
            select(*columns(model, SessionRecord))
            .where(model.is_active == false(), model.offered_at.is_(None), is_unsaved())
            .order_by(model.last_activity_at.desc(), model.id.desc())
        )
        with self._reading() as session:
            return tuple(as_record(SessionRecord, row) for row in session.execute(statement))

    def offer(self, session_ids: Sequence[str]) -> None:
        """The strategist is shown these drafts: each is active again, and listed as one, for 30 days."""
        moment = clock.now()
        values = {"is_active": True, "offered_at": moment, "expires_at": moment + STALE_AFTER}
        with self._writing() as session:
            change(session, BuilderSession, BuilderSession.id.in_(session_ids), values)

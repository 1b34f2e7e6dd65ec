"""Which drafts hold something that nothing else holds, as conditions on `builder_sessions`.

A draft is *unsaved* where its strategy was never saved, or where the saved strategy, if it is not deleted, differs from
the draft's newest snapshot or lacks steps that the journal has after it, or where it was set aside as damaged, since
then no comparison can be trusted. Texts are compared as they are stored: where that says "different" of two that mean
the same, a draft is kept for longer, and never the other way round.
"""

import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from builder_app.store.models import BuilderSession, SessionEdit, StrategyInstance

SET_ASIDE: Final = "set aside as damaged"
"""What the audit says of a draft whose rows cannot all be trusted, and whose work went on in another session."""
STALE_AFTER: Final = datetime.timedelta(days=30)
"""A session without activity for so long is over; an unsaved draft is kept for as long after it was offered."""


def is_unsaved() -> ColumnElement[bool]:
    """The draft holds something that its saved strategy does not."""
    session: Any = BuilderSession
    saved: Any = aliased(StrategyInstance)
    # The table and not its class: the journal's own ownership filter asks for the session, which is at hand here.
    edit = SessionEdit.__table__.alias().c
    # Named, since a query two levels down would else look at every session instead of the one at hand.
    has_later_steps = exists(
        select(edit.sequence)
        .where(edit.session_id == session.id, edit.sequence > session.snapshot_sequence)
        .correlate(session)
    )
    is_other = or_(
        saved.logic_flow != session.draft_logic_flow, saved.parameters != session.draft_parameters, has_later_steps
    )
    differs = exists(
        select(saved.id)
        .where(saved.id == session.instance_id, saved.is_deleted == false(), is_other)
        .correlate(session)
    )
    return or_(session.instance_id.is_(None), differs, was_set_aside())


def was_set_aside() -> ColumnElement[bool]:
    """The draft was found damaged."""
    found: ColumnElement[bool] = BuilderSession.audit_lines.contains(f'"what": "{SET_ASIDE}"', autoescape=True)
    return found


def was_offered_before(moment: datetime.datetime) -> ColumnElement[bool]:
    """The strategist was shown the draft, or ended it, no later than this."""
    return and_(BuilderSession.offered_at.is_not(None), BuilderSession.offered_at <= moment)


def is_over(now: datetime.datetime) -> ColumnElement[bool]:
    """Still active, though it expired or went without activity, and without an offer, for 30 days."""
    session, stale = BuilderSession, now - STALE_AFTER
    left_alone = and_(session.last_activity_at <= stale, or_(session.offered_at.is_(None), session.offered_at <= stale))
    return and_(session.is_active == true(), session.is_deleted == false(), or_(session.expires_at <= now, left_alone))


def may_be_removed(now: datetime.datetime) -> ColumnElement[bool]:
    """Inactive (or about to be), 30 days past the last activity, and not an unsaved draft that waits for its offer."""
    session, stale = BuilderSession, now - STALE_AFTER
    return and_(
        session.is_deleted == false(),
        session.last_activity_at <= stale,
        or_(session.is_active == false(), is_over(now)),
        or_(was_offered_before(stale), ~is_unsaved()),
    )

"""Who holds a draft, and the audit line of who held it before: both change together, in one transaction."""

import datetime
import json
from typing import Any

from sqlalchemy import select

from builder_app.store import clock
from builder_app.store.isolation import OwnedSession, change
from builder_app.store.list_records import AuditLine
from builder_app.store.models import BuilderSession
from builder_app.store.repositories.base import not_there

EDITING = "EDIT"


def hold(session: OwnedSession, session_id: str, holder: str) -> str | None:
    """Write down that this window or program holds the draft now; who held it before, or None."""
    model = BuilderSession
    found = session.execute(select(model.lock_info).where(model.id == session_id).with_for_update()).first()
    if found is None:
        raise not_there(model, session_id)
    former = (found[0] or {}).get("locked_by")
    others = former if former != holder else None
    lock = {"locked_by": holder, "locked_at": clock.now().isoformat(), "lock_type": EDITING}
    what = "opened" if others is None else f"taken over from {others}"
    line = model.audit_lines + audit_line(session.principal.user_id, f"{what} by {holder}")
    change(session, model, model.id == session_id, {"lock_info": lock, "audit_lines": line})
    return others


def release(session: OwnedSession, session_id: str, holder: str) -> None:
    """Give the draft free, unless another took it over meanwhile."""
    model = BuilderSession
    found = session.execute(select(model.lock_info).where(model.id == session_id).with_for_update()).first()
    if found is None:
        raise not_there(model, session_id)
    if (found[0] or {}).get("locked_by") == holder:
        change(session, model, model.id == session_id, {"lock_info": None})


def audit_line(who: str, what: str) -> str:
    """One line of the audit: a JSON object and the end of the line."""
    return json.dumps({"who": who, "when": clock.now().isoformat(), "what": what}) + "\n"


def audit_lines(session: OwnedSession, session_id: str) -> tuple[AuditLine, ...]:
    """What was written down about the session, oldest first."""
    text = session.execute(select(BuilderSession.audit_lines).where(BuilderSession.id == session_id)).scalar()
    if text is None:
        raise not_there(BuilderSession, session_id)
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    return tuple(AuditLine(line["who"], datetime.datetime.fromisoformat(line["when"]), line["what"]) for line in lines)

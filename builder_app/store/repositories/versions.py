"""Kept versions of a user's strategies: rows of their own, each a strategy as it was at one moment."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import and_, select

from builder_app.store import clock
from builder_app.store.errors import NotThere
from builder_app.store.isolation import OwnedSession, add, change
from builder_app.store.list_records import VersionSummary
from builder_app.store.models import StrategyInstance
from builder_app.store.models.base import new_id
from builder_app.store.records import Page, PageKey, StrategyRecord
from builder_app.store.repositories.base import Order, Part, Repository, columns, fetch, not_there, read_page

LONGEST_NOTE: Final = 2_000
_NEWEST: Final = Order(StrategyInstance.created_at, StrategyInstance.id)


class Versions(Repository):
    """Versions are kept, listed, noted, restored and removed; what was drawn in one never changes."""

    def keep(self, strategy_id: str, note: str = "") -> StrategyRecord:
        """Keep the strategy as it was last saved; the kept version."""
        with self._writing() as session:
            return _kept(session, _strategy(session, strategy_id), note)

    def list(self, strategy_id: str, limit: int = 50, after_key: PageKey | None = None) -> Page[VersionSummary]:
        """The kept versions of this strategy, the newest first; NotThere where the user has no such strategy."""
        model = StrategyInstance
        statement = select(*columns(model, VersionSummary)).where(model.parent_version_id == strategy_id)
        with self._reading() as session:
            _strategy(session, strategy_id)
            return read_page(session, statement, VersionSummary, _NEWEST, Part(limit, after_key))

    def get(self, version_id: str) -> StrategyRecord:
        """The kept version with what was drawn in it."""
        with self._reading() as session:
            return _version(session, version_id)

    def restore(self, version_id: str) -> StrategyRecord:
        """Make the strategy what it was in this version; its version number goes up by one.

        What the strategy is now is kept first, unless a version holds just that already: nothing is lost by going back.
        """
        with self._writing() as session:
            version = _version(session, version_id)
            now = _strategy(session, str(version.parent_version_id))
            if not _is_kept(session, now):
                _kept(session, now, f"Before version {version.version} was restored")
            values = {
                "logic_flow": version.logic_flow,
                "parameters": version.parameters,
                "name": version.name,
                "version": StrategyInstance.version + 1,
            }
            change(session, StrategyInstance, StrategyInstance.id == now.id, values)
            return fetch(session, StrategyInstance, StrategyRecord, now.id)

    def annotate(self, version_id: str, note: str) -> None:
        """Write another note to a kept version."""
        self._change(version_id, {"version_note": note[:LONGEST_NOTE]})

    def soft_delete(self, version_id: str) -> None:
        """Take a kept version out of the list."""
        self._change(version_id, {"is_deleted": True, "deleted_at": clock.now()})

    def _change(self, id: str, values: Mapping[str, Any]) -> None:
        where = and_(StrategyInstance.id == id, StrategyInstance.parent_version_id.is_not(None))
        with self._writing() as session:
            if not change(session, StrategyInstance, where, values):
                raise not_there(StrategyInstance, id)


def _strategy(session: OwnedSession, id: str) -> StrategyRecord:
    record = fetch(session, StrategyInstance, StrategyRecord, id)
    if record.parent_version_id is not None:
        raise NotThere(f"'{id}' is a kept version of a strategy, and has no versions of its own.")
    return record


def _version(session: OwnedSession, id: str) -> StrategyRecord:
    record = fetch(session, StrategyInstance, StrategyRecord, id)
    if record.parent_version_id is None:
        raise NotThere(f"'{id}' is a strategy and no kept version of one; choose from the list of its versions.")
    return record


def _kept(session: OwnedSession, strategy: StrategyRecord, note: str) -> StrategyRecord:
    id = new_id()
    row = {
        "id": id,
        "name": strategy.name,
        "logic_flow": strategy.logic_flow,
        "parameters": strategy.parameters,
        "template_id": strategy.template_id,
        "status": strategy.status,
        "version": strategy.version,
        "parent_version_id": strategy.id,
        "version_note": note[:LONGEST_NOTE],
    }
    add(session, StrategyInstance, [row])
    return fetch(session, StrategyInstance, StrategyRecord, id)


def _is_kept(session: OwnedSession, strategy: StrategyRecord) -> bool:
    """Whether the newest kept version holds what the strategy is now."""
    model = StrategyInstance
    statement = (
        select(model.version, model.name, model.logic_flow, model.parameters)
        .where(model.parent_version_id == strategy.id)
        .order_by(*_NEWEST.terms())
        .limit(1)
    )
    newest = session.execute(statement).first()
    now = (strategy.version, strategy.name, strategy.logic_flow, strategy.parameters)
    return newest is not None and tuple(newest) == now

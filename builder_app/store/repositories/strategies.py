"""A user's strategies."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import and_, select

from builder_app.store import clock
from builder_app.store.errors import StoreConflict
from builder_app.store.isolation import add, change
from builder_app.store.models import StrategyInstance
from builder_app.store.models.base import new_id
from builder_app.store.records import Drawing, Page, PageKey, StrategyRecord, StrategySummary
from builder_app.store.repositories.base import Repository, as_record, before, columns, fetch, not_there, page_of
from builder_app.store.vocabulary import InstanceStatus

LONGEST_NAME: Final = 200


class Strategies(Repository):
    """The strategies of one user: created, saved, listed, renamed, deleted softly and brought back."""

    def create(
        self, name: str, logic_flow: Mapping[str, Any], parameters: Mapping[str, Any], template_id: str | None = None
    ) -> StrategyRecord:
        """A new strategy in the state DRAFT."""
        id = new_id()
        row = {
            "id": id,
            "name": name[:LONGEST_NAME],
            "logic_flow": dict(logic_flow),
            "parameters": dict(parameters),
            "template_id": template_id,
        }
        with self._writing() as session:
            add(session, StrategyInstance, [row])
            return fetch(session, StrategyInstance, StrategyRecord, id)

    def get(self, id: str) -> StrategyRecord:
        """The strategy as it was last saved; NotThere where this user has none of that id."""
        with self._reading() as session:
            return fetch(session, StrategyInstance, StrategyRecord, id)

    def drawings(self, ids: Sequence[str]) -> dict[str, Drawing]:
        """The drawings of these strategies by id, in one query; one that this user does not have is left out."""
        model = StrategyInstance
        statement = select(model.id, *columns(model, Drawing)).where(model.id.in_(ids))
        with self._reading() as session:
            return {row[0]: Drawing(*row[1:]) for row in session.execute(statement)}

    def list(
        self, status: InstanceStatus | None = None, limit: int = 50, after_key: PageKey | None = None
    ) -> Page[StrategySummary]:
        """The strategies (without snapshots of old versions), newest change first, `limit` from after the key."""
        model = StrategyInstance
        statement = (
            select(*columns(model, StrategySummary))
            .where(model.parent_version_id.is_(None))
            .order_by(model.updated_at.desc(), model.id.desc())
            .limit(limit + 1)
        )
        if status is not None:
            statement = statement.where(model.status == status)
        if after_key is not None:
            statement = statement.where(before(model.updated_at, model.id, after_key))
        with self._reading() as session:
            found = [as_record(StrategySummary, row) for row in session.execute(statement)]
        last = found[min(limit, len(found)) - 1] if found else None
        return page_of(found, limit, PageKey(last.updated_at, last.id) if last else None)

    def save(
        self,
        id: str,
        logic_flow: Mapping[str, Any],
        parameters: Mapping[str, Any],
        name: str,
        expected_version: int | None = None,
    ) -> StrategyRecord:
        """Save the drawing, the parameters and the name; the version goes up by one.

        With `expected_version` the save is refused (StoreConflict) where the strategy was saved by another window or
        program since that version was read, so that the other's work is not overwritten unseen.
        """
        values = {
            "logic_flow": dict(logic_flow),
            "parameters": dict(parameters),
            "name": name[:LONGEST_NAME],
            "version": StrategyInstance.version + 1,
        }
        where = StrategyInstance.id == id
        if expected_version is not None:
            where = and_(where, StrategyInstance.version == expected_version)
        with self._writing() as session:
            changed = change(session, StrategyInstance, where, values)
            record = fetch(session, StrategyInstance, StrategyRecord, id)
            if not changed:
                raise StoreConflict(
                    f"The strategy '{record.name}' was saved elsewhere since it was opened here (version "
                    f"{record.version}, not {expected_version}). Open it again, or save this one under another name."
                )
            return record

    def rename(self, id: str, name: str) -> None:
        """Give the strategy another name; the drawing and its version stay."""
        self._change(id, {"name": name[:LONGEST_NAME]})

    def set_status(self, id: str, status: InstanceStatus) -> None:
        """Move the strategy to another place in its life, for example ARCHIVED."""
        self._change(id, {"status": status})

    def soft_delete(self, id: str) -> None:
        """Take the strategy out of every list; `restore` brings it back."""
        self._change(id, {"is_deleted": True, "deleted_at": clock.now()})

    def restore(self, id: str) -> None:
        """Bring a deleted strategy back as it was; one that is not deleted stays as it is."""
        self._change(id, {"is_deleted": False, "deleted_at": None}, include_deleted=True)

    def _change(self, id: str, values: Mapping[str, Any], include_deleted: bool = False) -> None:
        with self._writing() as session:
            if not change(session, StrategyInstance, StrategyInstance.id == id, values, include_deleted):
                raise not_there(StrategyInstance, id)

"""Strategy templates and block templates: the system's, one's own, and those that others share."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import Insert, and_, false, select, true

from builder_app.store import clock
from builder_app.store.isolation import OwnedSession, add
from builder_app.store.models import Base, NodeTemplateRow, StrategyTemplate
from builder_app.store.records import NewNodeTemplate, NewStrategyTemplate, NodeTemplateRecord, StrategyTemplateRecord
from builder_app.store.repositories.base import Repository, as_record, columns, fetch
from builder_app.store.vocabulary import NodeType, StrategyCategory

_TYPES: Final = tuple(NodeType)


class StrategyTemplates(Repository):
    """Ready-made strategies."""

    def get(self, id: str) -> StrategyTemplateRecord:
        """The template of this id."""
        with self._reading() as session:
            return fetch(session, StrategyTemplate, StrategyTemplateRecord, id)

    def list(self, category: StrategyCategory | None = None) -> tuple[StrategyTemplateRecord, ...]:
        """The templates that the user may use, by category, the most used first."""
        model = StrategyTemplate
        order = (model.category.desc(), model.usage_count.desc(), model.id.desc())
        statement = select(*columns(model, StrategyTemplateRecord)).order_by(*order)
        if category is not None:
            statement = statement.where(model.category == category)
        with self._reading() as session:
            found = [as_record(StrategyTemplateRecord, row) for row in session.execute(statement)]
        return tuple(sorted(found, key=lambda record: record.category))

    def seed(self, templates: Sequence[NewStrategyTemplate]) -> int:
        """Write the system's templates, by name: new ones are added, known ones brought up to date. How many.

        Administrators only (NotAllowed).
        """
        with self._writing() as session:
            return _seed(session, StrategyTemplate, templates)


class NodeTemplates(Repository):
    """Block templates."""

    def get(self, id: str) -> NodeTemplateRecord:
        """The template of this id."""
        with self._reading() as session:
            return fetch(session, NodeTemplateRow, NodeTemplateRecord, id)

    def list(self, node_type: NodeType | None = None, category: str | None = None) -> tuple[NodeTemplateRecord, ...]:
        """The templates that the user may use, by type and category, the most used first."""
        model = NodeTemplateRow
        order = (model.node_type.desc(), model.category.desc(), model.usage_count.desc(), model.id.desc())
        statement = select(*columns(model, NodeTemplateRecord)).order_by(*order)
        if node_type is not None:
            statement = statement.where(model.node_type == node_type)
        if category is not None:
            statement = statement.where(model.category == category)
        with self._reading() as session:
            found = [as_record(NodeTemplateRecord, row) for row in session.execute(statement)]
        return tuple(sorted(found, key=lambda record: (_TYPES.index(record.node_type), record.category)))

    def seed(self, templates: Sequence[NewNodeTemplate]) -> int:
        """Write the system's templates, by name: new ones are added, known ones brought up to date. How many.

        Administrators only (NotAllowed).
        """
        with self._writing() as session:
            return _seed(session, NodeTemplateRow, templates)


def _seed(
    session: OwnedSession, model: type[Base], templates: Sequence[NewStrategyTemplate] | Sequence[NewNodeTemplate]
) -> int:
    if not templates:
        return 0
    rows = [{**asdict(template), "is_system_template": True} for template in templates]
    for row in rows:
        row |= {key: list(value) for key, value in row.items() if isinstance(value, tuple)}
    names = [field.name for field in fields(templates[0]) if field.name != "name"]

    def or_bring_up_to_date(statement: Insert) -> Insert:
        insert: Any = statement
        values = {name: insert.excluded[name] for name in [*names, "updated_by"]}
        table: Any = model
        finished: Insert = insert.on_conflict_do_update(
            index_elements=["name"],
            index_where=and_(table.is_system_template == true(), table.is_deleted == false()),
            set_={**values, "updated_at": clock.now()},
        )
        return finished

    add(session, model, rows, or_bring_up_to_date)
    return len(rows)

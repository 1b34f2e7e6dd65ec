"""What both kinds of template share: seeding by an administrator, and counting how often one was used."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Insert, and_, false, true

from builder_app.store import clock
from builder_app.store.errors import RefusedValue
from builder_app.store.isolation import OwnedSession, add, tally
from builder_app.store.models import Base
from builder_app.store.records import NewNodeTemplate, NewStrategyTemplate
from builder_app.store.repositories.base import not_there


def seed_templates(
    session: OwnedSession, model: type[Base], templates: Sequence[NewStrategyTemplate] | Sequence[NewNodeTemplate]
) -> int:
    """Write the system's templates, by name: new ones are added, known ones brought up to date. How many."""
    if not templates:
        return 0
    rows = [{**row_of(template), "is_system_template": True} for template in templates]
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


def row_of(template: NewStrategyTemplate | NewNodeTemplate) -> dict[str, Any]:
    """The template as a row; tuples become the lists that JSON knows."""
    row = asdict(template)
    return row | {key: list(value) for key, value in row.items() if isinstance(value, tuple)}


def count_use(session: OwnedSession, model: Any, id: str, times: int) -> None:
    """The template was used so many times more: one UPDATE, by everybody who may read it."""
    if times < 1:
        raise RefusedValue(f"A template is used once or more often; {times} times were given.")
    if not tally(session, model, model.id == id, {"usage_count": model.usage_count + times}):
        raise not_there(model, id)

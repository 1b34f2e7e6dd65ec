"""Block templates: the system's, the user's own, and those that others share."""

import builtins
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, Text, and_, select, true, type_coerce

from builder_app.store import clock
from builder_app.store.errors import RefusedValue, StoreConflict, TemplateInUse
from builder_app.store.isolation import OwnedSession, add, change
from builder_app.store.json_values import json_text
from builder_app.store.list_records import NodeTemplateWish
from builder_app.store.models import BuilderSession, NodeTemplateRow, StrategyInstance
from builder_app.store.models.base import new_id
from builder_app.store.records import NewNodeTemplate, NodeTemplateRecord, OfferedTemplate, Page, PageKey
from builder_app.store.repositories.base import (
    Order,
    Part,
    Repository,
    as_record,
    columns,
    fetch,
    has_text,
    not_there,
    read_page,
)
from builder_app.store.repositories.templates import count_use, row_of, seed_templates
from builder_app.store.vocabulary import TemplateOrder

_ORDERS: Final = {
    TemplateOrder.USAGE: Order(NodeTemplateRow.usage_count, NodeTemplateRow.id),
    TemplateOrder.NAME: Order(NodeTemplateRow.name, NodeTemplateRow.id, is_descending=False),
}
_ALIVE: Final = {"is_deleted": False, "deleted_at": None}


class NodeTemplates(Repository):
    """Block templates: users write their own, may share them, and read what others share."""

    def get(self, id: str) -> NodeTemplateRecord:
        """The template of this id."""
        with self._reading() as session:
            return fetch(session, NodeTemplateRow, NodeTemplateRecord, id)

    def list(
        self, wish: NodeTemplateWish | None = None, limit: int = 50, after_key: PageKey | None = None
    ) -> Page[NodeTemplateRecord]:
        """The templates that the user may use, the most used first unless the wish says otherwise."""
        wished = wish or NodeTemplateWish()
        if wished.order not in _ORDERS:
            raise RefusedValue("Block templates have no ratings; sort them by usage or by name.")
        statement = _narrowed(select(*columns(NodeTemplateRow, NodeTemplateRecord)), wished)
        with self._reading() as session:
            return read_page(session, statement, NodeTemplateRecord, _ORDERS[wished.order], Part(limit, after_key))

    def popular(self, limit: int = 20) -> tuple[NodeTemplateRecord, ...]:
        """The system's most used templates."""
        model = NodeTemplateRow
        statement = (
            select(*columns(model, NodeTemplateRecord))
            .where(model.is_system_template == true())
            .order_by(*_ORDERS[TemplateOrder.USAGE].terms())
            .limit(limit)
        )
        with self._reading() as session:
            return tuple(as_record(NodeTemplateRecord, row) for row in session.execute(statement))

    def own(self, name: str) -> NodeTemplateRecord | None:
        """The user's own template of this name, or None."""
        model = NodeTemplateRow
        statement = select(*columns(model, NodeTemplateRecord)).where(
            model.user_id == self._principal.user_id, model.name == name
        )
        with self._reading() as session:
            row = session.execute(statement).first()
            return None if row is None else as_record(NodeTemplateRecord, row)

    def named(self, name: str) -> NodeTemplateRecord | None:
        """The user's own template of this name, or else one that another user shares, or None."""
        model = NodeTemplateRow
        statement = select(model.user_id, *columns(model, NodeTemplateRecord)).where(
            model.name == name, model.user_id.is_not(None)
        )
        with self._reading() as session:
            found = sorted(session.execute(statement), key=lambda row: (row[0] != self._principal.user_id, row[1]))
            return NodeTemplateRecord(*found[0][1:]) if found else None

    def usable(self) -> tuple[OfferedTemplate, ...]:
        """Every template that users made and the user may use, one for each name, sorted by name.

        Of equal names it is the one that `named` gives: the user's own, or else the shared one with the lowest id.
        """
        model = NodeTemplateRow
        statement = select(model.user_id, *columns(model, NodeTemplateRecord)).where(model.user_id.is_not(None))
        with self._reading() as session:
            rows = [(row[0], NodeTemplateRecord(*row[1:])) for row in session.execute(statement)]
        found = [OfferedTemplate(record, user == self._principal.user_id, user) for user, record in rows]
        chosen: dict[str, OfferedTemplate] = {}
        for offered in sorted(found, key=lambda item: (item.record.name, not item.is_own, item.record.id)):
            chosen.setdefault(offered.record.name, offered)
        return tuple(chosen.values())

    def seed(self, templates: Sequence[NewNodeTemplate]) -> int:
        """Write the system's templates, by name: new ones are added, known ones brought up to date. How many.

        Administrators only (NotAllowed).
        """
        with self._writing() as session:
            return seed_templates(session, NodeTemplateRow, templates)

    def create(self, template: NewNodeTemplate, is_shared: bool = False) -> NodeTemplateRecord:
        """A template of the user's own; RefusedValue where the user has one of that name already."""
        id = new_id()
        with self._writing() as session:
            add(session, NodeTemplateRow, [{**row_of(template), "id": id, "is_shared": is_shared}])
            return fetch(session, NodeTemplateRow, NodeTemplateRecord, id)

    def update(self, id: str, template: NewNodeTemplate, version: str | None = None) -> NodeTemplateRecord:
        """Write the template anew. Its name stays: strategies refer to it by that (RefusedValue for another name).

        StoreConflict where the template is not of this `version` any more: somebody else wrote it meanwhile.
        """
        with self._writing() as session:
            before = fetch(session, NodeTemplateRow, NodeTemplateRecord, id)
            if template.name != before.name:
                raise RefusedValue(
                    f"The block '{before.name}' cannot become '{template.name}': strategies refer to it by its name. "
                    "Make a new block of that name."
                )
            if version is not None and before.version != version:
                raise StoreConflict(
                    f"The block '{before.display_name}' was not saved: another window has made version "
                    f"{before.version} of it meanwhile. Open it again, or save yours as a new block."
                )
            _change(session, id, row_of(template))
            return fetch(session, NodeTemplateRow, NodeTemplateRecord, id)

    def set_shared(self, id: str, is_shared: bool) -> None:
        """Show the template to every user, who may then use it but not change it; or to its owner alone again."""
        with self._writing() as session:
            _change(session, id, {"is_shared": is_shared})

    def soft_delete(self, id: str, *, force: bool = False) -> tuple[str, ...]:
        """Take the template away; the names of the user's strategies that use it.

        TemplateInUse, and nothing is changed, where there are such strategies, unless `force` is given: their blocks
        are then kept as placeholders. Strategies of other users are out of sight here as everywhere.
        """
        with self._writing() as session:
            template = fetch(session, NodeTemplateRow, NodeTemplateRecord, id)
            users = () if template.is_system_template else _strategies_with(session, template.name)
            if users and not force:
                raise TemplateInUse(template.display_name, users)
            _change(session, id, {"is_deleted": True, "deleted_at": clock.now()})
            return users

    def restore(self, id: str) -> None:
        """Bring a deleted template of the user's own back as it was; RefusedValue where its name is taken by now."""
        with self._writing() as session:
            if not change(session, NodeTemplateRow, NodeTemplateRow.id == id, _ALIVE, include_deleted=True):
                raise not_there(NodeTemplateRow, id)

    def counts(self) -> dict[str, int]:
        """How often each template that the user may use was used, by name; those never used are left out."""
        model = NodeTemplateRow
        statement = select(model.name, model.usage_count).where(model.usage_count > 0).order_by(model.usage_count)
        with self._reading() as session:
            return {str(name): int(count) for name, count in session.execute(statement)}

    def used_in(self, id: str) -> tuple[str, ...]:
        """The names of the user's strategies, open drafts and own blocks that use this template, in groups too."""
        with self._reading() as session:
            return _strategies_with(session, fetch(session, NodeTemplateRow, NodeTemplateRecord, id).name)

    def count_use(self, id: str, times: int = 1) -> None:
        """The block was put into a strategy, so many times."""
        with self._writing() as session:
            count_use(session, NodeTemplateRow, id, times)


def _narrowed(statement: Select[Any], wish: NodeTemplateWish) -> Select[Any]:
    model = NodeTemplateRow
    if wish.node_type is not None:
        statement = statement.where(model.node_type == wish.node_type)
    if wish.category is not None:
        statement = statement.where(model.category == wish.category)
    if wish.system is not None:
        statement = statement.where(model.is_system_template == wish.system)
    if wish.text:
        statement = statement.where(has_text(model.display_name, wish.text))
    return statement


def _change(session: OwnedSession, id: str, values: Mapping[str, Any]) -> None:
    if not change(session, NodeTemplateRow, NodeTemplateRow.id == id, values):
        raise not_there(NodeTemplateRow, id)


def _strategies_with(session: OwnedSession, template: str) -> tuple[str, ...]:
    """The names of the strategies, of the drafts with changes and of the blocks in which this template stands.

    The JSON text is searched first, which the database does without reading it as JSON; what it finds is then looked
    at, since the same words might stand in a note.
    """
    said = str(json_text({"template": template}))[1:-1]
    strategy, draft, block = StrategyInstance, BuilderSession, NodeTemplateRow
    saved = select(strategy.name, strategy.logic_flow).where(
        strategy.parent_version_id.is_(None), _holds(strategy.logic_flow, said)
    )
    drafted = select(draft.session_name, draft.draft_logic_flow).where(
        and_(draft.is_active, draft.draft_logic_flow.is_not(None)), _holds(draft.draft_logic_flow, said)
    )
    made = select(block.display_name, block.execution_hints).where(
        block.user_id == session.principal.user_id, block.name != template, _holds(block.execution_hints, said)
    )
    found: builtins.list[str] = []
    for statement in (saved, drafted):
        found += [name for name, flow in session.execute(statement) if template in _templates_in(flow)]
    for name, hints in session.execute(made):
        body = hints.get("body") if isinstance(hints, dict) else None
        if template in _templates_in({"groups": body}):
            found.append(f"{name} (a block of yours)")
    return tuple(sorted(set(found)))


def _holds(column: Any, text: str) -> Any:
    return type_coerce(column, Text()).contains(text, autoescape=True)


def _templates_in(logic_flow: Any) -> set[str]:
    """The names of the templates that stand in a stored flow, in its groups too."""
    levels = [logic_flow, *_objects(logic_flow, "groups")]
    return {str(node.get("template")) for level in levels for node in _objects(level, "nodes")}


def _objects(holder: Any, member: str) -> builtins.list[dict[str, Any]]:
    found = holder.get(member) if isinstance(holder, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

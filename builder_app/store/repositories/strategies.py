"""A user's strategies."""

import builtins
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, and_, delete, exists, func, select, true
from sqlalchemy.orm import aliased

from builder_app.store import clock
from builder_app.store.errors import RefusedValue, StoreConflict
from builder_app.store.isolation import OwnedSession, add, change, tally
from builder_app.store.list_records import StrategyWish, StrategyWithCode
from builder_app.store.models import CodeGeneration, QuickTest, StrategyInstance, StrategyTag, StrategyTemplate
from builder_app.store.models.base import new_id
from builder_app.store.records import (
    Drawing,
    Page,
    PageKey,
    StrategyRecord,
    StrategySummary,
    StrategyTemplateRecord,
)
from builder_app.store.repositories.base import (
    Order,
    Part,
    Repository,
    columns,
    fetch,
    has_text,
    not_there,
    read_page,
)
from builder_app.store.vocabulary import InstanceStatus, StrategyOrder

LONGEST_NAME: Final = 200
LONGEST_TAG: Final = 50
MOST_TAGS: Final = 50

_ORDERS: Final = {
    StrategyOrder.CHANGED: Order(StrategyInstance.updated_at, StrategyInstance.id),
    StrategyOrder.CREATED: Order(StrategyInstance.created_at, StrategyInstance.id),
    StrategyOrder.NAME: Order(StrategyInstance.name, StrategyInstance.id, is_descending=False),
}
_IS_NO_SNAPSHOT: Final = StrategyInstance.parent_version_id.is_(None)


class Strategies(Repository):
    """The strategies of one user: created, saved, listed, tagged, renamed, deleted softly and brought back.

    Kept versions of them are rows too; `versions` reads and writes those, and no method here changes one.
    """

    def create(
        self,
        name: str,
        logic_flow: Mapping[str, Any],
        parameters: Mapping[str, Any],
        template_id: str | None = None,
        id: str = "",
    ) -> StrategyRecord:
        """A new strategy in the state DRAFT. Its `id` is given where secrets in the drawing were sealed for it."""
        with self._writing() as session:
            return _added(session, name, Drawing(1, dict(logic_flow), dict(parameters)), template_id, id)

    def create_from_template(self, template_id: str, name: str = "") -> StrategyRecord:
        """A new strategy that begins as this template, which counts as used once more, both or neither."""
        with self._writing() as session:
            template = fetch(session, StrategyTemplate, StrategyTemplateRecord, template_id)
            used = {"usage_count": StrategyTemplate.usage_count + 1}
            tally(session, StrategyTemplate, StrategyTemplate.id == template_id, used)
            drawing = Drawing(1, template.logic_flow, template.parameters)
            return _added(session, name or template.name, drawing, template_id)

    def duplicate(
        self, id: str, name: str, logic_flow: Mapping[str, Any], parameters: Mapping[str, Any], made_id: str = ""
    ) -> StrategyRecord:
        """A new strategy with this drawing, and with the template and the tags of the strategy that it is made of.

        Its `made_id` is given where secrets in the drawing were sealed for it: those of `id` do not open in another.
        """
        with self._writing() as session:
            source = fetch(session, StrategyInstance, StrategyRecord, id)
            made = _added(session, name, Drawing(1, dict(logic_flow), dict(parameters)), source.template_id, made_id)
            _add_tags(session, made.id, _tags(session, [id]).get(id, ()))
            return made

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
        self,
        status: InstanceStatus | None = None,
        limit: int = 50,
        after_key: PageKey | None = None,
        wish: StrategyWish | None = None,
    ) -> Page[StrategySummary]:
        """The strategies (without kept versions), newest change first, `limit` from after the key.

        A `wish` narrows and sorts further; a key belongs to the order of the page that gave it.
        """
        wished = wish or StrategyWish()
        statement = _narrowed(select(*columns(StrategyInstance, StrategySummary)), status or wished.status, wished)
        with self._reading() as session:
            return read_page(session, statement, StrategySummary, _ORDERS[wished.order], Part(limit, after_key))

    def with_latest_code(self, limit: int = 50, after_key: PageKey | None = None) -> Page[StrategyWithCode]:
        """Each strategy with the text that was generated from it last, for any target, newest change first."""
        model, code, other = StrategyInstance, CodeGeneration, aliased(CodeGeneration)
        latest = (
            select(other.id)
            .where(other.instance_id == model.id)
            .order_by(other.updated_at.desc(), other.id.desc())
            .limit(1)
            .correlate(model)
            .scalar_subquery()
        )
        shown: tuple[Any, ...] = (model.id, model.name, model.status, model.version, model.updated_at)
        of_code: tuple[Any, ...] = (
            code.id,
            code.target,
            code.code_hash,
            code.validation_status,
            code.line_count,
            code.updated_at,
        )
        statement: Select[Any] = select(*shown, *of_code).outerjoin(code, code.id == latest).where(_IS_NO_SNAPSHOT)
        with self._reading() as session:
            order = _ORDERS[StrategyOrder.CHANGED]
            return read_page(session, statement, StrategyWithCode, order, Part(limit, after_key))

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
        where = and_(StrategyInstance.id == id, _IS_NO_SNAPSHOT)
        if expected_version is not None:
            where = and_(where, StrategyInstance.version == expected_version)
        with self._writing() as session:
            changed = change(session, StrategyInstance, where, values)
            record = fetch(session, StrategyInstance, StrategyRecord, id)
            if not changed:
                raise StoreConflict(_why_not_saved(record, expected_version))
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
        """Bring a deleted strategy back as it was, with the tests that went with it; any other stays as it is."""
        model, test = StrategyInstance, QuickTest
        # Retention gives tests that go with their strategy its own moment; those that were deleted before have another.
        moment = select(model.deleted_at).where(model.id == id).scalar_subquery()
        went_with_it = and_(test.instance_id == id, test.is_deleted == true(), test.deleted_at == moment)
        values = {"is_deleted": False, "deleted_at": None}
        with self._writing() as session:
            change(session, test, went_with_it, values, include_deleted=True)
            if not change(session, model, and_(model.id == id, _IS_NO_SNAPSHOT), values, include_deleted=True):
                raise not_there(model, id)

    def set_tags(self, id: str, tags: Iterable[str]) -> None:
        """Give the strategy these tags and no others. Spaces at their ends go, and the same tag counts once.

        RefusedValue for an empty tag, one longer than 50 letters, and for more than 50 of them.
        """
        wanted = tuple(dict.fromkeys(" ".join(tag.split()) for tag in tags))
        for tag in wanted:
            if not 1 <= len(tag) <= LONGEST_TAG:
                raise RefusedValue(f"A tag has 1 to {LONGEST_TAG} letters; '{tag}' has {len(tag)}.")
        if len(wanted) > MOST_TAGS:
            raise RefusedValue(f"A strategy has at most {MOST_TAGS} tags; {len(wanted)} were given.")
        with self._writing() as session:
            fetch(session, StrategyInstance, StrategyRecord, id)
            session.execute(
                delete(StrategyTag).where(StrategyTag.instance_id == id),
                execution_options={"synchronize_session": False},
            )
            _add_tags(session, id, wanted)

    def tags_of(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The tags of these strategies in one query, each strategy's in order; one without tags is left out."""
        with self._reading() as session:
            return _tags(session, ids)

    def tags(self) -> dict[str, int]:
        """Every tag that the user gave, in order, and how many strategies have it."""
        statement = (
            select(StrategyTag.tag, func.count())
            .join(StrategyInstance, StrategyInstance.id == StrategyTag.instance_id)
            .group_by(StrategyTag.tag)
            .order_by(StrategyTag.tag)
        )
        with self._reading() as session:
            return {tag: count for tag, count in session.execute(statement)}  # noqa: C416  (rows are no pairs to mypy)

    def _change(self, id: str, values: Mapping[str, Any]) -> None:
        where = and_(StrategyInstance.id == id, _IS_NO_SNAPSHOT)
        with self._writing() as session:
            if not change(session, StrategyInstance, where, values):
                raise not_there(StrategyInstance, id)


def _added(session: OwnedSession, name: str, drawing: Drawing, template_id: str | None, id: str = "") -> StrategyRecord:
    id = id or new_id()
    row = {
        "id": id,
        "name": name[:LONGEST_NAME],
        "logic_flow": drawing.logic_flow,
        "parameters": drawing.parameters,
        "template_id": template_id,
    }
    add(session, StrategyInstance, [row])
    return fetch(session, StrategyInstance, StrategyRecord, id)


def _narrowed(statement: Select[Any], status: InstanceStatus | None, wish: StrategyWish) -> Select[Any]:
    model = StrategyInstance
    statement = statement.where(_IS_NO_SNAPSHOT)
    if status is not None:
        statement = statement.where(model.status == status)
    if wish.tag is not None:
        tagged = select(StrategyTag.tag).where(StrategyTag.instance_id == model.id, StrategyTag.tag == wish.tag)
        statement = statement.where(exists(tagged))
    if wish.text:
        statement = statement.where(has_text(model.name, wish.text))
    if wish.without is not None:
        statement = statement.where(model.status != wish.without)
    if wish.ids is not None:
        statement = statement.where(model.id.in_(wish.ids))
    return statement


def _add_tags(session: OwnedSession, id: str, tags: Sequence[str]) -> None:
    if tags:
        add(session, StrategyTag, [{"instance_id": id, "tag": tag} for tag in tags])


def _tags(session: OwnedSession, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    statement = (
        select(StrategyTag.instance_id, StrategyTag.tag)
        .where(StrategyTag.instance_id.in_(ids))
        .order_by(StrategyTag.instance_id, StrategyTag.tag)
    )
    found: dict[str, builtins.list[str]] = {}
    for id, tag in session.execute(statement):
        found.setdefault(id, []).append(tag)
    return {id: tuple(tags) for id, tags in found.items()}


def _why_not_saved(record: StrategyRecord, expected_version: int | None) -> str:
    if record.parent_version_id is not None:
        return f"'{record.name}' is a kept version (number {record.version}); it stays as it was. Restore it instead."
    return (
        f"The strategy '{record.name}' was saved elsewhere since it was opened here (version "
        f"{record.version}, not {expected_version}). Open it again, or save this one under another name."
    )

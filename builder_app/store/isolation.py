"""Who sees and changes what, in one place that no repository can go past.

Every statement of an OwnedSession runs through `_guard`: what is read, changed or removed is narrowed to the rows that
the principal may read or change and that are not deleted; what is not an ORM statement, or touches a table without a
policy, is refused. New rows and changes go through `add` and `change`, which stamp owner, author and time and refuse
a parent (the strategy of a test, …) that the principal may not see.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Engine, Insert, and_, event, exists, false, insert, or_, select, true, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, with_loader_criteria

from builder_app.store import clock
from builder_app.store.errors import NotAllowed, NotThere, UnguardedStatement
from builder_app.store.models import (
    Base,
    BuilderSession,
    CodeGeneration,
    Measurement,
    NodeTemplateRow,
    QuickTest,
    QuickTestCount,
    SessionEdit,
    StrategyInstance,
    StrategyTag,
    StrategyTemplate,
    StrategyTemplateOpinion,
)
from builder_app.store.principal import Principal


class Access(NamedTuple):
    """One statement's wish: who, whether to change, and whether deleted rows count."""

    principal: Principal
    is_change: bool
    with_deleted: bool


Policy = Callable[[Access], ColumnElement[bool]]
"""The condition that a row must meet to be touched by a statement."""

_STAMPED: Final = {"stamped": True}
_PUBLIC_NUMBERS: Final = frozenset({"usage_count", "rating_average", "rating_count"})
"""What everybody who may read a template moves by using or rating it."""


class OwnedSession(Session):
    """A database session in one principal's name."""

    def __init__(self, engine: Engine, principal: Principal) -> None:
        super().__init__(engine, autoflush=False, expire_on_commit=False)
        self.principal = principal


def _owned(model: Any) -> Policy:
    def policy(access: Access) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = model.user_id == access.principal.user_id
        return mine if access.with_deleted else and_(mine, model.is_deleted == false())

    return policy


def _mine(model: Any) -> Policy:
    """For rows that are never deleted softly."""

    def policy(access: Access) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = model.user_id == access.principal.user_id
        return mine

    return policy


def _template(model: Any, shared: ColumnElement[bool]) -> Policy:
    def policy(access: Access) -> ColumnElement[bool]:
        allowed: ColumnElement[bool] = model.user_id == access.principal.user_id
        if not access.is_change:
            allowed = or_(allowed, model.is_system_template == true(), shared)
        elif access.principal.is_administrator:
            allowed = or_(allowed, model.is_system_template == true())
        return allowed if access.with_deleted else and_(allowed, model.is_deleted == false())

    return policy


def _journal(access: Access) -> ColumnElement[bool]:
    session_is_visible = _owned(BuilderSession)(access)
    return exists(select(BuilderSession.id).where(BuilderSession.id == SessionEdit.session_id, session_is_visible))


POLICIES: Final[Mapping[type[Base], Policy]] = {
    StrategyTemplate: _template(StrategyTemplate, false()),
    StrategyTemplateOpinion: _mine(StrategyTemplateOpinion),
    StrategyInstance: _owned(StrategyInstance),
    StrategyTag: _mine(StrategyTag),
    NodeTemplateRow: _template(NodeTemplateRow, NodeTemplateRow.is_shared == true()),
    QuickTest: _owned(QuickTest),
    QuickTestCount: _mine(QuickTestCount),
    CodeGeneration: _owned(CodeGeneration),
    BuilderSession: _owned(BuilderSession),
    SessionEdit: _journal,
    Measurement: _mine(Measurement),
}


@lru_cache(maxsize=64)
def _criteria(access: Access) -> tuple[LoaderCriteriaOption, ...]:
    """The policies' conditions as options of a statement; kept, since building them costs more than most queries."""
    return tuple(
        with_loader_criteria(model, policy(access), include_aliases=True, propagate_to_loaders=False)
        for model, policy in POLICIES.items()
    )


@event.listens_for(OwnedSession, "do_orm_execute")
def _guard(state: ORMExecuteState) -> None:
    """Narrow the statement to the principal's rows, or refuse it."""
    session = state.session
    if not isinstance(session, OwnedSession) or not state.is_orm_statement:
        raise UnguardedStatement("A statement that names no table class would go past the ownership filter.")
    unknown = [mapper.class_.__name__ for mapper in state.all_mappers if mapper.class_ not in POLICIES]
    if unknown:
        raise UnguardedStatement(f"{unknown[0]} has no ownership policy.")
    if (state.is_insert or state.is_update) and not state.execution_options.get("stamped"):
        raise UnguardedStatement("Rows are written by isolation.add and isolation.change, which check the parents.")
    if state.is_insert:
        return
    access = Access(
        session.principal,
        is_change=(state.is_update or state.is_delete) and not state.execution_options.get("is_tally"),
        with_deleted=bool(state.execution_options.get("include_deleted")),
    )
    state.statement = state.statement.options(*_criteria(access))


@event.listens_for(OwnedSession, "before_flush")
def _refuse_flush(session: OwnedSession, _context: Any, _instances: Any) -> None:
    """Objects are never written by the unit of work: it would go past `add` and `change`."""
    if session.new or session.dirty or session.deleted:
        raise UnguardedStatement("Rows are written by isolation.add and isolation.change, not by changing objects.")


def add(
    session: OwnedSession,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    finish: Callable[[Insert], Insert] | None = None,
) -> None:
    """Insert rows, stamped with the principal as owner and author.

    `finish` turns the plain INSERT into one with ON CONFLICT. NotThere where a parent is out of the
    principal's sight; NotAllowed where one who is no administrator adds a system template.
    """
    stamped = [_stamp(session.principal, model, row) for row in rows]
    _require_parents(session, model, stamped)
    statement = _insert_for(session, model)
    if finish is None:
        session.execute(statement, stamped, execution_options=_STAMPED)
    else:
        session.execute(finish(statement.values(stamped)), execution_options=_STAMPED)


def change(
    session: OwnedSession,
    model: type[Base],
    where: ColumnElement[bool],
    values: Mapping[str, Any],
    include_deleted: bool = False,
) -> int:
    """Update the principal's rows that meet the condition, stamped with author and time; how many there were."""
    _require_parents(session, model, [values])
    stamp = {"updated_at": clock.now(), "updated_by": session.principal.user_id}
    options = {**_STAMPED, "include_deleted": include_deleted, "synchronize_session": False}
    result = session.execute(update(model).where(where).values({**stamp, **values}), execution_options=options)
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def tally(session: OwnedSession, model: type[Base], where: ColumnElement[bool], values: Mapping[str, Any]) -> int:
    """Move public numbers of the templates that the principal may read, in one UPDATE; how many templates there were.

    The values are expressions over the row (`usage_count + 1`), so that nothing is read first and overwritten then.
    """
    if not set(values) <= _PUBLIC_NUMBERS:
        raise UnguardedStatement(f"Only {', '.join(sorted(_PUBLIC_NUMBERS))} may be moved by every reader.")
    options = {**_STAMPED, "is_tally": True, "synchronize_session": False}
    result = session.execute(update(model).where(where).values(values), execution_options=options)
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def _insert_for(session: OwnedSession, model: type[Base]) -> Insert:
    """The INSERT of this database's own dialect where it has one, since ON CONFLICT is said in dialects."""
    match session.get_bind().dialect.name:
        case "sqlite":
            from sqlalchemy.dialects import sqlite

            return sqlite.insert(model)
        case "postgresql":
            from sqlalchemy.dialects import postgresql

            return postgresql.insert(model)
        case _:
            return insert(model)


def _stamp(principal: Principal, model: type[Base], row: Mapping[str, Any]) -> dict[str, Any]:
    columns = model.__table__.columns
    stamped = dict(row)
    if row.get("is_system_template"):
        if not principal.is_administrator:
            raise NotAllowed("System templates are written by an administrator only.")
        stamped["user_id"] = None
    elif "user_id" in columns:
        stamped["user_id"] = principal.user_id
    if "created_by" in columns:
        stamped |= {"created_by": principal.user_id, "updated_by": principal.user_id}
    return stamped


def _require_parents(session: OwnedSession, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    models = {mapped.__tablename__: mapped for mapped in POLICIES}
    for key in model.__table__.foreign_keys:
        parent: Any = models[key.column.table.name]
        for id in {row[key.parent.name] for row in rows if row.get(key.parent.name) is not None}:
            if session.execute(select(parent.id).where(parent.id == id)).first() is None:
                raise NotThere(f"There is no row '{id}' in {parent.__tablename__} for this user.")

"""What all repositories share: their connections, their principal, and rows as records."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Row, Select, select, tuple_

from builder_app.store.connections import Connections
from builder_app.store.errors import NotThere, RefusedValue
from builder_app.store.isolation import OwnedSession
from builder_app.store.models import Base
from builder_app.store.principal import Principal
from builder_app.store.records import Page, PageKey

R = TypeVar("R")
LONGEST_PAGE: Final = 1_000


class Repository:
    """The ground of the repositories."""

    def __init__(self, connections: Connections, principal: Principal) -> None:
        self._connections = connections
        self._principal = principal

    def _reading(self) -> AbstractContextManager[OwnedSession]:
        return self._connections.reading(self._principal)

    def _writing(self) -> AbstractContextManager[OwnedSession]:
        return self._connections.writing(self._principal)


def columns(model: type[Base], record: type[Any]) -> list[Any]:
    """The model's columns that the record has fields for, in the record's order."""
    return [getattr(model, field.name) for field in fields(record)]


def as_record(record: type[R], row: Row[Any]) -> R:
    """The row of `columns(…, record)` as that record."""
    build: Any = record
    made: R = build(*row)
    return made


def fetch(session: OwnedSession, model: type[Base], record: type[R], id: str) -> R:
    """The one row with this id; NotThere where the principal sees none."""
    column: Any = getattr(model, "id")  # noqa: B009  (the ground class has no id of its own)
    row = session.execute(select(*columns(model, record)).where(column == id)).first()
    if row is None:
        raise not_there(model, id)
    return as_record(record, row)


def not_there(model: type[Base], id: str) -> NotThere:
    """The error that says that the principal sees no such row."""
    return NotThere(f"There is no row '{id}' in {model.__tablename__} for this user; it may have been deleted.")


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by: one column, and the id among equals. The record has a field of the column's name."""

    column: Any
    id: Any
    is_descending: bool = True

    def after(self, key: PageKey) -> ColumnElement[bool]:
        """The condition that a row comes after this key."""
        row, end = tuple_(self.column, self.id), tuple_(key.value, key.id)
        return row < end if self.is_descending else row > end

    def terms(self) -> tuple[ColumnElement[Any], ...]:
        """What stands behind ORDER BY."""
        pair = (self.column, self.id)
        return tuple(column.desc() if self.is_descending else column.asc() for column in pair)


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is wanted: how many rows at most, from after this key (None: from the beginning)."""

    limit: int
    after_key: PageKey | None


def read_page(session: OwnedSession, statement: Select[Any], record: type[R], order: Order, part: Part) -> Page[R]:
    """One page of the list, found by its key and not by counting rows; RefusedValue where the limit is none."""
    if not 1 <= part.limit <= LONGEST_PAGE:
        raise RefusedValue(f"A page of a list has 1 to {LONGEST_PAGE} rows; {part.limit} were asked for.")
    if part.after_key is not None:
        statement = statement.where(order.after(part.after_key))
    rows = session.execute(statement.order_by(*order.terms()).limit(part.limit + 1)).all()
    found = [as_record(record, row) for row in rows[: part.limit]]
    is_last = len(rows) <= part.limit
    last: Any = found[-1] if found else None
    return Page(tuple(found), None if is_last else PageKey(getattr(last, order.column.key), last.id))


def has_text(column: Any, text: str) -> ColumnElement[bool]:
    """The condition that the text stands somewhere in the column; `%` and `_` stand for themselves."""
    found: ColumnElement[bool] = column.icontains(text, autoescape=True)
    return found

"""What all repositories share: their connections, their principal, and rows as records."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, select, tuple_

from builder_app.store.connections import Connections
from builder_app.store.errors import NotThere
from builder_app.store.isolation import OwnedSession
from builder_app.store.models import Base
from builder_app.store.principal import Principal
from builder_app.store.records import Page, PageKey

R = TypeVar("R")


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


def before(moment: Any, id: Any, key: PageKey) -> ColumnElement[bool]:
    """The condition that a row comes after this key in a list that shows the newest first."""
    return tuple_(moment, id) < tuple_(key.moment, key.id)


def page_of(records: Sequence[R], limit: int, key: PageKey | None) -> Page[R]:
    """The first `limit` of the records; `key` belongs to the last of them, and counts only if there are more."""
    return Page(tuple(records[:limit]), key if len(records) > limit else None)

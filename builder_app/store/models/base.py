"""The ground of all tables: names of constraints, the common columns, and short words for repeated declarations.

Indexes and checks are named in full where SCHEMA gives a name; the naming convention names the rest, so that a
migration can always say which one it means.
"""

import datetime
import uuid
from enum import StrEnum
from typing import Any, Final, TypeVar

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, MetaData, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from builder_app.store import clock
from builder_app.store.column_types import JsonText, UtcTime, Word

E = TypeVar("E", bound=StrEnum)

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base; its metadata is what migrations are compared with."""

    metadata = MetaData(naming_convention=NAMING)


def new_id() -> str:
    """A fresh id: UUID text of 36 characters."""
    return str(uuid.uuid4())


def id_column(**options: Any) -> Mapped[Any]:
    """A column of UUID text."""
    return mapped_column(String(36), **options)


def reference(target: str, on_delete: str = "CASCADE", **options: Any) -> Mapped[Any]:
    """A foreign key to `table.column`."""
    return mapped_column(String(36), ForeignKey(target, ondelete=on_delete), **options)


def text_column(length: int | None = None, **options: Any) -> Mapped[Any]:
    """A text column; without a length it holds any amount of text."""
    return mapped_column(Text() if length is None else String(length), **options)


def word_column(words: type[E], **options: Any) -> Mapped[Any]:
    """A column that holds one word of an enumeration."""
    return mapped_column(Word(words), **options)


def json_column(**options: Any) -> Mapped[Any]:
    """A column of JSON text."""
    return mapped_column(JsonText(), **options)


def time_column(**options: Any) -> Mapped[Any]:
    """A column of moments in UTC."""
    return mapped_column(UtcTime(), **options)


def flag(name: str, *, default: bool | None, **options: Any) -> Mapped[Any]:
    """A yes-or-no column; where the database knows no booleans, a check keeps it to 0 and 1."""
    return mapped_column(Boolean(create_constraint=True, name=f"{name}_boolean"), default=default, **options)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The check that the column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def not_negative(column: str) -> CheckConstraint:
    """The check that a number is not below zero (NULL passes)."""
    return CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative")


def deletion_is_dated() -> CheckConstraint:
    """The check that exactly the deleted rows say when they were deleted."""
    return CheckConstraint("is_deleted = (deleted_at IS NOT NULL)", name="deletion_is_dated")


def system_has_no_user() -> CheckConstraint:
    """The check that exactly the system's templates belong to nobody."""
    return CheckConstraint("is_system_template = (user_id IS NULL)", name="system_has_no_user")


def indexed(table: str, *columns: str) -> tuple[Index, ...]:
    """One index for each of these columns, named as SCHEMA names them."""
    return tuple(Index(f"ix_{table}_{column}", column) for column in columns)


def partial_index(name: str, *columns: str, condition: str, unique: bool = False) -> Index:
    """An index over the rows that meet the condition, written with 0 and 1 for SQLite and false and true elsewhere."""
    plain = condition.replace("= 0", "= false").replace("= 1", "= true")
    return Index(name, *columns, unique=unique, sqlite_where=text(condition), postgresql_where=text(plain))


class Common:
    """The columns that every table has but the journal."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id, sort_order=-10)
    created_at: Mapped[datetime.datetime] = mapped_column(UtcTime(), default=lambda: clock.now(), sort_order=10)
    updated_at: Mapped[datetime.datetime] = mapped_column(UtcTime(), default=lambda: clock.now(), sort_order=11)
    is_deleted: Mapped[bool] = mapped_column(
        Boolean(create_constraint=True, name="is_deleted_boolean"), default=False, sort_order=12
    )
    deleted_at: Mapped[datetime.datetime | None] = mapped_column(UtcTime(), default=None, sort_order=13)
    created_by: Mapped[str | None] = mapped_column(String(36), default=None, sort_order=14)
    updated_by: Mapped[str | None] = mapped_column(String(36), default=None, sort_order=15)

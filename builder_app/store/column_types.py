"""The columns' own types: times in UTC, words out of a fixed list, JSON text."""

import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from builder_app.store.errors import RefusedValue
from builder_app.store.json_values import EncodedJson, json_text, json_value

E = TypeVar("E", bound=StrEnum)


class UtcTime(TypeDecorator[datetime.datetime]):
    """A moment in UTC with its zone. SQLite keeps text without zone: it goes in as UTC and comes out as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """The same moment in UTC; a time without zone is refused, since nobody can say which moment it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise RefusedValue(f"The time {value.isoformat()} has no zone; the store keeps moments in UTC.")
        moment = value.astimezone(datetime.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:  # noqa: ARG002
        """The moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


class Word(TypeDecorator[E]):
    """One word of an enumeration, kept as text; a CHECK of the table holds the same list."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[E], length: int = 20) -> None:
        super().__init__(length)
        self.words = words

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The word as text; one that is not in the list is refused."""
        if value is None:
            return None
        try:
            return str(self.words(value))
        except ValueError as error:
            known = ", ".join(self.words)
            raise RefusedValue(f"'{value}' is no {self.words.__name__}; it is one of {known}.") from error

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002
        """The word as a member of its enumeration."""
        return None if value is None else self.words(value)


class JsonText(TypeDecorator[Any]):
    """A JSON value, kept as text; None is NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The JSON text; RefusedValue where the value is no JSON."""
        if value is None:
            return None
        return str(value if isinstance(value, EncodedJson) else json_text(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """The value, newly built: the caller may change it."""
        return None if value is None else json_value(value)

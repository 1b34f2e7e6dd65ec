"""Every stored text that may hold sealed values, of everybody: found page by page, exchanged in short transactions.

A row is exchanged only where it still says what was read: whoever wrote meanwhile wins, and is found by the next pass.
The rows' checksums are made anew with the texts; a row whose checksum does not hold is never written, since that would
make damage look whole. Not here: what a sealed value is; the caller looks into the texts.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, CursorResult, Table, Text, or_, select, tuple_, type_coerce, update
from sqlalchemy.orm import InstrumentedAttribute

from builder_app.store.checksums import GENERATION_PARTS, draft_checksum, edit_checksum, generation_checksum
from builder_app.store.column_types import JsonText, Word
from builder_app.store.connections import Connections
from builder_app.store.json_values import EncodedJson
from builder_app.store.models import BuilderSession, CodeGeneration, QuickTest, SessionEdit, StrategyInstance
from builder_app.store.secrets import Owner

LONGEST_LOCK: Final = 0.05
"""Seconds that the write lock may be held at a time."""
_AIM: Final = 0.010
"""After so many seconds a transaction takes no more rows: its end has to reach the disk as well."""
_PAUSE: Final = 0.002
"""Seconds between two transactions, in which others write."""
_LOOKED_AT_ONCE: Final = 200
_USER: Final = "whose"


@dataclass(frozen=True, slots=True)
class _Place:
    """One table: its key, the columns whose texts may hold sealed values, and what its checksum is over."""

    key: tuple[InstrumentedAttribute[Any], ...]
    texts: tuple[str, ...]
    beside: tuple[str, ...] = ()
    checksum: str = ""

    @property
    def table(self) -> Table:
        """The table of the key."""
        table: Table = self.key[0].class_.__table__
        return table

    @property
    def is_journal(self) -> bool:
        """Whether its rows are steps of journals."""
        return self.table is SessionEdit.__table__


_SESSION_CHECKED: Final = ("snapshot_sequence", "draft_metadata")
_PLACES: Final = (
    _Place((StrategyInstance.id,), ("logic_flow", "parameters"), ("parent_version_id",)),
    _Place(
        (BuilderSession.id,),
        ("draft_logic_flow", "draft_parameters"),
        ("instance_id", *_SESSION_CHECKED),
        "draft_checksum",
    ),
    _Place((SessionEdit.session_id, SessionEdit.sequence), ("edit",), ("kind",), "checksum"),
    _Place((QuickTest.id,), ("logic_flow_snapshot", "parameters_snapshot"), ("instance_id",)),
    _Place(
        (CodeGeneration.id,),
        ("logic_flow_snapshot", "parameters_snapshot"),
        tuple(name for name in GENERATION_PARTS if name not in ("logic_flow_snapshot", "parameters_snapshot")),
        "row_checksum",
    ),
)


@dataclass(frozen=True, slots=True)
class SealedRow:
    """One row as it is stored: JSON as text. `owners` are those for whom its values may have been sealed."""

    place: _Place
    user: str
    owners: tuple[Owner, ...]
    values: Mapping[str, Any]

    @property
    def texts(self) -> tuple[str, ...]:
        """The JSON texts that may hold sealed values: a flow and its parameters, or a journal's step alone."""
        return tuple(self.values[name] or "" for name in self.place.texts)

    @property
    def is_journal(self) -> bool:
        """Whether it is a step of a journal."""
        return self.place.is_journal

    @property
    def is_whole(self) -> bool:
        """Whether its texts are text, and its checksum holds where it has one."""
        try:
            for text in self.texts:
                text.encode()
        except UnicodeEncodeError:
            return False
        return not self.place.checksum or self.values[self.place.checksum] == _checksum(self.place, self.values)


def rows_holding(connections: Connections, marks: Sequence[str]) -> Iterator[SealedRow]:
    """Every row whose texts hold one of the marks, deleted ones too. No read lasts longer than a page of rows."""
    for place in _PLACES:
        after: tuple[Any, ...] | None = None
        while True:
            with connections.reading_for_all(tolerant=True) as connection:
                last = _end_of_page(connection, place, after)
                found = [] if last is None else _of_page(connection, place, (after, last), marks)
            yield from found
            if last is None:
                break
            after = last


def exchange(connections: Connections, rows: Sequence[tuple[SealedRow, Mapping[str, str]]]) -> tuple[int, float]:
    """Put new texts, by their columns' names, into rows that still say what was read.

    How many rows were exchanged, and for how many seconds the write lock was held at the most.
    """
    exchanged, longest, left = 0, 0.0, list(rows)
    while left:
        with connections.writing_for_all() as connection:
            began = time.perf_counter()
            while left and (time.perf_counter() - began < _AIM):
                exchanged += _exchange_one(connection, *left.pop(0))
        longest = max(longest, time.perf_counter() - began)
        time.sleep(_PAUSE)
    return exchanged, longest


def _end_of_page(connection: Connection, place: _Place, after: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    """The key of the page's last row; None where there is no row behind `after`."""
    keys = select(*place.key).order_by(*place.key).limit(_LOOKED_AT_ONCE)
    if after is not None:
        keys = keys.where(tuple_(*place.key) > after)
    rows = connection.execute(keys).all()
    return tuple(rows[-1]) if rows else None


def _of_page(
    connection: Connection,
    place: _Place,
    page: tuple[tuple[Any, ...] | None, tuple[Any, ...]],
    marks: Sequence[str],
) -> list[SealedRow]:
    after, last = page
    held = [_as_stored(place.table.c[name]).contains(mark) for name in place.texts for mark in marks]
    statement = select(*_columns(place)).where(tuple_(*place.key) <= last, or_(*held))
    if after is not None:
        statement = statement.where(tuple_(*place.key) > after)
    if place.is_journal:
        statement = statement.join_from(SessionEdit, BuilderSession)
    return [_row(place, dict(row._mapping)) for row in connection.execute(statement)]


def _columns(place: _Place) -> list[ColumnElement[Any]]:
    names = dict.fromkeys((*(key.key for key in place.key), *place.texts, *place.beside, place.checksum))
    columns = [_as_stored(place.table.c[name]).label(name) for name in names if name]
    if place.is_journal:
        return [*columns, BuilderSession.user_id.label(_USER), BuilderSession.instance_id.label("instance_id")]
    return [*columns, place.table.c.user_id.label(_USER)]


def _as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """JSON and words as the texts that are stored."""
    return type_coerce(column, Text()) if isinstance(column.type, JsonText | Word) else column


def _row(place: _Place, values: dict[str, Any]) -> SealedRow:
    user = values.pop(_USER)
    session = values.get("session_id") or (values["id"] if place.table is BuilderSession.__table__ else None)
    instances = [values.get("parent_version_id"), values.get("instance_id")]
    if place.table is StrategyInstance.__table__:
        instances.append(values["id"])
    owners = [Owner("session", session)] if session else []
    owners += [Owner("strategy", instance) for instance in instances if instance]
    return SealedRow(place, user, tuple(owners), values)


def _exchange_one(connection: Connection, row: SealedRow, texts: Mapping[str, str]) -> int:
    table, place = row.place.table, row.place
    values: dict[str, Any] = {name: EncodedJson(text) for name, text in texts.items()}
    if place.checksum:
        values[place.checksum] = _checksum(place, {**row.values, **texts})
        unchanged = [table.c[place.checksum] == row.values[place.checksum]]
    else:
        unchanged = [_as_stored(table.c[name]) == row.values[name] for name in place.texts]
    if "updated_at" in table.c:
        values["updated_at"] = table.c.updated_at  # nobody changed what the row says
    is_it = [table.c[key.key] == row.values[key.key] for key in place.key]
    result = connection.execute(update(table).where(*is_it, *unchanged).values(values))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def _checksum(place: _Place, values: Mapping[str, Any]) -> str:
    if place.is_journal:
        return edit_checksum(values["session_id"], values["sequence"], values["kind"], values["edit"])
    if place.table is BuilderSession.__table__:
        drawn = (values["draft_logic_flow"], values["draft_parameters"], values["draft_metadata"])
        return draft_checksum(values["id"], values["snapshot_sequence"], *drawn)
    return generation_checksum(values)

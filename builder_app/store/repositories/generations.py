"""The texts generated from a user's strategies."""

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Insert, Row, Select, Text, false, select, type_coerce

from builder_app.store import clock
from builder_app.store.checksums import GENERATION_PARTS, generation_checksum
from builder_app.store.errors import DamagedRow
from builder_app.store.isolation import add
from builder_app.store.json_values import json_text, json_value
from builder_app.store.list_records import GenerationSummary
from builder_app.store.models import CodeGeneration
from builder_app.store.records import Page, PageKey
from builder_app.store.repositories.base import Order, Part, Repository, columns, read_page
from builder_app.store.run_records import GenerationRecord, NewGeneration
from builder_app.store.vocabulary import ValidationStatus

_LATEST: Final = Order(CodeGeneration.updated_at, CodeGeneration.id)
_NEWEST: Final = Order(CodeGeneration.created_at, CodeGeneration.id)
_JSON: Final = ("logic_flow_snapshot", "parameters_snapshot", "validation_result")
_AS_STORED: Final = frozenset({*_JSON, "validation_status"})
_BROUGHT_UP_TO_DATE: Final = (*GENERATION_PARTS, "row_checksum", "updated_by")


class Generations(Repository):
    """Generated texts of one user: each kept once per strategy, target and hash."""

    def record(self, generation: NewGeneration) -> GenerationRecord:
        """Keep this text, or find the row that holds it already, which then becomes the latest.

        The same text of the same strategy and target is one row, also with two writers at once; its drawing, its
        checks' verdict and the time are brought up to date, and a row that was damaged on disk is whole again.
        """
        row = _sealed(generation)
        with self._writing() as session:
            add(session, CodeGeneration, [row], _or_bring_up_to_date)
            found = _select(generation.instance_id, generation.target).where(
                CodeGeneration.code_hash == generation.code_hash
            )
            return _verified(session.execute(found).one())

    def latest(self, instance_id: str, target: str) -> GenerationRecord | None:
        """The text that was generated last for this strategy and target, or None; DamagedRow as for `find`."""
        statement = _select(instance_id, target).order_by(CodeGeneration.updated_at.desc(), CodeGeneration.id.desc())
        return self._first(statement.limit(1))

    def find(self, instance_id: str, target: str, code_hash: str) -> GenerationRecord | None:
        """The row that holds this very text, or None: is it stored already?

        DamagedRow where its checksum does not hold; recording the text again makes it whole.
        """
        return self._first(_select(instance_id, target).where(CodeGeneration.code_hash == code_hash))

    def list(
        self, instance_id: str, limit: int = 50, after_key: PageKey | None = None, target: str | None = None
    ) -> Page[GenerationSummary]:
        """The texts of this strategy, for one target or all, the one that was generated last first."""
        model = CodeGeneration
        statement = select(*columns(model, GenerationSummary)).where(model.instance_id == instance_id)
        if target is not None:
            statement = statement.where(model.target == target)
        with self._reading() as session:
            return read_page(session, statement, GenerationSummary, _LATEST, Part(limit, after_key))

    def failures(
        self, status: ValidationStatus, limit: int = 50, after_key: PageKey | None = None
    ) -> Page[GenerationSummary]:
        """The user's texts that ended with this verdict, of all strategies, newest first."""
        model = CodeGeneration
        statement = select(*columns(model, GenerationSummary)).where(model.validation_status == status)
        with self._reading() as session:
            return read_page(session, statement, GenerationSummary, _NEWEST, Part(limit, after_key))

    def _first(self, statement: Select[Any]) -> GenerationRecord | None:
        with self._connections.reading(self._principal, tolerant=True) as session:
            row = session.execute(statement).first()
            return None if row is None else _verified(row)


def _select(instance_id: str, target: str) -> Select[Any]:
    """The row's columns as a record has them, JSON and words as the texts that are stored, and the checksum."""
    as_stored = [
        type_coerce(column, Text()).label(column.key) if column.key in _AS_STORED else column
        for column in columns(CodeGeneration, GenerationRecord)
    ]
    return select(*as_stored, CodeGeneration.row_checksum).where(
        CodeGeneration.instance_id == instance_id, CodeGeneration.target == target
    )


def _sealed(generation: NewGeneration) -> dict[str, Any]:
    row = asdict(generation)
    row["logic_flow_snapshot"] = json_text(row.pop("logic_flow"), "The drawing")
    row["parameters_snapshot"] = json_text(row.pop("parameters"), "The parameters")
    if row["validation_result"] is not None:
        row["validation_result"] = json_text(row["validation_result"], "The report of the checks")
    row["row_checksum"] = generation_checksum(row)
    return row


def _verified(row: Row[Any]) -> GenerationRecord:
    values = dict(row._mapping)  # SQLAlchemy's public name for it
    if values.pop("row_checksum") != generation_checksum(values):
        raise DamagedRow(
            f"The text that was generated for '{values['target']}' was damaged on disk and cannot be trusted (its "
            "checksum does not hold). Nothing was deleted; generate it again, and it is kept anew."
        )
    for name in _JSON:
        values[name] = None if values[name] is None else json_value(values[name])
    values["validation_status"] = ValidationStatus(values["validation_status"])
    return GenerationRecord(**values)


def _or_bring_up_to_date(statement: Insert) -> Insert:
    insert: Any = statement
    newest = {name: insert.excluded[name] for name in _BROUGHT_UP_TO_DATE}
    finished: Insert = insert.on_conflict_do_update(
        index_elements=["instance_id", "target", "code_hash"],
        index_where=CodeGeneration.is_deleted == false(),
        set_={**newest, "updated_at": clock.now()},
        where=CodeGeneration.user_id == insert.excluded["user_id"],
    )
    return finished

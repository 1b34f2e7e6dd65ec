"""The texts generated from a user's strategies."""

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Insert, Select, false, select

from builder_app.store import clock
from builder_app.store.isolation import add
from builder_app.store.list_records import GenerationSummary
from builder_app.store.models import CodeGeneration
from builder_app.store.records import GenerationRecord, NewGeneration, Page, PageKey
from builder_app.store.repositories.base import Order, Part, Repository, as_record, columns, read_page
from builder_app.store.vocabulary import ValidationStatus

_LATEST: Final = Order(CodeGeneration.updated_at, CodeGeneration.id)
_NEWEST: Final = Order(CodeGeneration.created_at, CodeGeneration.id)
_VERDICT = ("validation_status", "validation_result", "syntax_check_passed", "security_check_passed", "updated_by")


class Generations(Repository):
    """Generated texts of one user: each kept once per strategy, target and hash."""

    def record(self, generation: NewGeneration) -> GenerationRecord:
        """Keep this text, or find the row that holds it already, which then becomes the latest.

        The same text of the same strategy and target is one row, also with two writers at once; its checks' verdict
        and the time are brought up to date.
        """
        row = asdict(generation)
        row["logic_flow_snapshot"] = row.pop("logic_flow")
        row["parameters_snapshot"] = row.pop("parameters")
        with self._writing() as session:
            add(session, CodeGeneration, [row], _or_bring_up_to_date)
            found = self._select(generation.instance_id, generation.target).where(
                CodeGeneration.code_hash == generation.code_hash
            )
            return as_record(GenerationRecord, session.execute(found).one())

    def latest(self, instance_id: str, target: str) -> GenerationRecord | None:
        """The text that was generated last for this strategy and target, or None."""
        statement = self._select(instance_id, target).order_by(
            CodeGeneration.updated_at.desc(), CodeGeneration.id.desc()
        )
        with self._reading() as session:
            row = session.execute(statement.limit(1)).first()
            return None if row is None else as_record(GenerationRecord, row)

    def find(self, instance_id: str, target: str, code_hash: str) -> GenerationRecord | None:
        """The row that holds this very text, or None: is it stored already?"""
        statement = self._select(instance_id, target).where(CodeGeneration.code_hash == code_hash)
        with self._reading() as session:
            row = session.execute(statement).first()
            return None if row is None else as_record(GenerationRecord, row)

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

    def _select(self, instance_id: str, target: str) -> Select[Any]:
        return select(*columns(CodeGeneration, GenerationRecord)).where(
            CodeGeneration.instance_id == instance_id, CodeGeneration.target == target
        )


def _or_bring_up_to_date(statement: Insert) -> Insert:
    insert: Any = statement
    verdict = {name: insert.excluded[name] for name in _VERDICT}
    finished: Insert = insert.on_conflict_do_update(
        index_elements=["instance_id", "target", "code_hash"],
        index_where=CodeGeneration.is_deleted == false(),
        set_={**verdict, "updated_at": clock.now()},
        where=CodeGeneration.user_id == insert.excluded["user_id"],
    )
    return finished

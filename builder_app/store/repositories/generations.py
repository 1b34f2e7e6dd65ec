"""The texts generated from a user's strategies."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Insert, Select, false, select

from builder_app.store import clock
from builder_app.store.isolation import add
from builder_app.store.models import CodeGeneration
from builder_app.store.records import GenerationRecord, NewGeneration
from builder_app.store.repositories.base import Repository, as_record, columns

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

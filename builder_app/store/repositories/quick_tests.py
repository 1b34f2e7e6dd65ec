"""A user's quick tests."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased

from builder_app.store import clock
from builder_app.store.errors import RefusedValue, StoreConflict
from builder_app.store.isolation import add, change
from builder_app.store.list_records import TestCounts, TestWish
from builder_app.store.models import QuickTest, QuickTestCount, StrategyInstance
from builder_app.store.models.base import new_id
from builder_app.store.records import Page, PageKey
from builder_app.store.repositories.base import Order, Part, Repository, as_record, columns, fetch, not_there, read_page
from builder_app.store.run_records import NewQuickTest, QuickTestRecord, QuickTestSummary
from builder_app.store.vocabulary import TestOrder, TestStatus

LONGEST_NAME: Final = 200
PROCESS_WAS_GONE: Final = "its process was gone"
"""The message of a test that was still RUNNING when nobody ran it any more."""


_ORDERS: Final = {
    TestOrder.NEWEST: Order(QuickTest.created_at, QuickTest.id),
    TestOrder.OLDEST: Order(QuickTest.created_at, QuickTest.id, is_descending=False),
}


class QuickTests(Repository):
    """The quick tests of one user: begun, ended in one of four ways, and listed."""

    def start(self, test: NewQuickTest) -> str:
        """Write down that this test runs (RUNNING), on which settings and drawing; the test's id."""
        id = new_id()
        row = {
            "id": id,
            "instance_id": test.instance_id,
            "test_name": test.name[:LONGEST_NAME],
            "test_config": dict(test.config),
            "logic_flow_snapshot": dict(test.logic_flow),
            "parameters_snapshot": dict(test.parameters),
            "code_hash": test.code_hash,
            "status": TestStatus.RUNNING,
            "started_at": clock.now(),
        }
        with self._writing() as session:
            add(session, QuickTest, [row])
        return id

    def complete(self, id: str, result: Mapping[str, Any], summary: Mapping[str, Any], seconds: float) -> None:
        """The test ended well: keep the whole result, the metrics for lists, and how long it took.

        A test that was taken for lost (`close_orphans`) and answers after all counts as completed.
        """
        values = {
            "test_result": dict(result),
            "metrics_summary": dict(summary),
            "execution_time": seconds,
            "error_message": None,
        }
        self._end(id, TestStatus.COMPLETED, values)

    def fail(self, id: str, message: str) -> None:
        """The test gave no result, for this reason."""
        self._end(id, TestStatus.FAILED, {"error_message": message})

    def cancel(self, id: str) -> None:
        """The strategist stopped the test."""
        self._end(id, TestStatus.CANCELLED, {"error_message": None})

    def get(self, id: str) -> QuickTestRecord:
        """The test with its snapshots and its whole result."""
        with self._reading() as session:
            return fetch(session, QuickTest, QuickTestRecord, id)

    def recent(self, instance_id: str, limit: int = 10) -> tuple[QuickTestSummary, ...]:
        """The strategy's newest tests, newest first."""
        statement = (
            select(*columns(QuickTest, QuickTestSummary))
            .where(QuickTest.instance_id == instance_id)
            .order_by(QuickTest.created_at.desc(), QuickTest.id.desc())
            .limit(limit)
        )
        with self._reading() as session:
            return tuple(as_record(QuickTestSummary, row) for row in session.execute(statement))

    def list(
        self, wish: TestWish | None = None, limit: int = 50, after_key: PageKey | None = None
    ) -> Page[QuickTestSummary]:
        """The history of the user's tests, of one strategy or of all, newest first unless the wish says otherwise."""
        wished = wish or TestWish()
        model = QuickTest
        statement = select(*columns(model, QuickTestSummary))
        if wished.instance_id is not None:
            statement = statement.where(model.instance_id == wished.instance_id)
        if wished.status is not None:
            statement = statement.where(model.status == wished.status)
        if wished.since is not None:
            statement = statement.where(model.created_at >= wished.since)
        if wished.until is not None:
            statement = statement.where(model.created_at <= wished.until)
        if wished.starred:
            statement = statement.where(model.starred_at.is_not(None))
        if wished.deleted:
            statement = statement.where(model.is_deleted == true()).execution_options(include_deleted=True)
        with self._reading() as session:
            return read_page(session, statement, QuickTestSummary, _ORDERS[wished.order], Part(limit, after_key))

    def rename(self, id: str, name: str) -> None:
        """Call the test so from now on; RefusedValue for a name that is empty or longer than 200 letters."""
        named = " ".join(name.split())
        if not 1 <= len(named) <= LONGEST_NAME:
            raise RefusedValue(f"The name of a test has 1 to {LONGEST_NAME} letters; this one has {len(named)}.")
        self._change(id, {"test_name": named})

    def set_starred(self, id: str, starred: bool) -> None:
        """Mark the test as one to remember, or take the mark away."""
        self._change(id, {"starred_at": clock.now() if starred else None})

    def soft_delete(self, id: str) -> None:
        """Take the test out of every list but that of deleted ones; `restore` brings it back."""
        self._change(id, {"is_deleted": True, "deleted_at": clock.now()})

    def restore(self, id: str) -> None:
        """Bring a deleted test back as it was; any other stays as it is."""
        values = {"is_deleted": False, "deleted_at": None}
        with self._writing() as session:
            if not change(session, QuickTest, QuickTest.id == id, values, include_deleted=True):
                raise not_there(QuickTest, id)

    def counts(self) -> TestCounts:
        """How many tests the user has in each state, all of them, as the triggers count them: for the success rate."""
        with self._reading() as session:
            rows = session.execute(select(QuickTestCount.status, QuickTestCount.tests))
            return TestCounts(**{str(status).lower(): tests for status, tests in rows})

    def newest_completed(self, instance_ids: Sequence[str]) -> dict[str, QuickTestSummary]:
        """For each of these strategies that was ever tested to the end, its newest such test, in one query."""
        other = aliased(QuickTest)
        newest = (
            select(other.id)
            .where(other.instance_id == StrategyInstance.id, other.status == TestStatus.COMPLETED)
            .order_by(other.created_at.desc(), other.id.desc())
            .limit(1)
            .correlate(StrategyInstance)
            .scalar_subquery()
        )
        statement = (
            select(*columns(QuickTest, QuickTestSummary))
            .join(StrategyInstance, QuickTest.id == newest)
            .where(StrategyInstance.id.in_(instance_ids))
        )
        with self._reading() as session:
            found = [as_record(QuickTestSummary, row) for row in session.execute(statement)]
        return {record.instance_id: record for record in found}

    def close_orphans(self, older_than: datetime.timedelta = datetime.timedelta(0)) -> int:
        """End tests that have been RUNNING for longer than this as FAILED, "its process was gone"; how many.

        At start with 0: nothing of this program runs yet. Where another window may be testing, 10 minutes.
        """
        limit = clock.now() - older_than
        values = {"status": TestStatus.FAILED, "error_message": PROCESS_WAS_GONE, "completed_at": clock.now()}
        where = and_(QuickTest.status == TestStatus.RUNNING, QuickTest.started_at <= limit)
        with self._writing() as session:
            return change(session, QuickTest, where, values)

    def _change(self, id: str, values: Mapping[str, Any]) -> None:
        with self._writing() as session:
            if not change(session, QuickTest, QuickTest.id == id, values):
                raise not_there(QuickTest, id)

    def _end(self, id: str, status: TestStatus, values: Mapping[str, Any]) -> None:
        is_open: ColumnElement[bool] = or_(
            QuickTest.status.in_([TestStatus.PENDING, TestStatus.RUNNING]), QuickTest.error_message == PROCESS_WAS_GONE
        )
        ended = {**values, "status": status, "completed_at": clock.now()}
        with self._writing() as session:
            if not change(session, QuickTest, and_(QuickTest.id == id, is_open), ended):
                record = fetch(session, QuickTest, QuickTestSummary, id)
                raise StoreConflict(f"The test '{record.test_name}' ended before ({record.status}); it stays so.")

"""Tests of open strategies: kept, failed, cancelled, one after the other, and live after every edit."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from builder_app.flow.edits import AddNode, Connect, MoveNodes, RemoveNodes
from builder_app.flow.values import Edge, Node, Point, Port, frozen_mapping
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress, RunRequest, RunResult, TestConfig
from builder_app.quicktest.runner import Runner
from builder_app.session import events
from builder_app.session.drafts.document import Document
from builder_app.session.runs import live
from builder_app.session.runs.kept_tests import TO_BE_CHECKED
from builder_app.store import StoreUnavailable
from builder_app.store.run_records import NewQuickTest, QuickTestSummary
from builder_app.store.vocabulary import TestStatus
from tests.ground import LastingRunner
from tests.market.csv_files import import_files
from tests.session.strategist import Ground, Strategist, set_parameter


class GatedRunner(LastingRunner):
    """A real runner whose runs wait at a gate, so that a test can look at what happens meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.sources: list[str] = []

    def run(
        self,
        request: RunRequest,
        on_progress: Callable[[RunProgress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> RunResult | RunFailure:
        self.sources.append(request.source)
        while not self.gate.wait(0.01):
            if cancelled is not None and cancelled():
                return RunFailure(FailureKind.CANCELLED, "The test was cancelled.")
        return super().run(request, on_progress, cancelled)


@pytest.fixture
def gated(home: Ground) -> GatedRunner:
    runner = GatedRunner()
    runner._workers = home.runner._workers  # the real worker processes, shared with the other tests
    return runner


def rows(work: Strategist, document: Document) -> list[QuickTestSummary]:
    """The document's tests in the store, oldest first."""
    return list(reversed(work.store.quick_tests.recent(document.instance or "")))


def statuses(work: Strategist, document: Document) -> list[TestStatus]:
    return [row.status for row in rows(work, document)]


def test_strategy_with_problems_is_not_tested_and_says_why(work: Strategist) -> None:
    document = work.session.new_document()
    document.edit(AddNode(Node("above", "crosses_above")))
    outcome = work.test(document)
    assert isinstance(outcome, RunFailure)
    assert "See Problems" in outcome.message
    assert work.session.is_idle
    assert document.instance is None


def test_division_by_zero_in_a_formula_gives_no_number_and_no_failure(work: Strategist) -> None:
    document = work.open_example()
    document.edit(
        AddNode(Node("odd", "custom_condition", parameters=frozen_mapping({"expression": "a / (b - b) > 1"})))
    )
    for port, source in (("a", "fast_average"), ("b", "slow_average")):
        document.edit(Connect(Edge(Port(source, "value"), Port("odd", port))))
    wire = next(edge for edge in document.flow.edges if edge.source.node == "golden_cross")
    document.edit(RemoveNodes(frozenset({"golden_cross"})))
    document.edit(Connect(Edge(Port("odd", "result"), wire.target)))
    result = work.result_of(document)
    assert statuses(work, document) == [TestStatus.COMPLETED]
    assert result.code_hash == document.tested_hash


def test_strategy_that_fails_is_told_and_its_row_says_why(work: Strategist) -> None:
    document = work.open_example()
    work.session.set_config(document, TestConfig(stock_pool=("NOBODY",)))
    outcome = work.test(document)
    assert isinstance(outcome, RunFailure)
    assert "NOBODY" in outcome.message
    (row,) = rows(work, document)
    assert (row.status, row.error_message) == (TestStatus.FAILED, outcome.message)
    work.session.set_config(document, TestConfig())
    work.result_of(document)
    assert statuses(work, document) == [TestStatus.FAILED, TestStatus.COMPLETED]


def test_cancel_answers_within_200_ms_and_its_row_is_cancelled(home: Ground, gated: GatedRunner) -> None:
    with home.strategist(runner=gated) as work:
        document = work.open_example()
        work.session.run_test(document)
        work.until(lambda: bool(gated.sources))
        begun = time.perf_counter()
        work.session.cancel_test(document)
        failure = work.until_told(events.RunFailed).failure
        assert time.perf_counter() - begun < 0.2
        assert failure.kind is FailureKind.CANCELLED
        work.until(lambda: work.session.is_idle)
        assert statuses(work, document) == [TestStatus.CANCELLED]
        assert len(work.heard(events.RunFailed)) == 1
        gated.gate.set()
        work.result_of(document)
        assert statuses(work, document) == [TestStatus.CANCELLED, TestStatus.COMPLETED]


def test_cancel_does_not_wait_for_prices_that_are_slow_to_read(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = work.open_example()
    library, gate = work.session.rooms.library, threading.Event()
    load = library.load

    def slow(*arguments: object) -> Panel:
        gate.wait(10)
        return load(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(library, "load", slow)
    work.session.run_test(document)
    work.until_told(events.RunStarted)
    begun = time.perf_counter()
    work.session.cancel_test(document)
    assert work.until_told(events.RunFailed).failure.kind is FailureKind.CANCELLED
    assert time.perf_counter() - begun < 0.2
    gate.set()
    work.result_of(document)


def test_cancel_does_not_wait_for_a_slow_disk(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    document = work.open_example()
    tests, gate = work.store.quick_tests, threading.Event()
    start = tests.start

    def slow(test: NewQuickTest) -> str:
        gate.wait(10)
        return start(test)

    monkeypatch.setattr(tests, "start", slow)
    work.session.run_test(document)
    work.until_told(events.RunStarted)
    begun = time.perf_counter()
    work.session.cancel_test(document)
    assert work.until_told(events.RunFailed).failure.kind is FailureKind.CANCELLED
    assert time.perf_counter() - begun < 0.2
    assert not work.session.is_idle, "its row is not written yet"
    gate.set()
    work.settle()
    assert statuses(work, document) == [TestStatus.CANCELLED]
    assert work.heard(events.RunFinished) == []
    work.result_of(document)


def test_test_that_waits_for_code_can_be_cancelled(work: Strategist) -> None:
    document = work.session.new_document(work.open_example().flow)
    assert not document.is_coded
    work.session.run_test(document)
    work.session.cancel_test(document)
    assert work.heard(events.RunFailed)[-1].failure.kind is FailureKind.CANCELLED
    work.settle()
    assert work.heard(events.RunStarted) == []
    assert document.instance is None


def test_tests_asked_for_one_after_the_other_are_all_run_in_order(home: Ground, gated: GatedRunner) -> None:
    with home.strategist(runner=gated) as work:
        document = work.open_example()
        for period in (11, 12, 13):
            set_parameter(document, "fast_period", period)
            work.until(lambda: document.is_coded)
            work.session.run_test(document)
            work.session.run_test(document)  # what is being tested already is not tested twice
        gated.gate.set()
        work.until_told(events.RunFinished, 3)
        work.settle()
        assert len(work.heard(events.RunFinished)) == 3
        assert document.program is not None
        assert document.tested_hash == document.program.sha256
        assert statuses(work, document) == [TestStatus.COMPLETED] * 3
        assert [row.code_hash for row in rows(work, document)][-1] == document.tested_hash
        assert len(work.store.strategies.list().items) == 1, "one strategy, however many tests asked for it"


def test_save_and_test_at_once_make_one_strategy(work: Strategist) -> None:
    document = work.open_example()
    work.session.save(document)
    work.session.run_test(document)
    work.session.save(document)
    work.until_told(events.RunFinished)
    work.until_told(events.StrategySaved, 2)
    (saved,) = work.store.strategies.list().items
    assert document.instance == saved.id
    assert document.saved_version == saved.version


def test_closing_a_document_stops_its_test_and_keeps_the_row(home: Ground, gated: GatedRunner) -> None:
    with home.strategist(runner=gated) as work:
        document = work.open_example()
        work.session.run_test(document)
        work.until(lambda: bool(gated.sources))
        work.session.close_document(document)
        work.settle()
        (saved,) = work.store.strategies.list().items
        (row,) = work.store.quick_tests.recent(saved.id)
        assert row.status is TestStatus.CANCELLED
        assert work.heard(events.RunFailed) == []


def test_ending_the_session_stops_its_tests_and_loses_no_edit(home: Ground, gated: GatedRunner) -> None:
    with home.strategist(runner=gated) as work:
        document = work.open_example()
        work.session.run_test(document)
        work.until(lambda: bool(gated.sources))
        set_parameter(document, "fast_period", 14)
        begun = time.perf_counter()
        assert work.session.close()
        assert time.perf_counter() - begun < 2.0
    with home.strategist() as work:
        again = work.document
        assert again.flow == document.flow
        assert statuses(work, again) == [TestStatus.CANCELLED]


@pytest.mark.skipif(sys.platform != "linux", reason="finds the worker's processes in /proc")
def test_worker_that_is_killed_fails_one_test_and_the_next_one_works(home: Ground) -> None:
    with Runner() as own, home.strategist(runner=own) as work:
        document = work.open_example()
        work.result_of(document)
        server = getattr(own._workers, "process_id", None)
        assert isinstance(server, int)
        stop = threading.Event()

        def kill_children() -> None:
            while not stop.is_set():
                for child in _children(server):  # also one that waits for a run: that one loses no test by itself
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)

        set_parameter(document, "fast_period", 11)
        work.until(lambda: document.is_coded and document.report is not None and bool(document.report.certificate))
        killer = threading.Thread(target=kill_children)
        killer.start()
        outcome = work.test(document)
        stop.set()
        killer.join()
        assert isinstance(outcome, RunFailure), "no worker was killed in time"
        assert outcome.kind is FailureKind.WORKER_LOST
        assert statuses(work, document) == [TestStatus.COMPLETED, TestStatus.FAILED]
        work.result_of(document)
        assert statuses(work, document)[-1] is TestStatus.COMPLETED


def _children(process: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def test_result_that_cannot_be_kept_is_still_a_result(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    document = work.open_example()

    def refuse(*_arguments: object) -> None:
        raise StoreUnavailable("The store could not be written: the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(work.store.quick_tests, "complete", refuse)
        result = work.result_of(document)
    assert any("could not be kept" in note for note in result.notes)
    work.session.run_test(document)
    work.until_told(events.RunFinished, 2)
    assert statuses(work, document)[-1] is TestStatus.COMPLETED


# Live ----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not turn live off while it is being tested."""
    monkeypatch.setattr(live, "LIMIT_SECONDS", 60.0)


@pytest.mark.usefixtures("patient")
def test_live_edits_end_with_the_result_of_the_newest_text(work: Strategist) -> None:
    document = work.open_example()
    work.session.set_live(document, True)
    for period in range(11, 28):
        set_parameter(document, "fast_period", period)
        if period % 3 == 0:
            work.mailbox.run_waiting()
    work.settle()
    assert document.program is not None
    assert document.tested_hash == document.program.sha256
    assert document.result is not None
    assert document.result.code_hash == document.program.sha256
    assert not document.result_is_stale
    assert document.instance is None, "live tests are not kept"
    assert all(event.live for event in work.heard(events.RunFinished))
    before = work.heard(events.RunFinished)[-1].result
    assert before.check is None
    assert TO_BE_CHECKED in before.notes
    checked = work.until_told(events.ResultChecked).result
    assert document.result is checked
    asked = work.result_of(document)
    assert asked.metrics == pytest.approx(dict(before.metrics), rel=0, abs=0, nan_ok=True)
    assert asked.check is not None
    assert asked.check == checked.check
    assert asked.notes == checked.notes


@pytest.mark.usefixtures("patient")
def test_of_live_tests_that_wait_only_the_newest_is_run(home: Ground, gated: GatedRunner) -> None:
    with home.strategist(runner=gated) as work:
        document = work.open_example()
        work.session.set_live(document, True)
        work.until(lambda: len(gated.sources) == 1)
        for period in range(11, 21):
            set_parameter(document, "fast_period", period)
            work.until(lambda: document.is_coded)
        gated.gate.set()
        work.settle()
        assert len(gated.sources) == 2
        assert document.program is not None
        assert gated.sources[-1] == document.program.source


def waited_for(so: Callable[[], bool]) -> bool:
    """Whether it became so while the owner was busy with something else."""
    end = time.monotonic() + 20
    while not so() and time.monotonic() < end:
        time.sleep(0.005)
    return so()


@pytest.mark.usefixtures("patient")
def test_live_test_begins_while_the_owner_is_busy(home: Ground, gated: GatedRunner) -> None:
    with home.strategist(runner=gated) as work:
        document = work.open_example()
        work.settle()
        document.live = True
        set_parameter(document, "fast_period", 12)
        assert waited_for(lambda: len(gated.sources) == 1), "nothing was told to the owner, and the test began"
        assert work.heard(events.RunStarted) == []
        gated.gate.set()
        work.settle()
        assert document.program is not None
        assert gated.sources == [document.program.source]
        assert not document.result_is_stale


@pytest.mark.usefixtures("patient")
def test_test_begun_while_live_was_being_switched_off_is_cancelled(home: Ground, gated: GatedRunner) -> None:
    with home.strategist(runner=gated) as work:
        document = work.open_example()
        work.settle()
        document.live = True
        set_parameter(document, "fast_period", 12)
        assert waited_for(lambda: len(gated.sources) == 1)
        work.session.set_live(document, False)
        work.settle()
        assert work.heard(events.RunFinished) == []
        assert document.result is None


@pytest.mark.usefixtures("patient")
def test_two_live_strategies_are_both_tested(work: Strategist) -> None:
    first, second = work.open_example(), work.open_example()
    for document in (first, second):
        work.session.set_live(document, True)
    set_parameter(first, "fast_period", 7)
    set_parameter(second, "fast_period", 8)
    work.settle()
    for document in (first, second):
        assert document.result is not None
        assert not document.result_is_stale


@pytest.mark.usefixtures("patient")
def test_asked_for_test_takes_the_place_of_a_live_one(home: Ground, gated: GatedRunner) -> None:
    with home.strategist(runner=gated) as work:
        document = work.open_example()
        work.session.set_live(document, True)
        work.until(lambda: len(gated.sources) == 1)
        work.session.run_test(document)
        gated.gate.set()
        work.until_told(events.RunFinished)
        work.settle()
        assert [event.live for event in work.heard(events.RunFinished)] == [False]
        assert work.heard(events.RunFailed) == []


@pytest.mark.usefixtures("patient")
def test_moved_block_is_not_tested_again_and_another_set_up_is(work: Strategist) -> None:
    document = work.open_example()
    work.session.set_live(document, True)
    work.until_told(events.RunFinished)
    document.edit(MoveNodes({"stop": Point(1.0, 2.0)}))
    work.settle()
    assert len(work.heard(events.RunStarted)) == 1
    document.edit(MoveNodes({"stop": Point(3.0, 4.0)}))
    work.session.set_config(document, TestConfig(initial_capital=5_000.0))  # the code of the move is not there yet
    work.settle()
    assert len(work.heard(events.RunFinished)) == 2
    assert document.tested_config == document.config


@pytest.mark.usefixtures("patient")
def test_live_with_problems_is_silent_and_goes_on_when_they_are_solved(work: Strategist) -> None:
    document = work.open_example()
    work.session.set_live(document, True)
    work.until_told(events.RunFinished)
    document.edit(RemoveNodes(frozenset({"enter"})))
    work.settle()
    assert document.program is None
    assert document.result_is_stale
    assert work.heard(events.RunFailed) == []
    document.undo()
    set_parameter(document, "slow_period", 50)
    work.settle()
    assert not document.result_is_stale


def test_live_goes_off_and_says_so_when_three_tests_in_a_row_take_long(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LIMIT_SECONDS", 0.0)
    document = work.open_example()
    work.session.set_live(document, True)
    for period in (13, 14):
        work.settle()
        assert document.live
        set_parameter(document, "fast_period", period)
    assert "Press Test" in work.until_told(events.LiveTurnedDown).message
    assert not document.live
    set_parameter(document, "fast_period", 12)
    work.settle()
    assert len(work.heard(events.RunStarted)) == 3
    assert document.result_is_stale


@pytest.mark.usefixtures("patient")
def test_live_that_is_switched_off_and_on_tests_the_newest_text(home: Ground, gated: GatedRunner) -> None:
    with home.strategist(runner=gated) as work:
        document = work.open_example()
        work.session.set_live(document, True)
        work.until(lambda: len(gated.sources) == 1)
        set_parameter(document, "fast_period", 12)
        work.until(lambda: document.is_coded)
        work.session.set_live(document, False)
        gated.gate.set()
        work.settle()
        assert len(gated.sources) == 1
        assert document.result_is_stale
        work.session.set_live(document, True)
        work.settle()
        assert not document.result_is_stale


def test_result_of_another_set_up_is_stale(work: Strategist) -> None:
    document = work.open_example()
    work.result_of(document)
    before = document.config
    work.session.set_config(document, TestConfig(slippage=0.01))
    assert document.result_is_stale
    work.session.set_config(document, before)
    assert not document.result_is_stale


def test_what_is_odd_about_the_prices_is_said_beside_the_result(work: Strategist, tmp_path: Path) -> None:
    days = [f"2020-01-{day:02},10,11,9,10.5" for day in range(28, 0, -1)]
    (tmp_path / "ODD.csv").write_text("\n".join(["Date,Open,High,Low,Close", *days]), encoding="utf-8")
    import_files(work.session.rooms.library, [tmp_path / "ODD.csv"])
    document = work.open_example()
    work.session.set_config(document, TestConfig(stock_pool=("ODD",)))
    result = work.result_of(document)
    assert any("ODD" in note for note in result.notes), result.notes

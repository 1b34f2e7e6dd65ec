"""The whole line without a window: open, edit, test, close, find again; two strategists; trouble at the start."""

import pytest

from builder_app.flow.edits import AddNode, Rename, RenameStrategy
from builder_app.flow.problems import errors
from builder_app.flow.values import Node
from builder_app.quicktest.request import TestConfig
from builder_app.session import events
from builder_app.session.drafts.document import View
from builder_app.session.shelf.listing import strategies
from builder_app.store import StoreUnavailable
from builder_app.store.repositories.quick_tests import PROCESS_WAS_GONE
from builder_app.store.run_records import NewQuickTest
from builder_app.store.vocabulary import TestStatus, ValidationStatus
from tests.session.strategist import EXAMPLE, STRANGER, Ground, Strategist, crash, set_parameter


def test_example_is_coded_tested_kept_and_shown_again_after_reopening(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        assert errors(document.problems) == ()
        assert document.program is not None
        result = work.result_of(document)
        assert len(result.trades) > 50
        assert document.instance is not None
        (test,) = work.store.quick_tests.recent(document.instance)
        assert test.status is TestStatus.COMPLETED
        assert test.metrics_summary is not None
        assert test.metrics_summary["total_return"] == result.metrics["total_return"]
        generation = work.store.generations.latest(document.instance, "standalone")
        assert generation is not None
        assert generation.validation_status is ValidationStatus.VALID
        assert generation.code_hash == document.program.sha256 == result.code_hash == test.code_hash
        assert generation.generated_code == document.program.source
        assert not document.result_is_stale
    with home.strategist() as work:
        again = work.document
        work.until(lambda: again.is_coded)
        assert again.flow == document.flow
        assert again.result is not None
        assert again.result.metrics == pytest.approx(dict(result.metrics), rel=0, abs=0, nan_ok=True)
        assert again.result.equity.tolist() == result.equity.tolist()
        assert again.result.trades == result.trades
        assert not again.result_is_stale
        assert not again.is_draft


def test_everything_of_an_open_strategy_is_found_again(home: Ground) -> None:
    view = View(1.5, 10.0, -20.0, frozenset({"stop"}), fitted=True)
    config = TestConfig(stock_pool=("AAPL",), initial_capital=5_000.0)
    with home.strategist() as work:
        document = work.open_example()
        document.edit(Rename("stop", "Five percent"))
        document.edit(RenameStrategy("Mine"))
        document.undo()
        work.session.set_view(document, view)
        work.session.set_config(document, config)
        work.session.set_live(document, True)
    with home.strategist() as work:
        again = work.document
        assert (again.flow, again.view, again.config, again.live) == (document.flow, view, config, True)
        assert [step.title for step in again.history.steps] == [step.title for step in document.history.steps]
        assert again.history.position == 1
        again.redo()
        assert again.name == "Mine"
        again.jump(0)
        assert again.flow == work.open_example().flow


def test_undo_history_survives_a_crash(home: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.store() as store:
        work = Strategist(home.rooms(store))
        work.session.start()
        document = work.open_example()
        work.settle()  # else a slow disk writes what was opened together with the edits, and nothing is replayed
        for period in range(11, 20):
            set_parameter(document, "fast_period", period)
        document.undo()
        work.settle()
        crash(work, monkeypatch)
    with home.strategist() as work:
        again = work.document
        assert again.flow == document.flow
        assert "recovered" in again.note
        assert again.history == document.history
        again.redo()
        assert again.flow.parameters["fast_period"].value == 19
        again.jump(0)
        assert again.flow.parameters["fast_period"].value == 10


def test_draft_saved_is_told_only_when_the_newest_edit_is_durable(work: Strategist) -> None:
    document = work.open_example()
    for period in range(11, 40):
        set_parameter(document, "fast_period", period)
        before = len(work.told)
        work.mailbox.run_waiting()
        for event in work.told[before:]:
            if isinstance(event, events.DraftSaved):
                assert event.sequence == document.sequence
                assert work.store.sessions.load(document.id).last_sequence >= event.sequence
    work.until(lambda: document.durable == document.sequence == 29)


def test_two_strategists_do_not_see_each_other(home: Ground) -> None:
    with home.strategist() as mine, home.strategist(STRANGER) as theirs:
        document = mine.open_example()
        mine.result_of(document)
        assert document.instance is not None
        assert strategies(theirs.session) == ()
        with pytest.raises(ValueError, match="There is no row"):
            theirs.session.open_strategy(document.instance)
    with home.strategist(STRANGER) as theirs:
        assert theirs.session.documents == {}


def test_tests_of_a_process_that_is_gone_are_closed_at_the_start(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.result_of(document)
        assert document.instance is not None
        (done,) = work.store.quick_tests.recent(document.instance)
    with home.store() as store:
        record = store.quick_tests.get(done.id)
        new = NewQuickTest(record.instance_id, "Left", {}, record.logic_flow_snapshot, {}, record.code_hash or "")
        left = store.quick_tests.start(new)
    with home.strategist() as work:
        found = work.store.quick_tests.get(left)
        assert (found.status, found.error_message) == (TestStatus.FAILED, PROCESS_WAS_GONE)
        assert work.document.result is not None, "the completed test before it is shown"


def test_closed_strategy_does_not_come_back_by_itself_but_from_the_list(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        document.edit(RenameStrategy("Closed"))
        work.session.close_document(document)
        work.session.close_document(document)
        assert len(work.heard(events.DocumentClosed)) == 1
    with home.strategist() as work:
        assert work.session.documents == {}
        (listed,) = strategies(work.session)
        assert (listed.name, listed.is_draft) == ("Closed", True)


def test_edit_of_a_strategy_that_was_just_closed_is_not_lost(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.session.close_document(document)
        document.edit(RenameStrategy("Late"))
    with home.strategist() as work:
        assert work.session.documents == {}
        assert [listed.name for listed in strategies(work.session)] == ["Late"]


def test_broken_worker_keeps_nobody_from_their_strategies(home: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.strategist() as work:
        work.open_example()

    def fail() -> None:
        raise OSError("no process can be started")

    monkeypatch.setattr(home.runner, "start", fail)
    with home.strategist() as work:
        assert work.document.name.startswith("Moving average")
        assert "no process can be started" in work.heard(events.Refused)[0].message


def test_store_that_refuses_a_new_strategy_is_a_sentence(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise StoreUnavailable("The store could not be written: the disk is full.")

    monkeypatch.setattr(work.store.sessions, "open", refuse)
    with pytest.raises(ValueError, match="disk is full"):
        work.session.new_document()
    assert work.session.documents == {}


def test_fault_while_generating_is_a_problem_and_the_next_edit_is_coded_again(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = work.open_example()

    def fail(*_arguments: object) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr("builder_app.session.code.coding.generate", fail)
        set_parameter(document, "fast_period", 12)
        work.until(lambda: document.is_coded)
        assert "a fault of ours" in document.problems[0].message
        assert document.program is None
    set_parameter(document, "fast_period", 13)
    work.until(lambda: document.is_coded)
    assert document.program is not None


def test_opened_example_is_on_disk_before_its_first_edit(home: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.store() as store:
        work = Strategist(home.rooms(store))
        work.session.start()
        document = work.open_example(EXAMPLE)
        work.until_told(events.DraftSaved)
        crash(work, monkeypatch)
    with home.strategist() as work:
        assert work.document.flow == document.flow


def test_new_strategy_in_which_nothing_was_done_leaves_nothing_behind(home: Ground) -> None:
    with home.strategist() as work:
        for _ in range(3):
            work.session.close_document(work.session.new_document())
        touched = work.session.new_document()
        touched.edit(AddNode(Node("fast", "sma")))
        touched.undo()
        work.session.close_document(touched)
        assert work.session.flush()
        assert [record.id for record in work.store.sessions.active()] == [touched.id]

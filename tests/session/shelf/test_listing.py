"""The start page's list: what can be opened, deleted and brought back, and how long the list takes.

Times are those that the owner's thread works, so that a busy machine does not count.
"""

import time

import pytest

from builder_app.flow.codec import loads
from builder_app.flow.edits import RenameStrategy
from builder_app.session import events
from builder_app.session.drafts.stored_flow import split_flow
from builder_app.session.shelf.listing import delete_listed, open_example, open_listed, restore_listed, strategies
from builder_app.session.shelf.ready_made import ready_made
from tests.session.strategist import EXAMPLE, Ground, Strategist, set_parameter


def test_drafts_and_saved_strategies_are_listed_once_newest_first(work: Strategist) -> None:
    for name in ("First", "Second", "Third"):
        document = work.open_example()
        document.edit(RenameStrategy(name))
        if name != "Second":
            work.session.save(document)
            work.settle()
            work.until(lambda document=document: document.instance is not None)  # type: ignore[misc]
        if name == "Third":
            work.session.close_document(document)
        work.settle()
    listed = strategies(work.session)
    assert {item.name: item.is_draft for item in listed} == {"First": False, "Second": True, "Third": False}
    assert [item.edited_at for item in listed] == sorted((item.edited_at for item in listed), reverse=True)


def test_listed_figure_is_that_of_the_newest_test_that_came_to_its_end(work: Strategist) -> None:
    document = work.open_example()
    assert strategies(work.session)[0].figure == "never tested"
    result = work.result_of(document)
    shown = f"total return {result.metrics['total_return'] * 100:+.2f} %".replace("-", "−")
    assert strategies(work.session)[0].figure == shown
    set_parameter(document, "fast_period", 12)
    work.session.run_test(document)
    work.session.cancel_test(document)
    work.until_told(events.RunFailed)
    assert strategies(work.session)[0].figure == shown


def test_one_of_very_many_is_deleted_by_its_own_name(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Old", "New"):
        document = work.open_example()
        document.edit(RenameStrategy(name))
        work.session.save(document)
        work.until(lambda document=document: document.instance is not None)  # type: ignore[misc]
        work.session.close_document(document)
        work.settle()
    old = next(one.id for one in strategies(work.session) if one.name == "Old")
    monkeypatch.setattr("builder_app.session.shelf.listing.LISTED", 1)
    assert delete_listed(work.session, old) == "Old"


@pytest.mark.parametrize("state", ["draft", "open draft", "saved", "saved and open"])
def test_deleted_strategy_is_gone_and_comes_back_whole(home: Ground, state: str) -> None:
    with home.strategist() as work:
        document = work.open_example()
        document.edit(RenameStrategy("Mine"))
        if "saved" in state:
            work.session.save(document)
            work.until_told(events.StrategySaved)
        if "open" not in state:
            work.session.close_document(document)
        (listed,) = strategies(work.session)
        assert delete_listed(work.session, listed.id) == "Mine"
        assert work.session.documents == {}
        assert strategies(work.session) == ()
        work.settle()
        assert strategies(work.session) == ()
    with home.strategist() as work:
        assert (work.session.documents, strategies(work.session)) == ({}, ())
        restore_listed(work.session, listed.id)
        (back,) = strategies(work.session)
        assert (back.name, back.flow) == ("Mine", document.flow)
        opened = open_listed(work.session, back.id)
        assert opened.flow == document.flow
        assert (opened.instance is not None) == ("saved" in state)


def test_draft_that_was_just_closed_is_opened_with_its_last_edit(work: Strategist) -> None:
    document = work.open_example()
    for period in range(11, 31):
        set_parameter(document, "fast_period", period)
        work.session.close_document(document)
        document = open_listed(work.session, f"draft:{document.id}")
        assert document.flow.parameters["fast_period"].value == period
        assert document.sequence == period - 10


def test_what_is_not_there_is_a_sentence(work: Strategist) -> None:
    for id in ("saved:nothing", "draft:nothing", "older:nothing"):
        with pytest.raises(ValueError, match="There is no row"):
            open_listed(work.session, id)
    for id in ("draft:nothing", "saved:nothing"):
        with pytest.raises(ValueError, match="There is no row"):
            delete_listed(work.session, id)
    with pytest.raises(ValueError, match=EXAMPLE):
        open_example(work.session, "nothing")


def test_example_is_opened_as_a_copy(work: Strategist) -> None:
    folder = work.session.rooms.examples
    for example in ready_made(folder)[:5]:
        opened = open_example(work.session, example.id)
        assert opened.flow == loads((folder / f"{example.id}.flow.json").read_bytes())
        assert opened.instance is None


def test_list_of_two_hundred_strategies_does_not_read_each_by_itself(home: Ground) -> None:
    with home.strategist() as work:
        flow = split_flow(work.open_example().flow)
        for number in range(200):
            made = work.store.strategies.create(f"Strategy {number}", *flow)
            if number % 2:
                session = work.session.open_strategy(made.id)
                session.edit(RenameStrategy(f"Draft {number}"))
                work.session.close_document(session)
        work.settle()
        strategies(work.session)
        taken = []
        for _ in range(7):
            begun = time.thread_time()
            assert len(strategies(work.session)) == 60
            taken.append(time.thread_time() - begun)
        assert min(taken) < 0.2  # about 0.01; a query for each takes a second


def test_opening_a_strategy_does_not_grow_slow_with_its_history(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.result_of(document)
        for number in range(500):
            set_parameter(document, "fast_period", 11 + number % 40)
        taken = []
        for _ in range(5):
            work.session.close_document(document)
            work.settle()
            begun = time.thread_time()
            document = open_listed(work.session, f"draft:{document.id}")
            taken.append(time.thread_time() - begun)
            assert len(document.history.steps) == 500
        assert min(taken) < 0.5  # about 0.02

"""Saving while editing, over what another window saved, and what a closed draft leaves behind."""

import pytest

from builder_app.flow.edits import AddNode, RenameStrategy
from builder_app.flow.values import Node
from builder_app.quicktest.request import TestConfig
from builder_app.session import events
from builder_app.session.drafts.stored_flow import joined_flow
from builder_app.store import StoreUnavailable
from tests.session.strategist import Ground, Strategist, set_parameter


def test_saved_strategy_is_what_was_drawn_when_save_was_asked_for(work: Strategist) -> None:
    document = work.open_example()
    asked_for = document.flow
    work.session.save(document)
    set_parameter(document, "fast_period", 14)
    saved = work.until_told(events.StrategySaved)
    record = work.store.strategies.get(saved.instance)
    assert joined_flow(record.logic_flow, record.parameters) == asked_for
    assert document.saved_flow == asked_for != document.flow
    work.session.save(document)
    work.until_told(events.StrategySaved, 2)
    assert document.saved_flow == document.flow
    assert document.saved_version == 2


def test_saves_asked_for_quickly_are_all_done_in_order(work: Strategist) -> None:
    document = work.open_example()
    for period in range(11, 16):
        set_parameter(document, "fast_period", period)
        work.session.save(document)
    work.until_told(events.StrategySaved, 5)
    assert work.heard(events.Refused) == []
    (saved,) = work.store.strategies.list().items
    assert saved.version == document.saved_version == 5
    assert not document.is_draft


def test_save_over_what_another_window_saved_is_refused_once(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.session.save(document)
        instance = work.until_told(events.StrategySaved).instance
        with home.store() as other:
            record = other.strategies.get(instance)
            other.strategies.save(instance, record.logic_flow, {}, "Other")
        set_parameter(document, "fast_period", 15)
        work.session.save(document)
        assert "was not overwritten" in work.until_told(events.Refused).message
        assert work.store.strategies.get(instance).name == "Other"
        assert document.is_draft
        work.session.save(document)
        work.until_told(events.StrategySaved, 2)
        assert work.store.strategies.get(instance).parameters["fast_period"]["value"] == 15


def test_save_of_a_strategy_that_was_deleted_elsewhere_makes_a_new_one(work: Strategist) -> None:
    document = work.open_example()
    work.session.save(document)
    first = work.until_told(events.StrategySaved).instance
    work.store.strategies.soft_delete(first)
    set_parameter(document, "fast_period", 15)
    work.session.save(document)
    second = work.until_told(events.StrategySaved, 2).instance
    assert second != first
    assert work.store.sessions.load(document.id).session.instance_id == second
    assert not document.is_draft


def test_save_that_the_store_refuses_is_said_and_the_draft_stays(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = work.open_example()

    def refuse(*_arguments: object, **_named: object) -> None:
        raise StoreUnavailable("The store could not be written: the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(work.store.strategies, "create", refuse)
        work.session.save(document)
        assert "the disk is full" in work.until_told(events.Refused).message
    assert document.is_draft
    work.session.save(document)
    work.until_told(events.StrategySaved)


def test_closing_while_saving_saves_all_the_same(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        document.edit(RenameStrategy("Saved last"))
        work.session.save(document)
        work.session.close_document(document)
        saved = work.until_told(events.StrategySaved)
        again = work.session.open_strategy(saved.instance)
        assert (again.name, again.is_draft, again.note) == ("Saved last", False, "")


def test_draft_that_equals_its_saved_strategy_ends_with_its_document(work: Strategist) -> None:
    document = work.open_example()
    work.session.save(document)
    instance = work.until_told(events.StrategySaved).instance
    work.session.close_document(document)
    assert work.session.flush()
    assert work.store.sessions.active() == ()
    again = work.session.open_strategy(instance)
    assert (again.flow, again.note) == (document.flow, "")


@pytest.mark.parametrize("change", ["picture", "set-up"])
def test_draft_that_holds_more_than_its_saved_strategy_stays(work: Strategist, change: str) -> None:
    document = work.open_example()
    work.session.save(document)
    instance = work.until_told(events.StrategySaved).instance
    if change == "picture":
        document.edit(AddNode(Node("spare", "sma")))
    else:
        work.session.set_config(document, TestConfig(slippage=0.01))
    work.session.close_document(document)
    again = work.session.open_strategy(instance)
    assert again.id == document.id
    assert (again.flow, again.config) == (document.flow, document.config)


def test_opening_a_strategy_twice_gives_the_one_document(work: Strategist) -> None:
    document = work.open_example()
    work.session.save(document)
    instance = work.until_told(events.StrategySaved).instance
    assert work.session.open_strategy(instance) is document

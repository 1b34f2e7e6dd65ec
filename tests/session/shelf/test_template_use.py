"""What counts as a use of a block or an example, and what does not; that no count is lost and the owner never waits."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from builder_app.flow.edits import AddNode, Batch, RemoveNodes, RenameStrategy
from builder_app.flow.values import Node
from builder_app.nodes.templates import template_from_json, template_to_json
from builder_app.session import events
from builder_app.session.blocks.stored_blocks import new_block
from builder_app.session.session import Session
from builder_app.session.shelf.listing import open_example
from builder_app.session.shelf.template_use import TemplateUse, placed_blocks
from builder_app.store import Store, StoreUnavailable
from builder_app.store.list_records import NodeTemplateWish, StrategyTemplateWish
from builder_app.store.repositories.node_templates import NodeTemplates
from builder_app.store.repositories.strategy_templates import StrategyTemplates
from builder_app.store.vocabulary import InstanceStatus
from tests.ground import STORE
from tests.session.strategist import EXAMPLE, OWNER, Ground, Strategist, crash

NAME = "Moving average crossover"


def counts(store: Store) -> dict[str, int]:
    """How often each template that was used at all was used, the system's and users'."""
    blocks = store.node_templates.list(NodeTemplateWish(), 500).items
    examples = store.strategy_templates.list(StrategyTemplateWish(), 500).items
    found = {item.name: item.usage_count for item in blocks} | {item.name: item.usage_count for item in examples}
    return {name: count for name, count in found.items() if count}


def written(work: Strategist) -> dict[str, int]:
    """The same when all that was noted up to now is written."""
    work.session.slow_writes.submit(lambda: None).result(30)
    return counts(work.store)


def test_placed_blocks_count_and_undo_redo_and_removal_do_not(work: Strategist) -> None:
    document = work.session.new_document()
    document.edit(AddNode(Node("a", "sma")))
    document.edit(Batch((AddNode(Node("b", "sma")), Batch((AddNode(Node("c", "rsi")),)))))
    document.undo()
    document.redo()
    document.edit(RemoveNodes(frozenset({"a"})))
    document.undo()
    document.jump(0)
    document.jump(3)
    document.edit(RenameStrategy("Drawn"))
    assert written(work) == {"sma": 2, "rsi": 1}


def test_recovered_strategy_counts_nothing_again(home: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.store() as store:
        work = Strategist(home.rooms(store))
        work.session.start()
        document = work.open_example()
        document.edit(AddNode(Node("a", "sma")))
        assert written(work) == {NAME: 1, "sma": 1}
        work.settle()
        crash(work, monkeypatch)
    with home.strategist() as work:
        assert work.document.flow == document.flow
        assert work.document.history.next_undo is not None
        assert written(work) == {NAME: 1, "sma": 1}


def test_users_own_block_counts_and_an_unknown_one_does_not(work: Strategist) -> None:
    content = template_to_json(work.session.rooms.catalogue.templates["custom_expression"])
    made = work.store.node_templates.create(new_block(template_from_json({**content, "name": "mine"})))
    document = work.session.new_document()
    document.edit(AddNode(Node("a", "mine")))
    document.edit(AddNode(Node("b", "never_was")))
    document.edit(AddNode(Node("c", "rsi")))
    assert written(work) == {"mine": 1, "rsi": 1}
    assert work.store.node_templates.get(made.id).usage_count == 1


@pytest.mark.parametrize("is_tested", [True, False])
def test_strategy_remembers_the_example_that_it_began_as(home: Ground, *, is_tested: bool) -> None:
    with home.strategist() as work:
        document = work.open_example()
        open_example(work.session, EXAMPLE)
        assert written(work) == {NAME: 2}
    with home.strategist() as work:
        again = work.session.documents[document.id]
        assert again.template == NAME
        if is_tested:
            work.result_of(again)
        else:
            work.session.save(again)
        work.until(lambda: again.instance is not None)
        assert again.instance is not None
        (template,) = [one for one in work.store.strategy_templates.list().items if one.name == NAME]
        record = work.store.strategies.get(again.instance)
        assert (record.template_id, record.status) == (template.id, InstanceStatus.DRAFT)
        assert written(work) == {NAME: 2}


def test_strategy_that_began_empty_has_no_template(work: Strategist) -> None:
    document = work.session.new_document(work.open_example().flow)
    work.session.save(document)
    work.until(lambda: document.instance is not None)
    assert document.instance is not None
    assert work.store.strategies.get(document.instance).template_id is None


def test_use_is_never_written_on_the_owners_thread(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []
    for repository in (NodeTemplates, StrategyTemplates):
        for name in ("count_use", "seed", "list"):

            def watched(*given: object, _real: object = getattr(repository, name), **named: object) -> object:
                threads.append(threading.current_thread().name)
                assert callable(_real)
                return _real(*given, **named)

            monkeypatch.setattr(repository, name, watched)
    document = work.open_example()
    document.edit(AddNode(Node("a", "sma")))
    work.session.slow_writes.submit(lambda: None).result(30)
    assert threads
    assert all(name.startswith("slow-files") for name in threads), threads


def test_uses_are_not_lost_when_the_session_ends_before_they_are_written(home: Ground) -> None:
    held = threading.Event()
    with home.strategist() as work:
        work.session.slow_writes.submit(held.wait, 30)
        document = work.open_example()
        for number in range(5):
            document.edit(AddNode(Node(f"n{number}", "sma")))
        assert counts(work.store) == {}
        work.session.close()
        assert counts(work.store) == {NAME: 1, "sma": 5}
        document.edit(AddNode(Node("late", "rsi")))
        held.set()
        work.session.slow_writes.shutdown(wait=True)
        assert counts(work.store) == {NAME: 1, "sma": 5}


def test_use_that_the_store_refused_is_written_with_the_next(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    document = work.session.new_document()
    with monkeypatch.context() as broken:

        def refuse(*_given: object) -> None:
            raise StoreUnavailable("the disk is full")

        broken.setattr(NodeTemplates, "count_use", refuse)
        document.edit(Batch((AddNode(Node("a", "sma")), AddNode(Node("b", "rsi")))))
        document.edit(AddNode(Node("c", "sma")))
        assert written(work) == {}
    document.edit(AddNode(Node("d", "ema")))
    assert written(work) == {"sma": 2, "rsi": 1, "ema": 1}


def test_two_programs_counting_at_once_lose_nothing(home: Ground) -> None:
    with home.strategist() as one, home.strategist() as other:

        def place(work: Strategist, document: str) -> None:
            for number in range(100):
                work.session.documents[document].edit(AddNode(Node(f"n{number}", "sma")))

        works = [(work, work.session.new_document().id) for work in (one, other)]
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda given: place(*given), works))
        written(one)
        assert written(other) == {"sma": 200}


def test_templates_that_cannot_be_seeded_are_said_and_keep_nobody_from_work(
    home: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(NodeTemplates, "seed", refuse)
    (home.folder / STORE).unlink()  # a new one is made, which has no templates yet
    with home.strategist() as work:
        document = work.open_example()
        work.until_told(events.Refused)
        assert [event.message for event in work.heard(events.Refused)] == [
            "The templates could not be written to the store, so their use is not kept: the disk is full."
        ]
        work.session.save(document)
        work.until(lambda: document.instance is not None)


def test_most_used_templates_are_among_the_figures(work: Strategist) -> None:
    document = work.open_example()
    for number in range(3):
        document.edit(AddNode(Node(f"n{number}", "sma")))
    assert written(work)["sma"] == 3
    work.told.clear()
    work.session.maintenance.ask_health()
    work.until(lambda: any(event.health.figures.most_used_templates for event in work.heard(events.HealthRead)))
    title = work.session.rooms.catalogue.templates["sma"].display_name
    assert work.heard(events.HealthRead)[-1].health.figures.most_used_templates == ((title, 3), (NAME, 1))


def test_placed_blocks_are_those_of_the_edit_alone() -> None:
    edit = Batch((AddNode(Node("a", "sma")), RenameStrategy("x"), Batch((AddNode(Node("b", "sma")),))))
    assert Counter(placed_blocks(edit)) == {"sma": 2}
    assert not list(placed_blocks(RenameStrategy("x")))


def test_closed_use_leaves_no_thread_behind(home: Ground) -> None:
    with home.store(OWNER) as store, ThreadPoolExecutor(1) as executor:
        work = Session(home.rooms(store), lambda call: call())
        use = TemplateUse(work.desk, executor)
        use.example_opened(NAME)
        use.close()
        use.close()
        assert counts(store) == {NAME: 1}
        assert not [thread for thread in threading.enumerate() if thread.name == "last-uses"]
        work.close()

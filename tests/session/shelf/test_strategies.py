"""Saved strategies as wholes: copies, versions, and files with the blocks that they need."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import LogicFlow, Node, NodeType, StrategyParameter, frozen_mapping
from builder_app.session.blocks.stored_blocks import block_of
from builder_app.session.shelf.bundles import BundleRefused
from builder_app.session.shelf.exchanging import export_strategy, import_strategy
from builder_app.session.shelf.strategies import (
    Shelf,
    compare,
    create,
    create_from_template,
    duplicate,
    every_strategy,
    flow_of,
    keep_version,
    rename,
    restore_version,
    versions,
)
from builder_app.store import NotThere, Principal, Store, open_store
from builder_app.store.records import NewNodeTemplate, NewStrategyTemplate
from builder_app.store.secrets import Vault
from builder_app.store.vocabulary import StrategyCategory
from tests.session.shelf.test_bundles import BLOCK, FLOW
from tests.store.places import ADMINISTRATOR, MIGRATIONS, OWNER, STRANGER

SMA = NodeTemplate("sma", "Simple average", NodeType.INDICATOR, "averages")
CATALOGUE = Catalogue(frozen_mapping({"sma": SMA}))
DRAWN = LogicFlow(nodes=frozen_mapping({"a": Node("a", "sma")}), name="Drawn")


def new_block(template: NodeTemplate) -> NewNodeTemplate:
    from builder_app.session.blocks.stored_blocks import new_block as made_new

    return made_new(template)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store.db", MIGRATIONS, OWNER) as opened:
        yield opened


def shelf_of(store: Store, user: Principal = OWNER) -> Shelf:
    return Shelf(store.as_principal(user), Vault(None, "", None), CATALOGUE)


def test_a_block_comes_out_of_the_store_as_it_went_in(store: Store) -> None:
    assert block_of(store.node_templates.create(new_block(BLOCK))) == BLOCK


def test_a_strategy_and_its_block_reach_another_user(store: Store) -> None:
    mine, theirs = shelf_of(store), shelf_of(store, STRANGER)
    store.node_templates.create(new_block(BLOCK))
    made = create(mine, FLOW)
    store.strategies.set_tags(made.id, ["trend"])
    imported = import_strategy(theirs, export_strategy(mine, made.id))
    assert imported.remarks == ()
    assert flow_of(theirs, imported.strategy.id) == FLOW
    found = theirs.store.node_templates.own("my_block")
    assert found is not None
    assert block_of(found) == BLOCK
    assert theirs.store.strategies.tags() == {"trend": 1}


def test_a_block_that_another_shares_goes_along(store: Store) -> None:
    store.node_templates.create(new_block(BLOCK), is_shared=True)
    theirs = shelf_of(store, STRANGER)
    content = export_strategy(theirs, create(theirs, FLOW).id)
    third = shelf_of(store, ADMINISTRATOR)
    import_strategy(third, content)
    assert third.store.node_templates.own("my_block") is not None


def test_the_same_block_is_not_taken_in_twice_and_another_gets_a_new_name(store: Store) -> None:
    mine, theirs = shelf_of(store), shelf_of(store, STRANGER)
    store.node_templates.create(new_block(BLOCK))
    content = export_strategy(mine, create(mine, FLOW).id)
    assert import_strategy(mine, content).remarks == (
        "There is a strategy 'Mine' already; this one is called 'Mine 2'.",
    )
    other = replace(BLOCK, description="Another one")
    theirs.store.node_templates.create(new_block(other))
    for _ in range(2):  # the second time it is the block that came in the first time
        imported = import_strategy(theirs, content)
        assert "came in as 'my_block_2'" in imported.remarks[0]
        assert flow_of(theirs, imported.strategy.id).nodes["a"].template == "my_block_2"
    assert len(theirs.store.node_templates.list().items) == 2
    kept = theirs.store.node_templates.own("my_block")
    assert kept is not None
    assert kept.description == "Another one"


def test_a_file_that_is_refused_changes_nothing(store: Store) -> None:
    shelf = shelf_of(store)
    with pytest.raises(BundleRefused):
        import_strategy(shelf, b"PK nothing")
    assert every_strategy(shelf) == ()
    assert store.node_templates.list().items == ()


def test_a_copy_is_called_by_a_name_of_its_own(store: Store) -> None:
    shelf = shelf_of(store)
    made = create(shelf, DRAWN)
    first, second = duplicate(shelf, made.id), duplicate(shelf, made.id)
    assert (first.name, second.name) == ("Drawn 2", "Drawn 3")
    assert flow_of(shelf, second.id) == replace(DRAWN, name="Drawn 3")
    assert {item.id for item in every_strategy(shelf)} == {made.id, first.id, second.id}


def test_a_strategy_from_a_template_is_called_as_it_was_asked_for(store: Store) -> None:
    content = {"format": "logic-flow", "version": 1, "name": "Ready", "nodes": [], "edges": []}
    template = NewStrategyTemplate("Ready", StrategyCategory.OSCILLATION, content)
    store.as_principal(ADMINISTRATOR).strategy_templates.seed([template])
    shelf = shelf_of(store)
    (found,) = store.strategy_templates.list().items
    assert flow_of(shelf, create_from_template(shelf, found.id, "Mine").id).name == "Mine"
    assert create_from_template(shelf, found.id).name == "Ready"


def test_a_new_name_is_in_the_drawing_too(store: Store) -> None:
    shelf = shelf_of(store)
    made = create(shelf, DRAWN)
    rename(shelf, made.id, "New")
    assert (store.strategies.get(made.id).name, flow_of(shelf, made.id).name) == ("New", "New")
    with pytest.raises(ValueError, match="needs a name"):
        rename(shelf, made.id, "  ")


def test_versions_are_told_apart_in_words_and_gone_back_to(store: Store) -> None:
    shelf = shelf_of(store)
    made = create(shelf, replace(DRAWN, parameters=frozen_mapping({"fast": StrategyParameter(10)})))
    first = keep_version(shelf, made.id, "Ten")
    rename(shelf, made.id, "Later")
    (change,) = compare(shelf, first.id, made.id)
    assert change.text == "The strategy's name is 'Later' instead of 'Drawn'."
    restore_version(shelf, first.id)
    assert flow_of(shelf, made.id).name == "Drawn"
    assert [item.version_note for item in versions(shelf, made.id)] == ["Before version 1 was restored", "Ten"]
    with pytest.raises(NotThere):
        versions(shelf_of(store, STRANGER), made.id)

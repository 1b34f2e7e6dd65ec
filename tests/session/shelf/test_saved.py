"""Finding a saved strategy by its name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from builder_app.flow.codec import decode
from builder_app.flow.values import LogicFlow
from builder_app.session.drafts.stored_flow import split_flow
from builder_app.session.shelf import saved
from builder_app.session.shelf.saved import StrategyUnavailable, find_saved_flow
from builder_app.store import Store, StoreUnavailable, open_store
from tests.cli.terminal import crossover
from tests.store.places import MIGRATIONS, OWNER, STRANGER


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[], Store]:
    return lambda: open_store(tmp_path / "strategies.db", MIGRATIONS, OWNER)


def put(opened: Callable[[], Store], name: str) -> tuple[str, LogicFlow]:
    flow = decode(crossover(name=name))
    logic_flow, parameters = split_flow(flow)
    store = opened()
    try:
        return store.strategies.create(name, logic_flow, parameters).id, flow
    finally:
        store.close()


def test_found_by_name_and_by_id(opened: Callable[[], Store]) -> None:
    id, flow = put(opened, "Crossover")
    put(opened, "Another")
    assert find_saved_flow(opened, "Crossover").flow == flow
    assert find_saved_flow(opened, id).flow == flow


def test_two_of_one_name_are_told_apart_by_id(opened: Callable[[], Store]) -> None:
    ids = [put(opened, "Crossover")[0] for _ in range(2)]
    with pytest.raises(StrategyUnavailable) as caught:
        find_saved_flow(opened, "Crossover")
    assert all(id in str(caught.value) for id in ids)
    assert find_saved_flow(opened, ids[0]).flow.name == "Crossover"


def test_a_misspelt_name_is_guessed_and_an_unlike_one_is_not(opened: Callable[[], Store]) -> None:
    put(opened, "Crossover")
    with pytest.raises(StrategyUnavailable, match="Did you mean 'Crossover'"):
        find_saved_flow(opened, "Crosover")
    with pytest.raises(StrategyUnavailable, match="save one in the window first"):
        find_saved_flow(opened, "zzzz")


def test_every_page_of_the_list_is_looked_through(opened: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "PAGE", 2)
    flows = [put(opened, f"Number {number}")[1] for number in range(5)]
    assert [find_saved_flow(opened, f"Number {number}").flow for number in range(5)] == flows


def test_another_users_strategy_is_not_found(opened: Callable[[], Store], tmp_path: Path) -> None:
    id, _ = put(opened, "Crossover")
    for name in (id, "Crossover"):
        with pytest.raises(StrategyUnavailable, match="no saved strategy"):
            find_saved_flow(lambda: open_store(tmp_path / "strategies.db", MIGRATIONS, STRANGER), name)


def test_a_store_that_cannot_be_opened_is_said() -> None:
    def closed() -> Store:
        raise StoreUnavailable("The store is from a newer version; update the program.")

    with pytest.raises(StrategyUnavailable, match="update the program"):
        find_saved_flow(closed, "Crossover")

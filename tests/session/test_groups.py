"""Groups through the whole session: saved, recovered after a crash, given away in a file, their secrets sealed."""

import json
import sqlite3

import pytest

from builder_app.flow.edits import InGroup, SetParameter, apply
from builder_app.flow.grouping import group_nodes
from builder_app.flow.values import LogicFlow, Secret
from builder_app.session import events
from builder_app.session.shelf.bundles import read_bundle
from builder_app.session.shelf.exchanging import export_strategy
from builder_app.session.shelf.strategies import Shelf
from tests.session.secret_ground import CANARY, KEY, SecretGround, averages, files_holding
from tests.session.strategist import Ground, Strategist, crash


@pytest.fixture
def secret_home(home: Ground) -> SecretGround:
    return SecretGround(home.folder, home.catalogue, home.runner)


def _group(work: Strategist) -> str:
    """The example with its averages in a group, one of them with the canary; the block's id."""
    document = work.open_example()
    nodes = averages(document)
    work.session.edit(document, SetParameter(nodes[0], KEY, Secret(CANARY)))
    work.session.edit(document, group_nodes(document.flow, work.session.catalogue, nodes, "Averages"))
    work.settle()
    return nodes[0]


def _secret(flow: LogicFlow, node: str) -> object:
    return flow.groups["group"].body.nodes[node].parameters[KEY]


def test_a_secret_in_a_group_is_sealed_and_comes_back_after_a_crash_with_the_undo_history(
    secret_home: SecretGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secret_home.strategist() as work:
        node = _group(work)
        before = work.document.flow
        work.session.edit(work.document, InGroup("group", SetParameter(node, KEY, "plain text")))
        assert _secret(work.document.flow, node) == Secret("plain text")  # guarded inside groups, too
        work.settle()
        crash(work, monkeypatch)
    assert files_holding(secret_home.folder, CANARY) == []
    with secret_home.strategist() as later:
        assert _secret(later.document.flow, node) == Secret("plain text")
        later.document.undo()
        assert later.document.flow == before
        assert _secret(later.document.flow, node) == Secret(CANARY)
        later.document.undo()
        assert not later.document.flow.groups


def test_a_saved_strategy_has_its_groups_and_opens_their_secrets(secret_home: SecretGround) -> None:
    with secret_home.strategist() as work:
        node = _group(work)
        work.session.save(work.document)
        work.until_told(events.StrategySaved)
        work.settle()
    connection = sqlite3.connect(secret_home.folder / "strategies.db")
    rows = connection.execute("SELECT logic_flow FROM strategy_instances").fetchall()
    connection.close()
    groups = [json.loads(row).get("groups") for (row,) in rows]
    assert any(held and held[0]["title"] == "Averages" for held in groups)
    with secret_home.strategist() as later:
        assert not later.document.is_draft
        assert _secret(later.document.flow, node) == Secret(CANARY)
        later.until(lambda: later.document.is_coded)
        assert "def averages(" in (later.document.program.source if later.document.program else "")


def test_a_file_that_is_given_away_has_the_groups_and_no_secret(secret_home: SecretGround) -> None:
    with secret_home.strategist() as work:
        node = _group(work)
        work.session.save(work.document)
        work.until_told(events.StrategySaved)
        work.settle()
        instance = work.document.instance
        assert instance is not None
        shelf = Shelf(work.store, work.session.rooms.vault, work.session.catalogue)
        content = export_strategy(shelf, instance)
        flow = read_bundle(content).flow
        assert _secret(flow, node) == Secret()
        assert flow.groups.keys() == {"group"}


def test_a_grouped_strategy_trades_as_it_did(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        before = work.result_of(document)
        nodes = [id for id, node in document.flow.nodes.items() if node.template in ("sma", "crosses_above")]
        work.session.edit(document, group_nodes(document.flow, work.session.catalogue, nodes))
        work.until(lambda: document.is_coded)
        after = work.result_of(document)
        assert after.metrics == before.metrics
        assert apply(document.flow, document.history.steps[-1].inverse)[0].groups == {}

"""Sensitive values come back after a start, a crash and an undo, and what cannot be opened costs nothing else."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder_app.flow.edits import Rename, SetParameter, SetStrategyParameter
from builder_app.flow.values import Secret, StrategyParameter
from builder_app.session import events
from builder_app.session.drafts.document import Document
from builder_app.session.files import read_flow_file, write_flow_file
from builder_app.session.secrecy.secret_keeping import Keeping
from builder_app.session.shelf.listing import open_listed, strategies
from builder_app.store import Principal
from builder_app.store.checksums import draft_checksum
from builder_app.store.records import JournalEntry
from builder_app.store.secrets import Owner, SecretUnreadable, vault, wrapping
from builder_app.store.vocabulary import EditKind
from tests.session.secret_ground import CANARY, KEY, SecretGround, averages, secret_of
from tests.session.strategist import OWNER, Ground, Strategist, crash, open_user_store
from tests.store.secrets.keyrings import MemoryKeyring

PASSPHRASE = "correct horse"


@pytest.fixture
def secret_home(home: Ground) -> SecretGround:
    return SecretGround(home.folder, home.catalogue, home.runner)


def with_secret(work: Strategist, *, saved: bool = False) -> tuple[Document, str]:
    """The example with the canary in a block and in a strategy parameter, all of it durable."""
    document = work.open_example()
    node = averages(document)[0]
    work.session.edit(document, SetParameter(node, KEY, Secret(CANARY)))
    work.session.edit(document, SetStrategyParameter("token", StrategyParameter(Secret(4711))))
    if saved:
        work.session.save(document)
        work.until_told(events.StrategySaved)
    work.settle()
    return document, node


def rows(folder: Path, statement: str) -> list[Any]:
    connection = sqlite3.connect(folder / "strategies.db")
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("saved", [False, True])
def test_after_a_start_the_values_are_there(secret_home: SecretGround, saved: bool) -> None:
    with secret_home.strategist() as work:
        _, node = with_secret(work, saved=saved)
    with secret_home.strategist() as later:
        assert secret_of(later.document.flow, node) == Secret(CANARY)
        assert later.document.flow.parameters["token"].value == Secret(4711)
        assert later.document.is_draft is not saved
        later.until(lambda: later.document.is_coded)
        assert not [problem for problem in later.document.problems if problem.rule.startswith("secret")]


def test_after_a_crash_the_journal_brings_values_and_undo_back(
    secret_home: SecretGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work)
        work.session.edit(document, SetParameter(node, KEY, Secret("second")))
        work.settle()
        crash(work, monkeypatch)
    with secret_home.strategist() as later:
        assert secret_of(later.document.flow, node) == Secret("second")
        later.document.undo()
        assert secret_of(later.document.flow, node) == Secret(CANARY)
        later.document.redo()
        assert secret_of(later.document.flow, node) == Secret("second")


def test_a_saved_strategy_opens_with_its_values_without_its_draft(secret_home: SecretGround) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work, saved=True)
        work.session.close_document(document)
        work.settle()
    with secret_home.strategist() as later:
        opened = later.session.open_strategy(str(document.instance))
        assert secret_of(opened.flow, node) == Secret(CANARY)
        assert not opened.is_draft


def test_an_unsaved_change_of_a_secret_alone_is_a_draft_and_the_list_shows_it_open(secret_home: SecretGround) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work, saved=True)
        assert not document.is_draft
        (listed,) = strategies(work.session)
        assert not listed.is_draft
        work.session.edit(document, SetParameter(node, KEY, Secret("second")))
        assert document.is_draft


def test_a_test_s_and_a_generation_s_snapshots_hold_what_opens_for_the_strategy_alone(
    secret_home: SecretGround,
) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work)
        work.result_of(document)
        work.settle()
        place = ("block", node, KEY)
        room = work.session.rooms.vault
        for table in ("quick_tests", "code_generations", "strategy_instances"):
            column = "logic_flow" if table == "strategy_instances" else "logic_flow_snapshot"
            ((text,),) = rows(secret_home.folder, f"SELECT {column} FROM {table}")
            (drawn,) = [block for block in json.loads(text)["nodes"] if block["id"] == node]
            token = drawn["parameters"][KEY]["sealed"]
            owner = Owner("strategy", str(document.instance))
            assert room.open(owner, place, token) == CANARY
            with pytest.raises(SecretUnreadable):
                room.open(Owner("session", document.id), place, token)


def test_a_written_flow_file_opens_with_empty_secrets_and_everything_else(
    secret_home: SecretGround, tmp_path: Path
) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work)
        write_flow_file(document.flow, tmp_path / "given.flow.json")
        opened = work.session.new_document(read_flow_file(tmp_path / "given.flow.json"))
        assert secret_of(opened.flow, node) == Secret()
        assert opened.flow.parameters["token"] == StrategyParameter(Secret())
        assert opened.flow.edges == document.flow.edges


def test_a_file_that_brings_a_ciphertext_is_refused_that_value_in_a_sentence(
    secret_home: SecretGround, tmp_path: Path
) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work, saved=True)
        ((text,),) = rows(secret_home.folder, "SELECT logic_flow FROM strategy_instances")
        stolen = tmp_path / "stolen.flow.json"
        stolen.write_text(text, "utf-8")
        opened = work.session.new_document(read_flow_file(stolen))
        assert not secret_of(opened.flow, node).is_set
        work.until(lambda: opened.is_coded)
        (problem,) = [problem for problem in opened.problems if problem.rule == "secret-unreadable"]
        assert problem.node == node
        assert "moved here from another place, strategy or user" in problem.message
        assert opened.flow.nodes.keys() == document.flow.nodes.keys()


def swap(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the stored draft as someone with access to the file would, its checksum too."""
    connection = sqlite3.connect(folder / "strategies.db")
    found = connection.execute(
        "SELECT id, snapshot_sequence, draft_logic_flow, draft_parameters, draft_metadata FROM builder_sessions"
    ).fetchall()
    for id, sequence, flow, parameters, metadata in found:
        content = json.loads(flow)
        change(content)
        text = json.dumps(content, separators=(",", ":"))
        connection.execute(
            "UPDATE builder_sessions SET draft_logic_flow = ?, draft_checksum = ? WHERE id = ?",
            (text, draft_checksum(id, sequence, text, parameters, metadata), id),
        )
    connection.commit()
    connection.close()


def test_swapped_ciphertexts_are_refused_and_the_rest_of_the_strategy_opens(secret_home: SecretGround) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work)
        other = averages(document)[1]
        work.session.edit(document, SetParameter(other, KEY, Secret("other")))

    def exchange(content: dict[str, Any]) -> None:
        blocks = {block["id"]: block["parameters"] for block in content["nodes"]}
        blocks[node][KEY], blocks[other][KEY] = blocks[other][KEY], blocks[node][KEY]

    swap(secret_home.folder, exchange)
    with secret_home.strategist() as later:
        opened = later.document
        assert "was refused" in secret_of(opened.flow, node).why
        assert "was refused" in secret_of(opened.flow, other).why
        assert opened.flow.parameters["token"].value == Secret(4711)
        later.until(lambda: opened.is_coded)
        named = {problem.node for problem in opened.problems if problem.rule == "secret-unreadable"}
        assert named == {node, other}
        assert opened.program is not None


def test_a_ciphertext_of_another_user_is_refused(secret_home: SecretGround) -> None:
    with secret_home.strategist() as work:
        _, node = with_secret(work)
    connection = sqlite3.connect(secret_home.folder / "strategies.db")
    stranger = "00000000-0000-4000-8000-000000000002"
    connection.execute("UPDATE builder_sessions SET user_id = ?", (stranger,))
    connection.commit()
    connection.close()
    with secret_home.strategist(Principal(stranger)) as thief:
        assert not secret_of(thief.document.flow, node).is_set
        assert "was refused" in secret_of(thief.document.flow, node).why


@pytest.mark.parametrize("lost", ["keyring", "key file"])
def test_a_lost_key_costs_its_values_and_nothing_else(secret_home: SecretGround, lost: str) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work, saved=True)
        work.result_of(document)
        drawn = document.flow
    if lost == "keyring":
        assert isinstance(secret_home.keyring, MemoryKeyring)
        secret_home.keyring.kept.clear()
    else:
        secret_home.key_file.unlink()
    with secret_home.strategist() as later:
        opened = later.document
        assert secret_of(opened.flow, node).value is None
        assert opened.flow.edges == drawn.edges
        assert opened.flow.nodes.keys() == drawn.nodes.keys()
        assert len(opened.history.steps) == len(document.history.steps)
        assert opened.result is not None
        later.until(lambda: opened.is_coded)
        lost_ones = [problem for problem in opened.problems if problem.rule == "secret-unreadable"]
        assert {(problem.node, problem.parameter) for problem in lost_ones} == {(node, KEY), (None, "token")}
        assert all("is lost" in problem.message for problem in lost_ones)
        later.result_of(opened)
        later.session.edit(opened, SetParameter(node, KEY, Secret("new")))
        later.settle()
    with secret_home.strategist() as again:
        assert secret_of(again.document.flow, node) == Secret("new")


def test_work_done_while_the_keyring_was_locked_loses_no_value(secret_home: SecretGround) -> None:
    keyring = secret_home.keyring
    assert isinstance(keyring, MemoryKeyring)
    with secret_home.strategist() as work:
        _, node = with_secret(work, saved=True)
    keyring.is_locked = True
    with secret_home.strategist() as locked:
        opened = locked.document
        assert not secret_of(opened.flow, node).is_set
        locked.session.edit(opened, Rename(node, "Renamed while locked"))
        locked.session.save(opened)
        locked.until_told(events.StrategySaved)
        locked.settle()
    keyring.is_locked = False
    with secret_home.strategist() as later:
        assert later.document.flow.nodes[node].label == "Renamed while locked"
        assert secret_of(later.document.flow, node) == Secret(CANARY)
        assert secret_of(later.document.saved_flow, node) == Secret(CANARY)


def test_a_keyring_that_is_unlocked_meanwhile_opens_what_is_open(secret_home: SecretGround) -> None:
    keyring = secret_home.keyring
    assert isinstance(keyring, MemoryKeyring)
    with secret_home.strategist() as work:
        _, node = with_secret(work)
    keyring.is_locked = True
    with secret_home.strategist() as later:
        keyring.is_locked = False
        later.session.secrets.try_again()
        assert secret_of(later.document.flow, node) == Secret(CANARY)
        assert later.heard(events.FlowChanged)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "PassphraseCost", lambda salt: wrapping.PassphraseCost(salt, 1, 1, 8))


@pytest.mark.usefixtures("cheap")
def test_without_a_keyring_a_passphrase_keeps_what_is_drawn_and_opens_it_again(secret_home: SecretGround) -> None:
    secret_home.keyring = None
    with secret_home.strategist() as work:
        document, node = with_secret(work)
        assert work.session.secrets.keeping is Keeping.MEMORY
        with pytest.raises(ValueError, match="at least 8"):
            work.session.secrets.set_passphrase("short")
        work.session.secrets.set_passphrase(PASSPHRASE)
        work.until(lambda: document.is_coded)
        work.settle()
        assert not [problem for problem in document.problems if problem.rule == "secret-not-kept"]
    with secret_home.strategist() as later:
        opened = later.document
        later.until(lambda: opened.is_coded)
        assert not secret_of(opened.flow, node).is_set
        assert any("type the passphrase" in problem.message for problem in opened.problems)
        with pytest.raises(ValueError, match="not the passphrase"):
            later.session.secrets.unlock("wrong horse")
        later.session.secrets.unlock(PASSPHRASE)
        assert secret_of(opened.flow, node) == Secret(CANARY)
        assert opened.flow.parameters["token"].value == Secret(4711)
        later.settle()
        later.until(lambda: not [found for found in opened.problems if found.rule.startswith("secret")])


def test_after_a_rotation_open_drafts_are_sealed_with_the_new_key(secret_home: SecretGround) -> None:
    with secret_home.strategist() as work:
        _, node = with_secret(work)
        work.session.secrets.rotate()
        work.settle()
        text: str = rows(secret_home.folder, "SELECT draft_logic_flow FROM builder_sessions")[0][0]
        (drawn,) = [block for block in json.loads(text)["nodes"] if block["id"] == node]
        assert work.session.rooms.vault.is_current(drawn["parameters"][KEY]["sealed"])
    with secret_home.strategist() as later:
        assert secret_of(later.document.flow, node) == Secret(CANARY)


def test_a_draft_of_two_openings_goes_on_with_its_values_when_another_window_wrote_to_it(
    secret_home: SecretGround,
) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work)
        with open_user_store(secret_home.folder, OWNER) as other:
            loaded = other.sessions.load(document.id)
            assert loaded.entries or loaded.kept
            other.sessions.write(document.id, [_step_after(loaded.last_sequence)])
        work.session.edit(document, Rename(node, "Goes on"))
        work.until(lambda: document.id != loaded.session.id)
        work.settle()
        moved = document.id
    with secret_home.strategist() as later:
        opened = next(found for found in later.session.documents.values() if found.id == moved)
        assert secret_of(opened.flow, node) == Secret(CANARY)


def _step_after(sequence: int) -> Any:
    return JournalEntry(sequence + 1, EditKind.EDIT, {"another": "program"})


def test_a_draft_that_is_opened_from_the_list_has_its_values(secret_home: SecretGround) -> None:
    with secret_home.strategist() as work:
        document, node = with_secret(work)
        work.session.close_document(document)
        work.settle()
        (listed,) = strategies(work.session)
        assert CANARY not in repr(listed.flow)
        opened = open_listed(work.session, listed.id)
        assert secret_of(opened.flow, node) == Secret(CANARY)

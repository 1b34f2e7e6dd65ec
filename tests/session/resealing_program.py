"""A store full of sealed values, and a program of its own that seals them anew, for the tests that kill it."""

import hashlib
import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from builder_app.flow.edits import AddNode, Edit, SetParameter, SetStrategyParameter
from builder_app.flow.values import LogicFlow, Node, ParameterValue, Secret, StrategyParameter, frozen_mapping
from builder_app.session.drafts.history import Step
from builder_app.session.drafts.journal import Entry, EntryKind, entry_to_json
from builder_app.session.drafts.stored_flow import split_flow
from builder_app.session.secrecy import resealing
from builder_app.session.secrecy.sealing import Seal, of_draft, of_strategy
from builder_app.store import Store, new_id, sealed_rows
from builder_app.store.records import DraftSnapshot, JournalEntry
from builder_app.store.run_records import NewGeneration, NewQuickTest
from builder_app.store.secrets import Owner, SecretUnreadable, Vault
from builder_app.store.vocabulary import EditKind, ValidationStatus
from tests.session.strategist import OWNER, STRANGER, open_user_store

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

VALUE: Final = "canary-7f3a9-"
PLACES: Final = (("block", "fast", "key"), ("strategy", "token"))
TABLES: Final = {
    "strategy_instances": "logic_flow, parameters",
    "builder_sessions": "draft_logic_flow, draft_parameters",
    "builder_session_edits": "edit",
    "quick_tests": "logic_flow_snapshot, parameters_snapshot",
    "code_generations": "logic_flow_snapshot, parameters_snapshot",
}
_OWNERS: Final = {
    "strategy_instances": "'strategy', coalesce(parent_version_id, id), user_id",
    "builder_sessions": "'session', id, user_id",
    "builder_session_edits": "'session', session_id, (SELECT user_id FROM builder_sessions WHERE id = session_id)",
    "quick_tests": "'strategy', instance_id, user_id",
    "code_generations": "'strategy', instance_id, user_id",
}


class FileKeyring:
    """A keyring that outlives a killed program."""

    name = "The test's keyring"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "keyring.json"

    def get(self, account: str) -> str | None:
        found: str | None = self._read().get(account)
        return found

    def put(self, account: str, text: str) -> None:
        self._write({**self._read(), account: text})

    def remove(self, account: str) -> None:
        self._write({name: text for name, text in self._read().items() if name != account})

    def _read(self) -> dict[str, str]:
        return dict(json.loads(self.path.read_text("utf-8"))) if self.path.exists() else {}

    def _write(self, kept: dict[str, str]) -> None:
        made = self.path.with_suffix(".new")
        made.write_text(json.dumps(kept), "utf-8")
        made.replace(self.path)


def vault_of(folder: Path, user: str = OWNER.user_id) -> Vault:
    """The vault of this folder's store."""
    return Vault(folder / "strategies.db.keys", user, FileKeyring(folder))


def secret_flow(value: str) -> LogicFlow:
    """A flow with the value in a block and in a strategy parameter."""
    given: dict[str, ParameterValue] = {"key": Secret(value), "period": 10}
    node = Node("fast", "sma", parameters=frozen_mapping(given))
    return LogicFlow(
        nodes=frozen_mapping({"fast": node}),
        parameters=frozen_mapping({"token": StrategyParameter(Secret(value))}),
        name="Größe",
    )


def steps(value: str) -> list[Entry]:
    """Steps that bring a secret in every way there is, and one that brings none."""
    flow = secret_flow(value)
    edits: list[Edit] = [
        AddNode(flow.nodes["fast"]),
        SetParameter("fast", "key", Secret(value)),
        SetStrategyParameter("token", flow.parameters["token"]),
        SetParameter("fast", "period", 11),
    ]
    return [Entry(EntryKind.EDIT, Step(edit, edit, "Größe", "")) for edit in edits]


def fill(store: Store, vault: Vault, count: int) -> None:
    """So many strategies with a version, a test, a text and a draft each; one in three of them deleted again."""
    for number in range(count):
        flow, id = secret_flow(f"{VALUE}{number}"), new_id()
        drawn, parameters = split_flow(Seal(vault, of_strategy(id)).flow(flow))
        store.strategies.create(f"Strategy {number}", drawn, parameters, id=id)
        store.versions.keep(id, "kept")
        code = f"# {number}\n"
        digest = hashlib.sha256(code.encode()).hexdigest()
        store.quick_tests.start(NewQuickTest(id, "test", {}, drawn, parameters, digest))
        store.generations.record(
            NewGeneration(id, "standalone", code, digest, ValidationStatus.VALID, drawn, parameters)
        )
        draft = store.sessions.open(id, f"Draft {number}").id
        seal = Seal(vault, of_draft(draft))
        drawn, parameters = split_flow(seal.flow(flow))
        entries = [
            JournalEntry(sequence, EditKind.EDIT, entry_to_json(seal.entry(step)))
            for sequence, step in enumerate(steps(f"{VALUE}{number}"), 1)
        ]
        store.sessions.write(draft, entries, DraftSnapshot(4, drawn, parameters, {"zoom": 1.0}))
        if number % 3 == 2:
            store.strategies.soft_delete(id)


def fill_for_two(folder: Path, count: int) -> None:
    """A store that two users share."""
    with open_user_store(folder, OWNER) as store:
        for principal in (OWNER, STRANGER):
            fill(store.as_principal(principal), vault_of(folder, principal.user_id), count)


def tokens(folder: Path) -> list[tuple[str, str, Owner, str]]:
    """Every token that lies in the store: table, user, owner, token."""
    found = []
    with closing(sqlite3.connect(folder / "strategies.db")) as connection:
        for table, columns in TABLES.items():
            for kind, id, user, *texts in connection.execute(f"SELECT {_OWNERS[table]}, {columns} FROM {table}"):
                for text in texts:
                    for token in re.findall(r"1\.[0-9a-f]{16}\.[\w=-]+", text or ""):
                        found.append((table, user, Owner(kind, id), token))
    return found


def opened(vault: Vault, owner: Owner, token: str) -> str | None:
    """What the token gives at one of the places where there are secrets here; None where it does not open."""
    for place in PLACES:
        try:
            return str(vault.open(owner, place, token))
        except SecretUnreadable:
            continue
    return None


def values(folder: Path) -> dict[str, list[str | None]]:
    """What all tokens of the store give, by table, with the keys as they are now."""
    vaults = {principal.user_id: vault_of(folder, principal.user_id) for principal in (OWNER, STRANGER)}
    found: dict[str, list[str | None]] = {}
    for table, user, owner, token in tokens(folder):
        found.setdefault(table, []).append(opened(vaults[user], owner, token))
    return {table: sorted(given, key=str) for table, given in found.items()}


def run(folder: Path, says: "Connection[int, None]") -> None:
    """Seal anew, slowly and in small steps, and say how many rows are done. The first run rotates."""
    vault = vault_of(folder)
    resealing.ROWS_AT_ONCE = 3  # type: ignore[misc]
    sealed_rows._AIM = 0.0005  # type: ignore[misc]
    resealing.SECONDS_BETWEEN_PASSES = 0.05  # type: ignore[misc]
    with open_user_store(folder, OWNER) as store:
        if not vault.retired():
            vault.rotate()
        says.send(0)

        def heard(rows: int) -> None:
            says.send(rows)
            time.sleep(0.002)

        resealing.seal_anew(store, vault, heard)
        says.send(-1)

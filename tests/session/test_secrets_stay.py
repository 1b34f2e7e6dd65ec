"""A canary secret goes through whole sessions of work and is looked for as bytes in everything they leave behind."""

import logging
import sqlite3
import traceback
from pathlib import Path

import pytest

from builder_app import main
from builder_app.flow import clipboard
from builder_app.flow.edits import AddNode, Batch, Rename, SetParameter, SetStrategyParameter
from builder_app.flow.values import Node, ParameterReference, Secret, StrategyParameter, frozen_mapping
from builder_app.quicktest.request import RunFailure, RunResult
from builder_app.session import events
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.drafts import EDITS_PER_SNAPSHOT
from builder_app.session.files import code_of, write_code_file, write_flow_file
from builder_app.session.shelf.bundles import Bundle, bundle_bytes
from builder_app.session.shelf.listing import strategies
from builder_app.store.secrets import Vault
from tests.session.secret_ground import CANARY, KEY, SecretGround, averages, files_holding
from tests.session.strategist import Ground, Strategist, crash

MARKER = "marker-that-is-no-secret"


@pytest.fixture
def secret_home(home: Ground) -> SecretGround:
    return SecretGround(home.folder, home.catalogue, home.runner)


def draw_secrets(work: Strategist, document: Document) -> str:
    """Put the canary wherever a value can be, in every way in which it can come there; a block that holds it."""
    fast, slow = averages(document)[:2]
    edit = work.session.edit
    edit(document, SetParameter(fast, KEY, Secret(CANARY)))
    edit(document, SetParameter(slow, KEY, CANARY))  # as from the clipboard or a file: plain
    edit(document, SetStrategyParameter("token", StrategyParameter(CANARY, sensitive=True)))
    edit(document, SetParameter(slow, KEY, ParameterReference("token")))
    added = Node("third", "sma", parameters=frozen_mapping({KEY: CANARY}))
    edit(document, Batch((AddNode(added), SetParameter("third", KEY, CANARY + "2"))))
    edit(document, SetParameter(fast, KEY, is_set=False))
    document.undo()
    edit(document, Rename(fast, MARKER))
    return fast


def type_on(work: Strategist, document: Document, node: str) -> None:
    """More edits than fit between two snapshots, undone and redone, the secret among them."""
    for number in range(EDITS_PER_SNAPSHOT + 5):
        work.session.edit(document, SetParameter(node, KEY, Secret(f"{CANARY}{number}")), "typing")
        if number % 10 == 9:
            document.end_gesture()
    for _ in range(3):
        document.undo()
    document.redo()
    work.session.edit(document, SetParameter(node, KEY, Secret(CANARY)))
    work.settle()


def give_away(work: Strategist, document: Document, folder: Path) -> None:
    """Everything that leaves the program: flow file, code, exported folder, bundle, clipboard, sentences, events."""
    folder.mkdir()
    write_flow_file(document.flow, folder / "drawn.flow.json")
    write_code_file(code_of(document), folder / "drawn.py")
    work.session.export(document, folder / "exported")
    work.until_told(events.Exported)
    (folder / "bundle.zip").write_bytes(bundle_bytes(Bundle(document.flow, {})))
    copied = clipboard.copy(document.flow, list(document.flow.nodes))
    (folder / "clipboard.txt").write_text(copied, "utf-8")
    said = [*work.told, document.problems, document.history, document, strategies(work.session)]
    (folder / "said.txt").write_text("\n".join(map(repr, said)), "utf-8")
    titles = [step.title for step in document.history.steps]
    (folder / "titles.txt").write_text("\n".join(titles), "utf-8")


def leave_a_report(document: Document, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours whose message has the whole flow in it, kept as the program keeps it."""
    monkeypatch.setenv("STRATEGY_BUILDER_HOME", str(folder))
    try:
        raise RuntimeError(f"cannot draw {document.flow} nor {document.history!r}")
    except RuntimeError:
        sentence = main._fault_sentence(traceback.format_exc())
    (folder / "sentence.txt").write_text(sentence, "utf-8")
    assert "token" in (folder / "last-fault.txt").read_text("utf-8"), "the flow is in the report"


def test_after_a_whole_session_of_work_and_a_crash_no_byte_tells_the_secret(
    secret_home: SecretGround,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with secret_home.strategist() as work:
        document = work.open_example()
        node = draw_secrets(work, document)
        type_on(work, document, node)
        assert isinstance(work.test(document), RunResult)
        work.session.save(document)
        work.until_told(events.StrategySaved, 1)
        work.settle()
        give_away(work, document, tmp_path / "given")
        work.session.edit(document, SetParameter(node, KEY, Secret(CANARY + "9" * 40)))  # too long: a problem
        work.until(lambda: document.is_coded)
        assert any(problem.rule == "wrong-parameter" for problem in document.problems)
        assert isinstance(work.test(document), RunFailure)
        (tmp_path / "problems.txt").write_text(repr(document.problems), "utf-8")
        document.undo()
        work.settle()
        leave_a_report(document, secret_home.folder, monkeypatch)
        assert files_holding(tmp_path, MARKER), "the eyes see what is there"
        assert files_holding(tmp_path, CANARY) == []
        crash(work, monkeypatch)
    assert files_holding(tmp_path, CANARY) == []
    assert CANARY not in caplog.text
    said = capfd.readouterr()
    assert CANARY not in said.out + said.err


def test_the_eyes_find_a_value_that_is_not_sensitive(secret_home: SecretGround, tmp_path: Path) -> None:
    with secret_home.strategist() as work:
        document = work.open_example()
        work.session.edit(document, SetStrategyParameter("open", StrategyParameter(CANARY)))
        work.settle()
        assert isinstance(work.test(document), RunResult)
        give_away(work, document, tmp_path / "given")
    found = files_holding(tmp_path, CANARY)
    assert "given/drawn.flow.json" in found
    assert "given/said.txt" in found
    assert any("strategies.db" in name for name in found)


def test_without_keyring_and_passphrase_no_byte_is_kept_and_the_window_is_told(
    secret_home: SecretGround, tmp_path: Path
) -> None:
    secret_home.keyring = None
    with secret_home.strategist() as work:
        document = work.open_example()
        node = draw_secrets(work, document)
        type_on(work, document, node)
        assert isinstance(work.test(document), RunResult)
        work.session.save(document)
        work.settle()
        (problem,) = [problem for problem in document.problems if problem.rule == "secret-not-kept"]
        assert "kept in memory only" in problem.message
        assert document.program is not None, "the strategy is code all the same"
        assert document.flow.nodes[node].parameters[KEY] == Secret(CANARY), "the value is there until the end"
    assert files_holding(tmp_path, CANARY) == []
    with secret_home.strategist() as later:
        assert later.document.flow.nodes[node].parameters[KEY] == Secret()
        assert later.document.flow.nodes.keys() == document.flow.nodes.keys()


def test_backups_hold_no_secret_either(secret_home: SecretGround, tmp_path: Path) -> None:
    with secret_home.strategist() as work:
        document = work.open_example()
        draw_secrets(work, document)
        work.session.save(document)
        work.settle()
        with (
            sqlite3.connect(secret_home.folder / "strategies.db") as source,
            sqlite3.connect(tmp_path / "copy") as copy,
        ):
            source.backup(copy)
            dump = "\n".join(copy.iterdump())
        source.close()
        copy.close()
    assert MARKER in dump
    assert '"sealed"' in dump
    assert CANARY not in dump
    assert files_holding(tmp_path, CANARY) == []


def test_a_draft_writer_that_fails_says_nothing_of_the_secret(
    secret_home: SecretGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_given: object) -> str:
        raise RuntimeError("the cipher is broken")

    with secret_home.strategist() as work:
        document = work.open_example()
        work.settle()
        with monkeypatch.context() as patch:
            patch.setattr(Vault, "seal", break_down)
            work.session.edit(document, SetParameter(averages(document)[0], KEY, Secret(CANARY)))
            failed = work.until_told(events.DraftNotSaved)
            assert "the cipher is broken" in failed.message
            assert CANARY not in failed.message
        work.settle()
    assert files_holding(secret_home.folder, CANARY) == []
